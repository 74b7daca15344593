"""What instruments say: installations, calibrations, registers, conversions, stocks, segments of readings.

It knows the workbook's records, but no file format (``logs``, ``invoices``) and no claim.
"""
