"""The methodologies that a project names, bound to their cards."""

from __future__ import annotations

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.catalogue import UnknownMethodologyError, find, refusal
from jcm_mrv.words import say
from jcm_mrv.workbook.rows import ProjectForm

METHODOLOGY = Code("project.methodology", Severity.ERROR, "The project names no methodology that is in the catalogue.")
ROUNDING = Code("project.rounding", Severity.ERROR, "The methodologies of the claim round to whole tonnes differently.")


def named_methodologies(project: ProjectForm, *, faulty: bool = False) -> tuple[list[Bound], list[Finding]]:
    """Bindings of the cards that can be computed, and an error for each name that is none.

    That nothing is named is no news where the workbook is ``faulty`` already.
    """
    wanted = [part.strip() for part in project.methodologies.split(";") if part.strip()]
    where = project.origin("methodologies")
    bounds: list[Bound] = []
    findings: list[Finding] = []
    for name in wanted:
        found = _bound(name, project, bounds)
        bounds += [found] if isinstance(found, Bound) else []
        findings += [found] if isinstance(found, Finding) else []
    rules = {
        say(
            "{rounding}, {rounding_digits} digits",
            rounding=b.entry.card.rounding,
            rounding_digits=b.entry.card.rounding_digits,
        )
        for b in bounds
    }
    if len(rules) > 1:
        text = say("the methodologies of the claim round to whole tonnes differently, and it is rounded once a year")
        findings.append(
            ROUNDING(text, where, found="; ".join(sorted(rules)), action=say("Claim them in separate reports."))
        )
    if not wanted and not faulty:
        text = say("the project names no methodology")
        findings.append(
            METHODOLOGY(text, where, found=say("empty"), action=say("Enter number and version: VN_AM007 1.0."))
        )
    return bounds, findings


def _bound(name: str, project: ProjectForm, before: list[Bound]) -> Bound | Finding:
    where = project.origin("methodologies")
    try:
        entry = find(name)
    except UnknownMethodologyError as error:
        return METHODOLOGY(str(error), where, found=name, action=say("Correct number and version."))
    if not entry.card.computes:
        action = say(
            "`jcm-mrv methodologies show {card_number} {version}` tells what is known of it.",
            card_number=entry.card.number,
            version=entry.card.version,
        )
        return METHODOLOGY(refusal(entry), where, found=name, action=action)
    if any(b.entry.card.number == entry.card.number for b in before):
        return METHODOLOGY(say("{name} is named twice", name=name), where, found=name, action=say("Name it once."))
    return bind(entry)
