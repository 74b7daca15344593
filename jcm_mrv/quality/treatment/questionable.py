"""Values that are not to be relied on (one that stands still, a spike, a slip): treated like a gap, one way or both.

What was measured in the span may be wrong into the direction that the finding
says. What may have flowed instead lies between what the meter's own rates
allow; where the value counted is the end with the lowest ER, it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Doubtful, Finding, Way
from jcm_mrv.meters.amounts import Amounts
from jcm_mrv.meters.coverage import within, without
from jcm_mrv.origin import Origin
from jcm_mrv.quality.treatment.data_gaps import GapFinder, Ground
from jcm_mrv.quality.treatment.limits import GAPS_SHORT_HOLE_HOURS
from jcm_mrv.quality.treatment.month import OfMonth, Span
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import HOUR


@dataclass(frozen=True)
class Suspect(OfMonth):
    """What a meter measured in the doubtful part of a month; the correction lies between ``lowest`` and ``highest``."""

    measured: float
    lowest: float
    highest: float
    cause: Finding

    @property
    def where(self) -> Origin:
        """The place that the finding names."""
        return self.cause.where


def suspect_cuts(findings: Iterable[Finding]) -> dict[str, list[int]]:
    """The instants, by meter, at which doubtful spans begin and end."""
    cuts: dict[str, list[int]] = {}
    for one in (d for finding in findings for d in finding.doubtful):
        cuts.setdefault(one.meter_id, []).extend((one.start, one.end))
    return cuts


def suspects(
    ground: Ground,
    chain: Chain,
    finder: GapFinder,
    amounts: Amounts,
    findings: Sequence[Finding],
    taken: Mapping[str, Sequence[Span]],
) -> Iterator[Suspect]:
    """What the meters of a chain measured in doubtful spans, by finding, way and month; no time twice."""
    place = {where: n for n, where in enumerate(chain.meter_months)}
    used: dict[str, list[Span]] = {meter: list(spans) for meter, spans in taken.items()}
    holes: dict[str, list[Span]] = {}
    for hole in ground.series.coverage.holes:
        holes.setdefault(hole.meter_id, []).append((hole.start, hole.end))
    for finding in findings:
        for (meter, way), doubts in _groups(finding).items():
            own = used.setdefault(meter, [])
            spans = [rest for d in doubts for rest in without((d.start, d.end), [*own, *holes.get(meter, ())])]
            own.extend(spans)
            for m, month in enumerate(ground.timeline.months):
                pieces = tuple(p for span in spans for p in within(span, [(month.start, month.end)]))
                if pieces and (meter, m) in place:
                    one = Suspect(chain, place[meter, m], meter, m, pieces, 0.0, 0.0, 0.0, finding)
                    yield _bounded(one, way, finder, amounts, ground)


def _groups(finding: Finding) -> dict[tuple[str, Way], list[Doubtful]]:
    groups: dict[tuple[str, Way], list[Doubtful]] = {}
    for one in finding.doubtful:
        groups.setdefault((one.meter_id, one.way), []).append(one)
    return groups


def _bounded(one: Suspect, way: Way, finder: GapFinder, amounts: Amounts, ground: Ground) -> Suspect:
    measured = sum(amounts.between(one.meter_id, a, b, one.chain.unit).value for a, b in one.spans)
    hours = [(b - a) / HOUR for a, b in one.spans]
    short = ground.settings[GAPS_SHORT_HOLE_HOURS]
    rates = finder.rates(one.meter_id)
    low, high = measured, measured
    if rates is not None:
        low, high = rates.bounds(sum(h for h in hours if h < short), [h for h in hours if h >= short])
    low = min(low, measured) if way != Way.TOO_LOW else measured
    high = max(high, measured) if way != Way.TOO_HIGH else measured
    return replace(one, measured=measured, lowest=low - measured, highest=high - measured)


def suspect_rule(one: Suspect, amount: float) -> str:
    """What was done, in words."""
    if amount == 0:
        return f"{one.cause.code}: what was measured is kept, it has the lowest ER"
    if amount == one.lowest:
        return f"{one.cause.code}: not relied on; the least that may have flowed instead"
    if amount == one.highest:
        return f"{one.cause.code}: not relied on; the most that may have flowed instead"
    return f"{one.cause.code}: not relied on; the amount with the lowest ER"


def with_effects(findings: Sequence[Finding], pairs: Sequence[tuple[Suspect, Treatment]]) -> list[Finding]:
    """The findings, those that were treated with the effect of it on ER."""
    effects: dict[int, list[float | None]] = {}
    for one, treatment in pairs:
        effects.setdefault(id(one.cause), []).append(treatment.effect_tco2e)
    return [_with_effect(finding, effects.get(id(finding), [])) for finding in findings]


def _with_effect(finding: Finding, effects: Sequence[float | None]) -> Finding:
    if not effects:
        return finding
    known = [e for e in effects if e is not None]
    total = sum(known) if len(known) == len(effects) else None
    way = "kept, since anything else would raise ER" if total == 0 else "not relied on until it is proven (Overrides)"
    return replace(finding, message=f"{finding.message}; what it measured is {way}", effect_tco2e=total)
