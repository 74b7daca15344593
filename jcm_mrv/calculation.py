"""From a monitoring workbook to a result: read, gather, claim, examine, treat, conclude.

Each stage takes what those before gave and gives back values of its own, with what it found; all that is wrong is
refused at once. Where a project loosens a rule that protects its claim (a setting, a statement in a cell), each
loosening is judged by calculating once more as if it were not there, from the same files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.combining import combinations
from jcm_mrv.claim.correcting import corrected
from jcm_mrv.collector import without_collector
from jcm_mrv.conclusion import conclude
from jcm_mrv.findings import Finding, InputRefusedError, by_severity, errors, refuse_on_error
from jcm_mrv.inputs import TIMELESS, TIMELESS_QUESTIONS, Inputs, inputs_of, read_monitoring, with_any_period
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.quality.answers import answered
from jcm_mrv.quality.branches import tree_findings
from jcm_mrv.quality.carried import overdue_too, questionable_too
from jcm_mrv.quality.crosscheck import Contradiction, cross_checks
from jcm_mrv.quality.deliveries import deliveries_against
from jcm_mrv.quality.loosening.judging import judged
from jcm_mrv.quality.loosening.kinds import loosenings
from jcm_mrv.quality.missing import missing_findings
from jcm_mrv.quality.one_source.rules import one_curve
from jcm_mrv.quality.reconciliation import reconciliation_findings
from jcm_mrv.quality.records.rules import record_findings
from jcm_mrv.quality.treatment.questionable import cuts_of
from jcm_mrv.quality.treatment.treating import treat
from jcm_mrv.quality.treatment.tree_excess import Excess
from jcm_mrv.quality.values.rules import value_findings
from jcm_mrv.result import Result
from jcm_mrv.series import Sources, combined, gaps_for_checks, gather, regathered
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.unchanged import changed_files


@dataclass(frozen=True, eq=False)
class Claimed:
    """A claim and the series that it is made of."""

    claim: Claim
    series: SeriesResult


@dataclass(frozen=True, eq=False)
class Examined(Claimed):
    """A claim with the findings on its values, and with what contradicts its meters or is too much in it."""

    values: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    excesses: tuple[Excess, ...]


def calculate_file(
    path: Path, elsewhere: Mapping[str, str] | None = None, progress: Callable[[str], None] = lambda text: None
) -> Result:
    """Calculate the emission reductions of a monitoring workbook. Raises InputRefusedError with every error at once.

    ``elsewhere`` gives the SHA-256 of documents of Evidence that do not lie beside it. ``progress`` is told what is
    being done, for a person who waits.
    """
    progress(say("Reading {path} ...", path=path))
    data = read_monitoring(path, elsewhere)
    try:
        inputs, entered = inputs_of(data)
    except InputRefusedError as error:
        raise _with_other_errors(data, error, progress) from None
    sources = gather(data, inputs.meters, inputs.timeline, progress)
    progress("Calculating ...")
    with without_collector():
        result = _calculate(inputs, sources, entered)
    refuse_on_error(list(changed_files(path, result.inputs)))

    def otherwise(changed: MonitoringData) -> Result:
        progress(say("Calculating without what loosens a rule ..."))
        other, found = inputs_of(changed)
        return _calculate(other, regathered(sources, changed, other.meters, other.timeline), found)

    found = judged(result, loosenings(data), otherwise)
    return replace(result, findings=by_severity(answered(found, data)))


def _with_other_errors(
    data: MonitoringData, error: InputRefusedError, progress: Callable[[str], None]
) -> InputRefusedError:
    """A refusal for want of a period, with what any period would show, errors and questions: one round."""
    if not data.meters:
        return error
    assumed = with_any_period(data)
    inputs, entered = inputs_of(assumed)
    try:
        _calculate(inputs, gather(assumed, inputs.meters, inputs.timeline, progress), entered)
    except InputRefusedError as found:
        known = {finding.key for finding in (*error.findings, *error.others)}
        more = [one for one in found.findings if one.code in TIMELESS and one.key not in known]
        asked = [one for one in found.others if one.code.startswith(TIMELESS_QUESTIONS) and one.key not in known]
        return InputRefusedError([*error.findings, *more], [*error.others, *asked])
    return error


def _calculate(inputs: Inputs, sources: Sources, entered: Sequence[Finding]) -> Result:
    """From what was read and gathered, and the findings on what was entered: claim, examine, treat, conclude."""
    sources, faults = combined(sources, combinations(inputs.bounds, inputs.data.points))
    claimed, found = _claim(inputs, sources, [*entered, *faults])
    examined, compared = _examine(inputs, sources, claimed)
    treated, done = treat(
        examined.claim, examined.series, inputs.timeline, inputs.data,
        overdue_too(inputs.overdue, examined.series.combined), inputs.settings,
        examined.values, examined.contradictions, examined.excesses,
    )  # fmt: skip
    findings = [*found, *compared, *done]
    findings += reconciliation_findings(
        examined.claim, examined.series, inputs.data, inputs.meters, inputs.timeline, inputs.settings
    )
    return conclude(inputs, examined.series, corrected(examined.claim, treated.corrections), treated, findings)


def _claim(inputs: Inputs, sources: Sources, entered: Sequence[Finding]) -> tuple[Claimed, list[Finding]]:
    """The claim graph, and all that was found so far. Raises InputRefusedError with what stands in its way."""
    # A check meter bridges a gap only if it is known at both ends of it; who bridges is not decided before treatment.
    series = sources.cut(inputs.cuts, gaps_for_checks(sources.series))
    faulty = bool(errors(entered))
    claim, faults = build_claim(inputs.bounds, inputs.data, inputs.timeline, series, faulty=faulty)
    findings = [*entered, *series.findings, *faults]
    findings += [] if claim is None else missing_findings(claim, inputs.data, findings)
    named = {f.where for f in errors(findings) if f.where.cell}  # a cell that could not be read is not empty besides
    findings += [f for f in record_findings(claim, inputs.data, inputs.timeline) if f.where not in named]
    refuse_on_error(findings)
    assert claim is not None
    return Claimed(claim, series), findings


def _apart(inputs: Inputs, sources: Sources, claimed: Claimed, values: Sequence[Finding]) -> Claimed:
    """The same claim with what is questionable in a log seen apart from the rest of its month."""
    cuts = cuts_of(values)
    if sources.logged.isdisjoint(cuts) and not sources.series.combined:
        return claimed
    # A new cut of the same logs takes the place of the first, so it needs the first one's instants as well.
    series = sources.cut(inputs.cuts, gaps_for_checks(sources.series), cuts)
    # The same rows and the same files: what stands in the way of this claim has been said of the first.
    claim, _ = build_claim(inputs.bounds, inputs.data, inputs.timeline, series)
    assert claim is not None
    return Claimed(claim, series)


def _examine(inputs: Inputs, sources: Sources, claimed: Claimed) -> tuple[Examined, list[Finding]]:
    """What its values, its secondary sources and the tree of meters say of a claim."""
    data, timeline, settings = inputs.data, inputs.timeline, inputs.settings
    found, around = value_findings(claimed.claim, claimed.series, data, timeline, settings), sources.around
    made = bool(claimed.series.combined)
    against, _ = cross_checks(claimed.claim, claimed.series, data, timeline, settings, around) if made else ((), ())
    values = questionable_too(found, against, data, timeline, claimed.series.combined)
    apart = _apart(inputs, sources, claimed, values)
    contradictions, compared = cross_checks(apart.claim, apart.series, data, timeline, settings, around)
    contradictions += deliveries_against(apart.claim, apart.series, data, timeline, settings)
    excesses, shown = tree_findings(apart.claim, apart.series, data, timeline, settings)
    findings = [*one_curve(claimed.claim, claimed.series, data, timeline), *compared, *shown]
    return Examined(apart.claim, apart.series, tuple(values), tuple(contradictions), tuple(excesses)), findings
