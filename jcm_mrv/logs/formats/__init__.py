"""Formats that are no plain table: NEM12, Green Button, and spreadsheets other than .xlsx, each read as rows of cells.

A reader here knows what its format says; what it gives is a :class:`~jcm_mrv.logs.formats.rows.RowsLog`, which is
read on like any other log.
"""
