"""CSV logs of any length in bounded memory: cut into chunks at line ends, each parsed by pyarrow with threads.

A chunk that pyarrow cannot read completely with the wanted types is read
again by the careful way of :mod:`log_blocks`, which names each fault.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
import numpy.typing as npt

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.monitoring.log_blocks import Block, Plan, careful_block, check_offsets, folded, in_utc
from jcm_mrv.monitoring.log_findings import RAGGED, Problems
from jcm_mrv.monitoring.stamps import EARLIEST, LATEST
from jcm_mrv.monitoring.zones import MINUTE, Instants, micros

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")

CHUNK = 8 * 1024 * 1024
"""Bytes read at a time."""

LONGEST = 16 * CHUNK
"""Bytes without a line end (or within one quoted cell) at which a file is no longer taken for a log."""

_BEGINNING = 1024 * 1024  # bytes in which the headings and the samples lie

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OFFSET = re.compile(r"[+-]\d{2}:\d{2}")
_DELIMITERS = (",", ";", "\t", "|")


class LogEncodingError(JcmMrvError, ValueError):
    """Bytes that are not in the given encoding, or an encoding that is none of text."""


class LogFormatError(JcmMrvError, ValueError):
    """A file that is not a table of delimited columns."""


@dataclass
class CsvLog:
    """A CSV file: its encoding, delimiter, headings, and its rows as blocks.

    Raises LogEncodingError and LogFormatError on opening and on reading.
    ``sha256`` is complete when the blocks have been read to the end.
    """

    path: Path
    encoding: str = ""
    delimiter: str = field(init=False)
    headings: tuple[str, ...] = field(init=False)
    sha256: str = field(init=False, default="")
    _header_lines: int = field(init=False)

    def __post_init__(self) -> None:
        self.encoding = _encoding(self.path, self.encoding)
        head, self._header_lines = self._head()
        self.delimiter = max(_DELIMITERS, key=head.count)
        self.headings = tuple(folded(h) for h in next(self._rows([head]), []))

    def _lines(self) -> Iterator[str]:
        """The file's first lines, cut at the same places as the chunks are."""
        beginning = b""
        for data in self._utf8(_BEGINNING // 8):
            beginning += data
            if len(beginning) >= _BEGINNING:
                beginning = beginning[: beginning.rfind(b"\n") + 1]
                break
        for line in beginning.split(b"\n"):
            yield self._decoded(lambda line=line: line.removesuffix(b"\r").decode("utf-8"))  # type: ignore[misc]

    def _head(self) -> tuple[str, int]:
        """The first line with text, and how many lines end with it."""
        for n, line in enumerate(self._lines(), start=1):
            if line.strip():
                if "\r" in line or "\0" in line:
                    raise LogFormatError("the first line holds line ends of several kinds, or zeros; it is no heading")
                return line, n
        raise LogFormatError("the file is empty")

    def _rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        reader = csv.reader(lines, delimiter=self.delimiter)
        try:
            yield from reader
        except csv.Error as error:
            raise LogFormatError(f"the first lines cannot be read as a table: {error}") from error

    def _decoded(self, read: Callable[[], str]) -> str:
        try:
            return read()
        except UnicodeError as error:
            raise LogEncodingError(f"the file is not in {self.encoding}: {error}") from error

    def samples(self, column: int, count: int) -> list[str]:
        """The first texts of a column, for recognising their format."""
        lines = itertools.islice(self._lines(), self._header_lines, self._header_lines + count)
        return [cells[column] for cells in self._rows(lines) if column < len(cells) and cells[column].strip()]

    def blocks(self, plan: Plan, problems: Problems) -> Iterator[Block]:
        """The rows below the headings, in the order of the file."""
        return _ahead(self._parsed(_ahead(self._chunks()), plan, problems))

    def _parsed(self, chunks: Iterator[tuple[int, bytes]], plan: Plan, problems: Problems) -> Iterator[Block]:
        for first_line, chunk in chunks:
            block = _fast_block(chunk, first_line, self.delimiter, plan, problems)
            yield block or self._careful(chunk, first_line, plan, problems)

    def _careful(self, chunk: bytes, first_line: int, plan: Plan, problems: Problems) -> Block:
        try:
            text = chunk.decode("utf-8")
        except UnicodeDecodeError as error:
            line = first_line + chunk.count(b"\n", 0, error.start)
            raise LogEncodingError(f"line {line} is not in {self.encoding}") from error
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        rows = ((first_line + reader.line_num - 1, row) for row in reader if row)
        try:
            return careful_block(self._even(rows, plan, problems), plan, problems)
        except csv.Error as error:
            raise LogFormatError(f"line {first_line + reader.line_num - 1}: {error}") from error

    def _even(
        self, rows: Iterable[tuple[int, list[str]]], plan: Plan, problems: Problems
    ) -> Iterator[tuple[int, list[str]]]:
        """The rows that have as many cells as there are headings; empty cells at the end do not matter."""
        named = max((n for n, heading in enumerate(plan.headings, start=1) if heading), default=plan.width)
        for line, cells in rows:
            if any("\n" in cell and self.delimiter in cell for cell in cells):
                raise LogFormatError(f"a quotation mark that opens before line {line} is closed only there")
            blank = not any(cell.strip() for cell in cells)
            if blank or (len(cells) >= named and not any(cell.strip() for cell in cells[plan.width :])):
                yield line, cells
                continue
            problems.many(
                RAGGED,
                f"the line has another number of cells than the {named} headings",
                "Write decimals with a point, quote cells that hold the separator, and complete lines that are cut off",
                line,
                self.delimiter.join(cells)[:60],
            )

    def _chunks(self) -> Iterator[tuple[int, bytes]]:
        """(line of the first row, whole rows in UTF-8)."""
        rest, line = b"", 1
        skip = self._header_lines
        for data in self._utf8():
            rest += data
            if len(rest) > LONGEST:
                raise LogFormatError(f"line {line} does not end; the file is not a table of text lines")
            cut = rest.rfind(b"\n") + 1
            if rest.count(b'"', 0, cut) % 2:
                continue  # the line end lies inside a quoted cell
            chunk, rest = rest[:cut], rest[cut:]
            while skip and chunk:
                _, _, chunk = chunk.partition(b"\n")
                skip, line = skip - 1, line + 1
            if chunk:
                yield line, chunk
                line += chunk.count(b"\n")
        while skip and rest:
            _, _, rest = rest.partition(b"\n")
            skip, line = skip - 1, line + 1
        if rest.strip():
            yield line, rest

    def _utf8(self, size: int = CHUNK) -> Iterator[bytes]:
        """The file's content as UTF-8 without a byte order mark; the digest is that of the file's own bytes."""
        digest = hashlib.sha256()
        plain = self.encoding in {"utf-8", "utf-8-sig"}
        decoder = codecs.getincrementaldecoder(self.encoding)()
        first = True
        with self.path.open("rb") as file:
            while data := file.read(size):
                digest.update(data)
                if first and plain:
                    data = data.removeprefix(codecs.BOM_UTF8)
                first = False
                yield _unix_lines(data) if plain else self._recoded(decoder, data)
            if not plain:
                yield self._recoded(decoder, b"", final=True)
        self.sha256 = digest.hexdigest()

    def _recoded(self, decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool = False) -> bytes:
        return _unix_lines(self._decoded(lambda: decoder.decode(data, final)).encode("utf-8"))


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, each made in a thread of its own while the one before it is in use."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(next, items, None)
        while (item := waiting.result()) is not None:
            waiting = pool.submit(next, items, None)
            yield item


def _unix_lines(data: bytes) -> bytes:
    """Old Macintosh line ends as they are rare: only a file without any other is changed."""
    return data.replace(b"\r", b"\n") if b"\n" not in data and b"\r" in data else data


def _encoding(path: Path, given: str) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    if head in _WORKBOOKS:
        raise LogFormatError(f"this is an Excel workbook or a packed file, not text, although it is named {path.name}")
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), "")
    if not given.strip():
        return marked or "utf-8"
    try:
        info = codecs.lookup(given.strip())
        codecs.getincrementaldecoder(info.name)
        "".encode(info.name)
    except (LookupError, UnicodeError) as error:  # unknown, or a codec that is none of text
        raise LogEncodingError(f"{given!r} is not a text encoding known here; try utf-8, cp932 or cp1258") from error
    return marked or info.name  # a byte order mark is the file's own word


