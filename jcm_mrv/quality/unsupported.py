"""Reductions whose size nothing shows: no estimate near them, and nothing beside the meters that they rest on.

Readings that are all too high by one factor leave every formula, every ratio and every curve intact. Only what was
written down apart from them shows it: the estimate of the PDD, invoices, check meters. Without any of them the whole
figure rests on what one person typed, which weighs more the larger it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Named
from jcm_mrv.result import YearResult
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.records import MonitoringData

UNSUPPORTED = Code(
    "result.unsupported", Severity.MINOR, "Nothing beside the meters shows whether the reductions have the right size."
)

UNSUPPORTED_MINOR = Setting(
    "unsupported.minor",
    200.0,
    "tCO2e",
    "reductions of a year that nothing but their meters shows are minor up to this amount",
    most=1000.0,
)

# How far the reductions may lie from the estimate's share of the days for the estimate to say something of their size:
# of seasons one has at most about twice the mean of the year.
_TIMES = 2.0


def unsupported_findings(
    claim: Claim,
    evaluation: Evaluation,
    series: SeriesResult,
    years: Sequence[YearResult],
    data: MonitoringData,
    settings: Settings,
) -> Iterator[Finding]:
    """A finding where years without a useful estimate rest on meters with nothing beside them."""
    bare = [n for n, year in enumerate(years) if year.reductions > 0 and not _near(year, _share(year))]
    alone = _alone(claim, series) if bare else []
    effects = _effects(claim, evaluation, alone) if alone else [0.0] * len(years)
    # A year of which the period has a part may be given with the estimate of that part: a question where it is large.
    large = [n for n in bare if effects[n] > settings[UNSUPPORTED_MINOR]]
    bare = [n for n in bare if n in large or not _near(years[n], 1.0)]
    effect = sum(effects[n] for n in bare)
    if not effect > 0:
        return
    yield UNSUPPORTED(
        say(
            "{effect:,.3f} tCO2e rest on what {alone} counted, and nothing else shows that they have the right size: "
            "no invoice or check meter of them, no estimate of that part of the year near them",
            effect=effect,
            alone=named(alone),
        ),
        data.project.origin("period_start"),
        found=joined("; ", (_words(years[n]) for n in bare)),
        action=say(
            "Enter the estimates of the PDD for these years, the supplier's invoices or the readings of a check meter; "
            "where the PDD has other figures, explain the difference on the sheet Answers."
        ),
        data={"meters": len(alone), "years": len(bare)},
        effect_tco2e=effect,
        severity=Severity.MAJOR if any(not _near(years[n], 1.0) for n in large) else None,
    )


def _near(year: YearResult, share: float) -> bool:
    """Whether reductions, which are more than nothing, are near a share of the year's estimate."""
    own = (year.estimate or 0.0) * share
    return own / _TIMES <= year.reductions <= own * _TIMES


def _share(year: YearResult) -> float:
    """The part of a calendar year that the period has of it."""
    return min(1.0, ((year.end - year.start).days + 1) / 365.0)


def _words(year: YearResult) -> str:
    if year.estimate is None:
        return say("{year}: {reductions:,.3f} tCO2e, no estimate", year=year.year, reductions=year.reductions)
    return say(
        "{year}: {reductions:,.3f} tCO2e, estimate {estimate:,.6g}",
        year=year.year,
        reductions=year.reductions,
        estimate=year.estimate,
    )


def _alone(claim: Claim, series: SeriesResult) -> list[str]:
    """The meters of the claim beside which no other source stands."""
    beside = {one.meter_id for one in (*series.seconds, *series.billed, *series.delivered)}
    counted = dict.fromkeys(term.meter_id for point in claim.points for term in point.terms)
    return [name for name in counted if name not in beside and name not in series.checks]


def _effects(claim: Claim, evaluation: Evaluation, meters: Sequence[str]) -> list[float]:
    """By year, ER as it is minus ER without some meters; all of it where that cannot be computed."""
    changes: dict[Named, Numbers] = {}
    for chain in claim.chains:
        own = [n for n, (k, t) in enumerate(chain.terms) if chain.points[k].terms[t].meter_id in meters]
        if own:
            shares = changes.setdefault(chain.graph.c, np.array(claim.values[chain.graph.c]))
            shares[own] = 0.0
    now, without = evaluation[claim.ER], claim.evaluate(changes)[claim.ER]
    return [float(a - b) for a, b in zip(now, np.nan_to_num(without, nan=0.0, posinf=0.0), strict=True)]
