"""Results that are computed rightly from something that cannot be right.

A slip of a unit, a transformer factor or a sign leaves every formula intact.
It shows in the size of the result: against the ex ante estimate, and in
monitored parameters that come out negative.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim, Parameter
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.result import YearResult
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import EstimateRow

NOT_FINITE = Code("result.not_finite", Severity.ERROR, "The emissions come to no number.")
NEGATIVE_YEAR = Code("result.negative_year", Severity.MAJOR, "The emission reductions of a calendar year are negative.")
ABOVE = Code("result.above_estimate", Severity.MAJOR, "The reductions of a year are far above the ex ante estimate.")
BELOW = Code("result.below_estimate", Severity.MINOR, "The reductions of a year are far below the ex ante estimate.")
NO_USE = Code("estimates.value", Severity.MAJOR, "An ex ante estimate is zero or below.")
SIDES = Code("estimates.sides", Severity.MINOR, "An ex ante estimate is not its reference less its project emissions.")
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

# Tonnes in a PDD are whole: its two sides and their difference are each rounded.
_ROUNDED = 1.5


def not_finite(emissions: Mapping[str, Numbers], where: Origin) -> Iterator[Finding]:
    """Emissions, by what they are, that are infinite or undefined: something was divided by nothing, or is immense."""
    for name, values in emissions.items():
        if not np.isfinite(values).all():
            yield NOT_FINITE(
                say(
                    "the {name} come to no number: a value by which something is divided is 0 or next to it", name=name
                ),
                where,
                found=", ".join(f"{value:g}" for value in values.tolist()[:5]),
                action=say(
                    "Correct the values of Fixed values and Equipment that are 0, or far too small or too large."
                ),
            )


def negative_years(years: Sequence[YearResult], data: MonitoringData) -> list[Finding]:
    """A finding for each calendar year whose reductions are negative: it is shown, never clipped."""
    return [
        NEGATIVE_YEAR(
            say("the emission reductions of {year} are negative", year=year.year),
            data.project.origin("period_start"),
            found=say("{reductions:,.3f} tCO2e", reductions=year.reductions),
            action=say("Explain it on the sheet Answers; a negative year is shown and never clipped to zero."),
            data={"year": year.year, "reductions": year.reductions},
        )
        for year in years
        if year.reductions < 0
    ]


def against_estimates(years: Sequence[YearResult], data: MonitoringData, settings: Settings) -> list[Finding]:
    """A finding for each calendar year whose reductions are far from the ex ante estimate, or have no usable one."""
    rows = {row["year"].text: row for row in data.estimates}
    findings = [finding for row in rows.values() for finding in _unlike_its_sides(row)]
    for year in years:
        row = rows.get(str(year.year))
        if row is None or year.estimate is None:
            continue  # that there is none has a finding of its own
        estimate = min(year.estimate, _by_its_sides(row) or year.estimate)
        if estimate <= 0:
            findings.append(_unusable(year, row))
        else:
            findings += _far_off(year, row, estimate, settings)
    return findings


def _by_its_sides(row: EstimateRow) -> float | None:
    """Reference less project emissions and leakage, None where a side is not stated or nothing would be left."""
    reference, project, leakage = row.reference, row.project, row.leakage or 0.0
    if reference is None or project is None or reference <= project + leakage:
        return None
    return reference - project - leakage


def _unlike_its_sides(row: EstimateRow) -> Iterator[Finding]:
    reductions, sides = row.reductions, _by_its_sides(row)
    if reductions is None or sides is None or abs(reductions - sides) <= _ROUNDED:
        return
    yield SIDES(
        say("the estimate of {text} is not its reference less its project emissions", text=row["year"].text)
        + ("" if row.leakage is None else say(" and leakage"))
        + say("; the lower of both is what the result is compared with"),
        row.origin("reductions"),
        found=say("{reductions:,.6g} tCO2e, by its sides {sides:,.6g} tCO2e", reductions=reductions, sides=sides),
        action=say("Enter the figures of the PDD; where leakage makes the difference, enter it in the column Leakage."),
        data={"reductions": reductions, "sides": sides},
    )


def _unusable(year: YearResult, row: EstimateRow) -> Finding:
    return NO_USE(
        say("the estimate of {year} is zero or below, so that nothing can be compared with it", year=year.year),
        row.origin("reductions"),
        found=say(
            "{estimate:,.6g} tCO2e, calculated {reductions:,.3f} tCO2e",
            estimate=year.estimate,
            reductions=year.reductions,
        ),
        action=say("Enter the estimate of the PDD for this year."),
        data={"year": year.year, "calculated": year.reductions},
    )


def _far_off(year: YearResult, row: EstimateRow, estimate: float, settings: Settings) -> Iterator[Finding]:
    ratio = year.reductions / estimate
    most, least = settings[PLAUSIBLE_MOST_OF_ESTIMATE], settings[PLAUSIBLE_LEAST_OF_ESTIMATE]
    code = ABOVE if ratio > most else BELOW if 0 <= ratio < least else None
    if code is not None:
        yield code(
            say(
                "the emission reductions of {year} are {ratio:.3g} times the ex ante estimate{slip}",
                year=year.year,
                ratio=ratio,
                slip=_slip(ratio),
            ),
            row.origin("reductions"),
            found=say(
                "{reductions:,.3f} tCO2e, estimated {estimate:,.3f} tCO2e",
                reductions=year.reductions,
                estimate=estimate,
            ),
            action=say(
                "Check units, transformer factors and fixed values; if all are right, explain the difference on the "
                "sheet Answers."
            ),
            data={"year": year.year, "ratio": ratio},
        )


def _slip(ratio: float) -> str:
    """Words for a ratio that a wrong unit would make."""
    if ratio <= 0:
        return ""
    size = max(ratio, 1 / ratio)
    near = [slip for slip in SLIPS if abs(math.log(size / slip)) < NEAR]
    return say(", near the factor {near:,g} of a wrong unit", near=near[0]) if near else ""


MORE_THAN_SAME = Code(
    "points.more_than_generated", Severity.MAJOR, "A quantity that is needed twice is larger where it is a part."
)
# Two meters of one quantity may differ by the errors of both.
SAME_ERROR = 0.04


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
            say(
                "{symbol} of {labels} ({node}) is negative",
                symbol=node.symbol,
                labels=", ".join(labels),
                node=node.label,
            ),
            point.terms[0].origin,
            found=say(
                "{values:.6g} {node_unit}, from {formula}",
                values=float(values[tuple(place)]),
                node_unit=node.unit,
                formula=point.formula,
            ),
            action=say(
                "Check single readings below zero first, which readings.negative and readings.spike name; then the "
                "column Sign, which meter is subtracted from which, and the direction of the meter."
            ),
            data={"value": value},
            severity=Severity.ERROR if wrong else None,
        )


def _turnover(parameter: Parameter, evaluation: Evaluation, labels: Sequence[str]) -> float:
    """What all meters of a point counted, whatever their sign, over the whole period."""
    chain, number = parameter.chain, parameter.points[tuple(labels[:-1])]
    terms = evaluation[chain.graph.E_term]
    return float(sum(abs(terms[n]) for n, (k, _, _) in enumerate(chain.term_months) if k == number))


def more_than_the_same(claim: Claim, evaluation: Evaluation) -> Iterator[Finding]:
    """A finding for each element of which a quantity needed twice is larger in the parameter that may be a part of it.

    What a site uses of its own generators is at most what these generate.
    """
    known = {(p.bound.namespace, p.declared.symbol): p for p in claim.parameters}
    for part in claim.parameters:
        whole = known.get((part.bound.namespace, part.declared.same_as))
        if whole is None or whole.defined.sets != part.defined.sets:
            continue
        values, most = evaluation[part.defined], evaluation[whole.defined]
        effect = claim.reductions() - claim.reductions({part.defined: np.minimum(values, most)})
        time = tuple(range(1, values.ndim))
        more = values.sum(axis=time) > (1 + SAME_ERROR) * most.sum(axis=time)
        for n in np.flatnonzero(more).tolist():
            yield _more_than_the_same(claim, part, whole, n, (float(values[n].sum()), float(most[n].sum())), effect)


def _more_than_the_same(
    claim: Claim, part: Parameter, whole: Parameter, element: int, sums: tuple[float, float], effect: float
) -> Finding:
    (label,) = claim.space.labels(part.defined.sets[:1], (element,))
    point = next((one for one in part.chain.points if one.parameter == part.declared.symbol), part.chain.points[0])
    return MORE_THAN_SAME(
        say(
            "{part} of {label} ({node}) is more than {whole} ({other}), of which it is all or a part",
            part=part.declared.symbol,
            label=label,
            node=part.declared.label,
            whole=whole.declared.symbol,
            other=whole.declared.label,
        ),
        point.terms[0].origin,
        found=say("{part:.6g} against {whole:.6g} {unit}", part=sums[0], whole=sums[1], unit=part.defined.unit),
        action=say("Check which meter stands for which parameter on Monitoring points, and their units and factors."),
        data={"part": sums[0], "whole": sums[1]},
        effect_tco2e=effect,
    )
