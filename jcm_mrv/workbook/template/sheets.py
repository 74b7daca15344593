"""The data sheets of the blank workbook: headings with comments, formats, drop-downs, prefilled rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from jcm_mrv.words import SOURCE, as_words, joined, say
from jcm_mrv.workbook.examples import as_example
from jcm_mrv.workbook.schema import CHOICE_UNIT, FORM_HEADINGS
from jcm_mrv.workbook.schema_columns import Column, Kind, Sheet
from jcm_mrv.workbook.template.method import TemplateMethod, TemplateParameter
from jcm_mrv.workbook.template.offers import Offers
from jcm_mrv.workbook.template.styles import EXAMPLE_GREY, LINE, SLATE, Styles
from jcm_mrv.workbook.wording import named

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Plain = str | float | int | date | datetime | None
Row = Mapping[str, Plain]

_LAST_ROW = 1_048_575


def parameter_columns(methods: Sequence[TemplateMethod]) -> list[tuple[Column, TemplateParameter]]:
    """The columns of Equipment that the methodologies ask for, each once."""
    found: dict[str, tuple[Column, TemplateParameter]] = {}
    for parameter in (p for m in methods for p in m.equipment):
        kind = Kind.CHOICE if parameter.unit == CHOICE_UNIT else Kind.NUMBER
        heading = f"{parameter.symbol} [{parameter.unit}]"
        comment = say(
            "{parameter}. A blank cell: {if_blank}.", parameter=parameter.label, if_blank=_if_blank(parameter)
        )
        column = Column(parameter.symbol, heading, kind, comment, False, parameter.choices, parameter.unit, 16)
        found.setdefault(heading, (column, parameter))
    return list(found.values())


def _if_blank(parameter: TemplateParameter) -> str:
    return (
        say("{card_value} from the card", card_value=parameter.card_value) if parameter.card_value else say("not known")
    )


def extra_columns(rows: Sequence[Row], known: set[str]) -> list[Column]:
    """Columns for keys ``SYMBOL [unit]`` that no methodology has declared."""
    keys = dict.fromkeys(key for row in rows for key in row if key not in known and key.endswith("]"))
    return [Column(key, key, Kind.VALUE, say("A fixed parameter."), width=16) for key in keys]


def write_table(
    sheet: Worksheet,
    schema: Sheet,
    columns: Sequence[Column],
    rows: Sequence[Row],
    styles: Styles,
    offers: Offers | None = None,
) -> None:
    """A table: headings in row 1, then the rows. Raises ValueError for a key that is no column.

    Without ``offers`` the book has no other sheet of the schema to which a drop-down could refer.
    """
    folded = offers.folded(schema) if offers else set()
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 34 if styles.lang == SOURCE else 64)
    for index, column in enumerate(columns):
        entry = styles.entry(column)
        away: dict[str, object] = {"level": 1, "hidden": True} if column.key in folded else {}
        sheet.set_column(index, index, column.width, entry, away)
        sheet.write_string(0, index, named(column.heading, styles.lang), styles.heading(column.required))
        sheet.write_comment(0, index, _comment(column), {"x_scale": 2.2, "y_scale": 1.2})
        options = _rule(column, schema, offers)
        if options is not None:
            sheet.data_validation(1, index, _LAST_ROW, index, options)
    places = _places(columns)
    entries = [styles.entry(column) for column in columns]
    for number, row in enumerate(rows, 1):
        for key, value in row.items():
            if key not in places:
                raise ValueError(f"{schema.title} has no column {key!r}")
            write_plain(sheet, number, places[key], value, entries[places[key]])


def _places(columns: Sequence[Column]) -> dict[str, int]:
    """A column is found by its key and by its heading."""
    places = {column.heading: index for index, column in enumerate(columns)}
    return places | {column.key: index for index, column in enumerate(columns)}


def write_plain(sheet: Worksheet, row: int, column: int, value: Plain, form: Format) -> None:
    """A value by its Python type; text is always written as text, never as a formula."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, form)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, form)
    elif value is not None:
        sheet.write_datetime(row, column, value, form)


_KIND_TEXT: dict[Kind, str] = {
    Kind.TEXT: say("Text."),
    Kind.NUMBER: say("A number."),
    Kind.INTEGER: say("A whole number."),
    Kind.DATE: say("A date, YYYY-MM-DD."),
    Kind.DATETIME: say("A date and time, YYYY-MM-DD hh:mm."),
    Kind.VALUE: say("A number, or one of the words allowed."),
}


def _comment(column: Column) -> str:
    kind: str = (
        say("One of: {choices}.", choices=joined(", ", column.choices))
        if column.choices
        else _KIND_TEXT.get(column.kind, say("Text."))
    )
    unit = say(" Unit: {column_unit}.", column_unit=column.unit) if column.unit and column.unit != CHOICE_UNIT else ""
    needed = say("Needed.") if column.required else say("May be empty.")
    return joined("", (column.comment, "\n", kind, unit, " ", needed))


