"""Every finding with its effect and, where it asks for one, room for the answer; those of one kind stand together."""

from __future__ import annotations

from jcm_mrv.findings import Severity
from jcm_mrv.reporting.check.groups import Group, Item, grouped
from jcm_mrv.reporting.document.blocks import Block, FindingGroup, FindingItem, Section, Text
from jcm_mrv.reporting.document.context import Context

_ASKS = frozenset((Severity.ERROR, Severity.MAJOR, Severity.MINOR))
_MOST = 600
"""Characters of the places of what is alike; the list in the Excel report holds them all."""


def findings_section(context: Context) -> Section:
    """The findings by severity, and in each the heaviest first."""
    t = context.t
    groups = grouped(context.result.findings)
    blocks: list[Block] = [Text(t("findings.explained"), "note")]
    for severity in Severity:
        own = [group for group in groups if group.severity is severity]
        if own:
            count = sum(len(group.findings) for group in own)
            items = tuple(_item(context, *pair) for group in own for pair in _pairs(group))
            blocks.append(FindingGroup(str(severity), f"{t.known('severity', severity)} ({count})", items))
    if not groups:
        blocks.append(Text(t("findings.none")))
    return Section("findings", t("section.findings"), tuple(blocks))


def _pairs(group: Group) -> list[tuple[Group, Item]]:
    return [(group, item) for item in group.items]


def _item(context: Context, group: Group, item: Item) -> FindingItem:
    first, others = item.first, item.others
    effects = [f.effect_tco2e for f in item.findings if f.effect_tco2e is not None]
    return FindingItem(
        code=first.code + (f" × {len(item.findings)}" if others else ""),
        message=first.message,
        where=str(first.where),
        found=first.found,
        action=first.action,
        effect=context.n.signed(sum(effects)) if effects else "",
        others=others if len(others) <= _MOST else f"{others[:_MOST].rpartition(', ')[0]} …",
        asks=group.severity in _ASKS,
    )
