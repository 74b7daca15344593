"""A meter over many units: a monitoring point that applies to a group, where its parameter is one of each unit.

Nothing says how much of the reading each unit used. The card's rule decides; unless it says otherwise all of it is
taken for the unit with which ER is lowest (in ratio forms the lowest ratio).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain, Point
from jcm_mrv.claim.values import belongs
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import equipment
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.sets import Space
from jcm_mrv.words import say
from jcm_mrv.workbook.row import Cell
from jcm_mrv.workbook.rows import EquipmentKey, EquipmentRow, PointRow

GROUP = Code("points.group", Severity.NOTE, "A meter counts several units together.")
GROUP_CHANGES = Code("points.group_changes", Severity.ERROR, "The units of one meter do not all operate throughout.")

LOWEST_RATIO = "lowest ratio"
_COLUMNS: tuple[EquipmentKey, ...] = ("group", "site", "electricity_source")

_RULES = {"lowest ratio": say("lowest ratio"), "shares": say("shares")}


@dataclass(frozen=True)
class Group:
    """The units that one row of Monitoring points stands for."""

    methodology: str
    parameter: str
    name: str
    meter_id: str
    units: tuple[str, ...]
    row: PointRow
    rule: str


def expanded(
    rows: Sequence[PointRow],
    bounds: Sequence[Bound],
    equipment_rows: Sequence[EquipmentRow],
    space: Space,
    taken: Mapping[int, str],
) -> tuple[list[PointRow], list[Group]]:
    """The rows of the sheet with a row for each unit in place of a group's.

    ``taken`` names the unit that all of a row is taken for, by the row's
    number; before that is decided each has an equal share.
    """
    found: list[PointRow] = []
    groups: list[Group] = []
    for row in rows:
        group = _group(row, bounds, equipment_rows, space)
        if group is None:
            found.append(row)
            continue
        groups.append(group)
        whole = 1.0 if row.share is None else row.share
        chosen = taken.get(row.row)
        shares = [whole / len(group.units) if chosen is None else whole * (unit == chosen) for unit in group.units]
        found += [_for_unit(row, unit, share) for unit, share in zip(group.units, shares, strict=True)]
    return found, groups


def _group(
    row: PointRow, bounds: Sequence[Bound], equipment_rows: Sequence[EquipmentRow], space: Space
) -> Group | None:
    """What a row stands for, where it names no unit but units have that name in common."""
    name, symbol = row.applies_to.strip(), row.parameter.strip()
    for bound in bounds:
        units = bound.sets.get(equipment)
        node = next((n for n in bound.monitored if n.symbol == symbol), None)
        if not name or node is None or units is None or not belongs(row, bound) or node.sets[0] != units:
            continue
        labels = space.elements[units]
        if name in labels:
            continue
        own = {r.equipment_id for r in equipment_rows for key in _COLUMNS if r[key].text.strip() == name}
        members = tuple(label for label in labels if label in own)
        if members:
            rule = bound.entry.card.shared_meter
            return Group(bound.namespace, symbol, name, row.meter_id, members, row, rule)
    return None


def _for_unit(row: PointRow, unit: str, share: float) -> PointRow:
    cells = {
        "applies_to": Cell(unit, row.origin("applies_to")),
        "share": Cell(share, row.origin("share")),
    }
    return replace(row, cells={**row.cells, **cells})


def choose_units(claim: Claim, groups: Sequence[Group]) -> tuple[dict[int, str], list[Finding]]:
    """For each group, by the number of its row, the unit that its meter is taken for; and what is to be said of it."""
    taken: dict[int, str] = {}
    findings: list[Finding] = []
    for group in groups:
        chain, terms = terms_of(claim, group.methodology, group.parameter, group.meter_id, group.units)
        if group.rule != LOWEST_RATIO:
            findings.append(_needs_shares(group))
            continue
        apart = [t for t in terms if len(chain.points[chain.terms[t][0]].months) < _longest(chain, terms)]
        if apart:
            findings.append(_changes(chain, group, apart))
            continue
        reductions = {t: reductions_with(claim, chain, terms, t) for t in terms}
        best = min(terms, key=lambda t: (np.nan_to_num(reductions[t], nan=np.inf), t))
        taken[group.row.row] = chain.points[chain.terms[best][0]].applies_to
        effect = reductions[best] - claim.reductions()
        findings.append(_taken(group, taken[group.row.row], effect))
    return taken, findings


def _taken(group: Group, unit: str, effect: float) -> Finding:
    return GROUP(
        say(
            "meter {meter_id} counts the {number_of_units} units of {group} together; all of it is taken for {unit}, "
            "with which ER is lowest (rule of the card: {rule})",
            meter_id=group.meter_id,
            number_of_units=len(group.units),
            group=group.name,
            unit=unit,
            rule=_RULES.get(group.rule, group.rule),
        ),
        group.row.origin("applies_to"),
        found=group.name,
        action=say("Nothing; a meter for each unit, or shares with a basis, say more."),
        data={"units": len(group.units), "taken_for": unit},
        effect_tco2e=effect if np.isfinite(effect) else None,
    )


def _needs_shares(group: Group) -> Finding:
    return GROUP_CHANGES(
        say(
            "meter {meter_id} counts the units of {group} together, and the card wants shares",
            meter_id=group.meter_id,
            group=group.name,
        ),
        group.row.origin("applies_to"),
        found=group.name,
        action=say("Give a row for each unit with Share and Basis of the share."),
    )


def _longest(chain: Chain, terms: Sequence[int]) -> int:
    return len({m for t in terms for m in chain.points[chain.terms[t][0]].months})


def _changes(chain: Chain, group: Group, terms: Sequence[int]) -> Finding:
    names = ", ".join(chain.points[chain.terms[t][0]].applies_to for t in terms)
    return GROUP_CHANGES(
        say(
            "meter {meter_id} counts the units of {group} together, and not all of them operate in the same months: "
            "what the others used cannot be told",
            meter_id=group.meter_id,
            group=group.name,
        ),
        group.row.origin("applies_to"),
        found=say("{names} not in all months", names=names),
        action=say("Give a row for each unit with Share and Basis of the share, or meter them apart."),
    )


# --- one meter among several units -----------------------------------------------------------


def terms_of(
    claim: Claim, methodology: str, parameter: str, meter_id: str, units: Sequence[str]
) -> tuple[Chain, list[int]]:
    """The chain and the ordinals of the terms by which a meter is divided among units."""
    for chain in claim.chains:
        found = [n for n, (k, t) in enumerate(chain.terms) if _is(chain.points[k], t, methodology, parameter, meter_id)]
        found = [n for n in found if chain.points[chain.terms[n][0]].applies_to in units]
        if found:
            return chain, found
    raise KeyError(meter_id)


def _is(point: Point, term: int, methodology: str, parameter: str, meter_id: str) -> bool:
    return (point.methodology, point.parameter, point.terms[term].meter_id) == (methodology, parameter, meter_id)


def reductions_with(claim: Claim, chain: Chain, terms: Sequence[int], taken: int) -> float:
    """ER [tCO2e] if all that a meter is divided into were the part of one unit."""
    return claim.reductions({chain.graph.c: _shares(claim, chain, terms, taken)})


def reductions_without(claim: Claim, meter_id: str) -> float:
    """ER [tCO2e] if a meter were in no monitoring point."""
    return reductions_if_counted(claim, (meter_id,), 0.0)


def reductions_if_counted(claim: Claim, meters: Collection[str], times: float) -> float:
    """ER [tCO2e] if some meters had counted so many times what they did."""
    changed: dict[Named, Numbers] = {}
    for chain in claim.chains:
        own = [n for n, (k, t) in enumerate(chain.terms) if chain.points[k].terms[t].meter_id in meters]
        if own:
            changed.setdefault(chain.graph.c, np.array(claim.values[chain.graph.c]))[own] *= times
    return claim.reductions(changed)


def most_less(claim: Claim, meters: Collection[str], times: Iterable[float]) -> float | None:
    """ER as it is minus the lowest ER [tCO2e] with some meters counting as many times as much; None without a value."""
    now = claim.reductions()
    effect = now - min((now, *(reductions_if_counted(claim, meters, one) for one in times)))
    return effect if np.isfinite(effect) else None


def _shares(claim: Claim, chain: Chain, terms: Sequence[int], taken: int) -> Numbers:
    shares = np.array(claim.values[chain.graph.c])
    whole = shares[list(terms)].sum()
    shares[list(terms)] = 0.0
    shares[taken] = whole
    return shares
