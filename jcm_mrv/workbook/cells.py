"""One cell of the workbook: from what stands there to a value, or a finding that says what to do.

Nothing is guessed: a text is never turned into a number, a number never into
a date. Of texts only a date that begins with its year is read, for it has one meaning.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from jcm_mrv.findings import LISTED, Code, Finding, Severity
from jcm_mrv.limits import number_fault
from jcm_mrv.meant import did_you_mean
from jcm_mrv.origin import Origin
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.missing_markers import NO_DATE, folded
from jcm_mrv.workbook.row import Value
from jcm_mrv.workbook.schema_columns import Column, Kind
from jcm_mrv.workbook.values import (
    CHOOSE_OR_LEAVE_EMPTY,
    LEAVE_EMPTY,
    LEAVE_OUT,
    ORDERS,
    WRITE_NUMBER,
    iso_moment,
    looks_like_number,
    meaning_of_date,
    meaning_of_number,
    moment_in_order,
)
from jcm_mrv.workbook.wording import choice_of

Raw = str | float | int | bool | datetime | date | time | timedelta
"""What python-calamine returns for a cell; '' for a blank one."""

TEXT_FOR_NUMBER = Code("input.text_for_number", Severity.ERROR, "Text stands where a number belongs")
BOOLEAN = Code("input.boolean", Severity.ERROR, "TRUE or FALSE stands where something else belongs")
DATE_FOR_NUMBER = Code("input.date_for_number", Severity.ERROR, "A date stands where a number belongs")
NUMBER_FOR_DATE = Code("input.number_for_date", Severity.ERROR, "A number stands where a date belongs")
DATE_AS_TEXT = Code("input.date_as_text", Severity.ERROR, "A date is written as text that can be misread")
TIME_FOR_DATE = Code("input.time_for_date", Severity.ERROR, "A time stands where a date belongs, or in a date")
DATE_RANGE = Code("input.date_out_of_range", Severity.ERROR, "A date lies outside 1950 to 2150")
DATE_FOR_TEXT = Code("input.date_for_text", Severity.ERROR, "A date stands where text belongs")
CHOICE_UNKNOWN = Code("input.choice_unknown", Severity.ERROR, "A word is none of the choices")
NOT_WHOLE = Code("input.not_whole", Severity.ERROR, "A number is not whole, or not finite")
LONG_NUMBER = Code("input.long_number", Severity.MAJOR, "A long number lost its last digits in Excel")
NUMBER_SIZE = Code("input.number_size", Severity.ERROR, "A number is beyond all sizes of monitoring data")
TEXT_TOO_LONG = Code("input.text_too_long", Severity.ERROR, "A text is longer than a short name may be")

FIRST_YEAR, LAST_YEAR = 1950, 2150
MAX_NAME = 200  # characters of an ID, unit or choice
_EXACT_DIGITS = 15  # of a number in Excel
_EXCEL_EPOCH = datetime(1899, 12, 30)
_CORRECT_SIZE = say("Correct the number; where it is right, write it in a larger or smaller unit.")
_SAVED_AS_DATE = say("Format the cell as a date and write it again as YYYY-MM-DD.")

Read = tuple[Value, Finding | None]


def is_blank(raw: Raw) -> bool:
    """True for an empty cell and for one with nothing but white space."""
    return isinstance(raw, str) and not raw.strip()


def shown(raw: Raw) -> str:
    """A cell's content as a person reads it."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, (int, float)):
        return f"{raw:.15g}"
    return repr(raw) if isinstance(raw, str) else str(raw)


def read_cell(raw: Raw, column: Column, where: Origin) -> Read:
    """The value of a cell by the kind of its column; (None, None) where it is blank."""
    if is_blank(raw):
        return None, None
    return _READERS[column.kind](raw, column, where)


