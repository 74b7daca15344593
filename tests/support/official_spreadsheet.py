"""Invented spreadsheets in the layouts of the monitoring plan (MPS) and report (MRS) sheets, for tests only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

Cell = str | float | None
ROWS_1: Sequence[Sequence[Cell]] = (
    ["(1)", "EG_i,p", "Electricity of system 1 (invented)", 0.0, "kWh/p"],
    ["(2)", "EG_i,p", "Electricity of system 2 (invented)", 5.0, "kWh/p"],
    ["(3)", "EG_i,p", "Electricity of system 3 (invented)", 7.0, "kWh/p"],
)
ROWS_2 = [["connection_i", f"Connection of system {n} (invented)", "grid", "-"] for n in (1, 2, 3)]
HEADS_1 = [
    "(a)\nMonitoring point No.",
    "(b)\nParameters",
    "(c)\nDescription of data",
    "(d)\nEstimated Values",
    "(e)\nUnits",
]
HEADS_2 = ["(a)\nParameters", "(b)\nDescription of data", "(c)\nEstimated Values", "(d)\nUnits"]
DEFAULTS: Sequence[Sequence[Cell]] = (
    ["Emission factor of the grid (invented)", None, 0.333, "tCO2/MWh", "EF_RE,grid"],
    ["Emission factor of a diesel generator (invented)", None, 533.0, "kgCO2/MWh", "EF_RE,cap"],
)
FACTOR = (
    "=IF('MPS(input)'!C{0}=\"grid\",D20,"
    "IF('MPS(input)'!C{0}=\"off grid with diesel generator\",D21/1000,MIN(D20,D21/1000)))"
)


def official_spreadsheet(
    path: Path, *, defaults: Sequence[Sequence[Cell]] = DEFAULTS, cells: Mapping[str, Cell] | None = None
) -> Path:
    """Write the invented spreadsheet of VN_AM007: electricity of three systems times a factor by connection.

    ``cells`` replaces cells of MPS(calc_process). Its formulas hold no cached value.
    """
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.formula import ArrayFormula

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "MPS(input)"
    sheet["A1"] = "Monitoring Spreadsheet: INVENTED FOR TESTS"
    sheet["A3"] = "Table 1: Parameters to be monitored ex post"
    _fill(sheet, 4, [HEADS_1, *ROWS_1])  # values in D5:D7
    sheet["A9"] = "Table 2: Project-specific parameters to be fixed ex ante"
    _fill(sheet, 10, [HEADS_2, *ROWS_2])  # values in C11:C13
    sheet["A15"] = "Table 3: Ex-ante estimation of CO2 emission reductions"
    sheet["A16"] = "='MPS(calc_process)'!D4"
    process = book.create_sheet("MPS(calc_process)")
    _fill(process, 2, [[None, None, "Fuel type", "Value", "Units", "Parameter"]])
    _fill(process, 3, [["1. Calculations for emission reductions"]])
    _fill(process, 4, [[None, "Emission reductions", None, "=D7-D15", "tCO2/p", "ER_p"]])
    _fill(process, 6, [["3. Calculations for reference emissions"]])
    _fill(process, 7, [[None, "Reference emissions", None, "", "tCO2/p", "RE_p"]])
    process["D7"] = ArrayFormula("D7", "=SUM(D8:D10*1)")
    book.defined_names["kWh_per_MWh"] = DefinedName("kWh_per_MWh", attr_text="1000")
    for n in (1, 2, 3):
        emissions = f"='MPS(input)'!D{n + 4}/kWh_per_MWh*D{n + 10}"
        _fill(process, n + 7, [[None, f"System {n}", None, emissions, "tCO2/p", f"RE_{n},p"]])
        _fill(process, n + 10, [[None, f"Factor {n}", None, FACTOR.format(n + 10), "tCO2/MWh", f"EF_RE,{n}"]])
    _fill(process, 14, [["4. Calculations of the project emissions"]])
    _fill(process, 15, [[None, "Project emissions", None, "=0*D7", "tCO2/p", "PE_p"]])
    _fill(process, 19, [["[List of Default Values]"]])
    _fill(process, 20, [[None, *row] for row in defaults])
    for cell, value in (cells or {}).items():
        process[cell] = value
    book.save(path)
    return path


HEADS_MRS = ["(a)\nMonitoring period", "(b)\nMonitoring point No.", "(c)\nParameters", "(d)\nDescription of data"]
HEADS_MRS += ["(e)\nMonitored Values", "(f)\nUnits", "(g)\nMonitoring option"]


def official_report(path: Path, *, lines: int = 1, cells: Mapping[str, Cell] | None = None) -> Path:
    """Write an invented report sheet of VN_AM007 as a person has it, with the values of an earlier period.

    It has drop-downs, a protected sheet, a chart, a conditional format and a number format.

    Monitored values stand in E5 and below, choices in E11 and below; ``cells`` replaces cells of MRS(input).
    """
    from openpyxl import Workbook
    from openpyxl.chart import BarChart, Reference
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "MRS(input)"
    sheet["A3"] = "Table 1: Parameters monitored ex post"
    rows = [
        ["1/Jan/2015-31/Dec/2015", f"({n + 1})", "EG_i,p", f"System {n + 1} (invented)", 7.0, "kWh/p", "Option C"]
        for n in range(lines)
    ]
    _fill(sheet, 4, [HEADS_MRS, *rows])
    sheet["A9"] = "Table 2: Project-specific parameters to be fixed ex ante"
    diesel = "off grid with diesel generator"
    chosen = [[None, None, "connection_i", f"System {n + 1}", diesel, "-"] for n in range(lines)]
    _fill(sheet, 10, [[None, None, *HEADS_2], *chosen])
    _fill(sheet, 15, [["Table 3: Ex-post calculation"], ["='MRS(calc_process)'!D4"]])
    choices = DataValidation(type="list", formula1=f'"grid,internal grid with own generators,{diesel}"')
    choices.add("E11:E14")
    sheet.add_data_validation(choices)
    sheet.conditional_formatting.add("E5:E8", CellIsRule("lessThan", ["0"], font=Font(color="FF0000")))
    sheet["E5"].number_format, sheet["E5"].fill = "#,##0.00", PatternFill("solid", fgColor="FFFF99")
    sheet.protection.sheet = True
    for cell, value in (cells or {}).items():
        sheet[cell] = value
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=5, max_row=8))
    sheet.add_chart(chart, "J4")
    process = book.create_sheet("MRS(calc_process)")
    _fill(process, 2, [[None, None, "Fuel type", "Value", "Units", "Parameter"]])
    _fill(process, 4, [[None, "Emission reductions", None, "=ROUNDDOWN(D7-D15,0)", "tCO2/p", "ER_p"]])
    _fill(process, 7, [[None, "Reference emissions", None, "=SUM(D8:D10)", "tCO2/p", "RE_p"]])
    for n in range(lines):
        line = f"='MRS(input)'!E{n + 5}/1000*D{n + 11}"
        _fill(process, n + 8, [[None, f"System {n}", None, line, "tCO2/p", f"RE_{n},p"]])
        factor = FACTOR.replace("MPS", "MRS").replace("!C", "!E").format(n + 11)
        _fill(process, n + 11, [[None, f"Factor {n}", None, factor, "tCO2/MWh", f"EF_RE,{n}"]])
    _fill(process, 15, [[None, "Project emissions", None, 0.0, "tCO2/p", "PE_p"]])
    _fill(process, 19, [["[List of Default Values]"]])
    _fill(process, 20, [[None, *row] for row in DEFAULTS])
    book.save(path)
    return path


def _fill(sheet, top: int, rows: Sequence[Sequence[Cell]]) -> None:  # type: ignore[no-untyped-def]
    for number, row in enumerate(rows, top):
        for column, value in enumerate(row, 1):
            if value is not None:
                sheet.cell(number, column, value)
