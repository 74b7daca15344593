"""How hours without a reading are treated, so that ER never rises by them.

A hole is the time in a month during which equipment runs and its meter is
installed or should be, but neither reading nor log covers it. What flowed then
lies between bounds (:mod:`jcm_mrv.quality.holes`). Which end is taken follows
from how ER moves: from the sign of the derivative of the claim's unrounded ER
over the whole box of these corrections; where that is undecided, the lowest ER
is searched, first jointly at the corners, then between them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

from jcm_mrv.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.monitoring.parts import Coverage
from jcm_mrv.monitoring.timeline import Timeline
from jcm_mrv.monitoring.zones import local_text
from jcm_mrv.quality.holes import SHORT_HOLE_HOURS, SHORTEST_HOLE_HOURS, Gap, find_gaps
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Input, Named
from jcm_mrv.quantities.graph import Rebuild
from jcm_mrv.quantities.sets import FloatArray
from jcm_mrv.result import Treatment

GAP = Code("gaps.month", Severity.MAJOR, "A meter has no reading for part of a month.")
NO_ESTIMATE = Code("gaps.no_estimate", Severity.ERROR, "A gap lowers nothing and nothing is known to bridge it with.")

# Below this share of a month a hole without effect on ER is minor.
MINOR_SHARE = 0.01
# 2^10 evaluations of a claim are a second; beyond it each gap takes its own worst end.
MOST_CORNERS = 10
_GRID, _HALVINGS = 16, 40
_LISTED = 5
_RISES, _FALLS, _EITHER = "ER rises with it", "ER falls with it", "ER may rise or fall with it"

SETTINGS: dict[str, float] = {
    "gaps.shortest_hole_hours": SHORTEST_HOLE_HOURS,
    "gaps.short_hole_hours": SHORT_HOLE_HOURS,
    "gaps.minor_share": MINOR_SHARE,
    "gaps.most_corners": MOST_CORNERS,
}


@dataclass(frozen=True)
class Treated:
    """Corrections by input, the rows that show them, and findings."""

    corrections: dict[Named, FloatArray]
    treatments: list[Treatment]
    findings: list[Finding]


def treat_gaps(claim: Claim, coverage: Coverage, timeline: Timeline, file: str) -> Treated:
    """Find every hole, decide its correction, and state its effect in tCO2e."""
    evaluation = claim.evaluate()
    gaps = find_gaps(claim, coverage, timeline, evaluation, file)
    if not gaps:
        return Treated({}, [], [])
    reductions = _Reductions(claim, gaps, evaluation)
    chosen, words = _choose(claim, gaps, reductions)
    blind = [g for g, word in zip(gaps, words, strict=True) if g.highest is None and word != _RISES]
    if blind:
        return Treated({}, [], [_no_estimate(gap, timeline) for gap in blind])
    treatments, findings = [], []
    lowest = reductions(chosen)
    for n, gap in enumerate(gaps):
        treatment = _treatment(gap, chosen[n], words[n], timeline, evaluation)
        if chosen[n]:
            treatment = replace(treatment, effect_tco2e=lowest - reductions(_with(chosen, {n: 0.0})))
        treatments.append(treatment)
        findings.append(_finding(gap, treatment, timeline))
    return Treated(_corrections(claim, gaps, chosen), treatments, findings)


# --- deciding ------------------------------------------------------------------------


class _Reductions:
    """ER of the claim [tCO2e] for other corrections; what the meters measured is not summed up again each time."""

    def __init__(self, claim: Claim, gaps: list[Gap], evaluation: Evaluation) -> None:
        self.claim, self.gaps = claim, gaps
        graphs = [chain.graph for chain in claim.chains]
        known = [Input(g.E_raw.symbol, g.E_raw.label, g.E_raw.unit, g.E_raw.sets) for g in graphs]
        places = {id(g.E_raw): raw for g, raw in zip(graphs, known, strict=True)}
        self.root = Rebuild(lambda node: places.get(id(node), None if node.operands else node))(claim.total_ER)
        self.values: dict[Named, FloatArray] = dict(claim.values)
        self.values.update((raw, evaluation[g.E_raw]) for g, raw in zip(graphs, known, strict=True))

    def __call__(self, amounts: list[float]) -> float:
        values = {**self.values, **_corrections(self.claim, self.gaps, amounts)}
        return Evaluation([self.root], values, self.claim.space).scalar(self.root)


def _choose(claim: Claim, gaps: list[Gap], reductions: _Reductions) -> tuple[list[float], list[str]]:
    """The correction of each gap and the reason in words."""
    ends = [(g.lowest or 0.0, g.highest or 0.0) for g in gaps]
    lower = _corrections(claim, gaps, [low for low, _ in ends])
    upper = _corrections(claim, gaps, [high for _, high in ends])
    inputs = [g.chain.graph.E_corr for g in gaps]
    slopes = gradient(claim.total_ER, [i for i in dict.fromkeys(inputs) if isinstance(i, Input)])
    box = Bounds(list(slopes.values()), {**claim.values, **lower}, {**claim.values, **upper}, claim.space)
    chosen, words = [], []
    for gap, (least, most) in zip(gaps, ends, strict=True):
        low, high = (side[gap.slice] for side in box[slopes[gap.chain.graph.E_corr]])
        word = _RISES if low >= 0 else _FALLS if high <= 0 else _EITHER
        words.append(word)
        chosen.append(most if word == _FALLS else least)
    undecided = [n for n, word in enumerate(words) if word == _EITHER]
    return _Search(reductions, ends).lowest(chosen, undecided), words


class _Search:
    """Looks for the corrections with the lowest ER where the direction is undecided."""

    def __init__(self, reductions: _Reductions, ends: list[tuple[float, float]]) -> None:
        self.reductions, self.ends = reductions, ends

    def lowest(self, chosen: list[float], undecided: list[int]) -> list[float]:
        """Corners jointly while there are few gaps, else one after the other; then between the ends of each."""
        groups = [undecided] if len(undecided) <= MOST_CORNERS else [[n] for n in undecided]
        for group in groups:
            corners = product(*(self.ends[n] for n in group))
            trials = [_with(chosen, dict(zip(group, corner, strict=True))) for corner in corners]
            chosen = min(trials, key=self.reductions)
        for n in undecided[:MOST_CORNERS]:
            chosen = self._between(chosen, n)
        return chosen

    def _between(self, chosen: list[float], n: int) -> list[float]:
        """The lowest ER along one gap's amount: a grid, then halving around its best point (ER may have a kink)."""

        def at(amount: float) -> float:
            return self.reductions(_with(chosen, {n: amount}))

        low, high = self.ends[n]
        step = (high - low) / _GRID
        best = min((low + step * k for k in range(_GRID + 1)), key=at)
        inner = _halving(at, max(low, best - step), min(high, best + step))
        return min((chosen, _with(chosen, {n: best}), _with(chosen, {n: inner})), key=self.reductions)


