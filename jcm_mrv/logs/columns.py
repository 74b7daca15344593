"""Which columns of a log the sheet Logs means, and whether the unit that the file states is the same."""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.table import Table
from jcm_mrv.quantities.units import conversion, same_dimension
from jcm_mrv.workbook.rows_data import LogKey
from jcm_mrv.workbook.scan import column_number


@dataclass(frozen=True)
class Columns:
    """Ordinals of the columns from 0; ``clock`` where the times of day have a column of their own."""

    time: int
    clock: int | None
    name: int | None
    values: tuple[tuple[LogSpec, int], ...]


def find_columns(table: Table, specs: list[LogSpec], problems: Problems) -> Columns | None:
    """The columns of logs that share times and names; None, with findings, where one is not found."""
    first = specs[0]
    times = _times(table, first, problems)
    name = _column(table, first, "name_column", problems) if first.name_column else None
    placed = [(spec, _column(table, spec, "value_column", problems)) for spec in specs]
    others = {*times, name}
    values = [(s, c) for s, c in placed if c is not None and _is_apart(s, c, others, problems)]
    if not times or (first.name_column and name is None) or not values:
        return None
    for spec, column in values:
        _check_unit(table, spec, column, problems)
    return Columns(times[0], times[1] if len(times) > 1 else None, name, tuple(values))


def _times(table: Table, spec: LogSpec, problems: Problems) -> list[int]:
    """The column of times, or the two of days and times of day (``Date + Time``)."""
    halves = [half.strip() for half in spec.time_column.split("+")]
    if len(halves) == 2 and all(halves) and len(_places(table, folded(spec.time_column))) != 1:
        found = [_column(table, spec, "time_column", problems, half) for half in halves]
        known = [column for column in found if column is not None]
        return known if len(set(known)) == 2 else []
    one = _column(table, spec, "time_column", problems)
    return [] if one is None else [one]


def _places(table: Table, wanted: str) -> list[int]:
    same = [n for n, heading in enumerate(table.headings) if heading == wanted]
    return same or [n for n, heading in enumerate(table.full) if heading == wanted]


def _column(table: Table, spec: LogSpec, key: LogKey, problems: Problems, text: str = "") -> int | None:
    """A column by its heading, else by letter or number; None and a finding where it is not found."""
    wanted = folded(text or spec.record[key].text)
    same = _places(table, wanted)
    if len(same) == 1:
        return same[0]
    message = f"two columns of {problems.file} have the heading {wanted!r}"
    if not same:
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 0
        if wanted.isascii() and wanted.isalpha() and wanted.isupper() and len(wanted) <= 3:
            number = column_number(wanted)
        if 1 <= number <= len(table.headings):
            return number - 1
        message = f"{problems.file} has no column {wanted!r}"
    problems.add(
        codes.COLUMN(
            message,
            spec.origin(key),
            found=_shown(table),
            action="Write a heading as it stands above the data of the file, or the column's letter",
        )
    )
    return None


def _shown(table: Table) -> str:
    """The headings, for a person who looks for one."""
    shown = [h or f"(column {n}, without a heading)" for n, h in enumerate(table.headings, start=1)]
    return "the headings " + ", ".join(shown[:30]) + (" …" if len(shown) > 30 else "")


def _is_apart(spec: LogSpec, value: int, others: set[int | None], problems: Problems) -> bool:
    """False, with a finding, where one column is to be the values and the times or names as well."""
    if value not in others:
        return True
    problems.add(
        codes.COLUMN(
            f"one column of {problems.file} cannot hold both the values and the times or names",
            spec.origin("value_column"),
            found=spec.value_column,
            action="Write the heading of the column with the values",
        )
    )
    return False


def _check_unit(table: Table, spec: LogSpec, column: int, problems: Problems) -> None:
    """A finding where the file states another unit than the sheet Logs; a factor between them is named."""
    stated, given = table.units[column], spec.record.unit
    if not stated or stated == given:
        return
    if not same_dimension(stated, given):
        problems.add(_other_kind(table, spec, column))
        return
    factor = conversion(given, stated)
    if abs(factor - 1) < 1e-9:
        return
    shown = f"{factor:.6g}" if factor > 1 else f"1/{1 / factor:.6g}"
    problems.add(
        codes.UNIT_STATED(
            f"the file states {stated} for the column {table.headings[column]!r}, the sheet Logs {given}: "
            f"a factor of {shown}",
            spec.origin("unit"),
            found=given,
            action=f"Write {stated} on the sheet Logs, or correct the file where its unit is wrong",
            data={"factor": factor},
        )
    )


def _other_kind(table: Table, spec: LogSpec, column: int) -> Finding:
    stated, given = table.units[column], spec.record.unit
    return codes.UNIT_STATED(
        f"the file states {stated} for the column {table.headings[column]!r}, the sheet Logs {given}, a unit of "
        "something else",
        spec.origin("unit"),
        found=given,
        action="Correct the unit and the kind on the sheet Logs, or name the right column",
        severity=Severity.MAJOR,
    )
