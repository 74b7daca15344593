"""One change between two versions of a report, or of the monitoring workbook that it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What became of something."""

    NEW = "new"
    GONE = "gone"
    ANSWERED = "answered"  # a finding that weighs less than before, or has an answer now
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One change: in which part of the report, of what, from what to what; ``difference`` for numbers, new less old."""

    part: str
    kind: Kind
    what: str
    before: str = ""
    now: str = ""
    difference: str = ""
