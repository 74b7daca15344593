"""The report on a portfolio: sections, drawings, and the same as PDF, page and workbook. Nothing is calculated here."""
