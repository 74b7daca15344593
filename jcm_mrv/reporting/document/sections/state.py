"""How far a report has come, for page one: what is open, and what is confirmed by which document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from markupsafe import Markup

from jcm_mrv.findings import Severity
from jcm_mrv.methodology.declare import Default
from jcm_mrv.reporting.document.blocks import State
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.tables import Cell
from jcm_mrv.reporting.result_json import changes_of, result_sha256
from jcm_mrv.result import DefaultUse
from jcm_mrv.workbook.change import Kind

_MOST_DOCUMENTS = 4


def states(context: Context) -> tuple[State, ...]:
    """One line for each thing that a verifier asks first."""
    return (
        *_changes(context),
        _findings(context),
        _state(context, "eligibility", _eligibility(context), ("eligibility.",)),
        _state(context, "calibration", _calibration(context), ("calibrations.",)),
        _state(context, "completeness", _completeness(context), ("gaps.",)),
        _state(context, "crosschecks", _crosschecks(context), ("crosscheck.", "tree.", "invoices.")),
        _equation(context),
        _state(context, "defaults", _defaults(context), ("defaults.",)),
        State(context.t("state.confirmed"), _confirmed(context)),
        State(context.t("state.result_sha256"), _digest(context)),
    )


def _changes(context: Context) -> Iterator[State]:
    """Of a later version: the tonnes of the one before, and what became of its findings."""
    previous, t = context.result.data.previous, context.t
    if previous is None:
        return
    before = previous.result["emission_reductions"]["credited"]
    tonnes = t("changes.tonnes", before=context.n.whole(before), now=context.n.whole(context.result.credited))
    counts = Counter(one.kind for one in changes_of(context.stated or context.result) if one.part == "findings")
    words = [f"{t.known('change', str(kind))}: {counts[kind]}" for kind in Kind if counts[kind]]
    findings = [f"{t('state.findings')} ({', '.join(words)})"] if words else []
    yield State(t("state.changes", version=previous.version or "-"), "; ".join([tonnes, *findings]))


def _findings(context: Context) -> State:
    counts = Counter(f.severity for f in context.result.findings)
    words = [f"{context.t.known('severity', s)}: {counts[s]}" for s in Severity if counts[s]]
    return State(context.t("state.findings"), ", ".join(words) or context.t("state.none"), counts[Severity.MAJOR] > 0)


def _state(context: Context, key: str, words: str, prefixes: tuple[str, ...]) -> State:
    """A line with the count of the major findings whose codes begin with one of the prefixes."""
    count = sum(f.severity is Severity.MAJOR and f.code.startswith(prefixes) for f in context.result.findings)
    said = [words] + ([context.t("state.questions", count=count)] if count else [])
    return State(context.t(f"state.{key}"), "; ".join(said), count > 0)


def _eligibility(context: Context) -> str:
    answers = [row.met for row in context.result.data.eligibility]
    if not answers:
        return context.t("state.no_criteria")
    return context.t("state.criteria", met=answers.count("yes"), count=len(answers))


def _calibration(context: Context) -> str:
    """How many meters are proven; what is made of their single readings (a product, a highest one) is no meter."""
    used = {term.meter_id for point in context.result.claim.points for term in point.terms}
    used &= context.result.meters.keys()
    overdue = {span.meter_id for span in context.result.overdue} & used
    return context.t("state.calibrated", count=len(used) - len(overdue), all=len(used))


def _completeness(context: Context) -> str:
    coverage = context.result.series.coverage
    expected, covered = int(coverage.expected.sum()), int(coverage.covered.sum())
    share = context.n.percent(covered / expected if expected else 1.0)
    return context.t("state.coverage", share=share, count=len(coverage.data_gaps))


def _crosschecks(context: Context) -> str:
    agree = sum(f.code == "crosscheck.agrees" for f in context.result.findings)
    return context.t("state.agree", count=agree) if agree else context.t("state.no_comparison")


def _equation(context: Context) -> State:
    t, found = context.t, context.result.methodologies
    words = (f"{one.bound.entry.card.number}: {t.known('evidence', one.evidence)}" for one in found)
    return State(t("state.equation"), "; ".join(words), not all(one.confirmed for one in found))


def _needed(context: Context) -> list[DefaultUse]:
    """The defaults that a result takes."""
    uses = context.result.defaults
    return [use for use in uses if isinstance(use.node, Default) and context.needs(use.node, use.ordinals)]


def _defaults(context: Context) -> str:
    t = context.t
    counts = Counter(use.evidence for use in _needed(context))
    words = [t("state.level", level=t.known("evidence", level), count=n) for level, n in counts.most_common()]
    return ", ".join(words) or t("state.none")


def _confirmed(context: Context) -> str:
    """By whose hand and by which documents the project confirms equations and values."""
    t, claim = context.t, context.result.claim
    words: list[str] = []
    for bound, values in zip(claim.bounds, claim.bound_values, strict=True):
        if (given := values.equation_confirmed) is not None:
            words.append(t("state.equations", methodology=bound.entry.card.number, document=given.document))
    own = [use for use in _needed(context) if use.project_value is not None]
    if own:
        names = list(dict.fromkeys(use.document or t("word.no_document") for use in own))
        shown = ", ".join(names[:_MOST_DOCUMENTS]) + (" …" if len(names) > _MOST_DOCUMENTS else "")
        words.append(t("state.values", count=len(own), documents=shown))
    if not words:
        return t("state.none")
    name = context.text("prepared_by")
    return "; ".join([*words, *([t("state.prepared", name=name)] if name else [])])


def _digest(context: Context) -> Cell:
    return Markup('<span class="digest">{}</span>').format(result_sha256(context.stated or context.result))
