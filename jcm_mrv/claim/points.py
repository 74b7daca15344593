"""Monitoring points: how meters make the monitored parameters of a claim, read and checked; and when they stand.

Time in which equipment runs and no meter stands is unknown, not zero. Within
a point the meters that are added stand in for each other (a new meter may
have another name), and so do those that are subtracted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jcm_mrv.arrays import Flags, Ordinals
from jcm_mrv.claim.measuring import Point, Term
from jcm_mrv.claim.values import belongs
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meant import did_you_mean
from jcm_mrv.meters.segments import Coverage
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Monitored, equipment, month
from jcm_mrv.quantities.sets import Space
from jcm_mrv.quantities.units import over_hours
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say, sentences
from jcm_mrv.workbook.references import GIVE_ONE_NAME, names_several
from jcm_mrv.workbook.rows import PointRow

UNKNOWN = Code("points.unknown_parameter", Severity.ERROR, "A monitoring point names no monitored parameter.")
APPLIES_TO = Code("points.applies_to", Severity.ERROR, "A monitoring point applies to something that is not there.")
COUNTED_TWICE = Code("points.counted_twice", Severity.ERROR, "A meter's reading is used more than once in the claim.")
WHICH = Code("points.which_methodology", Severity.ERROR, "A monitoring point could be of several methodologies.")
BOTH_SIGNS = Code("points.both_signs", Severity.ERROR, "A monitoring point adds and subtracts one meter.")
BAD_SHARE = Code("points.share", Severity.ERROR, "A share of a meter is not between 0 and 1.")

_ONE = 1 + 1e-9
_MINUS = ("-", "−")
_SHOWN = 20
_Key = tuple[str, str, str]


def read_points(
    rows: Sequence[PointRow], bounds: Sequence[Bound], space: Space, months: int
) -> tuple[list[Point], list[Finding]]:
    """The monitoring points of the sheet, and what is wrong with them.

    Rows with the same methodology, parameter and element add up to one point.
    ``months`` is the number of month slices of the period.
    """
    reader = _PointReader(bounds, space, months)
    points = reader.read(rows)
    return points, reader.findings


class _PointReader:
    def __init__(self, bounds: Sequence[Bound], space: Space, months: int) -> None:
        self.bounds, self.space, self.months = bounds, space, months
        self.findings: list[Finding] = []

    def read(self, rows: Sequence[PointRow]) -> list[Point]:
        groups: dict[_Key, list[PointRow]] = {}
        for row in rows:
            possible = self._possible(row)
            if not possible:
                self.findings.append(self._unknown(row))
                continue
            if len(possible) > 1:
                self.findings.append(self._ambiguous(row, possible))
            bound = possible[0]
            key = (bound.namespace, row.parameter.strip(), row.applies_to.strip())
            groups.setdefault(key, []).append(row)
        points = [self._point(key, members) for key, members in groups.items()]
        points += self._same(points)
        self._no_meter_twice(points)
        return points

    def _same(self, points: Sequence[Point]) -> Iterator[Point]:
        """The points of parameters that have none, and that may be the same quantity as one that has."""
        known = {(point.methodology, point.parameter, point.applies_to) for point in points}
        for bound in self.bounds:
            for node in bound.monitored:
                for point in points:
                    measures = (point.methodology, point.parameter) == (bound.namespace, node.same_as)
                    if measures and (bound.namespace, node.symbol, point.applies_to) not in known:
                        yield replace(point, parameter=node.symbol)

    def _possible(self, row: PointRow) -> list[Bound]:
        """The methodologies that a row may be for: those with what it applies to, where there are several."""
        symbol, label = row.parameter.strip(), row.applies_to.strip()
        monitoring = [b for b in self.bounds if belongs(row, b) and _monitors(b, symbol)]
        having = [b for b in monitoring if self._has(b, symbol, label)]
        return having or monitoring[:1]

    def _has(self, bound: Bound, symbol: str, label: str) -> bool:
        node = next(n for n in bound.monitored if n.symbol == symbol)
        return not label if len(node.sets) == 1 else label in self.space.elements.get(node.sets[0], ())

    def _ambiguous(self, row: PointRow, possible: Sequence[Bound]) -> Finding:
        return WHICH(
            say("several methodologies of the claim monitor this, and the row names none of them"),
            row.origin("methodology"),
            found=" of ".join(t for t in (row.parameter.strip(), row.applies_to.strip()) if t),
            action=say("Enter the methodology: {possible}.", possible=" or ".join(b.entry.card.id for b in possible)),
        )

    def _unknown(self, row: PointRow) -> Finding:
        own = [(n.symbol, b) for b in self.bounds for n in b.monitored if not n.factors]
        known = ", ".join(f"{symbol} ({b.namespace})" for symbol, b in own)
        guess = did_you_mean(row.parameter, dict.fromkeys(symbol for symbol, _ in own))
        return UNKNOWN(
            say("no methodology of the claim monitors this parameter"),
            row.origin("parameter"),
            found=row.parameter,
            action=sentences(guess, say("Use one of: {known}.", known=known)),
        )

    def _point(self, key: _Key, rows: list[PointRow]) -> Point:
        bound = next(b for b in self.bounds if b.namespace == key[0])
        node = next(n for n in bound.monitored if n.symbol == key[1])
        self._applies(node, key, rows[0])
        self.findings += _both_signs(rows)
        head = rows[0]
        return Point(
            head.point_no,
            *key,
            tuple(self._term(row) for row in rows),
            self._counted(bound, node, key),
            node.unit_of_amounts,
            head.option,
            head.frequency,
            head.responsible,
            head.comment,
            node.unit_of_amounts == over_hours(node.unit),
            node.precision,
            head.sampling,
            parameter_unit=node.unit,
        )

    def _term(self, row: PointRow) -> Term:
        share = row.share
        share = 1.0 if share is None else share
        if not 0 <= share <= 1:
            self.findings.append(
                BAD_SHARE(
                    say("a share is a fraction of the meter"),
                    row.origin("share"),
                    found=say("{share:.15g}", share=share),
                    action=say("Enter a number from 0 to 1 (25 % is 0.25)."),
                )
            )
        sign = -1.0 if row.sign in _MINUS else 1.0
        return Term(row.meter_id, sign * share, row.origin("meter_id"))

    def _applies(self, node: Monitored, key: _Key, row: PointRow) -> None:
        if len(node.sets) == 1:
            fits = not key[2]
            action = say("Leave the cell empty: the parameter is for the whole claim.")
        else:
            labels = self.space.elements.get(node.sets[0], ())
            fits = key[2] in labels
            more = " …" if len(labels) > _SHOWN else "."
            action = say("Use one of: {labels}{more}", labels=", ".join(labels[:_SHOWN]), more=more)
            if not labels:
                action = say("Enter on the sheet Equipment what it is measured for, and its name here.")
            elif names_several(row.applies_to, labels):
                action = GIVE_ONE_NAME
        if not fits:
            self.findings.append(
                APPLIES_TO(
                    say("{key} cannot apply to this", key=key[1]),
                    row.origin("applies_to"),
                    found=key[2] or say("empty"),
                    action=action,
                )
            )

    def _counted(self, bound: Bound, node: Monitored, key: _Key) -> tuple[int, ...]:
        """The months over which a point counts: those in which its equipment operates."""
        every = tuple(range(self.months))
        units = bound.sets.get(equipment)
        if units is None or node.sets[0] != units or key[2] not in self.space.elements[units]:
            return every
        exists: Flags = self.space.domains[units, month][self.space.elements[units].index(key[2])]
        return tuple(m for m in every if exists[m])

    def _no_meter_twice(self, points: list[Point]) -> None:
        """A meter is added at most once, and subtracted at most once: from what it is a part of.

        The two are summed apart. A third use is not made good by a subtraction elsewhere. Parameters that the
        methodology declares to be the same quantity use it once together; one that counts again for project emissions
        what another counts for the reference uses it apart from the others.
        """
        declared = {(b.namespace, n.symbol): n for b in self.bounds for n in b.monitored}
        used: dict[tuple[str, bool, bool], dict[_Key, dict[str, float]]] = {}
        for point in points:
            node = declared[point.methodology, point.parameter]
            same = point.methodology, node.same_as or node.symbol, point.applies_to
            for term in point.terms:
                uses = used.setdefault((term.meter_id, term.coefficient < 0, node.counts_again), {})
                own = uses.setdefault(same, {})
                own[point.parameter] = own.get(point.parameter, 0.0) + abs(term.coefficient)
                whole = sum(max(by.values()) for by in uses.values())
                if whole > _ONE:
                    self.findings.append(_counted_twice(term, whole))


def _both_signs(rows: Sequence[PointRow]) -> Iterator[Finding]:
    """A meter that is subtracted from the sum to which it is added counts for nothing there."""
    added = {row.meter_id: row.row for row in rows if row.sign not in _MINUS}
    for row in rows:
        if row.sign in _MINUS and row.meter_id in added:
            yield BOTH_SIGNS(
                say(
                    "meter {meter_id} is added and subtracted in one monitoring point, so that it counts for nothing",
                    meter_id=row.meter_id,
                ),
                row.origin("sign"),
                found=say("- here, + in row {added}", added=added[row.meter_id]),
                action=say("Keep the row that says how the meter counts, and remove the other one."),
            )


def _counted_twice(term: Term, whole: float) -> Finding:
    subtracted = term.coefficient < 0
    return COUNTED_TWICE(
        say(
            "the shares of meter {meter_id} that are {what} over the whole claim are more than one",
            meter_id=term.meter_id,
            what=say("subtracted") if subtracted else say("added"),
        ),
        term.origin,
        found=say("{whole:.15g}", whole=-whole if subtracted else whole),
        action=say(
            "Remove the row that counts the same amount again; where each use is a part of what the meter counts, give "
            "each its share (column Share)."
        ),
    )


def _monitors(bound: Bound, symbol: str) -> bool:
    return any(n.symbol == symbol.strip() and not n.factors for n in bound.monitored)


# --- when meters stand ---------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """The meters of a point that are added, or those that are subtracted.

    ``leader`` is the one that is installed longest; ``installed`` the time,
    in microseconds by month, of all of them together.
    """

    meters: tuple[str, ...]
    leader: str
    installed: Ordinals


def sides_of(point: Point, coverage: Coverage, row: Mapping[str, int]) -> Iterator[Side]:
    """The sides of a point whose meters are on the sheet Meters; ``row`` finds a meter in the coverage."""
    for side in point.sides(row):
        meters = [term.meter_id for term in side]
        if meters:
            leader = max(meters, key=lambda meter: int(coverage.expected[row[meter]].sum()))
            together: Ordinals = np.sum([coverage.expected[row[m]] for m in dict.fromkeys(meters)], axis=0)
            yield Side(tuple(meters), leader, together)


def places(points: Sequence[Point], coverage: Coverage, timeline: Timeline) -> list[tuple[str, int]]:
    """The (meter, month) of a claim, in order.

    Those in which a meter is installed; and for a month in which none of a
    side is, though one is in another month of that year, its leader's.
    """
    row = {meter: n for n, meter in enumerate(coverage.meter_ids)}
    found = {(int(n), int(m)) for n, m in np.argwhere(coverage.expected > 0)}
    years = timeline.year_of_month
    for point in points:
        for side in sides_of(point, coverage, row):
            known = {int(years[m]) for m in point.months if side.installed[m] > 0}
            found |= {(row[side.leader], m) for m in point.months if side.installed[m] == 0 and int(years[m]) in known}
    return [(coverage.meter_ids[n], m) for n, m in sorted(found)]
