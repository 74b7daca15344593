"""The kit for methodology developers: cases, checks, comparison with official spreadsheets, new packages.

It proves a methodology. Verifying a report belongs in ``verification``.
"""
