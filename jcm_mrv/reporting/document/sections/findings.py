"""Every finding with its effect and, where it asks for one, room for the answer; those of one kind stand together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from string import ascii_uppercase

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.reporting.check.groups import Group, Item, grouped
from jcm_mrv.reporting.document.blocks import Block, FindingGroup, FindingItem, FindingLine, Section, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.tables import Cell
from jcm_mrv.reporting.document.traced import made_of, stated_at

_ASKS = frozenset((Severity.ERROR, Severity.MAJOR, Severity.MINOR))
_MOST_ACTIONS = 2
_MOST = 600
"""Characters of the places of what is alike; the list in the Excel report holds them all."""
_WORD = re.compile(r"[\w-]+")


def findings_section(context: Context) -> Section:
    """The findings by severity, and in each the heaviest first."""
    t = context.t
    groups = grouped(context.result.findings)
    blocks: list[Block] = [Text(t("findings.explained"), "note")]
    for severity in Severity:
        by_code: dict[str, list[Group]] = {}
        for group in groups:
            if group.severity is severity:
                by_code.setdefault(group.code, []).append(group)
        if by_code:
            count = sum(len(group.findings) for own in by_code.values() for group in own)
            items = tuple(_item(context, told) for own in by_code.values() for told in _told(own))
            blocks.append(FindingGroup(str(severity), f"{t.known('severity', severity)} ({count})", items))
    if not groups:
        blocks.append(Text(t("findings.none")))
    return Section("findings", t("section.findings"), tuple(blocks))


def _told(own: list[Group]) -> list[list[Group]]:
    """The groups of one code: each by itself, or where they are many all together, with the action of the first."""
    return [own] if len(own) > _MOST_ACTIONS else [[group] for group in own]


def _item(context: Context, groups: list[Group]) -> FindingItem:
    first, count = groups[0], sum(len(group.findings) for group in groups)
    actions = [action for group in groups for action in group.actions]
    lines = tuple(_line(item) for group in groups for item in group.items)
    places = {line.where for line in lines}
    where = places.pop() if len(lines) > 1 and len(places) == 1 else ""
    return FindingItem(
        code=first.code + (f" × {count}" if count > 1 else ""),
        lines=tuple(replace(line, where="") for line in lines) if where else lines,
        action=next(iter(actions), "") + (" …" if len(actions) > 1 else ""),
        effect=_effect(context, groups),
        asks=first.severity in _ASKS,
        where=where,
        answer="; ".join(dict.fromkeys(f.answer for group in groups for f in group.findings if f.answer)),
        meters=_meters(context, [finding for group in groups for finding in group.findings]),
    )


def _effect(context: Context, groups: list[Group]) -> Cell:
    """What the findings change of ER together, down to each of them and its place."""
    effects = [group.effect for group in groups if group.effect is not None]
    if not effects:
        return ""
    one_by_one = [
        stated_at(context.n.signed(one.effect_tco2e), "ΔER", str(one.where) or one.message)
        for group in groups
        for one in group.findings
        if one.effect_tco2e is not None
    ]
    return made_of(context.n.signed(sum(effects)), "ΔER", one_by_one)


def _meters(context: Context, findings: Iterable[Finding]) -> tuple[str, ...]:
    """The meters that findings name in what they say, or in the row of the workbook at which they stand."""
    names = context.result.series.coverage.meter_ids
    if not names:
        return ()
    pattern = naming(names)
    found: set[str] = set()
    for one in findings:
        found.update(*(pattern.findall(text) for text in (one.message, one.found, one.action, str(one.where))))
        found.update(pattern.findall(" ; ".join(map(str, one.data.values()))))
        found.add(context.meter_rows.get((one.where.sheet, one.where.cell.lstrip(ascii_uppercase)), ""))
    return tuple(name for name in names if name in found)


def naming(names: Sequence[str]) -> re.Pattern[str]:
    """A pattern of which every name that stands by itself in a text is one match; other words may be matches too.

    Where each name is one word it is that of all words, whose time does not grow with the number of names.
    """
    if all(map(_WORD.fullmatch, names)):
        return _WORD
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{longest_first})(?![\w-])")


def _line(item: Item) -> FindingLine:
    first, others = item.first, item.others
    short = others if len(others) <= _MOST else f"{others[:_MOST].rpartition(', ')[0]} …"
    said = re.search(rf"(?<![\w.,-]){re.escape(first.found)}(?![\w.,-])", first.message)
    found = "" if said else first.found
    return FindingLine(first.message, str(first.where), found, short)
