"""The fast way through a stretch of a CSV file: pyarrow parses it, and a block comes out, or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants, Numbers
from jcm_mrv.limits import sound
from jcm_mrv.logs.blocks import Block, Plan, in_utc, report_missing
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.digits import doubtful
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.from_arrow import array_of
from jcm_mrv.logs.grouped import without_groups
from jcm_mrv.logs.halves import Halves, halves_of
from jcm_mrv.logs.masked import numbers_of, whole
from jcm_mrv.logs.offsets import check_offsets
from jcm_mrv.logs.two_cells import clock_number
from jcm_mrv.time.timestamp_words import clock_of, epoch_micros, take_apart
from jcm_mrv.time.timestamps import EARLIEST, LATEST, TimestampFormat, reading
from jcm_mrv.time.zones import MINUTE, micros, parse_zone, to_local

if TYPE_CHECKING:
    import pyarrow as pa

    from jcm_mrv.logs.timestamps import TimestampEvidence


_OFFSET = re.compile(r"[+-]\d{2}:\d{2}")


def fast_block(chunk: bytes, first_line: int, delimiter: str, plan: Plan, problems: Problems) -> Block | None:
    """The chunk as a block, or None when anything in it needs a careful look."""
    block = direct_block(chunk, first_line, delimiter, plan, problems)
    return block if block is not None or not plan.as_text else text_block(chunk, first_line, delimiter, plan, problems)


def text_block(chunk: bytes, first_line: int, delimiter: str, plan: Plan, problems: Problems) -> Block | None:
    """The chunk as a block, each value read as a text in its column's format."""
    table = _whole_table(chunk, delimiter, plan)
    return None if table is None else arrow_block(table, first_line, plan, problems)


def direct_block(
    chunk: bytes,
    first_line: int,
    delimiter: str,
    plan: Plan,
    problems: Problems,
    times: TimestampEvidence | None = None,
) -> Block | None:
    """The chunk as a block where all its numbers have one decimal mark, so that pyarrow itself reads them.

    ``times`` takes the times of such a block as they are written.
    """
    mark = plan.decimal_mark
    plain = without_groups(chunk, mark, delimiter) if mark and plan.grouped else chunk
    if not mark or plain is None or (plain is not chunk and (plan.texts or plan.name is not None)):
        return None
    bare = replace(plan, numbers={})
    table = _whole_table(plain, delimiter, bare, mark)
    if table is None or (plain is not chunk and not _all_spaced(table.column(f"c{plan.time}"))):
        return None
    block = arrow_block(table, first_line, bare, problems)
    if block is not None and times is not None and is_text(table.column(f"c{plan.time}")):
        times.add_many(table.column(f"c{plan.time}"), range(first_line, first_line + table.num_rows))
    return block


def _all_spaced(times: pa.ChunkedArray) -> bool:
    """True where each time holds a space, as no number does that was changed."""
    from pyarrow import compute

    return is_text(times) and bool(compute.all(compute.match_substring(times, " ")).as_py())


def _whole_table(chunk: bytes, delimiter: str, plan: Plan, mark: str = ".") -> pa.Table | None:
    """The used columns of all lines; None where pyarrow cannot read one of them."""
    import pyarrow as pa

    try:
        table = arrow_table(chunk, delimiter, plan.width, _types(plan), mark)
    except pa.ArrowInvalid:
        return None
    return table if table.num_rows == lines_in(chunk) and not table.column(f"c{plan.time}").null_count else None


def lines_in(chunk: bytes) -> int:
    """The lines of a chunk, of which the last may have no end."""
    ends = np.count_nonzero(np.frombuffer(chunk, dtype=np.uint8) == ord("\n"))
    return int(ends) + (not chunk.endswith(b"\n"))


def arrow_block(table: pa.Table, first_line: int, plan: Plan, problems: Problems) -> Block | None:
    """A table with the columns c0, c1 … as a block, or None when anything in it needs a careful look."""
    keys = [c for c in (plan.time, plan.clock, plan.name) if c is not None]
    if any(table.column(f"c{c}").null_count for c in keys):
        return None
    stamps = _stamps(table, plan)
    if stamps is None or not _plausible(stamps[0]):
        return None
    values: dict[int, Numbers] = {}
    missing: list[tuple[int, int, str, int]] = []
    for c in plan.values:
        column = table.column(f"c{c}")
        if plan.numbers_mark and not is_text(column):
            return None
        found = _numbers(column) if plan.number(c).plain and not is_text(column) else _texts(column, c, plan, missing)
        if found is None:
            return None
        values[c] = found
    for c, row, text, count in missing:
        report_missing(problems, plan, c, first_line + row, text, count)
    names = None if plan.name is None else _names(table.column(f"c{plan.name}"))
    line = np.arange(first_line, first_line + table.num_rows, dtype=np.int64)
    texts = {c: _names(table.column(f"c{c}")) for c in plan.texts}
    block = Block(line, stamps[0], values, names, texts)
    if stamps[1] is not None:
        check_offsets(block.stamp, block.line, stamps[1], plan.zone, problems)
    return in_utc(block, plan, problems)


