"""Hours for which no meter speaks, and how they are treated so that ER never rises.

A hole is the time in a month during which equipment runs and its meter is
installed or should be, but neither reading nor log covers it. What flowed then
lies between nothing and the meter's own highest monthly rate times the
missing hours. Which end is taken follows from how ER moves: from the sign of
the derivative of the claim's unrounded ER over the whole box of these
corrections; where that is undecided, the corners are searched jointly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from jcm_mrv.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.measuring import Chain
from jcm_mrv.monitoring.parts import Coverage
from jcm_mrv.monitoring.timeline import Timeline
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Input, Named
from jcm_mrv.quantities.sets import FloatArray
from jcm_mrv.result import Treatment

GAP = Code("gaps.month", Severity.MAJOR, "A meter has no reading for part of a month.")
NO_ESTIMATE = Code("gaps.no_estimate", Severity.ERROR, "A gap lowers nothing and nothing is known to bridge it with.")

MICROSECONDS_PER_HOUR = 3_600_000_000
# A minute is less than any logger's interval: shorter holes come from rounding of time stamps.
SHORTEST_HOLE_HOURS = 1 / 60
# Below this share of a month a hole without effect on ER is minor.
MINOR_SHARE = 0.01
# 2^12 evaluations of a claim are seconds; beyond it each gap takes its own worst end.
MOST_CORNERS = 12

SETTINGS: dict[str, float] = {
    "gaps.shortest_hole_hours": SHORTEST_HOLE_HOURS,
    "gaps.minor_share": MINOR_SHARE,
    "gaps.most_corners": MOST_CORNERS,
}


@dataclass(frozen=True)
class Gap:
    """A meter's month with missing hours; ``highest`` is the most that may have flowed, None if unknown."""

    chain: Chain
    slice: int
    meter_id: str
    month: int
    hours: float
    share: float
    mean: float | None
    highest: float | None


@dataclass(frozen=True)
class Treated:
    """Corrections by input, the rows that show them, and findings."""

    corrections: dict[Named, FloatArray]
    treatments: list[Treatment]
    findings: list[Finding]


def treat_gaps(claim: Claim, coverage: Coverage, timeline: Timeline, file: str) -> Treated:
    """Find every hole, decide its correction, and state its effect in tCO2e."""
    evaluation = claim.evaluate()
    gaps = [gap for chain in claim.chains for gap in _gaps(claim, chain, coverage, timeline, evaluation)]
    if not gaps:
        return Treated({}, [], [])
    chosen, words = _choose(claim, gaps)
    blind = [g for g, word in zip(gaps, words, strict=True) if g.highest is None and word != "ER rises with it"]
    if blind:
        return Treated({}, [], [_no_estimate(gap, timeline, file) for gap in blind])
    corrections = _corrections(claim, gaps, chosen)
    treated = claim.evaluate(corrections)
    treatments, findings = [], []
    for n, gap in enumerate(gaps):
        without = claim.evaluate(_corrections(claim, gaps, [0.0 if k == n else c for k, c in enumerate(chosen)]))
        effect = treated.scalar(claim.total_ER) - without.scalar(claim.total_ER)
        treatment = _treatment(gap, chosen[n], words[n], effect, timeline, evaluation)
        treatments.append(treatment)
        findings.append(_finding(gap, treatment, file))
    return Treated(corrections, treatments, findings)


# --- finding them -----------------------------------------------------------------


def _gaps(claim: Claim, chain: Chain, coverage: Coverage, timeline: Timeline, evaluation: Evaluation) -> list[Gap]:
    raw = evaluation[chain.graph.E_raw]
    needed = _needed_hours(claim, chain, coverage, timeline)
    covered = _covered_hours(chain, coverage)
    rates = {m: _rates(chain, m, raw, covered) for m in dict.fromkeys(meter for meter, _ in chain.meter_months)}
    gaps: list[Gap] = []
    for n, (meter, m) in enumerate(chain.meter_months):
        missing = needed[n] - covered[n]
        if missing > SHORTEST_HOLE_HOURS:
            mean, highest = rates[meter]
            whole = timeline.months[m].duration / MICROSECONDS_PER_HOUR
            gaps.append(
                Gap(
                    chain,
                    n,
                    meter,
                    m,
                    missing,
                    missing / whole,
                    None if mean is None else mean * missing,
                    None if highest is None else highest * missing,
                )
            )
    return gaps


def _covered_hours(chain: Chain, coverage: Coverage) -> FloatArray:
    rows = {meter: n for n, meter in enumerate(coverage.meter_ids)}
    return np.array([coverage.covered[rows[meter], m] for meter, m in chain.meter_months]) / MICROSECONDS_PER_HOUR


def _needed_hours(claim: Claim, chain: Chain, coverage: Coverage, timeline: Timeline) -> FloatArray:
    """For each meter's month the hours in which it is installed and something that it measures runs."""
    rows = {meter: n for n, meter in enumerate(coverage.meter_ids)}
    place = {where: n for n, where in enumerate(chain.meter_months)}
    needed = np.zeros(len(place))
    for k, t, m in chain.term_months:
        point = chain.points[k]
        meter = point.terms[t].meter_id
        installed = int(coverage.expected[rows[meter], m])
        running = claim.running(point.methodology, point.applies_to, m, timeline)
        hours = min(installed, running) / MICROSECONDS_PER_HOUR
        needed[place[meter, m]] = max(needed[place[meter, m]], hours)
    return needed