def _fast_block(chunk: bytes, first_line: int, delimiter: str, plan: Plan, problems: Problems) -> Block | None:
    """The chunk as a block, or None when anything in it needs a careful look."""
    import pyarrow as pa

    try:
        table = _arrow_table(chunk, delimiter, plan)
    except pa.ArrowInvalid:
        return None
    lines = chunk.count(b"\n") + (not chunk.endswith(b"\n"))
    time = table.column(f"c{plan.time}")
    if table.num_rows != lines or time.null_count:
        return None
    values = {c: _numbers(table.column(f"c{c}")) for c in plan.values}
    if any(v is None for v in values.values()):
        return None
    stamps = _stamps(time, plan)
    if stamps is None or not _plausible(stamps[0]):
        return None
    names = None if plan.name is None else _names(table.column(f"c{plan.name}"))
    line = np.arange(first_line, first_line + table.num_rows, dtype=np.int64)
    block = Block(line, stamps[0], cast("dict[int, npt.NDArray[np.float64]]", values), names)
    if stamps[1] is not None:
        check_offsets(block, stamps[1], plan.zone, problems)
    return in_utc(block, plan, problems)


def _arrow_table(chunk: bytes, delimiter: str, plan: Plan) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    as_text = bool(plan.stamp.pattern) or (plan.stamp.offset and plan.zone is not None)
    times = pa.timestamp("us", "UTC") if plan.stamp.offset else pa.timestamp("us")
    types: dict[str, pa.DataType] = {f"c{c}": pa.float64() for c in plan.values}
    types[f"c{plan.time}"] = pa.string() if as_text else times
    if plan.name is not None:
        types[f"c{plan.name}"] = pa.dictionary(pa.int32(), pa.string())
    return arrow_csv.read_csv(
        pa.BufferReader(chunk),
        read_options=arrow_csv.ReadOptions(column_names=[f"c{n}" for n in range(plan.width)], block_size=1 << 20),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types, include_columns=list(types), null_values=[""], strings_can_be_null=False
        ),
    )


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float64] | None:
    """Values with NaN for empty cells; None when a cell holds NaN or infinity as text."""
    values = cast("npt.NDArray[np.float64]", column.to_numpy())
    finite = int(np.count_nonzero(np.isfinite(values)))
    return values if finite == len(values) - column.null_count else None


