"""Energy that was metered and does not enter the claim: said, never left out in silence."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers, Ordinals
from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.meters.segments import Parts, SeriesResult
from jcm_mrv.meters.tree import Tree
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say

NOT_PLACED = Code("readings.not_placed", Severity.MAJOR, "Nothing says what a meter measures that was read.")
NOT_USED = Code("readings.not_used", Severity.MINOR, "Readings of a meter do not enter the claim.")

# What may be taken off by such a meter before it is a question: a share of ER.
_LITTLE = 0.01


def unused_readings(claim: Claim, series: SeriesResult, timeline: Timeline, tree: Tree) -> list[Finding]:
    """A finding per meter whose readings, in some months, no monitoring point counts.

    Minor for a meter that stands in no monitoring point; major where one counts it, but not in months in which it was
    read, and where nothing says what it measures and ER were lower if it hung below a meter that counts, or checked it.
    Nothing for the main meters of the ``tree``, which stand against those below them, and for check meters, which stand
    against the meters that count.
    """
    counted = {(chain.points[k].terms[t].meter_id, m) for chain in claim.chains for k, t, m in chain.term_months}
    in_points = {term.meter_id for point in claim.points for term in point.terms}
    checks = {name for names in series.checks.values() for name in names}
    compared = {*tree.mains, *(name for meter in in_points for name in series.checks.get(meter, ()))}
    found = _Unused(claim, series.parts, timeline, in_points, {*checks, *tree.above})
    return list(found.findings(counted, compared - in_points))


@dataclass(frozen=True)
class _Unused:
    """What is looked at; ``placed`` are the meters of which it is said what they measure."""

    claim: Claim
    parts: Parts
    timeline: Timeline
    in_points: Collection[str]
    placed: Collection[str]

    def findings(self, counted: Collection[tuple[str, int]], compared: Collection[str]) -> Iterator[Finding]:
        """One for each meter and unit, without those that are ``compared``."""
        parts, months = self.parts, range(len(self.timeline.months))
        counts = np.array([[(meter, m) in counted for m in months] for meter in parts.meter_ids])
        left = np.flatnonzero(parts.amounts() != 0)
        left = left[~counts[parts.meter[left], parts.month[left]]] if len(left) else left
        groups: dict[tuple[int, int], list[int]] = {}
        for n in left.tolist():
            groups.setdefault((int(parts.meter[n]), int(parts.unit[n])), []).append(n)
        for (meter, unit), rows in groups.items():
            name, own = parts.meter_ids[meter], np.array(rows, dtype=np.int64)
            if name not in compared:
                hangs, effect = "", 0.0
                if name not in self.in_points and name not in self.placed:
                    hangs, effect = self._may_hang(self._months(own), parts.units[unit])
                now = self.claim.reductions()
                if effect > _LITTLE * abs(now):
                    yield _not_placed(parts, name, unit, own, hangs, effect)
                else:
                    yield _finding(parts, name, unit, own, name in self.in_points, self.timeline)

    def _months(self, rows: Ordinals) -> Numbers:
        weights = self.parts.amounts()[rows]
        months = np.bincount(self.parts.month[rows], weights=weights, minlength=len(self.timeline.months))
        return np.asarray(months, dtype=np.float64)

    def _may_hang(self, amounts: Numbers, unit: str) -> tuple[str, float]:
        """The counted meter below which ER were lowest if the meter hung there, and how much lower [tCO2e]."""
        now, found = self.claim.evaluate(), [("", 0.0)]
        for chain in self.claim.chains:
            node, raw = chain.graph.E_corr, now[chain.graph.E_raw]
            for meter in dict.fromkeys(name for name, _ in chain.meter_months):
                changed = now[node].copy()
                try:
                    for n, m in ((n, m) for n, (name, m) in enumerate(chain.meter_months) if name == meter):
                        taken = amounts[m] * chain.in_unit(unit, meter, self.timeline.months[m].start)
                        changed[n] -= min(taken, max(float(raw[n]), 0.0))
                except UnitError:
                    continue  # of another kind
                found.append((meter, self.claim.reductions() - self.claim.reductions({node: changed})))
        return max(found, key=lambda one: one[1])


def _not_placed(parts: Parts, name: str, unit: int, rows: Ordinals, above: str, effect: float) -> Finding:
    return NOT_PLACED(
        say(
            "meter {name} was read, and nothing says what it measures: it stands in no monitoring point, hangs below "
            "nothing and checks nothing; if it hangs below {above}, ER is lower by the effect",
            name=name,
            above=above,
        ),
        parts.origins[int(rows[0])],
        found=say("{amount:.6g} {unit}", amount=math.fsum(parts.amounts()[rows].tolist()), unit=parts.units[unit]),
        action=say(
            'Say on Meters what it hangs below in the column Below (a meter, or "grid"), and subtract on Monitoring '
            "points what is no part of the project; for a check meter name the meter in Check meter of."
        ),
        effect_tco2e=effect,
    )


def _finding(parts: Parts, name: str, unit: int, rows: Ordinals, in_points: bool, timeline: Timeline) -> Finding:
    amount = math.fsum(parts.amounts()[rows].tolist())
    months = [timeline.months[m].label for m in dict.fromkeys(parts.month[rows].tolist())]
    listed = named(months)
    if in_points:
        text = say(
            "meter {name} was read in {listed}, when nothing that it measures is in operation: it does not count then",
            name=name,
            listed=listed,
        )
        action = say("Correct the dates of operation on Equipment, or say in a comment what the meter measured then.")
    else:
        text = say("meter {name} was read, but no monitoring point uses it", name=name)
        action = say(
            "For a check meter name the meter in Check meter of on Meters. If it hangs below a meter that counts, say "
            "so in the column Below, and subtract it on Monitoring points; else add it there."
        )
    return NOT_USED(
        text,
        parts.origins[int(rows[0])],
        found=say("{amount:.6g} {units} in {listed}", amount=amount, units=parts.units[unit], listed=listed),
        action=action,
        data={"amount": amount, "months": len(months)},
        severity=Severity.MAJOR if in_points else Severity.MINOR,
    )
