"""Reading back a workbook that a person filled in: by its headings, strictly, every fault at once with its cell."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.findings import Code, Finding, Severity, refuse_on_error
from jcm_mrv.guard import reading
from jcm_mrv.limits import number_fault
from jcm_mrv.origin import Origin
from jcm_mrv.words import as_words, joined, say
from jcm_mrv.workbook.scan import column_letters
from jcm_mrv.workbook.unpacking import PackageError, unpack
from jcm_mrv.workbook.wording import choice_of, own_name

if TYPE_CHECKING:
    from openpyxl import Workbook

UNREADABLE = Code("filled.unreadable", Severity.ERROR, "A workbook that was to be filled in cannot be read.")
HEADING = Code("filled.heading", Severity.ERROR, "A workbook that was filled in has lost a sheet or a heading.")
VALUE = Code("filled.value", Severity.ERROR, "A cell of a workbook that was filled in cannot be used.")

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 20_000_000, 20_000, 64
_NEW_COPY = say("Write the file anew, copy what you filled in into the new one, and use that.")


class _UnreadableError(JcmMrvError, ValueError):
    """What a library said of a file."""


@dataclass(frozen=True)
class Filled:
    """A cell: a text, a number, a date or nothing (None), and where it stands."""

    value: str | float | date | None
    where: Origin

    @property
    def text(self) -> str:
        """As text; '' where it is empty."""
        if isinstance(self.value, float):
            return f"{self.value:.15g}"
        return "" if self.value is None else str(self.value).strip()

    @property
    def number(self) -> float | None:
        """As a number; None where it is empty or no number."""
        return self.value if isinstance(self.value, float) else None


Row = Mapping[str, Filled]


class FilledBook:
    """The sheets of a workbook, read as they are asked for; ``findings`` are the faults of all that was read."""

    def __init__(self, path: Path) -> None:
        self.name, self.findings = path.name, list[Finding]()
        self._book = self._opened(path)

    def refuse(self) -> None:
        """Raise InputRefusedError where anything was wrong."""
        refuse_on_error(self.findings)

    def rows(self, sheet: str, heads: Sequence[str], top: int = 1) -> list[Row]:
        """The rows below the headings in row ``top`` of a sheet, each with a cell for every heading; no blank rows."""
        worksheet = self._sheet(sheet)
        if worksheet is None:
            return []
        found = worksheet.iter_rows(min_row=top, max_col=MOST_COLUMNS)
        titles = [own_name(str(cell.value or "")) for cell in next(found, ())]
        places = {head: titles.index(head) for head in heads if titles.count(head) == 1}
        lost = [head for head in heads if head not in places]
        if lost:
            self._lost(sheet, lost, titles, top)
            return []
        return list(self._below(sheet, found, places, top))

    def _below(self, sheet: str, found: Iterator[Any], places: Mapping[str, int], top: int) -> Iterator[Row]:
        for number, cells in enumerate(found, start=top + 1):
            if all(cell.value is None for cell in cells):
                continue
            if number > top + MOST_ROWS:
                where = Origin(file=self.name, sheet=sheet, cell=f"A{number}")
                self.findings.append(
                    UNREADABLE(
                        say("the sheet has more than {most_rows:,d} rows", most_rows=MOST_ROWS),
                        where,
                        found=say("another row"),
                        action=_NEW_COPY,
                    )
                )
                return
            yield {
                head: self._cell(sheet, cells[place] if place < len(cells) else None, number, place)
                for head, place in places.items()
            }

    def fault(self, cell: Filled, message: str, action: str) -> None:
        """Note that a cell cannot be used."""
        self.findings.append(VALUE(message, cell.where, found=cell.text or say("empty"), action=action))

    def one_of(self, cell: Filled, words: Sequence[str], *, blank: bool = False) -> str:
        """One of some words, in any language; '' for another (with a finding), and where it may be ``blank``."""
        word = choice_of(words, cell.text) or ""
        if not word and not (blank and not cell.text):
            self.fault(
                cell,
                say("this is none of the words that may stand here"),
                say("Write one of: {words}.", words=joined(", ", map(as_words, words))),
            )
        return word

    def _cell(self, sheet: str, cell: Any, row: int, column: int) -> Filled:
        where = Origin(file=self.name, sheet=sheet, cell=f"{column_letters(column + 1)}{row}")
        value = None if cell is None else cell.value
        kind = "n" if cell is None else cell.data_type
        if kind == "f" or kind == "e":
            what = say("a formula") if kind == "f" else say("an error")
            self.findings.append(
                VALUE(
                    say("{what} stands here", what=what),
                    where,
                    found=str(value),
                    action=say("Write the value itself in its place."),
                )
            )
            return Filled(None, where)
        if isinstance(value, bool):
            return Filled("yes" if value else "no", where)
        if isinstance(value, int | float):
            fault = number_fault(float(value))
            if fault:
                self.findings.append(
                    VALUE(
                        say("the number cannot be used: {fault}", fault=fault),
                        where,
                        found=str(value),
                        action=say("Correct it."),
                    )
                )
            return Filled(None if fault else float(value), where)
        if isinstance(value, datetime):
            return Filled(value.date(), where)
        return Filled(value if isinstance(value, str | date) else None, where)

    def _sheet(self, title: str) -> Any:
        if title in self._book.sheetnames:
            return self._book[title]
        action = say("Rename the sheet as it was, or write the file anew and copy what you filled in.")
        there = ", ".join(self._book.sheetnames)
        where = Origin(file=self.name)
        self.findings.append(
            HEADING(say("there is no sheet {title!r}", title=title), where, found=there, action=action)
        )
        return None

    def _lost(self, sheet: str, lost: Sequence[str], titles: Sequence[str], top: int) -> None:
        where = Origin(file=self.name, sheet=sheet, cell=f"A{top}")
        self.findings.append(
            HEADING(
                say("row {top} has not exactly one heading each of: {lost}", top=top, lost=", ".join(lost)),
                where,
                found=", ".join(filter(None, titles)) or say("empty"),
                action=say("Write the headings as they were; columns may stand in any order, and others beside them."),
            )
        )

    def _opened(self, path: Path) -> Workbook:
        """The workbook. Raises InputRefusedError for what is none, or is larger than a person fills in, and OSError."""
        from openpyxl import load_workbook

        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        try:
            if len(content) > MOST_BYTES:
                raise _UnreadableError(say("it is larger than {most_bytes} MB", most_bytes=MOST_BYTES // 1000000))
            unpack(content, path.name)
            with reading(_UnreadableError):
                return load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        except (PackageError, _UnreadableError) as error:
            said = error.finding.message if isinstance(error, PackageError) else str(error)
            message = say("the file cannot be read as a workbook that was filled in")
            refuse_on_error([UNREADABLE(message, Origin(file=path.name), found=said, action=_NEW_COPY)])
            raise AssertionError("an error refuses") from error