def read_number(raw: Raw, column: Column, where: Origin) -> Read:
    """A finite number as float."""
    name = say("“{heading}” needs a number", heading=column.heading)
    if isinstance(raw, bool):
        return None, BOOLEAN(name, where, found=shown(raw), action=WRITE_NUMBER)
    if isinstance(raw, (int, float)):
        if not math.isfinite(raw):
            return None, NOT_WHOLE(
                say("{name} that is finite", name=name), where, found=shown(raw), action=WRITE_NUMBER
            )
        fault = number_fault(raw)
        if not fault:
            return float(raw), None
        message = say(
            "“{heading}”: the number cannot be one of monitoring data, for {fault}", heading=column.heading, fault=fault
        )
        return None, NUMBER_SIZE(message, where, found=shown(raw), action=_CORRECT_SIZE)
    if isinstance(raw, str):
        meaning, action = meaning_of_number(raw)
        if action == LEAVE_OUT and not column.required:
            action = CHOOSE_OR_LEAVE_EMPTY if column.kind is Kind.VALUE else LEAVE_EMPTY
        return None, TEXT_FOR_NUMBER(
            say("{name}, but the cell holds text: {meaning}", name=name, meaning=meaning),
            where,
            found=raw,
            action=action,
        )
    message = say(
        "{name}, but the spreadsheet holds a date or time (it may have turned something like 1.5 into a date)",
        name=name,
    )
    action = say("Format the cell as a number and write the number again.")
    return None, DATE_FOR_NUMBER(message, where, found=shown(raw), action=action)


def _read_integer(raw: Raw, column: Column, where: Origin) -> Read:
    value, finding = read_number(raw, column, where)
    if isinstance(value, float) and value != int(value):
        message = say("“{heading}” needs a whole number", heading=column.heading)
        return None, NOT_WHOLE(message, where, found=shown(raw), action=say("Write a whole number."))
    return value, finding


def _read_text(raw: Raw, column: Column, where: Origin) -> Read:
    if isinstance(raw, bool):
        message = say("“{heading}” needs text", heading=column.heading)
        return None, BOOLEAN(
            message, where, found=shown(raw), action=say("Format the cell as text and write it again.")
        )
    if isinstance(raw, (int, float)):
        return _number_as_text(raw, column, where)
    if isinstance(raw, str):
        return raw.strip(), None
    message = say(
        "“{heading}” needs text, but the spreadsheet holds a date (it may have turned a name into one)",
        heading=column.heading,
    )
    action = say("Format the cell as text and write it again.")
    return None, DATE_FOR_TEXT(message, where, found=shown(raw), action=action)


def _number_as_text(raw: float, column: Column, where: Origin) -> Read:
    if not math.isfinite(raw):
        message = say("“{heading}” needs text", heading=column.heading)
        return None, NOT_WHOLE(
            message, where, found=shown(raw), action=say("Format the cell as text and write it again.")
        )
    text = f"{raw:.0f}" if raw == int(raw) else f"{raw:.15g}"
    if abs(raw) < 10**_EXACT_DIGITS:
        return text, None
    message = say(
        "“{heading}” was stored as a number, and a spreadsheet keeps only {exact_digits} digits of it",
        heading=column.heading,
        exact_digits=_EXACT_DIGITS,
    )
    action = say("Format the cell as text and write all digits again.")
    return text, LONG_NUMBER(message, where, found=text, action=action)


def _read_date(raw: Raw, column: Column, where: Origin) -> Read:
    value, finding = _read_moment(raw, column, where)
    if isinstance(value, datetime) and value.time() != time():
        message = say("“{heading}” needs a date without a time of day", heading=column.heading)
        return None, TIME_FOR_DATE(message, where, found=shown(raw), action=say("Write only the date, as YYYY-MM-DD."))
    return value, finding


def _read_moment(raw: Raw, column: Column, where: Origin) -> Read:
    name = (
        say("“{heading}” needs a date and time", heading=column.heading)
        if column.kind is Kind.DATETIME
        else say("“{heading}” needs a date", heading=column.heading)
    )
    if isinstance(raw, bool):
        return None, BOOLEAN(name, where, found=shown(raw), action=_SAVED_AS_DATE)
    if isinstance(raw, (int, float)):
        return None, NUMBER_FOR_DATE(_number_as_date(raw, name), where, found=shown(raw), action=_SAVED_AS_DATE)
    if isinstance(raw, str):
        return _date_text(raw, name, column, where)
    if isinstance(raw, datetime):
        return _in_range(_to_second(raw), name, where)
    if isinstance(raw, date):
        return _in_range(datetime(raw.year, raw.month, raw.day), name, where)
    return None, TIME_FOR_DATE(
        say("{name}, not only a time", name=name), where, found=shown(raw), action=_SAVED_AS_DATE
    )