def _names(column: pa.ChunkedArray) -> npt.NDArray[np.str_]:
    whole = column.combine_chunks()
    known = np.array([folded(name) for name in whole.dictionary.to_pylist()], dtype=np.str_)
    return known[whole.indices.to_numpy()] if len(known) else np.array([], dtype=np.str_)


def _plausible(stamps: Instants) -> bool:
    return not len(stamps) or (int(stamps.min()) >= EARLIEST and int(stamps.max()) < LATEST)


def _stamps(column: pa.ChunkedArray, plan: Plan) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64] | None] | None:
    """Stamps in microseconds and, where they have to be compared with a zone, their own offsets."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        return column.cast(pa.int64()).to_numpy(), None
    if plan.stamp.offset and not plan.stamp.pattern:
        return _iso_with_offsets(column)
    try:
        split = _date_and_clock(plan.stamp.pattern)
        if split is not None:
            return _by_day(column, *split), None
        pairs = [plan.stamp.parse(text) for text in column.to_pylist()]
    except (ValueError, OverflowError):
        return None
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1] if plan.stamp.offset else None


def _date_and_clock(pattern: str) -> tuple[str, str] | None:
    """A stated format as that of the day and that of the clock, where a space stands between them."""
    day, _, clock = pattern.partition(" ")
    named = set(re.findall(r"%(.)", clock))
    of_day = re.findall(r"%(.)", day)
    return (day, clock) if len(of_day) == 3 and named and named <= set("HIMSpf") else None


def _by_day(column: pa.ChunkedArray, day: str, clock: str) -> Instants:
    """Local stamps: each day and each time of day is read once, however often it stands in the log.

    Raises ValueError (pyarrow.ArrowInvalid is one) for a stamp of another form.
    """
    from pyarrow import compute

    halves = compute.split_pattern(column.combine_chunks(), " ", max_splits=1)
    midnight = micros(datetime(1900, 1, 1))  # what strptime takes where no day is named
    total = np.zeros(len(column), dtype=np.int64)
    for n, (pattern, origin) in enumerate(((day, 0), (clock, midnight))):
        texts = compute.list_element(halves, n).dictionary_encode()
        read = [micros(datetime.strptime(text, pattern)) - origin for text in texts.dictionary.to_pylist()]
        total += np.array(read, dtype=np.int64)[texts.indices.to_numpy()]
    return total


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
        instants = whole.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    shifts = [(int(t[1:3]) * 60 + int(t[4:6])) * (-MINUTE if t[0] == "-" else MINUTE) for t in known]
    return instants, np.array(shifts, dtype=np.int64)[ends.indices.to_numpy()]
