"""CSV logs of any length in bounded memory: cut into chunks at line ends, each parsed by pyarrow with threads.

A chunk that pyarrow cannot read completely with the wanted types (see
:mod:`log_arrow`) is read again by the careful way of :mod:`log_blocks`, which
names each fault.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.logs.arrow import arrow_table, direct_block, fast_block, is_certain, lines_in, look_at_marks, text_block
from jcm_mrv.logs.blocks import Block, OddError, Plan, Stretch, careful_block
from jcm_mrv.logs.cells import is_time, is_value
from jcm_mrv.logs.encoding import LogEncodingError, find_encoding
from jcm_mrv.logs.findings import RAGGED, Problems
from jcm_mrv.logs.survey import Survey
from jcm_mrv.logs.table import SAMPLE, Table, find_table, footer_kind, is_bare
from jcm_mrv.logs.trial import Trial
from jcm_mrv.words import say

T = TypeVar("T")

CHUNK = 2 * 1024 * 1024
"""Bytes read at a time."""

LONGEST = 64 * CHUNK
"""Bytes without a line end (or within one quoted cell) at which a file is no longer taken for a log."""

SMALL = 32 * 1024
"""Bytes up to which a stretch is read row by row where something in it is unexpected."""

_BEGINNING = 1024 * 1024  # bytes in which the headings and the samples lie

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS = (",", ";", "\t", "|")


class LogFormatError(JcmMrvError, ValueError):
    """A file that is not a table of delimited columns."""


class LogSheetError(LogFormatError):
    """A workbook of which the sheet is not named, or is not there."""


@dataclass
class CsvLog:
    """A CSV file: its encoding, delimiter, table, and its rows as blocks.

    Raises LogEncodingError and LogFormatError on opening and on reading.
    ``sha256`` is complete when the blocks have been read to the end.
    ``found`` says how the encoding was found where it is neither stated nor
    UTF-8. In the columns ``unclear`` nothing shows, up to where blocks were
    read, whether a point is the decimal mark. While there is a ``trial``, it
    takes what the blocks show that are read.
    """

    path: Path
    encoding: str = ""
    found: str = field(init=False)
    delimiter: str = field(init=False)
    table: Table = field(init=False)
    sheet: str = field(init=False, default="")
    sha256: str = field(init=False, default="")
    first_rows: list[tuple[int, list[str]]] = field(init=False, repr=False)
    trial: Trial | None = field(init=False, default=None)
    _header_lines: int = field(init=False)
    _certain: set[int] = field(init=False, default_factory=set)
    _doubtful: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        with self.path.open("rb") as file:
            head = file.read(_BEGINNING)
        if head[:4] in _WORKBOOKS:
            what = say("an Excel workbook or a packed file")
            raise LogFormatError(
                say("this is {what}, not text, although it is named {path}", what=what, path=self.path.name)
            )
        self.encoding, self.found = find_encoding(head, self.encoding, whole=len(head) < _BEGINNING)
        lines = list(self._lines())
        _check_first(lines)
        self.delimiter = _delimiter(lines[:SAMPLE])
        self.first_rows = self._sample(lines)
        self.table = find_table([cells for _, cells in self.first_rows])
        skip = self.table.skip
        self._header_lines = self.first_rows[skip - 1][0] if skip else 0

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns, "" where there is none."""
        return self.table.headings

    @property
    def unclear(self) -> set[int]:
        """Columns in which every point could be a decimal mark or set thousands apart."""
        return self._doubtful - self._certain

    def _sample(self, lines: list[str]) -> list[tuple[int, list[str]]]:
        """The first rows, each with the line on which it ends."""
        reader = csv.reader((line + "\n" for line in lines), delimiter=self.delimiter)
        rows: list[tuple[int, list[str]]] = []
        try:
            for row in reader:
                rows.append((reader.line_num, row))
                if len(rows) == SAMPLE:
                    break
        except csv.Error as error:
            raise LogFormatError(say("the first lines cannot be read as a table: {error}", error=error)) from error
        return rows

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

    def _decoded(self, read: Callable[[], str]) -> str:
        try:
            return read()
        except UnicodeError as error:
            raise LogEncodingError(
                say("the file is not in {encoding}: {error}", encoding=self.encoding, error=error)
            ) from error

    def samples(self, column: int, count: int) -> list[str]:
        """The first texts of a column, for recognising their format."""
        rows = [cells for _, cells in self.first_rows[self.table.skip :][:count]]
        return [cells[column] for cells in rows if column < len(cells) and cells[column].strip()]

    def blocks(self, plan: Plan, problems: Problems) -> Generator[Block, None, None]:
        """The rows below the headings, in the order of the file. Raises OddError while the plan is not surveyed."""
        return _ahead(self._parsed(_ahead(self._chunks()), plan, problems))

    def _parsed(
        self, chunks: Generator[tuple[int, bytes], None, None], plan: Plan, problems: Problems
    ) -> Generator[Block, None, None]:
        with closing(chunks):
            for first_line, chunk in chunks:
                times = None if self.trial is None else self.trial.survey.stamps
                block = direct_block(chunk, first_line, self.delimiter, plan, problems, times)
                if self.trial is not None and (block is None or self.trial.is_new(block, plan)):
                    columns = sorted({plan.time, *plan.values})
                    plan = self.trial.looked(self._stretch(chunk, first_line, columns), plan)
                if block is None and plan.as_text:
                    block = text_block(chunk, first_line, self.delimiter, plan, problems)
                if block is not None:
                    if not plan.surveyed:
                        self._look(block, chunk, plan)
                    yield block
                elif plan.surveyed:
                    yield from self._by_halves(chunk, first_line, plan, problems)
                else:
                    raise OddError

    def _by_halves(self, chunk: bytes, first_line: int, plan: Plan, problems: Problems) -> Generator[Block, None, None]:
        """A stretch with something unexpected in it: the careful way for the small piece in which that stands."""
        cut = chunk.rfind(b"\n", 0, len(chunk) // 2) + 1
        if len(chunk) < SMALL or not cut or b'"' in chunk:
            yield self._careful(chunk, first_line, plan, problems)
            return
        for piece, line in ((chunk[:cut], first_line), (chunk[cut:], first_line + chunk.count(b"\n", 0, cut))):
            block = fast_block(piece, line, self.delimiter, plan, problems)
            if block is not None:
                yield block
            else:
                yield from self._by_halves(piece, line, plan, problems)

    def _look(self, block: Block, chunk: bytes, plan: Plan) -> None:
        """Is a point the decimal mark? Nearly always the first numbers of a column show it."""
        open_columns = [c for c in plan.values if c not in self._certain]
        self._certain |= {c for c in open_columns if is_certain(block.values[c])}
        still = [c for c in open_columns if c not in self._certain and bool((block.values[c] != 0).any())]
        if still:
            found = look_at_marks(chunk, self.delimiter, plan.width, still)
            self._certain |= {c for c, doubt in found.items() if not doubt}
            self._doubtful |= {c for c, doubt in found.items() if doubt}

    def begin_trial(self, plan: Plan) -> Plan:
        """The plan with the formats of numbers that the first stretch shows. Raises OddError where it shows none."""
        self.trial = Trial(Survey.of(plan.values, plan.missing))
        with closing(self.columns(sorted({plan.time, *plan.values}))) as stretches:
            return self.trial.looked(next(stretches), plan)

    def columns(self, columns: Sequence[int]) -> Generator[Stretch, None, None]:
        """Whole columns as they are written: lines, and texts by column, stretch by stretch."""
        return _ahead(self._stretch(chunk, first_line, columns) for first_line, chunk in self._chunks())

    def _stretch(self, chunk: bytes, first_line: int, columns: Sequence[int]) -> Stretch:
        import pyarrow as pa

        types = {f"c{c}": pa.string() for c in columns}
        lines = lines_in(chunk)
        try:
            table = arrow_table(chunk, self.delimiter, len(self.headings), types)
        except pa.ArrowInvalid:
            table = None
        if table is not None and table.num_rows == lines:
            return range(first_line, first_line + lines), {c: table.column(f"c{c}") for c in columns}
        rows = list(self._cells(chunk, first_line))
        return [n for n, _ in rows], {c: [r[c] if c < len(r) else "" for _, r in rows] for c in columns}

    def _careful(self, chunk: bytes, first_line: int, plan: Plan, problems: Problems) -> Block:
        cut = 0 if chunk.endswith(b"\n") else first_line + chunk.count(b"\n")
        return careful_block(self._even(self._cells(chunk, first_line), plan, problems, cut), plan, problems)

    def _cells(self, chunk: bytes, first_line: int) -> Iterator[tuple[int, list[str]]]:
        try:
            text = chunk.decode("utf-8")
        except UnicodeDecodeError as error:
            line = first_line + chunk.count(b"\n", 0, error.start)
            raise LogEncodingError(
                say("line {line} is not in {encoding}", line=line, encoding=self.encoding)
            ) from error
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        try:
            for row in reader:
                if row:
                    yield first_line + reader.line_num - 1, row
        except csv.Error as error:
            raise LogFormatError(
                say("line {first_line}: {error}", first_line=first_line + reader.line_num - 1, error=error)
            ) from error

    def _even(
        self, rows: Iterable[tuple[int, list[str]]], plan: Plan, problems: Problems, cut: int
    ) -> Iterator[tuple[int, list[str]]]:
        """The rows that have as many cells as there are headings; empty cells at the end do not matter.

        A row may end before columns that are not used; not so the line ``cut``, which the file ends without.
        """
        used = plan.last_used + 1
        named = max((n for n, heading in enumerate(plan.headings, start=1) if heading), default=plan.width)
        for line, cells in rows:
            if any("\n" in cell and self.delimiter in cell for cell in cells):
                raise LogFormatError(
                    say("a quotation mark that opens before line {line} is closed only there", line=line)
                )
            blank = not any(cell.strip() for cell in cells)
            apart = not (plan.time < len(cells) and is_time(cells[plan.time])) and (
                footer_kind(cells) or is_bare(cells)
            )
            enough = len(cells) >= (named if line == cut else min(used, named))
            if blank or apart or (enough and not any(cell.strip() for cell in cells[plan.width :])):
                yield line, cells
                continue
            problems.many(
                RAGGED,
                say("the line has another number of cells than the {named} headings", named=named),
                say(
                    "Write decimals with a point, quote cells that hold the separator, and complete lines that are cut "
                    "off"
                ),
                line,
                self.delimiter.join(cells)[:60],
            )

    def _chunks(self) -> Generator[tuple[int, bytes], None, None]:
        """(line of the first row, whole rows in UTF-8)."""
        rest, line = b"", 1
        skip = self._header_lines
        for data in self._utf8(CHUNK):
            rest += data
            if len(rest) > LONGEST:
                raise LogFormatError(say("line {line} does not end; the file is not a table of text lines", line=line))
            cut = rest.rfind(b"\n") + 1
            if b'"' in rest and rest.count(b'"', 0, cut) % 2:
                continue  # the line end lies inside a quoted cell
            chunk, rest = rest[:cut], rest[cut:]
            while skip and chunk:
                _, _, chunk = chunk.partition(b"\n")
                skip, line = skip - 1, line + 1
            if chunk:
                yield line, chunk
                line += lines_in(chunk)
        while skip and rest:
            _, _, rest = rest.partition(b"\n")
            skip, line = skip - 1, line + 1
        if rest.strip():
            yield line, rest

    def _utf8(self, size: int) -> Iterator[bytes]:
        """The file's content as UTF-8 without a byte order mark; the digest is that of the file's own bytes."""
        digest = hashlib.sha256()
        plain = self.encoding in {"utf-8", "utf-8-sig"}
        decoder = codecs.getincrementaldecoder(self.encoding)()
        with self.path.open("rb") as file:
            while data := file.read(size):
                while data[-1:] in _UNFINISHED and (more := file.read(1)):  # no mark is cut in two
                    data += more
                digest.update(data)
                yield _tidied(data) if plain else self._recoded(decoder, data)
            if not plain:
                yield self._recoded(decoder, b"", final=True)
        self.sha256 = digest.hexdigest()

    def _recoded(self, decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool = False) -> bytes:
        return _tidied(self._decoded(lambda: decoder.decode(data, final)).encode("utf-8"))


def _ahead(items: Generator[T, None, None]) -> Generator[T, None, None]:
    """The same items, each made in a thread of its own while the one before it is in use.

    Who does not read to the end has to close it: a thread must not be left to wait for itself.
    """
    with closing(items), ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(next, items, None)
        while (item := waiting.result()) is not None:
            waiting = pool.submit(next, items, None)
            yield item


_UNFINISHED = (b"\r", b"\xef", b"\xbb")


def _tidied(data: bytes) -> bytes:
    """Without byte order marks, which stand inside as well where files were joined, and with plain line ends."""
    if codecs.BOM_UTF8[:1] in data:  # one byte is found much faster than three
        data = data.replace(codecs.BOM_UTF8, b"")
    if b"\r" not in data:
        return data
    data = data.replace(b"\r\r\n", b"\n")
    return data if b"\n" in data else data.replace(b"\r", b"\n")  # old Macintosh line ends: only without any other


def _check_first(lines: list[str]) -> None:
    """Raises LogFormatError for what is no table of text lines."""
    line = next((line for line in lines if line.strip()), None)
    if line is None:
        raise LogFormatError(say("the file is empty"))
    if "\r" in line or "\0" in line:
        raise LogFormatError(say("the first line holds line ends of several kinds, or zeros; it is no heading"))


def _delimiter(lines: list[str]) -> str:
    """The mark under which the most cells are numbers or times, and the lines the most alike."""
    return max(_DELIMITERS, key=lambda mark: _fitness(lines, mark))


def _fitness(lines: list[str], delimiter: str) -> tuple[int, int]:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1]
    except csv.Error:
        return 0, 0
    clean = [row for row in rows if all(not cell.strip() or is_time(cell) or is_value(cell) for cell in row)]
    stamped = sum(any(is_time(cell) for cell in row) for row in rows)
    first = next((line for line in lines if line.strip()), "")
    return stamped + len(clean), first.count(delimiter)
