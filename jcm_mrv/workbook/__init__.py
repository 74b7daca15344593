"""The monitoring workbook as a person filled it in: its schema, cells, records and the references between sheets.

A value leaves this room with its origin (file, sheet, cell). What a value means for a meter, an invoice or a claim is
said by the rooms above.
"""
