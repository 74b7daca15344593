"""Readings that a meter gave while nothing proved that it was right: corrected by its error, where ER is lowest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.measuring import Chain
from jcm_mrv.monitoring.amounts import Amounts
from jcm_mrv.monitoring.calibrations import Uncertain
from jcm_mrv.monitoring.coverage import within, without
from jcm_mrv.monitoring.zones import HOUR
from jcm_mrv.origin import Origin
from jcm_mrv.quality.holes import Ground, Span
from jcm_mrv.result import Treatment

CORRECTED = Code("calibrations.corrected", Severity.MINOR, "Readings of an unproven meter are corrected by its error.")


@dataclass(frozen=True)
class Unproven:
    """What a meter measured in the unproven part of a month: ``measured`` in the chain's unit, give or take."""

    chain: Chain
    slice: int
    meter_id: str
    month: int
    spans: tuple[Span, ...]
    measured: float
    cause: Uncertain

    @property
    def highest(self) -> float:
        """The measured amount times the error."""
        return abs(self.measured) * self.cause.error

    @property
    def lowest(self) -> float:
        """The same downwards."""
        return -self.highest

    @property
    def hours(self) -> float:
        """The unproven hours."""
        return sum(b - a for a, b in self.spans) / HOUR

    @property
    def where(self) -> Origin:
        """The calibration, or the meter."""
        return self.cause.where


def unproven(
    ground: Ground, chain: Chain, uncertain: Sequence[Uncertain], amounts: Amounts, taken: dict[str, list[Span]]
) -> Iterator[Unproven]:
    """What the meters of a chain measured in doubtful spans, month by month, without what is overridden."""
    place = {where: n for n, where in enumerate(chain.meter_months)}
    for cause in uncertain:
        for m, month in enumerate(ground.timeline.months):
            if (cause.meter_id, m) not in place:
                continue
            pieces = within((month.start, month.end), [(cause.start, cause.end)])
            spans = tuple(rest for piece in pieces for rest in without(piece, taken.get(cause.meter_id, [])))
            measured = sum(amounts.between(cause.meter_id, *span, chain.unit).value for span in spans)
            if measured and cause.error:
                yield Unproven(chain, place[cause.meter_id, m], cause.meter_id, m, spans, measured, cause)


def unproven_rule(one: Unproven, amount: float) -> str:
    """What was done, in words."""
    way = "down" if amount < 0 else "up" if amount > 0 else "not"
    return f"{one.cause.rule}: corrected {way} by {one.cause.error * 100:.6g} %"


def unproven_findings(pairs: Sequence[tuple[Unproven, Treatment]]) -> list[Finding]:
    """One finding for each doubtful span of a meter, with all its months."""
    groups: dict[int, list[tuple[Unproven, Treatment]]] = {}
    for one, treatment in pairs:
        groups.setdefault(id(one.cause), []).append((one, treatment))
    return [_finding(group) for group in groups.values()]


def _finding(group: Sequence[tuple[Unproven, Treatment]]) -> Finding:
    first, treatment = group[0]
    correction = sum(t.correction for _, t in group)
    effects = [t.effect_tco2e for _, t in group]
    effect = None if any(e is None for e in effects) else sum(e for e in effects if e is not None)
    months = f"{treatment.month} to {group[-1][1].month}" if len(group) > 1 else treatment.month
    return CORRECTED(
        f"meter {first.meter_id}, {months}: {first.cause.reason}; what it measured is corrected by "
        f"{first.cause.error * 100:.6g} %, {treatment.direction}",
        first.where,
        found=f"{sum(one.measured for one, _ in group):.6g} {treatment.unit} measured, {correction:+.6g} "
        f"{treatment.unit} corrected",
        action="Add the certificate that covers the time, if there is one.",
        data={"error": first.cause.error, "correction": correction},
        effect_tco2e=effect,
    )
