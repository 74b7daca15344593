"""Parameters that are made of single readings: which meters they need together, and the points that these make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jcm_mrv.claim.measuring import Point, Term
from jcm_mrv.claim.values import belongs
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.combined import NOT_TOGETHER, PRODUCT, Combination
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import COUNT, SINGLE, Monitored, month
from jcm_mrv.quantities.units import over_pieces, times
from jcm_mrv.words import say
from jcm_mrv.workbook.rows import PointRow

ONE_METER = Code("combined.one_meter", Severity.ERROR, "A single reading is wanted, and several meters make it.")


def combinations(bounds: Sequence[Bound], rows: Sequence[PointRow]) -> list[Combination]:
    """What the methodologies of a claim make of single readings, by the meters of the sheet Monitoring points."""
    found: dict[str, Combination] = {}
    for bound in bounds:
        own = [row for row in rows if row.meter_id and belongs(row, bound)]
        for node in (n for n in bound.monitored if n.combined):
            for one in _of_parameter(bound, node, own, len(bounds) > 1):
                found.setdefault(one.meter_id, one)
    return list(found.values())


def _of_parameter(bound: Bound, node: Monitored, rows: Sequence[PointRow], several: bool) -> Iterator[Combination]:
    name = _name(bound, node, several)
    members = _members(node)
    by_member = [[row for row in rows if row.parameter.strip() == m.symbol] for m in members]
    units, monthly = tuple(m.unit_of_amounts for m in members), node.sets[-1] == month
    for row in by_member[-1]:
        where, unit = row.origin("meter_id"), members[-1].unit
        if len(members) == 1:
            yield Combination(node.aggregate, name, (row.meter_id,), units, unit, where, monthly)
            continue
        for other in by_member[0]:
            if other.applies_to.strip() == row.applies_to.strip():
                yield Combination(PRODUCT, name, (other.meter_id, row.meter_id), units, unit, where)


def _members(node: Monitored) -> tuple[Monitored, ...]:
    """The parameters whose meters are needed: two factors, a weight and what is weighted, or itself."""
    return node.factors or ((node,) if node.weight is None else (node.weight, node))


def _name(bound: Bound, node: Monitored, several: bool) -> str:
    return f"{bound.namespace} {node.symbol}" if several else node.symbol


def combined_points(
    points: Sequence[Point], bounds: Sequence[Bound], made: Sequence[Combination], *, faulty: bool
) -> tuple[list[Point], list[Finding]]:
    """The points of the parameters that are made of single readings, and those whose meters never stood together.

    ``faulty``: what stands in the way of one is reported already.
    """
    known = {one.meter_id for one in made}
    found: list[Point] = []
    findings: list[Finding] = []
    for bound in bounds:
        own = [point for point in points if point.methodology == bound.namespace]
        for node in (n for n in bound.monitored if n.combined):
            members = _members(node)
            for point in (p for p in own if p.parameter == members[-1].symbol):
                first = next(
                    (p for p in own if (p.parameter, p.applies_to) == (members[0].symbol, point.applies_to)), None
                )
                if first is None:
                    continue
                terms = tuple(_terms(_name(bound, node, len(bounds) > 1), node, first, point, known))
                if node.aggregate in SINGLE and (len(point.terms) != 1 or point.terms[0].coefficient != 1):
                    findings.append(_several(node, point))
                if terms:
                    found.append(_point(node, point, terms))
                elif not faulty:
                    findings.append(_never(node, first, point))
    return found, findings


def _terms(name: str, node: Monitored, first: Point, point: Point, known: set[str]) -> Iterator[Term]:
    """Each meter of the one with each of the other: a product of sums is the sum of the products."""
    for term in point.terms:
        if len(_members(node)) == 1:
            made = Combination(node.aggregate, name, (term.meter_id,), (), "", term.origin).meter_id
            if made in known:
                yield replace(term, meter_id=made)
            continue
        for other in first.terms:
            made = Combination(PRODUCT, name, (other.meter_id, term.meter_id), (), "", term.origin).meter_id
            if made in known:
                yield Term(made, other.coefficient * term.coefficient, term.origin)


def _point(node: Monitored, point: Point, terms: tuple[Term, ...]) -> Point:
    if node.factors:
        unit = node.unit
    elif node.weight is not None:
        unit = times(node.weight.unit, node.unit)
    else:
        unit = "1" if node.aggregate == COUNT else over_pieces(node.unit)
    how = PRODUCT if node.rests_on else node.aggregate
    return replace(point, parameter=node.symbol, terms=terms, unit=unit, is_mean=False, precision=None, combined=how)


def _several(node: Monitored, point: Point) -> Finding:
    return ONE_METER(
        say(
            "the {aggregate} reading of {name} is that of one meter, added, with the share 1",
            aggregate=node.aggregate,
            name=point.name,
        ),
        point.terms[0].origin,
        found=say("{terms} rows, {formula}", terms=len(point.terms), formula=point.formula),
        action=say("Enter one meter; where it was replaced, its successor keeps the ID in a second row of Meters."),
    )


def _never(node: Monitored, first: Point, point: Point) -> Finding:
    return NOT_TOGETHER(
        say(
            "{symbol} is made of {formula} and {formula_2} at each reading, and none of their meters stood at one time",
            symbol=node.symbol,
            formula=first.formula,
            formula_2=point.formula,
        ),
        point.terms[0].origin,
        found=say("no time at which both were installed"),
        action=say("Correct the dates Installed and Removed on Meters."),
    )
