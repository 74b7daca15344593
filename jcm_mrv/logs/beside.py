"""Columns that stand beside the values of a log and say in which unit they are, and how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Flags, Instants, Numbers
from jcm_mrv.findings import Finding, QuestionableSpan, Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.table import unit_of
from jcm_mrv.logs.units import Stated, unit_finding
from jcm_mrv.logs.words import Quality, may_tell_quality, only_quality, quality_of, speaks_of_quality, tells_quality
from jcm_mrv.numerals import is_number
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import same_dimension
from jcm_mrv.words import joined, say

Words = npt.NDArray[np.str_]

UNIT_HEADINGS = frozenset(
    {"unit", "units", "uom", "unit of measure", "unit of measurement", "einheit", "unité", "unite", "unidad", "unidade",
     "単位", "đơn vị", "đơn vị tính", "đvt", "satuan", "หน่วย", "unit_of_measurement"}
)  # fmt: skip


MOSTLY, _FIRST = 0.8, 100
"""The share of a column's first cells that are units in a column of units."""


_OF_OTHERS = frozenset(
    {"var", "kvar", "mvar", "varh", "kvarh", "mvarh", "gvarh", "va", "vah", "kvah", "mvah", "gvah", "mva", "btu",
     "therm", "ft3", "another unit"}
)  # fmt: skip
"""Words that are units too, though of nothing that a claim counts in: of reactive and apparent energy, and the like."""


def unit_columns(headings: Sequence[str], samples: dict[int, list[str]], given: str) -> list[int]:
    """Columns of which every cell is a unit, by their heading or because it is one of the stated unit's kind.

    One that is headed as such and blank at first may hold one later.
    """
    return [
        n
        for n, texts in samples.items()
        if (_holds_units(headings[n], texts, given) if any(texts) else _named(headings[n]))
    ]


def _holds_units(heading: str, texts: list[str], given: str) -> bool:
    known = {text for text in set(texts[:_FIRST]) if states_unit(text)}
    different = known if is_words(texts) else set()
    letters = {text for text in texts if len(text) == 1 and text.isalpha()}
    if speaks_of_quality(heading) or not letters <= known | {""}:
        return False  # W and E are true and substituted values, not watts
    units = sum(text in different for text in texts[:_FIRST])
    if units < MOSTLY * len(texts[:_FIRST]) or len(different) > 20:
        return False  # a broken cell or two do not hide the column
    return _named(heading) or all(_alike(unit_of(text), given) for text in different)


def _named(heading: str) -> bool:
    """Whether a heading says that units stand below it."""
    return folded(heading).casefold().replace("_", " ").strip(" :.") in UNIT_HEADINGS


def states_unit(text: str) -> bool:
    """True for a unit, also one of something that no claim counts in (kvarh)."""
    return bool(unit_of(text)) or folded(text).casefold() in _OF_OTHERS


def is_words(texts: Sequence[str]) -> bool:
    """True where the first cells are no numbers, so that it is worth looking for words among them."""
    return not any(is_number(text) for text in texts[:3])


def _alike(unit: str, given: str) -> bool:
    try:
        return any(same_dimension(unit, like) for like in (given, "Wh", "W"))
    except UnitError:
        return False


def status_columns(headings: Sequence[str], samples: dict[int, list[str]]) -> list[int]:
    """Columns that say how good the values are; where no first cells do, those of which later ones may."""
    told = [n for n, texts in samples.items() if texts and tells_quality(headings[n], texts)]
    return told or [n for n, texts in samples.items() if may_tell_quality(headings[n], texts)]


def nearest(columns: Sequence[int], value: int) -> int | None:
    """The column that belongs to a column of values: the only one, else the next to the right, else to the left."""
    if len(columns) <= 1:
        return columns[0] if columns else None
    right = [c for c in columns if c > value]
    return min(right) if right else max(columns)


@dataclass
class UnitWatch:
    """Compares the unit beside every value with the stated one."""

    spec: LogSpec
    column: int
    heading: str
    problems: Problems
    said: dict[str, Stated] = field(default_factory=dict)

    def take(self, line: Instants, words: Words) -> None:
        """Look at the units of some rows."""
        for word in np.unique(words).tolist():
            if word.strip() and word not in self.said:
                stated = Stated(
                    unit_of(word) or word,
                    say("column {heading!r}", heading=self.heading),
                    int(line[np.argmax(words == word)]),
                )
                self.said[word] = stated

    def findings(self) -> list[Finding]:
        """What contradicts the sheet Logs."""
        if len({unit_of(word) or word for word in self.said}) > 1:
            first, second = sorted(self.said.values(), key=lambda s: s.line)[:2]
            message = say(
                "the column {heading!r} states several units, {first_unit} and {second_unit}",
                heading=self.heading,
                first_unit=first.unit,
                second_unit=second.unit,
            )
            action = say("Export one unit, or write a row on the sheet Logs for a file of each")
            return [codes.UNIT_STATED(message, self.problems.at(second.line), found=second.unit, action=action)]
        found = (unit_finding(self.spec, stated, self.problems) for stated in self.said.values())
        return [finding for finding in found if finding is not None]