def _number_as_date(raw: float, name: str) -> str:
    in_range = 20_000 < raw < 90_000
    day = (
        say(" (as a date it would be {to_second})", to_second=_to_second(_EXCEL_EPOCH + timedelta(days=raw)))
        if in_range
        else ""
    )
    return say("{name}, but the cell holds a number{day}", name=name, day=day)


def _date_text(raw: str, name: str, column: Column, where: Origin) -> Read:
    moment = iso_moment(raw) or moment_in_order(raw)
    if moment is not None:
        return _in_range(moment, name, where)
    if folded(raw) in NO_DATE:
        message = say("{name}, but the cell holds text: it seems to say that there is no value", name=name)
        return None, DATE_AS_TEXT(
            message, where, found=raw, action=LEAVE_OUT if column.required else say("Leave the cell empty.")
        )
    message = say("{name}, but the cell holds text: {meaning_of_date}", name=name, meaning_of_date=meaning_of_date(raw))
    return None, DATE_AS_TEXT(message, where, found=raw, action=_dated(raw))


def _dated(raw: str) -> str:
    """What to do about a date written as text; of an order that can be stated for all, that too."""
    if any(moment_in_order(raw, order) for order in ORDERS.values()):
        return say(
            "Write it as YYYY-MM-DD, with hh:mm where needed. Or, where many are texts, say on the sheet Project (Date "
            "format) how all of them are written: DD/MM/YYYY or MM/DD/YYYY."
        )
    return say("Write it as YYYY-MM-DD, with hh:mm where needed.")


def _in_range(moment: datetime, name: str, where: Origin) -> Read:
    if FIRST_YEAR <= moment.year <= LAST_YEAR:
        return moment, None
    message = say("{name} between {first_year} and {last_year}", name=name, first_year=FIRST_YEAR, last_year=LAST_YEAR)
    return None, DATE_RANGE(message, where, found=moment.isoformat(" "), action=say("Correct the date."))


def _to_second(moment: datetime) -> datetime:
    """A spreadsheet's time is a fraction of a day: 10:15 may come as 10:14:59.999."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def _read_choice(raw: Raw, column: Column, where: Origin) -> Read:
    text = shown(raw) if not isinstance(raw, str) else raw
    choice = choice_of(column.choices, text)
    if choice is not None:
        return choice, None
    message = say("“{heading}” is none of the choices", heading=column.heading)
    near, one_of = (
        did_you_mean(text, column.choices),
        say("Choose one of: {choices}.", choices=joined(", ", column.choices)),
    )
    action = joined(" ", [near, one_of]) if near else one_of
    return None, CHOICE_UNKNOWN(message, where, found=text, action=action)


def _read_number_or_word(raw: Raw, column: Column, where: Origin) -> Read:
    if isinstance(raw, str) and not looks_like_number(raw):
        return raw.strip(), None
    return read_number(raw, column, where)


_READERS: dict[Kind, Callable[[Raw, Column, Origin], Read]] = {
    Kind.TEXT: _read_text,
    Kind.NUMBER: read_number,
    Kind.INTEGER: _read_integer,
    Kind.DATE: _read_date,
    Kind.DATETIME: _read_moment,
    Kind.CHOICE: _read_choice,
    Kind.VALUE: _read_number_or_word,
}


class FindingList:
    """Collects findings; of many of one kind in one column it keeps the first and counts the rest."""

    def __init__(self) -> None:
        self.all: list[Finding] = []
        self._count: dict[tuple[str, str, str], list[Finding]] = {}

    def add(self, finding: Finding | None) -> None:
        """Take in a finding; None is passed over."""
        if finding is None:
            return
        column = finding.where.cell.rstrip("0123456789")
        same = self._count.setdefault((finding.code, finding.where.sheet, column), [])
        same.append(finding)
        if len(same) <= LISTED:
            self.all.append(finding)

    def collected(self) -> list[Finding]:
        """Every finding, the counted ones as one that says how many more there are."""
        more = [_more(same[LISTED:]) for same in self._count.values() if len(same) > LISTED]
        return self.all + more


def _more(rest: list[Finding]) -> Finding:
    first, last = rest[0], rest[-1]
    message = say(
        "the same in {number_of_rest} more cells of this column, {cell} to {cell_2}",
        number_of_rest=len(rest),
        cell=first.where.cell,
        cell_2=last.where.cell,
    )
    return Finding(first.code, first.severity, message, first.where, "", first.action, {"cells": len(rest)})
