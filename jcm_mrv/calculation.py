"""From a monitoring workbook to a result.

read workbook and logs -> build the claim graph -> name what is missing ->
treat gaps -> evaluate -> round. Everything that is wrong with the input is
collected and refused at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from jcm_mrv import __version__
from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.correcting import corrected
from jcm_mrv.findings import Code, Finding, Severity, errors, once, refuse_on_error
from jcm_mrv.meters.calibrations import Uncertain, uncertain_spans
from jcm_mrv.meters.meters import read_meters
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.catalogue import UnknownMethodologyError, catalogue, refusal
from jcm_mrv.quality.crosscheck import cross_checks
from jcm_mrv.quality.deliveries import delivery_findings
from jcm_mrv.quality.divided import divided_at_year_end
from jcm_mrv.quality.electricity import rule_findings
from jcm_mrv.quality.evidence import confirmed, evidence_findings
from jcm_mrv.quality.invoices import invoice_findings
from jcm_mrv.quality.loosening.judging import judged
from jcm_mrv.quality.loosening.kinds import loosenings
from jcm_mrv.quality.missing import missing_values
from jcm_mrv.quality.one_curve import one_curve
from jcm_mrv.quality.operation import outside_operation
from jcm_mrv.quality.plausible import against_estimates, negative_parameters
from jcm_mrv.quality.records.rules import record_findings
from jcm_mrv.quality.register import CALIBRATION_VALIDITY_FROM, register_findings
from jcm_mrv.quality.settings import Settings, read_settings
from jcm_mrv.quality.treatment.overrides import override_cuts
from jcm_mrv.quality.treatment.questionable import cuts_of as questionable_cuts
from jcm_mrv.quality.treatment.treating import Treated, treat
from jcm_mrv.quality.unused import unused_readings
from jcm_mrv.quality.values.rules import value_findings
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Input, Named
from jcm_mrv.quantities.graph import Rebuild
from jcm_mrv.result import MethodologyResult, Result, YearResult
from jcm_mrv.rounding import credited_tonnes
from jcm_mrv.series import build_parts
from jcm_mrv.time.timeline import PeriodError, Timeline
from jcm_mrv.time.zones import TimeZoneError, local_time
from jcm_mrv.workbook.reading import read_workbook
from jcm_mrv.workbook.records import MonitoringData

METHODOLOGY = Code("project.methodology", Severity.ERROR, "The project names no methodology that is in the catalogue.")
ROUNDING = Code("project.rounding", Severity.ERROR, "The methodologies of the claim round to whole tonnes differently.")
NEGATIVE = Code("result.negative_year", Severity.MAJOR, "The emission reductions of a calendar year are negative.")

LEAST_DECIMALS, MOST_DECIMALS = 3, 9


@dataclass
class _Work:
    """A monitoring workbook that is being calculated, and what was found so far."""

    data: MonitoringData
    settings: Settings
    timeline: Timeline
    bounds: list[Bound]
    uncertain: list[Uncertain]
    findings: list[Finding]

    @classmethod
    def of(cls, data: MonitoringData) -> _Work:
        """What stands in the workbook. Raises InputRefusedError where it has no period to calculate."""
        settings, found = read_settings(data)
        findings = [*data.findings, *found]
        bounds = _bounds(data, findings)
        timeline = _timeline(data)
        if timeline is None:
            refuse_on_error(findings)
            raise AssertionError("a project without a period has a finding that says so")
        meters, _ = read_meters(data.meters, timeline.zone)
        installed = settings[CALIBRATION_VALIDITY_FROM] == "installation"
        uncertain, found = uncertain_spans(meters, data, timeline, from_installation=installed)
        return cls(data, settings, timeline, bounds, uncertain, [*findings, *found])

    def series(self, doubtful: Sequence[Finding] = ()) -> SeriesResult:
        """The readings and logs, cut where something is to be known of a part of them."""
        cuts = override_cuts(self.data, self.timeline)
        for meter, instants in questionable_cuts(doubtful).items():
            cuts.setdefault(meter, []).extend(instants)
        for span in self.uncertain:
            cuts.setdefault(span.meter_id, []).extend((span.start, span.end))
        return build_parts(self.data, self.timeline, self.data.path.parent, cuts)

    def claim(self, series: SeriesResult) -> Claim:
        """The claim graph. Raises InputRefusedError with everything that stands in its way."""
        claim, found = build_claim(self.bounds, self.data, self.timeline, series)
        self.findings += [*series.findings, *found]
        if claim is not None:
            self.findings += _missing(claim, self.data, self.findings)
        self.findings += record_findings(claim, self.data, self.timeline)
        refuse_on_error(self.findings)
        assert claim is not None
        return claim

    def again(self, doubtful: Sequence[Finding]) -> tuple[SeriesResult, Claim]:
        """Series and claim once more, cut at the doubtful spans; nothing new is found by it."""
        series = self.series(doubtful)
        claim, _ = build_claim(self.bounds, self.data, self.timeline, series)
        assert claim is not None
        return series, claim


def calculate_file(path: Path) -> Result:
    """Calculate the emission reductions of a monitoring workbook, and what they would be by the rules' own limits.

    Raises InputRefusedError that lists every error in the workbook, its logs
    and its references at once.
    """
    data = read_workbook(path)
    result = _calculate(data)
    return replace(result, findings=_ordered(judged(result, loosenings(data), _calculate)))


def _calculate(data: MonitoringData) -> Result:
    work = _Work.of(data)
    timeline, settings = work.timeline, work.settings
    series = work.series()
    claim = work.claim(series)
    work.findings += one_curve(claim, series, data, timeline)
    values = value_findings(claim, series, data, timeline, settings)
    logged = {row.meter_id for row in data.logs}
    if any(one.meter_id in logged for finding in values for one in finding.questionable):  # readings are never cut
        series, claim = work.again(values)
    contradictions, found = cross_checks(claim, series, data, timeline, settings)
    work.findings += found
    treated, found = treat(claim, series, timeline, data, work.uncertain, settings, values, contradictions)
    work.findings += found
    work.findings += invoice_findings(series, timeline)
    work.findings += delivery_findings(claim, series, data, timeline, settings)
    work.findings += register_findings(data, timeline)
    refuse_on_error(work.findings)
    claim = corrected(claim, treated.corrections)
    evaluation = claim.evaluate()
    work.findings += outside_operation(claim, evaluation, timeline)
    work.findings += rule_findings(claim, evaluation, data.project.origin("methodologies"))
    work.findings += divided_at_year_end(claim, evaluation, timeline, settings)
    work.findings += unused_readings(claim, series.parts, timeline)
    work.findings += evidence_findings(claim, evaluation, data.file)
    return _result(work, series, claim, treated)


# A cell that could not be read is not missing besides: where it may be the cause, nothing is asked for twice.
_CAUSES = {
    "Equipment": {"Equipment", "Fixed values"},
    "Fixed values": {"Equipment", "Fixed values"},
    "Monitoring points": {"Equipment", "Meters", "Monitoring points"},
}


def _missing(claim: Claim, data: MonitoringData, findings: list[Finding]) -> list[Finding]:
    """What the claim needs and does not have, unless an error that is known already explains it."""
    faulty = {f.where.sheet for f in errors(findings)}
    missing = missing_values(claim, claim.evaluate(), data.file)
    return [f for f in missing if not faulty & _CAUSES.get(f.where.sheet, faulty)]


def _bounds(data: MonitoringData, findings: list[Finding]) -> list[Bound]:
    """The methodologies that the project names, bound to their cards."""
    wanted = [part.strip() for part in data.project.methodologies.split(";") if part.strip()]
    where = data.project.origin("methodologies")
    bounds: list[Bound] = []
    for name in wanted:
        try:
            entry = catalogue().find(name)
        except UnknownMethodologyError as error:
            findings.append(METHODOLOGY(str(error), where, found=name, action="Correct number and version."))
            continue
        if not entry.card.computes:
            action = f"`jcm-mrv methodologies show {entry.card.number} {entry.card.version}` tells what is known of it."
            findings.append(METHODOLOGY(refusal(entry), where, found=name, action=action))
        elif any(b.entry.card.number == entry.card.number for b in bounds):
            findings.append(METHODOLOGY(f"{name} is named twice", where, found=name, action="Name it once."))
        else:
            bounds.append(bind(entry))
    rules = {f"{b.entry.card.rounding}, {b.entry.card.rounding_digits} digits" for b in bounds}
    if len(rules) > 1:
        text = "the methodologies of the claim round to whole tonnes differently, and it is rounded once a year"
        findings.append(ROUNDING(text, where, found="; ".join(sorted(rules)), action="Claim them in separate reports."))
    if not wanted and not errors(findings):
        text = "the project names no methodology"
        findings.append(METHODOLOGY(text, where, found="empty", action="Enter number and version: VN_AM007 1.0."))
    return bounds


def _timeline(data: MonitoringData) -> Timeline | None:
    start, end = data.project.period_start, data.project.period_end
    zone = data.project.time_zone
    if start is None or end is None or not zone:
        return None
    try:
        return Timeline.of(start.date(), end.date(), zone)
    except (PeriodError, TimeZoneError):
        return None  # the reader has named the cell


def _result(given: _Work, series: SeriesResult, claim: Claim, treated: Treated) -> Result:
    findings = given.findings
    data, timeline, evaluation = given.data, given.timeline, claim.evaluate()
    card = given.bounds[0].entry.card  # that all round alike was checked when they were bound
    rounding, digits = card.rounding, card.rounding_digits
    indicative = not all(confirmed(claim, b) for b in claim.bounds)
    decimals, credited = _credited(claim, evaluation, digits)
    years = _years(claim, evaluation, timeline, data, None if indicative else credited)
    findings += [_negative(year, data) for year in years if year.reductions < 0]
    findings += against_estimates(years, data, given.settings)
    findings += negative_parameters(claim, evaluation)
    return Result(
        data=data,
        timeline=timeline,
        series=series,
        claim=claim,
        evaluation=evaluation,
        methodologies=[_methodology(claim, b, evaluation) for b in claim.bounds],
        years=years,
        defaults=[use for values in claim.bound_values for use in values.defaults],
        treatments=list(treated.treatments),
        overrides=[*treated.overrides],
        uncertain=given.uncertain,
        findings=_ordered(findings),
        indicative=indicative,
        decimals=decimals,
        rounding=rounding,
        rounding_digits=digits,
        inputs=[
            (data.file, data.sha256),
            *sorted(data.documents.items()),
            *((f.path, f.sha256) for f in series.inputs),
        ],
        software=_software(claim.bounds),
        settings=given.settings.as_dict(),
    )


def _credited(claim: Claim, evaluation: Evaluation, digits: int) -> tuple[int, list[int]]:
    """Whole tonnes per year, and the decimals of monitored values from which they follow as well.

    The official sheet computes from the values that are typed into it: the
    report shows as many decimals as it takes to reach the same tonnes. Where
    no number of decimals does, the lower of both figures is credited.
    """
    exact = [credited_tonnes(er, digits) for er in evaluation[claim.ER].tolist()]
    shown = {
        id(p.defined): Input(p.declared.symbol, p.declared.label, p.declared.unit, p.declared.sets)
        for p in claim.parameters
    }
    rebuild = Rebuild(lambda node: shown.get(id(node), None if node.operands else node))
    er = rebuild(claim.ER)
    typed = exact
    for decimals in range(LEAST_DECIMALS, MOST_DECIMALS + 1):
        rounded: dict[Named, Numbers] = {
            shown[id(p.defined)]: np.round(evaluation[p.defined], decimals) for p in claim.parameters
        }
        again = Evaluation([er], {**claim.values, **rounded}, claim.space)[er]
        typed = [credited_tonnes(value, digits) for value in again.tolist()]
        if typed == exact:
            return decimals, exact
    return MOST_DECIMALS, [min(pair) for pair in zip(exact, typed, strict=True)]


def _years(
    claim: Claim, evaluation: Evaluation, timeline: Timeline, data: MonitoringData, credited: list[int] | None
) -> list[YearResult]:
    estimates = {row["year"].text: row.reductions for row in data.estimates}
    return [
        YearResult(
            year=piece.year,
            start=local_time(timeline.zone, piece.start).date(),
            end=local_time(timeline.zone, piece.end - 1).date(),
            reference=float(evaluation[claim.RE][n]),
            project=float(evaluation[claim.PE][n]),
            reductions=float(evaluation[claim.ER][n]),
            credited=None if credited is None else credited[n],
            estimate=estimates.get(piece.label),
        )
        for n, piece in enumerate(timeline.years)
    ]


def _methodology(claim: Claim, bound: Bound, evaluation: Evaluation) -> MethodologyResult:
    card = bound.entry.card
    return MethodologyResult(
        bound=bound,
        status=card.status,
        evidence=card.equation.evidence,
        confirmed=confirmed(claim, bound),
        reference=float(evaluation[bound.RE].sum()),
        project=float(evaluation[bound.PE].sum()),
        reductions=float(evaluation[bound.ER].sum()),
    )


def _negative(year: YearResult, data: MonitoringData) -> Finding:
    return NEGATIVE(
        f"the emission reductions of {year.year} are negative",
        data.project.origin("period_start"),
        found=f"{year.reductions:,.3f} tCO2e",
        action="Explain it; a negative year is shown and never clipped to zero.",
        data={"year": year.year, "reductions": year.reductions},
    )


def _ordered(findings: list[Finding]) -> list[Finding]:
    """By severity, otherwise as found."""
    weight = {severity: n for n, severity in enumerate(Severity)}
    return sorted(once(findings), key=lambda f: weight[f.severity])


def _software(bounds: Sequence[Bound]) -> Mapping[str, str]:
    packages = {b.entry.package: b.entry.package_version for b in bounds}
    return {"jcm-mrv": __version__, **packages}