def _types(plan: Plan) -> dict[str, pa.DataType]:
    import pyarrow as pa

    stamp = plan.stamp
    as_text = bool(stamp.pattern) or bool(stamp.order) or bool(stamp.half) or (stamp.offset and plan.zone is not None)
    times = pa.timestamp("us", "UTC") if stamp.offset else pa.timestamp("us")
    types: dict[str, pa.DataType] = {f"c{c}": pa.float64() for c in plan.values}
    types |= {name: pa.string() for name in types if plan.numbers_mark or int(name[1:]) in plan.numbers}
    types[f"c{plan.time}"] = pa.string() if as_text or plan.clock is not None else times
    if plan.clock is not None:
        types[f"c{plan.clock}"] = pa.string()
    for c in (*plan.texts, *(() if plan.name is None else (plan.name,))):
        types[f"c{c}"] = pa.dictionary(pa.int32(), pa.string())
    return types


def arrow_table(
    chunk: bytes, delimiter: str, width: int, types: dict[str, pa.DataType], decimal_mark: str = "."
) -> pa.Table:
    """The columns that ``types`` names (c0, c1 …). Raises pyarrow.ArrowInvalid for what does not fit."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    return arrow_csv.read_csv(
        pa.BufferReader(chunk),
        read_options=arrow_csv.ReadOptions(column_names=[f"c{n}" for n in range(width)], block_size=1 << 18),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            null_values=[""],
            strings_can_be_null=False,
            decimal_point=decimal_mark,
        ),
    )


def is_text(column: pa.ChunkedArray) -> bool:
    """True for a column of texts."""
    import pyarrow as pa

    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _numbers(column: pa.ChunkedArray) -> Numbers | None:
    """Values with NaN for empty cells; None when a cell holds NaN, infinity or a size beyond all sense."""
    values = array_of(column)
    return values if _is_sound(values, int(column.null_count)) else None


def _is_sound(values: Numbers, empty: int) -> bool:
    """True where so many values are NaN, and all others are numbers that can be measured."""
    return int(np.count_nonzero(np.isfinite(values))) == len(values) - empty and sound(values)


def _texts(
    column: pa.ChunkedArray, ordinal: int, plan: Plan, missing: list[tuple[int, int, str, int]]
) -> Numbers | None:
    """Values of texts in a format of their own; None when one is in no such format."""
    texts = whole(column)
    found = numbers_of(texts, plan.number(ordinal), plan.missing)
    if found is None:
        return None
    values, marked = found
    if len(marked):
        missing.append((ordinal, int(marked[0]), texts[int(marked[0])].as_py(), len(marked)))
    return values if _is_sound(values, int(np.count_nonzero(np.isnan(values)))) else None


def is_certain(values: Numbers) -> bool:
    """True where a number shows by itself that its point is the decimal mark: 0.5, 12345, 1234.5, 1.2345."""
    for some in (values[:1000], values):
        size = np.abs(some[np.isfinite(some)])
        thousandths = size * 1000
        shown = (size >= 10_000) | ((size > 0) & (size < 1)) | ((size >= 1000) & (size != np.floor(size)))
        if bool((shown | (np.abs(thousandths - np.round(thousandths)) > 1e-6)).any()):
            return True
    return False


def look_at_marks(chunk: bytes, delimiter: str, width: int, columns: list[int]) -> dict[int, bool]:
    """For columns with points: True where each of them could be a decimal mark or set thousands apart (1.234)."""
    import pyarrow as pa
    from pyarrow import compute

    table = arrow_table(chunk, delimiter, width, {f"c{c}": pa.string() for c in columns})
    found = {}
    for c in columns:
        texts = compute.unique(table.column(f"c{c}"))
        marked = texts.filter(compute.match_substring(texts, ".")).to_pylist()
        if marked:
            found[c] = all(doubtful(text) for text in marked)
    return found


def _names(column: pa.ChunkedArray) -> npt.NDArray[np.str_]:
    import pyarrow as pa

    whole = column.combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    known = np.array([*(folded(name) for name in whole.dictionary.to_pylist()), ""], dtype=np.str_)
    return cast("npt.NDArray[np.str_]", known[array_of(whole.indices, len(known) - 1)])


def _plausible(stamps: Instants) -> bool:
    return not len(stamps) or (int(stamps.min()) >= EARLIEST and int(stamps.max()) < LATEST)


def _stamps(table: pa.Table, plan: Plan) -> tuple[Instants, Instants | None] | None:
    """Stamps in microseconds and, where they have to be compared with a zone, their own offsets."""
    import pyarrow as pa

    column, stamp = table.column(f"c{plan.time}"), plan.stamp
    if stamp.half:
        return None  # spans are read row by row
    if plan.clock is not None:
        return _two_columns(column, table.column(f"c{plan.clock}"), plan)
    if stamp.order == "EPOCH":
        return _epochs(column)
    if pa.types.is_timestamp(column.type):
        instants = array_of(column)
        stated = column.type.tz is not None and plan.zone is not None
        return instants, to_local(instants, parse_zone(column.type.tz)) - instants if stated else None
    if stamp.offset and not stamp.pattern:
        return _iso_with_offsets(column)
    try:
        if stamp.order:
            return _in_order(column, stamp), None
        split = _date_and_clock(stamp.pattern)
        if split is not None:
            return _by_day(column, *split), None
        pairs = [stamp.parse(text) for text in column.to_pylist()]
    except (ValueError, OverflowError):
        return None
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1] if stamp.offset else None


def _two_columns(days: pa.ChunkedArray, clocks: pa.ChunkedArray, plan: Plan) -> tuple[Instants, None] | None:
    """Days and times of day in columns of their own."""
    try:
        read = (lambda text: clock_number(text, plan)) if plan.clock_unit else _clock
        return _each(days, lambda text: _midnight(text, plan.stamp)) + _each(clocks, read), None
    except (ValueError, OverflowError):
        return None


def _epochs(column: pa.ChunkedArray) -> tuple[Instants, None] | None:
    """Unix times in seconds or milliseconds; None where one is anything else."""
    import pyarrow as pa
    from pyarrow import compute

    texts = compute.utf8_trim_whitespace(column if is_text(column) else column.cast(pa.string()))
    for digits, scale in ((10, 1_000_000), (13, 1000)):
        if compute.all(compute.match_substring_regex(texts, rf"^\d{{{digits}}}$")).as_py():
            return array_of(texts.cast(pa.int64())) * scale, None
    counts = [epoch_micros(text) for text in texts.to_pylist()]
    return None if None in counts else (np.array(counts, dtype=np.int64), None)


def _in_order(column: pa.ChunkedArray, stamp: TimestampFormat) -> Instants:
    """Stamps of an order that the whole column showed. Raises ValueError for one that is in no such order."""
    from pyarrow import compute

    trimmed = compute.utf8_trim_whitespace(whole(column))
    halves = halves_of(trimmed)
    if isinstance(halves, Halves):
        try:
            days = [_midnight(text, stamp) for text in halves.heads.values()]
            return halves.sums(days, list(map(_clock, halves.tails.values())))
        except ValueError:  # a day with spaces in it: 1 Apr 2024 00:15
            halves = halves.days[:1]
    for row in halves.tolist():  # first what is the most likely to be none
        stamp.parse(trimmed[row].as_py())
    return _each(trimmed, lambda text: stamp.parse(text)[0])


def _each(column: pa.Array, read: Callable[[str], int]) -> Instants:
    """A column of texts as numbers; each text is read once, however often it stands there."""
    import pyarrow as pa

    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    texts = whole.dictionary_encode()
    known = np.array([read(text) for text in texts.dictionary.to_pylist()], dtype=np.int64)
    return known[array_of(texts.indices)] if len(known) else known


def _midnight(text: str, stamp: TimestampFormat) -> int:
    words = take_apart(text)
    if words is None or words.timed or words.serial:
        raise ValueError(f"{text!r} is no day")
    return stamp.parse(text)[0] if not stamp.order else _known(reading(words, stamp.order))


def _clock(text: str) -> int:
    return _known(clock_of(text))


def _known(count: int | None) -> int:
    if count is None:
        raise ValueError("no time")
    return count


def _date_and_clock(pattern: str) -> tuple[str, str] | None:
    """A stated format as that of the day and that of the clock, where a space stands between them."""
    day, _, clock = pattern.partition(" ")
    named = set(re.findall(r"%(.)", clock))
    of_day = re.findall(r"%(.)", day)
    return (day, clock) if len(of_day) == 3 and named and named <= set("HIMSpf") else None


def _by_day(column: pa.ChunkedArray, day: str, clock: str) -> Instants:
    """Local stamps of a stated format. Raises ValueError (pyarrow.ArrowInvalid is one) for one of another form."""
    halves = halves_of(whole(column))
    if not isinstance(halves, Halves):
        raise ValueError("a time without a space")
    midnight = micros(datetime(1900, 1, 1))  # what strptime takes where no day is named
    return halves.sums(
        [micros(datetime.strptime(text, day)) for text in halves.heads.values()],
        [micros(TimestampFormat(clock).moment(text)) - midnight for text in halves.tails.values()],
    )


def _iso_with_offsets(column: pa.ChunkedArray) -> tuple[Instants, Instants] | None:
    """ISO stamps that end in ±hh:mm, with that offset; None when one does not."""
    import pyarrow as pa
    from pyarrow import compute

    whole = column.combine_chunks()
    ends = compute.utf8_slice_codeunits(whole, -6, 2**31 - 1).dictionary_encode()
    known = ends.dictionary.to_pylist()
    if not all(_OFFSET.fullmatch(text) for text in known):
        return None
    try:
        instants = array_of(whole.cast(pa.timestamp("us", "UTC")))
    except pa.ArrowInvalid:
        return None
    shifts = [(int(t[1:3]) * 60 + int(t[4:6])) * (-MINUTE if t[0] == "-" else MINUTE) for t in known]
    return instants, np.array(shifts, dtype=np.int64)[array_of(ends.indices)]
