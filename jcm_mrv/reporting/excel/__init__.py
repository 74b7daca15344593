"""The monitoring report as an Excel workbook with live formulas from reading to tonne.

This room owns addresses; formulas come from the graph.
"""
