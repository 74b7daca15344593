"""The sheet Guide: what to fill in, in which order, in short plain sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jcm_mrv.languages import said_in
from jcm_mrv.words import as_words, joined, say
from jcm_mrv.workbook.schema import SHEETS
from jcm_mrv.workbook.template.method import TemplateMethod, TemplateParameter
from jcm_mrv.workbook.template.styles import INPUT_NEEDED, INPUT_OPTIONAL, LINE, NAVY, SLATE, Styles

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

STEPS = (
    say("Project: the monitoring period, the time zone, the methodology, the date of the report."),
    say("Equipment: every unit that was really installed, one row per unit."),
    say("Meters: every meter, with its unit and its transformer factor (1 where there is none)."),
    say("Monitoring points: which meter measures which parameter of the methodology."),
    say("Fixed values: confirm or replace the values that do not change. Blank means the value on the card."),
    say("Readings, or Logs for long series in files: what the meters showed."),
    say("Stocks and Conversions, only for what is stored or has to be converted, such as a fuel."),
    say("Calibrations, Invoices, Eligibility, Estimates, Evidence, Team: what the verifier will ask for."),
    say("Overrides and Settings stay empty until a reading is proven wrong or a limit does not fit."),
    say("Save the workbook as .xlsx and run: jcm-mrv check, then jcm-mrv calculate."),
)
RULES = (
    say("Write numbers as numbers: 1234.5 without separators of thousands, without a unit in the same cell."),
    say("Write dates as dates: 2024-03-31, with 14:30 where a time is needed. Times are in the project's time zone."),
    say("Dates and numbers that are texts, as 31/12/2025 and 1.234,5: say on Project in which way all are written."),
    say(
        "What you do not know, leave empty. Do not write 0 or “-” for a value that is missing. 0 means: nothing flowed."
    ),
    say("An interval runs from From up to To. The month of March runs from 2024-03-01 00:00 to 2024-04-01 00:00."),
    say("Do not merge cells, and do not rename sheets or headings. You may add columns and sheets of your own."),
    say("Rest the pointer on a heading to see what belongs there."),
)
_LAST = 3  # the guide is laid out in the columns A to D


class _Page:
    """Writes downwards, row after row."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, 0

    def line(self, text: str, height: float = 16, **style: str | int | bool) -> None:
        self.sheet.merge_range(self.row, 0, self.row, _LAST, "", self.styles.prose(**style))
        self.sheet.write_string(self.row, 0, text, self.styles.prose(**style))
        longer = len(said_in(text, self.styles.lang)) / max(len(text), 1)
        self.sheet.set_row(self.row, height * max(1.0, math.ceil(longer)))
        self.row += 1

    def heading(self, text: str) -> None:
        self.sheet.set_row(self.row, 8)
        self.row += 1
        self.line(text, 22, bold=True, font_size=13, font_color=NAVY, bottom=2, bottom_color=NAVY, valign="vcenter")

    def cells(self, texts: Sequence[str], height: float = 16, **style: str | int | bool) -> None:
        for column, text in enumerate(texts):
            form = self.styles.prose(bottom=1, bottom_color=LINE, **style)
            self.sheet.write_string(self.row, column, text, form)
        self.sheet.set_row(self.row, height)
        self.row += 1

    def head(self, texts: Sequence[str]) -> None:
        for column, text in enumerate(texts):
            self.sheet.write_string(self.row, column, text, self.styles.heading(True))
        self.row += 1


def write_guide(sheet: Worksheet, styles: Styles, methods: Sequence[TemplateMethod]) -> None:
    """Fill the sheet."""
    sheet.hide_gridlines(2)
    for column, width in enumerate((22, 16, 50, 36)):
        sheet.set_column(column, column, width)
    page = _Page(sheet, styles)
    page.line(say("JCM monitoring workbook"), 34, bold=True, font_size=20, font_color=NAVY, valign="vcenter")
    names = "; ".join(f"{m.id} {m.title}" for m in methods) or say("no methodology chosen yet")
    page.line(names, _height(names, 120), font_color=SLATE)
    page.heading(say("What to fill in, in this order"))
    for number, step in enumerate(STEPS, 1):
        page.line(joined("", (f"{number}.  ", step)))
    page.heading(say("How to write it"))
    for rule in RULES:
        page.line(joined("", ("•  ", rule)))
    _legend(page)
    _sheets(page)
    for method in methods:
        _method(page, method)


def _height(text: str, characters: int) -> float:
    """The height of a wrapped row; spreadsheet programs do not fit merged cells by themselves."""
    return 16.0 * max(1, -(-len(text) // characters))


def _legend(page: _Page) -> None:
    page.heading(say("Colours"))
    samples = (
        (NAVY, say("dark heading"), say("The column is needed in every row that you fill in.")),
        (SLATE, say("grey heading"), say("Fill it in where it applies.")),
        (INPUT_NEEDED, say("yellow cell"), say("Needed.")),
        (INPUT_OPTIONAL, say("pale cell"), say("Fill it in where it applies.")),
    )
    for colour, name, meaning in samples:
        dark = colour in (NAVY, SLATE)
        font = "#FFFFFF" if dark else "#22303C"
        cell = page.styles.get(bg_color=colour, font_color=font, border=1, border_color=LINE, bold=dark)
        page.sheet.write_string(page.row, 0, name, cell)
        page.sheet.merge_range(page.row, 1, page.row, _LAST, meaning, page.styles.prose(indent=1))
        page.row += 1


def _sheets(page: _Page) -> None:
    page.heading(say("The sheets"))
    page.head((say("Sheet"), say("Needed"), say("What it is for"), ""))
    page.sheet.merge_range(page.row - 1, 2, page.row - 1, 3, say("What it is for"), page.styles.heading(True))
    for schema in SHEETS:
        form = page.styles.prose(bottom=1, bottom_color=LINE)
        link = page.styles.get(font_color="#1B5FAA", underline=1, bottom=1, bottom_color=LINE)
        page.sheet.write_url(page.row, 0, f"internal:'{schema.title}'!A1", link, schema.title)
        page.sheet.write_string(page.row, 1, say("yes") if schema.required else say("if it applies"), form)
        page.sheet.merge_range(page.row, 2, page.row, 3, "", form)
        page.sheet.write_string(page.row, 2, schema.about, form)
        page.sheet.set_row(page.row, _height(schema.about, 88))
        page.row += 1


def _method(page: _Page, method: TemplateMethod) -> None:
    page.heading(method.id)
    page.line(method.title, _height(method.title, 110), bold=True)
    for sentence in method.guidance:
        page.line(sentence, _height(sentence, 118))
    parts = (
        (method.monitored, "Monitoring points"),
        (method.equipment, "Equipment"),
        (method.fixed, "Fixed values"),
    )
    page.head((say("Parameter"), say("Unit"), say("What it is"), say("Where to fill it in")))
    for parameters, title in parts:
        for parameter in parameters:
            _parameter(page, parameter, title)


def _parameter(page: _Page, parameter: TemplateParameter, title: str) -> None:
    unit = joined(" / ", map(as_words, parameter.choices)) or parameter.unit
    where = say("{title}, one per unit", title=title) if parameter.per_equipment and title != "Equipment" else title
    if parameter.card_value:
        where += say(" (blank: {card_value} from the card)", card_value=parameter.card_value)
    height = max(_height(parameter.label, 52), _height(where, 36), _height(unit, 15))
    page.cells((parameter.symbol, unit, parameter.label, where), height)
