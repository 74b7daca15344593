"""The first paragraph of each command's help. Written by scripts/write_first_paragraphs.py; do not edit."""

# ruff: noqa: E501
# fmt: off
FIRST_PARAGRAPHS = {
    "template": "Write a blank monitoring workbook for the methodology NUMBER to FILE (.xlsx).",
    "inspect": "Show what is understood of a LOG (.csv, NEM12, .xlsx, .xls, .ods, .parquet or .xml of Green Button).",
    "invoices": "Show what electronic invoices of electricity (XML) bill.",
    "check": "List what is wrong or questionable in MONITORING, put together by what to do.",
    "calculate": "Calculate the emission reductions of MONITORING and write the reports.",
    "fill": "Fill in a copy of OFFICIAL, the methodology's own monitoring report sheet, with the values of CLAIM.",
    "verify": "Recompute REPORT and compare everything that it states with what follows from its inputs.",
    "trace": "Follow a number of REPORT to what it is made of, or see what a reading moves.",
    "sample": "Draw a sample from the report X and write a worksheet, or evaluate one.",
    "uncertainty": "Say how sure the emission reductions of X are, as far as the stated errors of its meters tell.",
    "register": "Raise requests on the report X and carry on those that are in the register already.",
    "portfolio": "Many projects together: a park, a city's plan, a ministry's projects.",
    "portfolio_new": "Write FOLDER/portfolio.toml with an example of each kind of entry.",
    "portfolio_check": "Name everything that is wrong with PORTFOLIO (portfolio.toml), each with its line. Nothing is calculated.",
    "portfolio_run": "Calculate the members of PORTFOLIO that have changed, and write the tables of the store.",
    "portfolio_status": "Say of each member of PORTFOLIO whether its figures are there and current. Nothing is calculated or written.",
    "portfolio_report": "Write the reports on PORTFOLIO from what \"portfolio run\" has calculated; nothing is calculated here.",
    "portfolio_query": "Answer SQL, one SELECT over the tables of the store of PORTFOLIO; docs/portfolio.md lists them.",
    "methodologies": "What can be calculated: list, show, start, test and compare methodologies.",
    "methodologies_list": "List the methodologies of the catalogue, those of outside packages included.",
    "methodologies_show": "Show one methodology: its scope, equations, parameters, defaults with source, and how far it is confirmed.",
    "methodologies_new": "Start a methodology: a package that installs, with equations, card, case, README and tests that pass.",
    "methodologies_test": "Check what every methodology must hold: units, card, cases, spreadsheet, README and more.",
    "methodologies_compare": "Compare a card with the official spreadsheet of its methodology.",
}