def _rates(chain: Chain, meter: str, raw: FloatArray, covered: FloatArray) -> tuple[float | None, float | None]:
    """The meter's mean rate and the highest of its monthly rates, per hour; None where nothing was measured."""
    own = [n for n, (name, _) in enumerate(chain.meter_months) if name == meter and covered[n] > SHORTEST_HOLE_HOURS]
    if not own:
        return None, None
    amounts, hours = raw[own], covered[own]
    return float(amounts.sum() / hours.sum()), float(max(0.0, np.max(amounts / hours)))


# --- deciding ------------------------------------------------------------------------


def _choose(claim: Claim, gaps: list[Gap]) -> tuple[list[float], list[str]]:
    """The correction of each gap and the reason in words."""
    highest = [g.highest or 0.0 for g in gaps]
    lower = _corrections(claim, gaps, [0.0] * len(gaps))
    upper = _corrections(claim, gaps, highest)
    inputs = [g.chain.graph.E_corr for g in gaps]
    slopes = gradient(claim.total_ER, [i for i in dict.fromkeys(inputs) if isinstance(i, Input)])
    box = Bounds(list(slopes.values()), {**claim.values, **lower}, {**claim.values, **upper}, claim.space)
    chosen, words = [], []
    undecided: list[int] = []
    for n, gap in enumerate(gaps):
        low, high = (side[gap.slice] for side in box[slopes[gap.chain.graph.E_corr]])
        if low >= 0:
            chosen.append(0.0)
            words.append("ER rises with it")
        elif high <= 0:
            chosen.append(highest[n])
            words.append("ER falls with it")
        else:
            undecided.append(n)
            chosen.append(0.0)
            words.append("ER may rise or fall with it")
    return _search(claim, gaps, chosen, highest, undecided), words


def _search(
    claim: Claim, gaps: list[Gap], chosen: list[float], highest: list[float], undecided: list[int]
) -> list[float]:
    """The corner with the lowest ER: jointly while there are few gaps, else one after the other."""
    groups = [undecided] if len(undecided) <= MOST_CORNERS else [[n] for n in undecided]
    for group in groups:
        options = product(*((0.0, highest[n]) for n in group))
        trials = [{**dict(enumerate(chosen)), **dict(zip(group, corner, strict=True))} for corner in options]
        results = [
            claim.evaluate(_corrections(claim, gaps, [trial[n] for n in range(len(gaps))])).scalar(claim.total_ER)
            for trial in trials
        ]
        best = trials[int(np.argmin(results))]
        chosen = [best[n] for n in range(len(gaps))]
    return chosen


def _corrections(claim: Claim, gaps: list[Gap], amounts: list[float]) -> dict[Named, FloatArray]:
    corrections: dict[Named, FloatArray] = {c.graph.E_corr: claim.values[c.graph.E_corr].copy() for c in claim.chains}
    for gap, amount in zip(gaps, amounts, strict=True):
        corrections[gap.chain.graph.E_corr][gap.slice] += amount
    return corrections


# --- saying it -------------------------------------------------------------------------


def _treatment(
    gap: Gap, correction: float, word: str, effect: float, timeline: Timeline, evaluation: Evaluation
) -> Treatment:
    raw = float(evaluation[gap.chain.graph.E_raw][gap.slice])
    rule = "left out" if correction == 0 else "highest monthly rate of the meter times the missing hours"
    return Treatment(
        meter_id=gap.meter_id,
        month=timeline.months[gap.month].label,
        hours=gap.hours,
        raw=raw,
        correction=correction,
        used=raw + correction,
        unit=gap.chain.unit,
        rule=rule,
        direction=word,
        effect_tco2e=effect,
    )


def _finding(gap: Gap, treatment: Treatment, file: str) -> Finding:
    minor = gap.share < MINOR_SHARE and not treatment.effect_tco2e
    return GAP(
        f"meter {gap.meter_id} has no reading for {gap.hours:,.2f} hours of {treatment.month}; {treatment.direction}: "
        f"{treatment.rule}",
        Origin(file=file, sheet="Readings"),
        found=f"{treatment.raw:.6g} {treatment.unit} in the rest of the month",
        action="Look for a register reading, a check meter or an invoice that bridges the gap.",
        data={
            "missing_hours": round(gap.hours, 4),
            "share_of_month": round(gap.share, 6),
            "correction": treatment.correction,
            "at_mean_rate": "unknown" if gap.mean is None else gap.mean,
        },
        effect_tco2e=treatment.effect_tco2e,
        severity=Severity.MINOR if minor else Severity.MAJOR,
    )


def _no_estimate(gap: Gap, timeline: Timeline, file: str) -> Finding:
    return NO_ESTIMATE(
        f"meter {gap.meter_id} has no reading at all; leaving out {timeline.months[gap.month].label} would raise ER",
        Origin(file=file, sheet="Readings"),
        found="no reading",
        action="Enter readings of the meter, or measure the parameter by another meter.",
    )