def _rule(column: Column, schema: Sheet, offers: Offers | None) -> dict[str, object] | None:
    if column.choices:
        message = say("Choose one of: {choices}.", choices=joined(", ", column.choices))
        return _stop({"validate": "list", "source": list(column.choices)}, message)
    if column.kind in (Kind.DATE, Kind.DATETIME):
        first, last = date(1950, 1, 1), date(2150, 12, 31)
        rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
        return _stop(rule, say("Write a date, e.g. 2024-03-31."))
    if column.kind is Kind.NUMBER:
        rule = {"validate": "decimal", "criteria": "between", "minimum": -1e300, "maximum": 1e300}
        return _stop(rule, say("Write a number, without unit and without separators of thousands."))
    if column.kind is Kind.INTEGER:
        rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 999_999}
        return _stop(rule, say("Write a whole number."))
    return offers.rule(schema, column) if offers else None


def _stop(rule: dict[str, object], message: str) -> dict[str, object]:
    return {**rule, "error_title": say("Please correct"), "error_message": message, "error_type": "stop"}


def write_form(sheet: Worksheet, schema: Sheet, values: Row, styles: Styles, offers: Offers) -> None:
    """A form: field, value, and a hint in the column Note. Raises ValueError for a key that is no field."""
    unknown = set(values) - {column.key for column in schema.columns}
    if unknown:
        raise ValueError(f"{schema.title} has no field {', '.join(sorted(unknown))}")
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 24)
    for index, (heading, width) in enumerate(zip(FORM_HEADINGS, (30, 46, 78), strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, heading, styles.heading(True))
    for row, column in enumerate(schema.columns, 1):
        two_lines = {} if styles.lang == SOURCE else {"text_wrap": True}
        name = styles.get(bold=column.required, border=1, border_color="#C9D3DC", **two_lines)
        sheet.write_string(row, 0, named(column.heading, styles.lang), name)
        sheet.write_comment(row, 0, _comment(column), {"x_scale": 2.2})
        entry = styles.entry(column)
        sheet.write_blank(row, 1, None, entry)
        write_plain(sheet, row, 1, values.get(column.key), entry)
        hint = column.comment if not column.required else say("Needed. {comment}", comment=column.comment)
        sheet.write_string(row, 2, hint, styles.prose(italic=True, font_color=SLATE))
        options = _rule(column, schema, offers)
        if options is not None:
            sheet.data_validation(row, 1, row, 1, options)


def write_example(sheet: Worksheet, columns: Sequence[Column], example: Mapping[str, str], styles: Styles) -> None:
    """The example row below the headings, in grey."""
    grey = styles.get(italic=True, font_color=EXAMPLE_GREY, border=1, border_color=LINE, num_format="@")
    for index, column in enumerate(columns):
        if column.key in example:
            text = next((one for one in column.choices if one == example[column.key]), example[column.key])
            sheet.write_string(1, index, as_example(text, styles.lang), grey)


def prefilled(methods: Sequence[TemplateMethod]) -> dict[str, list[Row]]:
    """The rows that a blank workbook begins with: criteria, and the values that are on the card."""
    one = len(methods) == 1
    criteria: list[Row] = []
    fixed: list[Row] = []
    for method in methods:
        name = None if one else method.id
        criteria += [
            {"number": number, "methodology": name, "criterion": text, "comment": _about_criterion(method, evidence)}
            for number, text, evidence in method.criteria
        ]
        fixed += [
            {"methodology": name, "parameter": p.symbol, "unit": p.unit, "comment": _about_fixed(p)}
            for p in method.fixed
        ]
    return {"eligibility": criteria, "fixed": fixed}


def _about_criterion(method: TemplateMethod, evidence: str) -> str:
    if evidence == "approved":
        return ""
    return say(
        "Text of the card {card} ({evidence}): compare it with the approved methodology.",
        card=method.id,
        evidence=as_words(evidence),
    )


def _about_fixed(parameter: TemplateParameter) -> str:
    listed = joined(", ", map(as_words, parameter.choices))
    choices = say(" One of: {choices}.", choices=listed) if listed else ""
    if not parameter.card_value:
        return say("{parameter}.{choices}", parameter=parameter.label, choices=choices)
    source = joined(", ", (as_words(part) for part in (parameter.source, parameter.evidence) if part))
    return say(
        "{parameter}.{choices} Blank: {card_value} from the card ({source}).",
        parameter=parameter.label,
        choices=choices,
        card_value=parameter.card_value,
        source=source,
    )


def fixed_choices(sheet: Worksheet, methods: Sequence[TemplateMethod], columns: Sequence[Column]) -> None:
    """Drop-downs on the prefilled rows of Fixed values whose parameter is a choice."""
    value = next(n for n, column in enumerate(columns) if column.key == "value")
    for row, parameter in enumerate((p for m in methods for p in m.fixed), 1):
        if parameter.choices:
            rule: dict[str, object] = {"validate": "list", "source": list(parameter.choices)}
            message = say("Choose one of: {choices}.", choices=joined(", ", map(as_words, parameter.choices)))
            sheet.data_validation(row, value, row, value, _stop(rule, message))


def print_setup(sheet: Worksheet) -> None:
    """A4, landscape, one page wide, headings on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&L&8&A&R&8&P / &N")
