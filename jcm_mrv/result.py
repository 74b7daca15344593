"""The result of a calculation: everything that a report shows, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from jcm_mrv.claim.default_use import DefaultUse as DefaultUse
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.origin import NOWHERE, Origin
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Defined, Named, Node
from jcm_mrv.time.zones import local_time
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.claim.claim import Claim
    from jcm_mrv.meters.calibrations import OverdueSpan
    from jcm_mrv.meters.meters import Meter
    from jcm_mrv.meters.segments import SeriesResult
    from jcm_mrv.time.timeline import Timeline
    from jcm_mrv.workbook.records import MonitoringData


class Direction(StrEnum):
    """How ER moves with an amount, over everything that the amount may be."""

    RISES = "rises"
    FALLS = "falls"
    EITHER = say("may rise or fall")

    @property
    def words(self) -> str:
        """As a sentence about the amount."""
        if self is Direction.EITHER:
            return say("ER may rise or fall with it")
        return say("ER rises with it") if self is Direction.RISES else say("ER falls with it")


@dataclass(frozen=True)
class Treatment:
    """A correction of a meter's month: what was measured, what is used, under which rule, and its effect on ER.

    ``kind`` is override, other source, bridged, gap, divided, doubtful, samples, excluded, calibration or tree.
    ``span`` and ``hours`` say what of the month it treats; ``raw`` and ``used`` are the whole
    month's, before it and after it alone, and like ``correction`` in ``unit``.
    """

    meter_id: str
    month: str
    kind: str
    span: str
    hours: float
    raw: float
    correction: float
    used: float
    unit: str
    rule: str
    direction: Direction | None
    effect_tco2e: float | None

    @property
    def direction_words(self) -> str:
        """How ER moves with the amount, as a sentence; empty where it is undecided and nothing is left open."""
        return "" if self.direction is None else self.direction.words


@dataclass(frozen=True)
class YearResult:
    """One calendar-year slice, tCO2e.

    ``credited`` is None for an indicative figure, ``estimate`` if none is
    given, ``leakage`` where no methodology has any.
    """

    year: int
    start: date
    end: date
    reference: float
    project: float
    reductions: float
    credited: int | None
    estimate: float | None
    leakage: float | None = None


@dataclass(frozen=True)
class MethodologyResult:
    """What one methodology contributes, tCO2e over the whole period; ``leakage`` is None where it has none."""

    bound: Bound
    status: str
    evidence: str
    confirmed: bool
    reference: float
    project: float
    reductions: float
    leakage: float | None = None


def years_of(
    claim: Claim, evaluation: Evaluation, timeline: Timeline, data: MonitoringData, credited: Sequence[int] | None
) -> tuple[YearResult, ...]:
    """The calendar years of a claim; ``credited`` are their whole tonnes, None for an indicative figure."""
    estimates = {row["year"].text: row.reductions for row in data.estimates}
    return tuple(
        YearResult(
            year=piece.year,
            start=local_time(timeline.zone, piece.start).date(),
            end=local_time(timeline.zone, piece.end - 1).date(),
            reference=float(evaluation[claim.RE][n]),
            project=float(evaluation[claim.PE][n]),
            reductions=float(evaluation[claim.ER][n]),
            credited=None if credited is None else credited[n],
            estimate=estimates.get(piece.label),
            leakage=None if claim.LE is None else float(evaluation[claim.LE][n]),
        )
        for n, piece in enumerate(timeline.years)
    )


def methodology_result(bound: Bound, evaluation: Evaluation, *, confirmed: bool) -> MethodologyResult:
    """What a methodology of the claim contributes."""
    card = bound.entry.card
    return MethodologyResult(
        bound=bound,
        status=card.status,
        evidence=card.equation.evidence,
        confirmed=confirmed,
        reference=float(evaluation[bound.RE].sum()),
        project=float(evaluation[bound.PE].sum()),
        reductions=float(evaluation[bound.ER].sum()),
        leakage=None if bound.LE is None else float(evaluation[bound.LE].sum()),
    )


@dataclass(frozen=True, eq=False)
class Result:
    """A finished calculation.

    ``data`` is the monitoring workbook as read, ``claim`` the bound graph,
    ``evaluation`` its numbers. ``indicative`` says that no number may be
    credited yet. ``origins`` gives for each input its cells or documents;
    ``from_installation`` is that of the inputs.
    """

    data: MonitoringData
    timeline: Timeline
    series: SeriesResult
    claim: Claim
    evaluation: Evaluation
    methodologies: tuple[MethodologyResult, ...]
    years: tuple[YearResult, ...]
    defaults: tuple[DefaultUse, ...]
    treatments: tuple[Treatment, ...]
    findings: tuple[Finding, ...]
    indicative: bool
    decimals: int
    rounding: str
    rounding_digits: int
    inputs: tuple[tuple[str, str], ...]
    software: Mapping[str, str]
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    overrides: tuple[Mapping[str, str], ...] = ()
    overdue: Sequence[OverdueSpan] = ()
    from_installation: bool = False
    meters: Mapping[str, Meter] = field(default_factory=dict)

    @property
    def reference(self) -> float:
        """Reference emissions of the whole period [tCO2e]."""
        return sum(y.reference for y in self.years)

    @property
    def project(self) -> float:
        """Project emissions of the whole period [tCO2e]."""
        return sum(y.project for y in self.years)

    @property
    def leakage(self) -> float | None:
        """Leakage of the whole period [tCO2e]; None where no methodology of the claim has any."""
        return None if self.claim.LE is None else sum(y.leakage or 0.0 for y in self.years)

    @property
    def reductions(self) -> float:
        """Emission reductions of the whole period, unrounded [tCO2e]."""
        return sum(y.reductions for y in self.years)

    @property
    def credited(self) -> int | None:
        """Whole tonnes: the sum of the years, None for an indicative figure."""
        if self.indicative:
            return None
        return sum(y.credited for y in self.years if y.credited is not None)

    @property
    def questions(self) -> int:
        """How many questions are open before the figure may be credited.

        Each major finding is one, and so is each methodology whose equation is not confirmed (which is a major finding
        as well, and counts once).
        """
        majors = sum(finding.severity is Severity.MAJOR for finding in self.findings)
        return max(majors, sum(not one.confirmed for one in self.methodologies))

    @property
    def unanswered(self) -> int:
        """How many of the questions the project has said nothing of on the sheet Answers."""
        answered = sum(finding.severity is Severity.MAJOR and bool(finding.answer) for finding in self.findings)
        return max(self.questions - answered, 0)

    @property
    def start(self) -> date:
        """First day of the monitoring period."""
        return self.timeline.start

    @property
    def end(self) -> date:
        """Last day of the monitoring period, inclusive."""
        return self.years[-1].end

    def value(self, node: Node, ordinals: tuple[int, ...] = ()) -> float:
        """The value of a node at one index tuple."""
        return float(self.evaluation[node][ordinals])

    def origin(self, node: Named, ordinals: tuple[int, ...] = ()) -> Origin:
        """Where an input's value came from; NOWHERE for what is computed."""
        return self.claim.origins.get(node, {}).get(ordinals, NOWHERE)

    def roots(self) -> list[Defined]:
        """The results of the claim by year: RE, PE, LE where there is leakage, and ER."""
        return list(self.claim.results)
