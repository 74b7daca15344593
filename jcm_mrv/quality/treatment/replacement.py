"""Where a meter and another source contradict each other, the one with the lower ER is used throughout.

Never the better one month by month: all spans in which both speak are taken
from the same source. A person who can prove which is right says so on the
sheet Overrides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Finding
from jcm_mrv.meters.amounts import Amounts
from jcm_mrv.meters.coverage import within, without
from jcm_mrv.origin import Origin
from jcm_mrv.quality.crosscheck import Contradiction
from jcm_mrv.quality.treatment.data_gaps import Ground
from jcm_mrv.quality.treatment.month import Certain, Span
from jcm_mrv.result import Treatment


@dataclass(frozen=True)
class Replacement(Certain):
    """A month of a meter's contradicted spans; the value is what the other source states."""

    cause: Finding

    @property
    def where(self) -> Origin:
        """The place of the other source."""
        return self.cause.where


def replacements(
    ground: Ground,
    chain: Chain,
    amounts: Amounts,
    contradictions: Sequence[Contradiction],
    taken: Mapping[str, Sequence[Span]],
) -> Iterator[Replacement]:
    """The months of a chain's meters that are taken from another source since ER is higher with the meter."""
    place = {where: n for n, where in enumerate(chain.meter_months)}
    done: set[str] = set()
    for one in contradictions:
        effect = one.finding.effect_tco2e
        if one.meter_id in done or effect is None or effect <= 0:
            continue
        done.add(one.meter_id)
        scale = chain.conversions.scale(one.meter_id, one.unit, chain.unit) if _in(chain, one) else 0.0
        months: dict[int, tuple[list[Span], float]] = {}
        for pair in one.pairs:
            if without((pair.start, pair.end), taken.get(one.meter_id, ())) != [(pair.start, pair.end)]:
                continue  # a person has decided about a part of it
            for m, month in enumerate(ground.timeline.months):
                for a, b in within((pair.start, pair.end), [(month.start, month.end)]):
                    spans, value = months.get(m, ([], 0.0))
                    share = (b - a) / (pair.end - pair.start)
                    months[m] = ([*spans, (a, b)], value + pair.other * share * scale * chain.factor(one.meter_id, a))
        for m, (spans, value) in months.items():
            if (one.meter_id, m) in place:
                measured = sum(amounts.between(one.meter_id, a, b, chain.unit).value for a, b in spans)
                where = place[one.meter_id, m]
                yield Replacement(chain, where, one.meter_id, m, tuple(spans), measured, value, one.finding)


def _in(chain: Chain, one: Contradiction) -> bool:
    return any(meter == one.meter_id for meter, _ in chain.meter_months)


def replacement_rule(one: Replacement) -> str:
    """What was done, in words."""
    return f"{one.cause.code}: the other source, throughout"


def with_effects(findings: Sequence[Finding], pairs: Sequence[tuple[Replacement, Treatment]]) -> list[Finding]:
    """The findings, those that led to a replacement with its effect on ER."""
    effects: dict[int, list[float]] = {}
    for one, treatment in pairs:
        effects.setdefault(id(one.cause), []).append(treatment.effect_tco2e or 0.0)
    return [
        replace(
            finding,
            message=f"{finding.message}, since ER is lower with it",
            effect_tco2e=sum(effects[id(finding)]),
        )
        if id(finding) in effects
        else finding
        for finding in findings
    ]
