"""Which columns of a log the sheet Logs means, and whether the unit that the file states is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.beside import nearest, status_columns, unit_columns
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.matrix import CLOCK_COLUMN, DAY_COLUMN, OTHERS_FROM, VALUE_COLUMN, MatrixLog, matrix_of
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.survey import LogFile
from jcm_mrv.logs.table import Table, multiple_of, unit_in_words, unit_of_heading, unit_of_preamble
from jcm_mrv.logs.units import Stated, multiplied, unit_finding
from jcm_mrv.time.timestamps import SAMPLES
from jcm_mrv.time.zones import DAY
from jcm_mrv.words import say
from jcm_mrv.workbook.rows_data import LogKey
from jcm_mrv.workbook.scan import column_number


@dataclass(frozen=True)
class Columns:
    """Ordinals of the columns from 0; ``clock`` where the times of day have a column of their own.

    ``units`` and ``status`` give, by column of values, the column beside it that states its units or its quality.
    """

    time: int
    clock: int | None
    name: int | None
    values: tuple[tuple[LogSpec, int], ...]
    units: Mapping[int, int] = field(default_factory=dict)
    status: Mapping[int, int] = field(default_factory=dict)

    @property
    def texts(self) -> tuple[int, ...]:
        """The columns of which the words are wanted."""
        return tuple(sorted({*self.units.values(), *self.status.values()}))


def as_matrix(log: LogFile, specs: list[LogSpec], problems: Problems) -> MatrixLog | None:
    """The log as rows of day, time and value, where it has a day in each row; None for any other."""
    first = specs[0]
    matrix = matrix_of(log.headings, opens=first.opens)
    if matrix is None or "+" in first.time_column:
        if first.layout == "matrix":
            problems.add(_no_matrix(log, first, problems))
        return None
    quiet = Problems(problems.file)
    value = _column(log.table, first, "value_column", quiet)
    if first.layout != "matrix" and value not in matrix.begins:
        return None
    day = _column(log.table, first, "time_column", problems)
    if day is None or day in matrix.begins:
        return None
    if first.layout != "matrix" and matrix.numbered and first.interval in (None, DAY):
        problems.add(_several_meters(first, len(matrix.begins)))
        return None
    if first.layout != "matrix":
        message = say(
            "the file has a day in each row and {number_of_begins} columns of times; all of them are read",
            number_of_begins=len(matrix.begins),
        )
        action = say("Nothing, if these are the values of one meter; write matrix as the layout on the sheet Logs")
        problems.add(codes.MATRIX(message, first.origin("layout"), found=first.layout, action=action))
    return MatrixLog(log, matrix, day, first.opens, first.has_types)


def _several_meters(spec: LogSpec, count: int) -> Finding:
    return codes.MATRIX(
        say(
            "the file has {count} columns that are numbered: either the hours of a day, or as many meters", count=count
        ),
        spec.origin("layout"),
        found=spec.layout,
        action=say(
            "Write matrix as the layout where they are times of a day; write 1440 as the interval where each is a "
            "meter and each row a day, and say in the comment what they are"
        ),
        severity=Severity.MAJOR if spec.interval == DAY else Severity.ERROR,
    )


def _no_matrix(log: LogFile, spec: LogSpec, problems: Problems) -> Finding:
    return codes.COLUMN(
        say(
            "{file} has no columns for each time of a whole day, such as 00:00 to 23:00 or 1 to 24", file=problems.file
        ),
        spec.origin("layout"),
        found=_shown(log.table),
        action=say("Write wide or long as the layout, or name the right file"),
    )


def matrix_columns(log: MatrixLog, specs: list[LogSpec], problems: Problems) -> Columns | None:
    """Where the rows that are made of a matrix hold what."""
    first, name = specs[0], None
    if first.name_column:
        named = _column(log.log.table, first, "name_column", problems)
        if named not in log.others:
            return None
        name = OTHERS_FROM + log.others.index(named)
    values = [(spec, VALUE_COLUMN) for spec in specs]
    units, status = _beside(log, values, {DAY_COLUMN, CLOCK_COLUMN, name}, problems)
    return Columns(DAY_COLUMN, CLOCK_COLUMN, name, tuple(values), units, status)


def find_columns(log: LogFile, specs: list[LogSpec], problems: Problems) -> Columns | None:
    """The columns of logs that share times and names; None, with findings, where one is not found."""
    first, table = specs[0], log.table
    times = _times(table, first, problems)
    name = _column(table, first, "name_column", problems) if first.name_column else None
    placed = [(spec, _column(table, spec, "value_column", problems)) for spec in specs]
    others = {*times, name}
    values = [(s, c) for s, c in placed if c is not None and _is_apart(s, c, others, problems)]
    if not times or (first.name_column and name is None) or not values:
        return None
    units, status = _beside(log, values, {*times, name}, problems)
    problems.extend(_cut_off(log, column, problems) for _, column in values if _is_cut_off(log, column, {*times, name}))
    for spec, column in values:
        stated, where = table.units[column] or unit_in_words(table.headings[column]), table.headings[column]
        if not stated and spec.name_column and column not in units:
            stated, where = unit_of_heading(spec.name_value) or unit_in_words(spec.name_value), spec.name_value
        if not stated and column not in units:
            stated, where = unit_of_preamble(table), where if where else spec.value_column
        problems.extend(multiplied(spec, name, problems) for name in {where} if multiple_of(name) > 1)
        if stated:
            finding = unit_finding(spec, Stated(stated, say("column {where!r}", where=where)), problems)
            problems.add(finding) if finding is not None else None
        elif column not in units and spec.file_unit:
            problems.add(_nothing_wrong(spec, column, table))
    return Columns(times[0], times[1] if len(times) > 1 else None, name, tuple(values), units, status)


def _is_cut_off(log: LogFile, column: int, others: set[int | None]) -> bool:
    """True where the digits of the next column can be the decimals of this one (0,00800).

    Without a heading any digits can; under one that belongs to another column (``time,value,status,``) those of which
    some begin with a zero, as no number of its own does: codes do too, but there are few of them.
    """
    if column + 1 >= len(log.headings) or column + 1 in others or log.table.typed:
        return False
    wholes, parts = log.samples(column, SAMPLES), log.samples(column + 1, SAMPLES)
    digits = bool(parts) and all(part.isdecimal() for part in parts) and all(_is_whole(text) for text in wholes)
    zeros = any(part[0] == "0" and len(part) > 1 for part in parts)
    if log.headings[column + 1]:
        return digits and zeros and len(set(map(len, parts))) <= _MOST_WIDTHS and len(set(parts)) >= _MANY
    return digits and (any(log.headings) or zeros)


_MOST_WIDTHS = 2  # different numbers of decimals: all alike, or a whole number without any (0)
_MANY = 20  # different decimals


def _is_whole(text: str) -> bool:
    return text.strip().lstrip("+-").isdecimal()


def _cut_off(log: LogFile, column: int, problems: Problems) -> Finding:
    whole, part = log.samples(column, 1)[0], log.samples(column + 1, 1)[0]
    certain = not (log.headings[column + 1] and log.headings[-1])  # else a cell that is too many has no place
    return codes.RAGGED(
        say(
            "the column after that of the values holds digits only, as decimal commas without quotes leave them in a "
            "file whose columns are separated by commas"
        ),
        problems.at(log.table.skip + 1),
        found=f"{whole},{part}",
        action=say("Export the log with decimal points, or with semicolons between the columns"),
        severity=Severity.ERROR if certain else Severity.MAJOR,
    )


def _nothing_wrong(spec: LogSpec, column: int, table: Table) -> Finding:
    """The sheet Logs overrules a unit that the file does not state."""
    return codes.ROW(
        say(
            "the file states no unit for the column {headings!r}, so that none can be wrong",
            headings=table.headings[column],
        ),
        spec.origin("file_unit"),
        found=spec.file_unit,
        action=say("Leave the cell Wrong unit in file empty"),
    )


def _beside(
    log: LogFile, values: list[tuple[LogSpec, int]], used: set[int | None], problems: Problems
) -> tuple[dict[int, int], dict[int, int]]:
    """The columns of units and of quality that belong to columns of values."""
    first, taken = values[0][0], {*used, *(c for _, c in values)}
    named = _column(log.table, first, "status_column", problems) if first.status_column else None
    samples = {n: log.samples(n, SAMPLES) for n in range(len(log.headings)) if n not in taken and n != named}
    units = unit_columns(log.headings, samples, first.record.unit)
    status = status_columns(log.headings, {n: t for n, t in samples.items() if n not in units})
    if named is not None and named not in taken:
        status = [named]
    of_values = {column for _, column in values}
    found = ({v: c for v in of_values if (c := nearest(some, v)) is not None} for some in (units, status))
    return next(found), next(found)


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
    message = say("two columns of {file} have the heading {wanted!r}", file=problems.file, wanted=wanted)
    if not same:
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 0
        if wanted.isascii() and wanted.isalpha() and wanted.isupper() and len(wanted) <= 3:
            number = column_number(wanted)
        if 1 <= number <= len(table.headings):
            return number - 1
        message = say("{file} has no column {wanted!r}", file=problems.file, wanted=wanted)
    problems.add(
        codes.COLUMN(
            message,
            spec.origin(key),
            found=_shown(table),
            action=say("Write a heading as it stands above the data of the file, or the column's letter"),
        )
    )
    return None


def _shown(table: Table) -> str:
    """The headings, for a person who looks for one."""
    shown = [h or say("(column {n}, without a heading)", n=n) for n, h in enumerate(table.headings, start=1)]
    return "the headings " + ", ".join(shown[:30]) + (" …" if len(shown) > 30 else "")


def _is_apart(spec: LogSpec, value: int, others: set[int | None], problems: Problems) -> bool:
    """False, with a finding, where one column is to be the values and the times or names as well."""
    if value not in others:
        return True
    problems.add(
        codes.COLUMN(
            say("one column of {file} cannot hold both the values and the times or names", file=problems.file),
            spec.origin("value_column"),
            found=spec.value_column,
            action=say("Write the heading of the column with the values"),
        )
    )
    return False
