"""Readings that a meter gave while nothing proved that it was right: corrected by its error, where ER is lowest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Finding
from jcm_mrv.meters.amounts import Amounts
from jcm_mrv.meters.calibrations import Uncertain
from jcm_mrv.meters.coverage import within, without
from jcm_mrv.origin import Origin
from jcm_mrv.quality.treatment.data_gaps import Ground
from jcm_mrv.quality.treatment.month import OfMonth, Span
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import local_time


@dataclass(frozen=True)
class Unproven(OfMonth):
    """What a meter measured in the unproven part of a month: ``measured`` in the chain's unit, give or take."""

    measured: float
    cause: Uncertain

    @property
    def highest(self) -> float:
        """The most that a meter with this error hides: it shows true x (1 - e), so that true = shown / (1 - e)."""
        error = self.cause.error or 0.0
        return abs(self.measured) * error / (1 - error)

    @property
    def lowest(self) -> float:
        """The measured amount times the error, as the practice has it."""
        return -abs(self.measured) * (self.cause.error or 0.0)

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
    return f"{one.cause.rule}: corrected {way} by {(one.cause.error or 0.0) * 100:.6g} %"


def unproven_findings(
    ground: Ground, uncertain: Sequence[Uncertain], pairs: Sequence[tuple[Unproven, Treatment]]
) -> Iterator[Finding]:
    """One finding for each doubtful span of a meter, with what was corrected in all its months."""
    groups: dict[int, list[tuple[Unproven, Treatment]]] = {}
    for one, treatment in pairs:
        groups.setdefault(id(one.cause), []).append((one, treatment))
    for cause in uncertain:
        yield _finding(cause, groups.get(id(cause), []), ground)


def _finding(cause: Uncertain, group: Sequence[tuple[Unproven, Treatment]], ground: Ground) -> Finding:
    zone = ground.timeline.zone
    start, end = (f"{local_time(zone, t):%Y-%m-%d %H:%M}" for t in (cause.start, cause.end))
    message = f"meter {cause.meter_id}, {start} to {end}: {cause.reason}"
    if cause.error is None:
        return cause.code(
            f"{message}; its error is not known, so that nothing is corrected",
            cause.where,
            found="neither accuracy class nor permissible error on Meters",
            action=f"Enter one of them. {cause.action}",
        )
    if not group:
        return cause.code(message, cause.where, found="nothing measured then counts", action=cause.action)
    error, treatment = cause.error, group[0][1]
    correction = sum(t.correction for _, t in group)
    effects = [t.effect_tco2e for _, t in group]
    return cause.code(
        f"{message}; what it measured is corrected by {error * 100:.6g} %, {treatment.direction}",
        cause.where,
        found=f"{sum(one.measured for one, _ in group):.6g} {treatment.unit} measured, {correction:+.6g} "
        f"{treatment.unit} corrected",
        action=cause.action,
        data={"error": error, "correction": correction},
        effect_tco2e=None if None in effects else sum(e for e in effects if e is not None),
    )
