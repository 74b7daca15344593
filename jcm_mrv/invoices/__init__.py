"""Electronic invoices and bills: their files, amounts, billing cycles and registers, as rows of the sheet Invoices.

It knows suppliers' documents, not the claim.
"""
