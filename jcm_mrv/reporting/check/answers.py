"""Answers that a person wrote into ``check.xlsx``: the next check must not lose them.

An answer belongs to a finding as it was told: to its code, words, place and
what stood there. Where any of these changed, the answer may be wrong, and is
not taken over.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.findings import Finding
from jcm_mrv.guard import reading
from jcm_mrv.reporting.excel.sheet import clean
from jcm_mrv.words import say
from jcm_mrv.workbook.unpacking import PackageError, unpack

SHEET, ANSWER = "Findings", "Answer"
KEY = ("Code", "What is wrong", "File", "Sheet", "Place", "Found")
MOST_BYTES = 20_000_000

Key = tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """Answers by finding. ``readable`` is False for a file that is there and cannot be read."""

    by_finding: Mapping[Key, str] = field(default_factory=dict)
    readable: bool = True

    def of(self, finding: Finding) -> str:
        """The answer to a finding, in the list or else in the workbook; '' where there is none."""
        return self.by_finding.get(key_of(finding), "") or finding.answer


NO_ANSWERS = Answers()


class UnreadableError(JcmMrvError, ValueError):
    """A file that is no list of findings."""


def place_of(finding: Finding) -> str:
    """The cell, line or page of a finding, as it stands in the column Place."""
    where = finding.where
    parts = (
        where.cell,
        say("line {line}", line=where.line) if where.line else "",
        f"p. {where.page}" if where.page else "",
    )
    return ", ".join(part for part in parts if part)


def key_of(finding: Finding) -> Key:
    """What tells a finding from others, as it stands in the columns of :data:`KEY`."""
    where = finding.where
    texts = (finding.code, finding.message, where.file or where.document, where.sheet, place_of(finding), finding.found)
    return tuple(map(clean, texts))


def read_answers(path: Path) -> Answers:
    """The answers in an earlier ``check.xlsx``; none where the file is not there. Raises OSError."""
    if not path.is_file():
        return NO_ANSWERS
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    try:
        if len(content) > MOST_BYTES:
            return Answers(readable=False)
        unpack(content, path.name)  # what comes back from other people is looked at before it is read
        with reading(UnreadableError):
            return Answers(_read(content))
    except (PackageError, UnreadableError, OSError):
        return Answers(readable=False)


def _read(content: bytes) -> dict[Key, str]:
    """Raises ValueError where the sheet or one of its headings is not there."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    rows = book[SHEET].iter_rows(values_only=True)
    heads = [str(value or "").strip() for value in next(rows, ())]
    columns = [heads.index(name) for name in KEY]
    answer = heads.index(ANSWER)
    found: dict[Key, str] = {}
    for row in rows:
        text = str(row[answer] or "").strip() if len(row) > answer else ""
        if text:
            found.setdefault(tuple("" if row[n] is None else str(row[n]) for n in columns), text)
    return found