@dataclass
class StatusWatch:
    """Sorts the values of one column by the word beside them.

    ``words`` are those that count as measured, in lower case, empty where the
    sheet Logs states none: then the words themselves say it.
    """

    spec: LogSpec
    column: int
    heading: str
    edges: Instants
    stated: bool
    words: frozenset[str]
    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    questionable: list[Instants] = field(default_factory=list)

    def quality(self, word: str) -> Quality:
        """What a word says, by the sheet Logs where that lists the words of measured values."""
        text = folded(word).casefold()
        if text in self.words or (not text and "(blank)" in self.words):
            return Quality.MEASURED
        known = quality_of(word, self.heading)
        return known if not self.words else Quality.ESTIMATED if known is Quality.ESTIMATED else Quality.INVALID

    def take(self, stamp: Instants, line: Instants, value: Numbers, words: Words) -> Numbers:
        """The values without those that do not count; the others of doubtful words are kept in mind."""
        known = ~np.isnan(value)
        kept = value
        for word in np.unique(words[known]).tolist():
            quality = self.quality(word)
            if quality is Quality.MEASURED:
                continue
            beside = known & (words == word)
            near = beside & (stamp >= self.edges[0]) & (stamp <= self.edges[-1])
            if not near.any():
                continue
            self.counts[word] = self.counts.get(word, 0) + int(np.count_nonzero(near))
            self.lines.setdefault(word, int(line[np.argmax(near)]))
            if quality is not Quality.UNKNOWN:
                kept = self._set_aside(stamp, kept, beside, quality)
        return kept

    def _set_aside(self, stamp: Instants, value: Numbers, beside: Flags, quality: Quality) -> Numbers:
        """Not measured: left out where the sheet Logs says so, and of a register; else kept, and doubtful."""
        if self.spec.kind == "register" or (self.stated and quality is Quality.INVALID):
            return np.where(beside, np.nan, value)
        self.questionable.append(stamp[beside])
        return value

    def finding(self, interval: int, problems: Problems) -> Finding | None:
        """What the words say, with the spans that are doubtful by them."""
        told = {w: n for w, n in self.counts.items() if self.quality(w) is not Quality.UNKNOWN}
        unknown = {w: n for w, n in self.counts.items() if w not in told and w.strip()}
        if told:
            return self._told(told, interval, problems)
        if unknown and (self.stated or (len(self.counts) > 1 and only_quality(self.heading))):
            return self._unknown(unknown, problems)
        return None

    def _told(self, told: dict[str, int], interval: int, problems: Problems) -> Finding:
        word = next(iter(told))
        out = self.spec.kind == "register" or (self.stated and not self.questionable)
        how = say("left out") if out else say("kept for the present")
        listed = joined(", ", (say("{word!r} {n} time(s)", word=w, n=n) for w, n in told.items()))
        action = say("Correct the words under Measured words on the sheet Logs, if these values are measured")
        if not self.stated:
            action = say(
                "Write {heading} as Status column on the sheet Logs and the words that mean measured",
                heading=self.heading,
            )
        return codes.STATUS(
            say(
                "the column {heading!r} marks {sum} value(s) of meter {meter_id} as not measured; they are {how}",
                heading=self.heading,
                sum=sum(told.values()),
                meter_id=self.spec.meter.meter_id,
                how=how,
            ),
            problems.at(self.lines[word]),
            found=listed,
            action=action,
            data={"count": sum(told.values())},
            severity=Severity.MINOR if self.stated and out else Severity.MAJOR,
            questionable=self._spans(interval),
        )

    def _unknown(self, unknown: dict[str, int], problems: Problems) -> Finding:
        word = next(iter(unknown))
        return codes.STATUS(
            say(
                "the column {heading!r} holds words of which it is not known whether they mean measured",
                heading=self.heading,
            ),
            problems.at(self.lines[word]),
            found=joined(", ", (say("{word!r} {n} time(s)", word=w, n=n) for w, n in list(unknown.items())[:6])),
            action=say("List the words that mean measured under Measured words on the sheet Logs"),
            severity=Severity.ERROR if self.stated else Severity.MINOR,
        )

    def _spans(self, interval: int) -> list[QuestionableSpan]:
        if not self.questionable:
            return []
        stamps = np.unique(np.concatenate(self.questionable))
        start = stamps if self.spec.opens else stamps - interval
        start = start[(start < self.edges[-1]) & (start + interval > self.edges[0])]
        if not len(start):
            return []
        breaks = np.flatnonzero(np.diff(start) > interval)
        opens, closes = np.concatenate(([0], breaks + 1)), np.concatenate((breaks, [len(start) - 1]))
        meter = self.spec.meter.meter_id
        return [
            QuestionableSpan(meter, int(start[i]), int(start[j]) + interval)
            for i, j in zip(opens.tolist(), closes.tolist(), strict=True)
        ]
