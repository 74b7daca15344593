"""The findings about logs, and a list of them that does not grow without end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jcm_mrv.findings import LISTED, Code, Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.words import say

PATH = Code("logs.path", Severity.ERROR, "A log lies outside the folder of the workbook")
NOT_FOUND = Code("logs.missing", Severity.ERROR, "A log is not there")
UNREADABLE = Code("logs.unreadable", Severity.ERROR, "A log cannot be read")
ENCODING = Code("logs.encoding", Severity.ERROR, "A log is not in the encoding that is given")
COLUMN = Code("logs.column", Severity.ERROR, "A column of a log is not found")
ROW = Code("logs.row", Severity.ERROR, "A row of the sheet Logs cannot be used")
STAMP = Code("logs.stamp", Severity.ERROR, "A time in a log cannot be read")
DATE_FORMAT = Code("logs.date_format", Severity.ERROR, "The times of a log can be read in more than one way")
ZONE = Code("logs.zone", Severity.ERROR, "The time zone of a log is missing, unknown or contradicted")
CLOCK = Code("logs.clock_change", Severity.ERROR, "A time in a log that the clock showed twice or skipped")
VALUE = Code("logs.value", Severity.ERROR, "A value of a log is not a number")
RAGGED = Code("logs.ragged", Severity.ERROR, "A line of a log has more or fewer cells than its headings")
INTERVAL = Code("logs.interval", Severity.ERROR, "The length of a log's interval is not known")
INFERRED = Code("logs.interval_inferred", Severity.NOTE, "The length of a log's interval is taken from its times")
REPEATED = Code("logs.duplicate", Severity.NOTE, "A row of a log is given twice")
CONFLICT = Code("logs.conflict", Severity.ERROR, "Two different values of a log for one time")
OVERLAP = Code("logs.overlap", Severity.ERROR, "Two intervals of a log overlap")
UNSORTED = Code("logs.unsorted", Severity.NOTE, "The rows of a log are not in order of time")
TWICE = Code("logs.twice", Severity.NOTE, "A log is named twice")
EMPTY = Code("logs.empty", Severity.ERROR, "A log holds no value of the monitoring period")
OUTSIDE = Code("logs.outside_period", Severity.NOTE, "Rows of a log lie outside the monitoring period")
NEGATIVE = Code("logs.negative", Severity.NOTE, "A log holds negative values")
SENTINEL = Code("logs.missing_number", Severity.ERROR, "A log repeats a number that loggers write for no value")
UNIT = Code("logs.unit", Severity.ERROR, "The unit of a log is unknown or of the wrong kind")
NOT_INSTALLED = Code("logs.not_installed", Severity.ERROR, "A log speaks of a time without a meter")
BEFORE_METER = Code("logs.zero_before_meter", Severity.NOTE, "A log holds zeros of a time without a meter")
FACTOR_CHANGE = Code("logs.factor_change", Severity.ERROR, "An interval of a log spans a change of factor")
NUMBERS = Code("logs.number_format", Severity.ERROR, "The numbers of a log can be read in more than one way")
MISSING = Code("logs.missing_marker", Severity.NOTE, "A log marks values as missing")
FOOTER = Code("logs.footer", Severity.NOTE, "Lines below the data of a log are not used")
FOOTER_TOTAL = Code("logs.footer_total", Severity.MAJOR, "The total below a log is not that of its rows")
PREAMBLE = Code("logs.preamble", Severity.NOTE, "Lines above the headings of a log are not used")
UNIT_STATED = Code("logs.unit_stated", Severity.ERROR, "A log states another unit than the sheet Logs")
ENCODING_FOUND = Code("logs.encoding_found", Severity.NOTE, "The encoding of a log was found from its text")
CONFLICT_FACTOR = Code("logs.conflict_factor", Severity.ERROR, "Two logs of one meter differ by a constant factor")
RECOGNISED = Code("logs.recognised", Severity.NOTE, "How a log writes times or numbers was found from its columns")
KIND = Code("logs.kind", Severity.MAJOR, "The values of a log are not of the kind that is stated")
STATUS = Code("logs.status", Severity.MAJOR, "A log marks values as not measured")
UNIT_WRONG = Code("logs.unit_wrong", Severity.MAJOR, "The unit that a log states is overruled")
OVERRIDDEN = Code("logs.overridden", Severity.NOTE, "A fault in a log lies where an override says what flowed")
INTERVAL_SIDE = Code("logs.interval_side", Severity.MINOR, "Which end of its interval a time of a log is, is in doubt")
MATRIX = Code("logs.matrix", Severity.NOTE, "A log has a day in each row")


@dataclass(frozen=True)
class Footer:
    """A row that is no data: ``kind`` is total, other or bare, ``values`` the texts in the columns of values.

    ``time`` is what stands in the column of times.
    """

    line: int
    kind: str
    text: str
    values: Mapping[int, str]
    time: str = ""


@dataclass
class _Group:
    code: Code
    message: str
    action: str
    places: list[tuple[Origin, str]] = field(default_factory=list)
    count: int = 0
    listed: int = LISTED


@dataclass
class Problems:
    """Findings of one file, and its footers. Of many alike the first are listed with their place, the rest counted."""

    file: str
    sheet: str = ""
    footers: list[Footer] = field(default_factory=list)
    _groups: dict[tuple[str, str], _Group] = field(default_factory=dict)
    _others: list[Finding] = field(default_factory=list)

    def at(self, line: int = 0, cell: str = "") -> Origin:
        """A place in the file."""
        return Origin(file=self.file, sheet=self.sheet, cell=cell, line=int(line))

    def add(self, finding: Finding) -> None:
        """A finding that stands alone."""
        self._others.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Findings that stand alone."""
        self._others.extend(findings)

    def has(self, code: Code) -> bool:
        """True where a finding of that code stands alone here already."""
        return any(finding.code == code.code for finding in self._others)

    def many(
        self, code: Code, message: str, action: str, line: int, found: str, count: int = 1, *, listed: int = LISTED
    ) -> None:
        """One of possibly many places with the same fault; ``count`` when the place stands for several."""
        group = self._groups.setdefault((code.code, message), _Group(code, message, action, listed=listed))
        group.count += count
        if len(group.places) < listed:
            group.places.append((self.at(line), found))

    def take(self, other: Problems) -> None:
        """Move everything from another list that is not yet in this one."""
        self._others += other._others
        self._groups |= other._groups
        self.footers += other.footers

    def findings(self) -> list[Finding]:
        """Everything that was added, the many ones shortened."""
        listed: list[Finding] = []
        groups = sorted(self._groups.values(), key=lambda g: (g.places[0][0].line, g.code.code, g.message))
        for group in groups:
            data: Mapping[str, int] = {"count": group.count}
            if group.listed == 1:
                where, found = group.places[0]
                message = say("{message}: {count}, first in this line", message=group.message, count=group.count)
                listed.append(group.code(message, where, found=found, action=group.action, data=data))
                continue
            for where, found in group.places:
                listed.append(group.code(group.message, where, found=found, action=group.action, data=data))
            rest = group.count - len(group.places)
            if rest > 0:
                listed.append(
                    group.code(
                        say(
                            "{message}: {rest} more place(s), {count} in all",
                            message=group.message,
                            rest=rest,
                            count=group.count,
                        ),
                        self.at(),
                        action=group.action,
                        data=data,
                    )
                )
        consequences = [finding for finding in self._others if finding.code == EMPTY.code]
        return [f for f in self._others if f.code != EMPTY.code] + listed + consequences
