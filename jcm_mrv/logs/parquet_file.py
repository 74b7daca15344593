"""Parquet logs, streamed by batches of rows; types are checked, and a file that unfolds without end is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jcm_mrv.guard import reading, said
from jcm_mrv.logs.arrow import arrow_block, is_text
from jcm_mrv.logs.blocks import Block, OddError, Plan, Stretch, careful_block
from jcm_mrv.logs.cells import CellValue, folded
from jcm_mrv.logs.csv_file import LogFormatError
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.table import Table, unit_of_heading
from jcm_mrv.time.timestamps import EARLIEST, LATEST
from jcm_mrv.time.zones import naive
from jcm_mrv.words import say

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 65_536
"""Rows that are unfolded at a time."""

MOST_ROWS = 200_000_000
MOST_UNPACKED = 1_000_000_000  # bytes of one group of rows by the file's own account
LONGEST_TEXT = 1_000  # characters of a cell


@dataclass
class ParquetLog:
    """A Parquet file as a log; each row's number from 1 takes the place of a line.

    Raises LogFormatError where it is none, is damaged or unfolds to too much.
    """

    path: Path
    encoding: str = field(init=False, default="")
    sheet: str = field(init=False, default="")
    table: Table = field(init=False)
    sha256: str = field(init=False, default="")

    def __post_init__(self) -> None:
        with self.path.open("rb") as file:
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with self._open() as parquet, reading(_damaged):
            _refuse_bomb(parquet.metadata)
            names = parquet.schema_arrow.names
        headings = tuple(folded(name) for name in names)
        units = tuple(unit_of_heading(heading) for heading in headings)
        self.table = Table(0, headings, headings, units, typed=True)

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.table.headings

    @property
    def unclear(self) -> set[int]:
        """None: a column of numbers says which."""
        return set()

    def _open(self, dictionaries: Sequence[str] = ()) -> pa.parquet.ParquetFile:
        import pyarrow as pa
        from pyarrow import parquet

        try:
            with reading(_damaged):
                return parquet.ParquetFile(self.path, read_dictionary=list(dictionaries), pre_buffer=False)
        except (pa.ArrowException, OSError) as error:  # pyarrow says much of what is damaged as an OSError
            raise _damaged(said(error)) from error

    def _batches(self, columns: Sequence[int]) -> Iterator[pa.Table]:
        """The columns as c0, c1 …, batch by batch."""
        import pyarrow as pa

        with self._open() as look, reading(_damaged):
            names, types = look.schema_arrow.names, look.schema_arrow.types
        for c in columns:
            _refuse_type(names[c], types[c])
        texts = [names[c] for c in columns if pa.types.is_string(types[c]) or pa.types.is_large_string(types[c])]
        if len({names[c] for c in columns}) != len(columns) or len(set(names)) != len(names):
            raise LogFormatError(say("two columns of the file have the same name"))
        with self._open(texts) as parquet:
            batches = iter(parquet.iter_batches(BATCH, columns=[names[c] for c in columns], use_threads=True))
            line = 1
            while (table := _next(batches, {f"c{c}": names[c] for c in columns}, line)) is not None:
                yield table
                line += table.num_rows

    def samples(self, column: int, count: int) -> list[str]:
        """The first cells of a column as texts, for recognising their format."""
        first = next(self._batches([column]), None)
        cells = [] if first is None else first.column(0)[:count].to_pylist()
        return [c.isoformat(sep=" ") if isinstance(c, datetime) else str(c) for c in cells if c not in (None, "")]

    def columns(self, columns: Sequence[int]) -> Iterator[Stretch]:
        """Whole columns, batch by batch."""
        line = 1
        for table in self._batches(columns):
            lines = range(line, line + table.num_rows)
            arrays = {c: table.column(f"c{c}") for c in columns}
            yield lines, {c: a if is_text(a) else _cells(a) for c, a in arrays.items()}
            line += table.num_rows

    def blocks(self, plan: Plan, problems: Problems) -> Generator[Block, None, None]:
        """The rows, batch by batch. Raises OddError while the plan is not surveyed."""
        line = 1
        wanted = sorted({plan.time, *plan.values, *plan.texts} | {c for c in (plan.clock, plan.name) if c is not None})
        for table in self._batches(wanted):
            typed = _as_planned(table, plan)
            block = None if typed is None else arrow_block(typed, line, plan, problems)
            if block is None and not plan.surveyed:
                raise OddError
            yield block or careful_block(_rows(table, line, plan.width), plan, problems, typed=True)
            line += table.num_rows


def _damaged(found: str) -> LogFormatError:
    return LogFormatError(say("the file is no Parquet file, or is damaged: {found}", found=found))


def _next(batches: Iterator[pa.RecordBatch], names: Mapping[str, str], line: int) -> pa.Table | None:
    """The next batch with its columns named anew; None at the end."""
    import pyarrow as pa

    try:
        with reading(_damaged):
            batch = next(batches, None)
            if batch is None:
                return None
            columns = {key: _unfolded(batch.column(name)) for key, name in names.items()}
            return pa.table({key: _in_range(column, names[key], line) for key, column in columns.items()})
    except OSError as error:
        raise _damaged(said(error)) from error


def _in_range(column: pa.Array, name: str, line: int) -> pa.Array:
    """Times in microseconds; anything else as it is. Raises LogFormatError that names the first row out of range."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_timestamp(column.type):
        if pa.types.is_date(column.type) or pa.types.is_time(column.type):
            compute.min_max(column).as_py()  # raises where one of them is no day or time of day
        return column
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[column.type.unit]
    least, most = (limit * per_second // 10**6 for limit in (EARLIEST, LATEST))
    counts = column.cast(pa.int64())
    outside = compute.or_(compute.less(counts, least), compute.greater_equal(counts, most))
    first = compute.index(outside, True).as_py()
    if first >= 0:
        unit = column.type.unit
        what = say(
            "the column {name!r} holds in row {line} the time {as_py} {unit} from 1970",
            name=name,
            line=line + first,
            as_py=counts[first].as_py(),
            unit=unit,
        )
        raise LogFormatError(
            say(
                "{what}, which lies outside {naive:%Y} to {naive_2:%Y}",
                what=what,
                naive=naive(EARLIEST),
                naive_2=naive(LATEST),
            )
        )
    options = compute.CastOptions(pa.timestamp("us", column.type.tz), allow_time_truncate=True)
    return compute.cast(column, options=options)


def _refuse_bomb(metadata: pa.parquet.FileMetaData) -> None:
    # The column's own metadata are not looked at: pyarrow aborts the process where they contradict each other.
    if metadata.num_rows > MOST_ROWS:
        raise LogFormatError(
            say(
                "the file says that it holds {num_rows:,} rows; more than {most_rows:,} are not read",
                num_rows=metadata.num_rows,
                most_rows=MOST_ROWS,
            )
        )
    for n in range(metadata.num_row_groups):
        size = metadata.row_group(n).total_byte_size
        if not 0 <= size <= MOST_UNPACKED:
            raise LogFormatError(
                say("a group of rows unfolds to {size:,} bytes; write it in smaller groups", size=size)
            )


def _refuse_type(name: str, kind: pa.DataType) -> None:
    import pyarrow as pa

    flat = pa.types.is_primitive(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
    other = pa.types.is_boolean(kind) or pa.types.is_duration(kind) or pa.types.is_interval(kind)
    if other or not (flat or pa.types.is_dictionary(kind) or pa.types.is_decimal(kind)):
        raise LogFormatError(
            say(
                "the column {name!r} is of the type {kind}, which is neither a number, a time nor a text",
                name=name,
                kind=kind,
            )
        )
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        with reading(
            lambda _: LogFormatError(
                say("the column {name!r} is in the time zone {tz!r}, which is not known", name=name, tz=kind.tz)
            )
        ):
            pa.lib.string_to_tzinfo(kind.tz)


def _unfolded(column: pa.Array) -> pa.Array:
    """Texts from a dictionary, after a look at how long they are."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_dictionary(column.type):
        return column
    longest = compute.max(compute.utf8_length(column.dictionary.cast(pa.string()))).as_py() or 0
    if longest > LONGEST_TEXT:
        raise LogFormatError(
            say("a text of {longest:,} characters stands in the file; that is no log", longest=longest)
        )
    return column.cast(pa.string())


def _as_planned(table: pa.Table, plan: Plan) -> pa.Table | None:
    """The columns in the types that the fast way takes; None where a careful look is needed."""
    import pyarrow as pa

    for n, name in enumerate(table.column_names):
        column, ordinal = table.column(name), int(name[1:])
        kind = column.type
        if ordinal in plan.values and not is_text(column):
            if pa.types.is_temporal(kind):
                return None
            try:
                table = table.set_column(n, name, column.cast(pa.float64()))
            except pa.ArrowInvalid:  # a whole number of more digits than a float holds
                return None
        elif ordinal in plan.values and ordinal not in plan.numbers:
            return None
        elif ordinal == plan.time and pa.types.is_timestamp(kind):
            if plan.stamp.pattern or plan.stamp.order or (kind.tz is not None) != plan.stamp.offset:
                return None
            table = table.set_column(n, name, column.cast(pa.timestamp("us", kind.tz), safe=False))
        elif ordinal in (plan.time, plan.clock) and not is_text(column):
            table = table.set_column(n, name, column.cast(pa.string()))
        elif ordinal == plan.time and plan.clock is None and not (plan.stamp.order or plan.stamp.pattern):
            return None
    return table


def _cells(column: pa.ChunkedArray) -> list[CellValue]:
    """Cells of a typed column: dates and numbers as such, decimals as floats."""
    return [_cell(cell) for cell in column.to_pylist()]


def _cell(cell: object) -> CellValue:
    if cell is None or isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, datetime):
        return cell if cell.tzinfo is None else cell.isoformat(sep=" ")
    try:
        return float(cell)  # type: ignore[arg-type]
    except TypeError:
        return str(cell)  # a date or a time of day


def _rows(table: pa.Table, line: int, width: int) -> Iterator[tuple[int, list[CellValue]]]:
    """Rows as (number, cells), columns that were not read empty."""
    columns = {int(name[1:]): _cells(table.column(name)) for name in table.column_names}
    for n in np.arange(table.num_rows).tolist():
        yield line + n, [columns[c][n] if c in columns else None for c in range(width)]