def _halving(at: Callable[[float], float], low: float, high: float) -> float:
    """The lowest point of a function with one valley between two points."""
    for _ in range(_HALVINGS):
        third = (high - low) / 3
        if at(low + third) <= at(high - third):
            high -= third
        else:
            low += third
    return (low + high) / 2


def _with(chosen: list[float], changes: dict[int, float]) -> list[float]:
    return [changes.get(n, amount) for n, amount in enumerate(chosen)]


def _corrections(claim: Claim, gaps: list[Gap], amounts: list[float]) -> dict[Named, FloatArray]:
    corrections: dict[Named, FloatArray] = {c.graph.E_corr: claim.values[c.graph.E_corr].copy() for c in claim.chains}
    for gap, amount in zip(gaps, amounts, strict=True):
        corrections[gap.chain.graph.E_corr][gap.slice] += amount
    return corrections


# --- saying it -------------------------------------------------------------------------


def _treatment(gap: Gap, correction: float, word: str, timeline: Timeline, evaluation: Evaluation) -> Treatment:
    raw = float(evaluation[gap.chain.graph.E_raw][gap.slice])
    return Treatment(
        meter_id=gap.meter_id,
        month=timeline.months[gap.month].label,
        hours=gap.hours,
        raw=raw,
        correction=correction,
        used=raw + correction,
        unit=gap.chain.unit,
        rule=_rule(gap, correction),
        direction=word,
        effect_tco2e=0.0,
    )


def _rule(gap: Gap, correction: float) -> str:
    if correction == 0:
        return "left out"
    if correction == gap.highest:
        return f"highest rate of the meter, of a month for holes from {SHORT_HOLE_HOURS} hours, times the hours"
    if correction == gap.lowest:
        return "the most that the meter ran backwards, times the missing hours"
    return "the amount with the lowest ER"


def _finding(gap: Gap, treatment: Treatment, timeline: Timeline) -> Finding:
    minor = gap.share < MINOR_SHARE and not treatment.effect_tco2e
    spans = [f"{local_text(timeline.zone, a)} to {local_text(timeline.zone, b)}" for a, b in gap.spans]
    spans += [f"{gap.without_meter:,.2f} hours without a meter"] if gap.without_meter else []
    when = "; ".join(spans[:_LISTED]) + (f"; and {len(spans) - _LISTED} more" if len(spans) > _LISTED else "")
    return GAP(
        f"meter {gap.meter_id} has no reading for {gap.hours:,.2f} hours of {treatment.month}; {treatment.direction}: "
        f"{treatment.rule}",
        gap.where,
        found=(f"nothing for {when}; " if when else "")
        + f"{treatment.raw:.6g} {treatment.unit} in the rest of the month",
        action="Look for a register reading, a check meter or an invoice that bridges the gap."
        + (" Correct the dates Installed and Removed on Meters, if a meter stood." if gap.without_meter else ""),
        data={
            "missing_hours": round(gap.hours, 4),
            "share_of_month": round(gap.share, 6),
            "correction": treatment.correction,
            "at_mean_rate": "unknown" if gap.mean is None else gap.mean,
        },
        effect_tco2e=treatment.effect_tco2e,
        severity=Severity.MINOR if minor else Severity.MAJOR,
    )


def _no_estimate(gap: Gap, timeline: Timeline) -> Finding:
    return NO_ESTIMATE(
        f"meter {gap.meter_id} has no reading at all; leaving out {timeline.months[gap.month].label} would raise ER",
        gap.where,
        found="no reading",
        action="Enter readings of the meter, or measure the parameter by another meter.",
    )
