"""Results that are computed rightly from something that cannot be right.

A slip of a unit, a transformer factor or a sign leaves every formula intact.
It shows in the size of the result: against the ex ante estimate, and in
monitored parameters that come out negative.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from jcm_mrv.claim.claim import Claim, Parameter
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.result import YearResult
from jcm_mrv.workbook.records import MonitoringData

ABOVE = Code("result.above_estimate", Severity.MAJOR, "The reductions of a year are far above the ex ante estimate.")
BELOW = Code("result.below_estimate", Severity.MINOR, "The reductions of a year are far below the ex ante estimate.")
NEGATIVE = Code("points.negative", Severity.MAJOR, "A monitored parameter is negative over a calendar year.")

# Factors that a wrong unit makes, and how near a ratio has to be to one of them to be named.
SLIPS = (3.6, 10.0, 100.0, 1000.0, 1_000_000.0)
NEAR = 0.25
# What a difference of meters may fall below zero by, as a share of all that they counted.
NEGATIVE_SHARE = 0.02

PLAUSIBLE_MOST_OF_ESTIMATE = Setting(
    "plausible.most_of_estimate", 1.2, "1", "reductions above this multiple of the estimate are named"
)
PLAUSIBLE_LEAST_OF_ESTIMATE = Setting(
    "plausible.least_of_estimate", 0.5, "1", "reductions below this multiple of the estimate are named"
)


def against_estimates(years: Sequence[YearResult], data: MonitoringData, settings: Settings) -> list[Finding]:
    """A finding for each calendar year whose reductions are far from the ex ante estimate."""
    where = {row["year"].text: row.origin("reductions") for row in data.estimates}
    findings: list[Finding] = []
    for year in years:
        if not year.estimate or year.estimate <= 0:
            continue
        ratio = year.reductions / year.estimate
        most, least = settings[PLAUSIBLE_MOST_OF_ESTIMATE], settings[PLAUSIBLE_LEAST_OF_ESTIMATE]
        code = ABOVE if ratio > most else BELOW if 0 <= ratio < least else None
        if code is None:
            continue
        findings.append(
            code(
                f"the emission reductions of {year.year} are {ratio:.3g} times the ex ante estimate{_slip(ratio)}",
                where[str(year.year)],
                found=f"{year.reductions:,.3f} tCO2e, estimated {year.estimate:,.3f} tCO2e",
                action="Check units, transformer factors and fixed values; if all are right, explain the difference.",
                data={"year": year.year, "ratio": ratio},
            )
        )
    return findings


def _slip(ratio: float) -> str:
    """Words for a ratio that a wrong unit would make."""
    if ratio <= 0:
        return ""
    size = max(ratio, 1 / ratio)
    near = [slip for slip in SLIPS if abs(math.log(size / slip)) < NEAR]
    return f", near the factor {near[0]:,g} of a wrong unit" if near else ""


def negative_parameters(claim: Claim, evaluation: Evaluation) -> list[Finding]:
    """A finding for each monitored parameter of an element and year that came out negative."""
    return [finding for parameter in claim.parameters for finding in _negative(claim, parameter, evaluation)]


def _negative(claim: Claim, parameter: Parameter, evaluation: Evaluation) -> Iterator[Finding]:
    node = parameter.defined
    values = evaluation[node]
    for place in np.argwhere(claim.space.exists(node.sets) & (values < 0)).tolist():
        labels = claim.space.labels(node.sets, place)
        point = parameter.chain.points[parameter.points[labels[:-1]]]
        value, size = float(values[tuple(place)]), _turnover(parameter, evaluation, labels)
        # A plant that generates nothing draws its standby; other amounts cannot be negative but for the meters' errors.
        wrong = not parameter.declared.follows_sun and -value > NEGATIVE_SHARE * size
        yield NEGATIVE(
            f"{node.symbol} of {', '.join(labels)} ({node.label}) is negative",
            point.terms[0].origin,
            found=f"{float(values[tuple(place)]):.6g} {node.unit}, from {point.formula}",
            action="Check the column Sign, which meter is subtracted from which, and the direction of the meter.",
            data={"value": value},
            severity=Severity.ERROR if wrong else None,
        )


def _turnover(parameter: Parameter, evaluation: Evaluation, labels: Sequence[str]) -> float:
    """What all meters of a point counted, whatever their sign, over the whole period."""
    chain, number = parameter.chain, parameter.points[tuple(labels[:-1])]
    terms = evaluation[chain.graph.E_term]
    return float(sum(abs(terms[n]) for n, (k, _, _) in enumerate(chain.term_months) if k == number))
