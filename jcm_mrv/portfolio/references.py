"""The names in a portfolio against each other: none twice, none unknown, no group within itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meant import did_you_mean
from jcm_mrv.origin import Origin
from jcm_mrv.portfolio.checked import GUESSED, MOST
from jcm_mrv.portfolio.definition import Criterion, Flow, Group, Member, Portfolio, Source, Tenant
from jcm_mrv.words import say
from jcm_mrv.workbook.schema import fold

TWICE = Code("portfolio.twice", Severity.ERROR, "A name or a file stands in the portfolio twice")
UNKNOWN_NAME = Code("portfolio.unknown_name", Severity.ERROR, "A name that the portfolio does not have")
CYCLE = Code("portfolio.group_cycle", Severity.ERROR, "A group is part of itself")


def reference_findings(portfolio: Portfolio) -> list[Finding]:
    """Everything that is wrong with the names of a portfolio."""
    groups, tenants = [g.name for g in portfolio.groups], [t.name for t in portfolio.tenants]
    members = [m.name for m in portfolio.members]
    return [
        *_twice("group", portfolio.groups),
        *_twice("tenant", portfolio.tenants),
        *_twice("member", portfolio.members),
        *_twice("flow", portfolio.flows),
        *_files_twice(portfolio.members),
        *_answers_twice(portfolio.criteria),
        *_known("group", groups, ((g.part_of, g.where) for g in portfolio.groups)),
        *_known("group", groups, ((t.group, t.where) for t in portfolio.tenants)),
        *_known("group", groups, ((m.group, m.where) for m in portfolio.members)),
        *_known("group", groups, ((c.group, c.where) for c in portfolio.criteria)),
        *_known("tenant", tenants, ((m.tenant, m.where) for m in portfolio.members)),
        *_known(
            "tenant or member", [*tenants, *members], ((n, f.where) for f in portfolio.flows for n in (f.from_, f.to))
        ),
        *_fields(portfolio),
        *_cycles(portfolio.groups),
        *_to_itself(portfolio.flows),
    ]


def _twice(kind: str, named: Sequence[Group | Tenant | Member | Flow]) -> Iterator[Finding]:
    first: dict[str, Group | Tenant | Member | Flow] = {}
    for one in named:
        other = first.setdefault(fold(one.name), one)
        if other is not one and one.name:
            message = say(
                "two {kind}s have the name {one}: here and on line {line}",
                kind=kind,
                one=one.name,
                line=other.where.line,
            )
            yield TWICE(
                message, one.where, found=one.name, action=say("Give one of them another name, or take it out.")
            )


def _files_twice(members: Sequence[Member]) -> Iterator[Finding]:
    """One file in two members would be counted twice."""
    first: dict[str, Member] = {}
    for member in members:
        if member.source not in (Source.WORKBOOK, Source.PACKAGE) or not member.file:
            continue
        other = first.setdefault(member.file.casefold(), member)
        if other is not member:
            message = say(
                "members {other} (line {line}) and {member} are of one file",
                other=other.name,
                line=other.where.line,
                member=member.name,
            )
            action = say("Take one of them out, or name its own file.")
            yield TWICE(message, member.where, found=member.file, action=action)


def _answers_twice(criteria: Sequence[Criterion]) -> Iterator[Finding]:
    first: dict[tuple[str, str], Criterion] = {}
    for one in criteria:
        other = first.setdefault((fold(one.group), fold(one.number)), one)
        if other is not one:
            message = say(
                "criterion {one_number} of {group} stands here and on line {line}",
                one_number=one.number,
                group=one.group,
                line=other.where.line,
            )
            yield TWICE(message, one.where, found=one.number, action=say("Keep one of the two."))


def _known(kind: str, known: Sequence[str], used: Iterable[tuple[str, Origin]]) -> Iterator[Finding]:
    names = set(known)
    missing = [(name, where) for name, where in used if name and name not in names]
    for n, (name, where) in enumerate(missing[:MOST]):
        action = (did_you_mean(name, known) if n < GUESSED else "") or say(
            "Write [[{split}]] name = {name!r}, or correct the name.", split=kind.split()[0], name=name
        )
        yield UNKNOWN_NAME(say("there is no {kind} {name}", kind=kind, name=name), where, found=name, action=action)


def _fields(portfolio: Portfolio) -> Iterator[Finding]:
    for member in portfolio.members if portfolio.fields else ():
        if member.field not in portfolio.fields:
            action = did_you_mean(member.field, portfolio.fields) or say(
                "It is one of {fields}.", fields=", ".join(portfolio.fields)
            )
            message = say("member {member} is of a field that the plan does not have", member=member.name)
            yield UNKNOWN_NAME(message, member.where, found=member.field or say("nothing"), action=action)


def _cycles(groups: Sequence[Group]) -> Iterator[Finding]:
    """Each circle of groups once, from its group that stands first in the file."""
    parents = {group.name: group.part_of for group in groups}
    told: set[str] = set()
    for group in groups:
        way: list[str] = []
        name = group.name
        while name and name not in way and name not in told:
            way.append(name)
            name = parents.get(name, "")
        if name in way:
            circle = " > ".join([*way[way.index(name) :], name])
            action = say("Take part_of out of one of them: a park is part of a city, and the city not of the park.")
            yield CYCLE(
                say("the group {name} is part of itself: {circle}", name=name, circle=circle),
                group.where,
                found=circle,
                action=action,
            )
        told |= set(way)


def _to_itself(flows: Sequence[Flow]) -> Iterator[Finding]:
    for flow in flows:
        if flow.from_ == flow.to:
            action = say("A flow goes from one firm or project to another.")
            yield UNKNOWN_NAME(
                say("the flow {flow} goes to where it comes from", flow=flow.name),
                flow.where,
                found=flow.to,
                action=action,
            )
