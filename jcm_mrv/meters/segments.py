"""What the claim graph takes from readings and logs: parts, coverage, and what was read.

A part is one piece of one reading that lies in exactly one month slice. Its
energy is, in the meter's native unit,

    (value + closing - opening + wrap) x share x factor

where a kind leaves the terms it does not use at 0. That arithmetic is done by
the claim graph, so that it stands as a live formula in the report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.findings import Finding
from jcm_mrv.meters.conversions import Conversions
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.origin import Origin
from jcm_mrv.time.zones import HOUR, Span
from jcm_mrv.words import as_words

if TYPE_CHECKING:
    from jcm_mrv.meters.batches import Batch
    from jcm_mrv.meters.combined import Combined


class SegmentKind(IntEnum):
    """Where a part's energy comes from."""

    ENERGY = 0  # a reading of energy over an interval: value
    REGISTER = 1  # two readings of a register: closing - opening + wrap
    LOG = 2  # a sum over the rows of a log: value
    STOCK = 3  # what left a store: received (value) + opening stock (closing) - closing stock (opening)
    SAMPLE = 5  # the result of one sample, which counts once whenever it was taken
    MEAN = 4  # a reading of a mean over an interval: value, which counts for the hours of the interval

    @property
    def label(self) -> str:
        """The word that the workbook and the report use."""
        return _LABELS[self]


_LABELS = {
    SegmentKind.ENERGY: as_words("energy"),
    SegmentKind.REGISTER: as_words("register"),
    SegmentKind.LOG: as_words("log"),
    SegmentKind.STOCK: as_words("stock"),
    SegmentKind.SAMPLE: as_words("sample"),
    SegmentKind.MEAN: as_words("mean"),
}


@dataclass(frozen=True)
class LogSource:
    """A log as it was read: the row of the sheet Logs, its file and the SHA-256 of its bytes."""

    log_id: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Parts:
    """The parts as columns of equal length, sorted by meter, start and month.

    ``meter`` is an ordinal in ``meter_ids``, ``month`` in the timeline's
    months, ``unit`` in ``units``, ``source`` in ``sources`` (-1: not from a
    log). ``share`` is the fraction of the reading's interval, by time, that
    lies in the month (1.0: all of it). ``start`` and ``end`` are the limits
    of the whole reading in microseconds UTC, for a log those of the piece.
    ``factor`` is the transformer factor, 1 where the values hold it already; for a mean it is multiplied with the
    ``hours`` of its whole interval (1 for what is an amount already), so that value times factor is an amount.
    ``count`` is the number of underlying values that begin in the piece and
    ``expected`` how many a log without data gaps would have. ``origins`` names
    the (closing) reading or the log's first line, ``opening_origins`` the
    opening reading of a register (elsewhere the same as ``origins``).
    ``lowest`` and ``highest`` are the extremes of the log's single values, as
    a rate per hour in the native unit before the factor (NaN for what is not
    an interval log, None where nothing is known).
    """

    meter_ids: tuple[str, ...]
    units: tuple[str, ...]
    sources: tuple[LogSource, ...]
    meter: Ordinals
    month: Ordinals
    kind: Ordinals
    value: Numbers
    opening: Numbers
    closing: Numbers
    wrap: Numbers
    share: Numbers
    factor: Numbers
    unit: Ordinals
    count: Ordinals
    expected: Ordinals
    source: Ordinals
    start: Instants
    end: Instants
    origins: Sequence[Origin]
    opening_origins: Sequence[Origin]
    lowest: Numbers | None = None
    highest: Numbers | None = None
    hours: Numbers | None = None

    def __len__(self) -> int:
        return len(self.meter)

    def amounts(self) -> Numbers:
        """Each part's amount in its native unit; for checks, the claim graph has its own formula."""
        return whole_amounts(self) * self.share * self.factor


def whole_amounts(one: Parts | Batch) -> Numbers:
    """What each whole reading counted, in its native unit, before the transformer factor."""
    return one.value + one.closing - one.opening + one.wrap


@dataclass(frozen=True)
class DataGap:
    """A span inside the period and the meter's installed time that no reading or log covers.

    Instants in microseconds UTC.
    """

    meter_id: str
    start: int
    end: int

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start) / HOUR


@dataclass(frozen=True)
class Coverage:
    """How much of each month is measured; arrays of shape (meters, months), microseconds.

    ``expected`` is the time for which the place is metered; ``covered``
    the part of it that readings or logs cover.
    """

    meter_ids: tuple[str, ...]
    covered: Ordinals
    expected: Ordinals
    data_gaps: tuple[DataGap, ...]
    away: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    """The times between two rows of a meter, in which none stood at its place."""

    @cached_property
    def gaps(self) -> Mapping[str, Sequence[Span]]:
        """For each meter with data gaps the spans that nothing covers."""
        found: dict[str, list[Span]] = {}
        for gap in self.data_gaps:
            found.setdefault(gap.meter_id, []).append((gap.start, gap.end))
        return found


class SecondaryKind(StrEnum):
    """What covers a meter beside its primary source."""

    REGISTER = "register readings"
    READING = "readings"
    INVOICE = "invoices"


@dataclass(frozen=True)
class SecondarySource:
    """An amount over a span that does not count, but checks the primary source and bridges its data gaps.

    ``amount`` is in ``unit`` with the transformer factor; ``resolution`` is by
    how much it may differ because a register shows whole digits only.
    """

    meter_id: str
    kind: SecondaryKind
    start: int
    end: int
    amount: float
    unit: str
    origin: Origin
    resolution: float = 0.0


@dataclass(frozen=True)
class InputFile:
    """A file that was read: its path relative to the workbook's folder, and its SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True)
class SeriesResult:
    """Everything that :func:`jcm_mrv.series.gather` found."""

    parts: Parts
    coverage: Coverage
    findings: tuple[Finding, ...]
    inputs: tuple[InputFile, ...]
    profiles: tuple[Profile, ...] = ()
    seconds: tuple[SecondarySource, ...] = ()
    billed: tuple[SecondarySource, ...] = ()
    """Invoices that count, as the source of their meters."""
    delivered: tuple[SecondarySource, ...] = ()
    """Invoices of what came into a store: they check its ledger."""
    conversions: Conversions = field(default_factory=Conversions)
    checks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The check meters of each meter that has one."""
    combined: tuple[Combined, ...] = ()
    """What is made of single readings, each a meter of its own."""
    questionable: tuple[Finding, ...] = ()
    """Findings of logs that name spans not to be relied on; they come back with their treatment."""

    @cached_property
    def secondary(self) -> Mapping[tuple[str, SecondaryKind], Sequence[SecondarySource]]:
        """What does not count of each meter, by its kind."""
        found: dict[tuple[str, SecondaryKind], list[SecondarySource]] = {}
        for one in self.seconds:
            found.setdefault((one.meter_id, one.kind), []).append(one)
        return found
