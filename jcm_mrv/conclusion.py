"""The last stage of a calculation: the corrected claim looked at as a whole, rounded, and put into a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jcm_mrv import __version__
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.crediting import credited_by_year
from jcm_mrv.findings import Finding, by_severity, refuse_on_error
from jcm_mrv.inputs import Inputs
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.meters.tree import tree_of
from jcm_mrv.quality.divided import divided_at_year_end
from jcm_mrv.quality.electricity import rule_findings
from jcm_mrv.quality.evidence import confirmed, evidence_findings
from jcm_mrv.quality.fuel_values import fuel_value_findings
from jcm_mrv.quality.grid_values import grid_value_findings
from jcm_mrv.quality.operation import outside_operation
from jcm_mrv.quality.plausible import (
    against_estimates,
    more_than_the_same,
    negative_parameters,
    negative_years,
    not_finite,
)
from jcm_mrv.quality.treatment.treating import Treated
from jcm_mrv.quality.unsupported import unsupported_findings
from jcm_mrv.quality.unused import unused_readings
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.result import Result, methodology_result, years_of
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.records import MonitoringData


def conclude(
    inputs: Inputs, series: SeriesResult, claim: Claim, treated: Treated, findings: Sequence[Finding]
) -> Result:
    """The result of a claim that is corrected as ``treated`` says; ``findings`` are those of the stages before."""
    data, timeline, settings, evaluation = inputs.data, inputs.timeline, inputs.settings, claim.evaluate()
    card = claim.bounds[0].entry.card  # that all round alike was checked when they were bound
    indicative = not all(confirmed(claim, bound) for bound in claim.bounds)
    emissions = {"reference emissions": claim.RE, "project emissions": claim.PE, "emission reductions": claim.ER}
    values = {name: evaluation[node] for name, node in emissions.items()}
    broken = [*not_finite(values, data.project.origin("methodologies"))]
    confirming = () if broken else [*_to_confirm(claim, evaluation, data, timeline)]
    refuse_on_error([*findings, *broken, *confirming])  # what has to be confirmed is asked in one round with the errors
    decimals, credited = credited_by_year(claim, evaluation, card.rounding_digits)
    years = years_of(claim, evaluation, timeline, data, None if indicative else credited)
    last = [
        *outside_operation(claim, evaluation, timeline),
        *rule_findings(claim, evaluation, data.project.origin("methodologies")),
        *divided_at_year_end(claim, evaluation, series, data, timeline, settings),
        *unused_readings(claim, series, timeline, tree_of(data.meters)),
        *confirming,
        *negative_years(years, data),
        *against_estimates(years, data, settings),
        *unsupported_findings(claim, evaluation, series, years, data, settings),
        *negative_parameters(claim, evaluation),
        *more_than_the_same(claim, evaluation),
    ]
    refuse_on_error([*findings, *last])
    return Result(
        data=data,
        timeline=timeline,
        series=series,
        claim=claim,
        evaluation=evaluation,
        methodologies=tuple(
            methodology_result(bound, evaluation, confirmed=confirmed(claim, bound)) for bound in claim.bounds
        ),
        years=years,
        defaults=tuple(use for values in claim.bound_values for use in values.defaults),
        treatments=treated.treatments,
        overrides=treated.overrides,
        overdue=inputs.overdue,
        from_installation=inputs.from_installation,
        meters=inputs.meters,
        findings=by_severity([*findings, *last]),
        indicative=indicative,
        decimals=decimals,
        rounding=card.rounding,
        rounding_digits=card.rounding_digits,
        inputs=(
            (data.file, data.sha256),
            *sorted(data.documents.items()),
            *((f.path, f.sha256) for f in series.inputs),
        ),
        software={"jcm-mrv": __version__, **{b.entry.package: b.entry.package_version for b in claim.bounds}},
        settings=settings.as_dict(),
    )


def _to_confirm(claim: Claim, evaluation: Evaluation, data: MonitoringData, timeline: Timeline) -> Iterator[Finding]:
    """What is asked of equations and fixed values, whatever the meters counted."""
    yield from evidence_findings(claim, evaluation, data.file, data.fixed)
    yield from fuel_value_findings(claim, evaluation, data, timeline)
    yield from grid_value_findings(claim, evaluation, data, timeline)
