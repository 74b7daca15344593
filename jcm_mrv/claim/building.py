"""Building the claim: sets, values, measuring chains and equations put together into one graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim, Parameter
from jcm_mrv.claim.combining import combined_points
from jcm_mrv.claim.groups import Group, choose_units, expanded
from jcm_mrv.claim.means import divisors, mean_findings
from jcm_mrv.claim.measuring import Chain, Origins, Point, build_chain, parameter_from
from jcm_mrv.claim.points import places, read_points
from jcm_mrv.claim.values import BoundValues, belongs, bound_values
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import (
    GROUPS,
    Duration,
    GroupColumn,
    deposit,
    equipment,
    fuel,
    month,
    month_of_deposit,
    period,
    year_of_deposit,
    year_of_month,
)
from jcm_mrv.methodology.factors import fuel_key
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.expression import Add, Defined, Expression, Named, total
from jcm_mrv.quantities.graph import Rebuild
from jcm_mrv.quantities.sets import Set, Space
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.references import names
from jcm_mrv.workbook.rows import EquipmentRow

NO_EQUIPMENT = Code("claim.no_equipment", Severity.ERROR, "A methodology of the claim has no equipment.")
NO_GROUP = Code("claim.no_group", Severity.ERROR, "A piece of equipment does not say which group it belongs to.")
NO_START = Code(
    "claim.no_start", Severity.ERROR, "Hours of operation count, and a piece of equipment has no date of operation."
)
SPELLED = Code("claim.two_spellings", Severity.ERROR, "One group, such as a fuel, is written in two ways.")
POINT_UNIT = Code("points.unit", Severity.ERROR, "A meter's unit does not fit the parameter it measures.")


def build_claim(
    bounds: Sequence[Bound],
    data: MonitoringData,
    timeline: Timeline,
    series: SeriesResult,
    *,
    faulty: bool = False,
) -> tuple[Claim | None, list[Finding]]:
    """The claim, and everything that stands in its way; None where a fault leaves nothing to compute with.

    The bindings stay as they are given: those of the claim have the measuring
    chains in place of their monitored inputs. ``faulty``: what is made of single
    readings has an error that is reported already.
    """
    if not bounds:
        return None, []
    builder = _Builder(bounds, data, timeline, series, faulty=faulty)
    claim = builder.build()
    if claim is None or not builder.groups:
        return claim, builder.findings
    taken, found = choose_units(claim, builder.groups)
    again = _Builder(bounds, data, timeline, series, taken, faulty=faulty)
    return again.build(), [*again.findings, *found]


class _Builder:
    """The sets, values and findings of a claim while it is built."""

    def __init__(
        self,
        bounds: Sequence[Bound],
        data: MonitoringData,
        timeline: Timeline,
        series: SeriesResult,
        taken: MappingOf[int, str] = MappingProxyType({}),
        *,
        faulty: bool = False,
    ) -> None:
        self.faulty = faulty
        self.taken, self.groups = taken, list[Group]()
        self.bounds, self.data, self.timeline, self.series = list(bounds), data, timeline, series
        self.space = Space()
        self.findings: list[Finding] = []
        self.operation: dict[tuple[str, str], tuple[int, int]] = {}

    def build(self) -> Claim | None:
        """The claim; None where a fault leaves nothing to compute with."""
        self._time()
        for bound in self.bounds:
            self._equipment(bound)
            for symbol, table in bound.tables.items():
                self.space.add(table.classes, [c.label for c in bound.entry.card.defaults[symbol].classes])
        rows, self.groups = expanded(self.data.points, self.bounds, self.data.equipment, self.space, self.taken)
        points, faults = read_points(rows, self.bounds, self.space, len(self.timeline.months))
        self.findings += faults
        made = [one.wanted for one in self.series.combined]
        more, faults = combined_points(points, self.bounds, made, faulty=self.faulty)
        points += more
        self.findings += faults
        found = [bound_values(bound, self.data, self.space, self.bounds) for bound in self.bounds]
        for values in found:
            self.findings += values.findings
        chains = self._chains(points)
        return None if chains is None else self._assemble(points, found, chains)

    # --- sets ---

    def _time(self) -> None:
        years, months = self.timeline.years, self.timeline.months
        self.space.add(period, [y.label for y in years], [y.year for y in years])
        for by_month in (month, deposit):
            self.space.add(by_month, [m.label for m in months], range(1, len(months) + 1))
        self.space.map(month_of_deposit, range(len(months)))
        for of_year in (year_of_month, year_of_deposit):
            self.space.map(of_year, self.timeline.year_of_month)

    def _equipment(self, bound: Bound) -> None:
        first: dict[str, EquipmentRow] = {}  # of rows with one ID the first counts
        for row in self.data.equipment:
            if row.equipment_id and belongs(row, bound):
                first.setdefault(row.equipment_id, row)
        rows = list(first.values())
        if equipment in bound.sets:
            self._units(bound, bound.sets[equipment], rows)
        for group in GROUPS:
            if group in bound.sets:
                self._group(bound, group, rows)

    def _units(self, bound: Bound, units: Set, rows: list[EquipmentRow]) -> None:
        if not rows:
            self.findings.append(
                NO_EQUIPMENT(
                    say("the sheet Equipment lists nothing for {card}", card=bound.entry.card.id),
                    Origin(file=self.data.file, sheet="Equipment"),
                    found=say("no row"),
                    action=say("List each piece of project equipment with its own equipment ID."),
                )
            )
        self.space.add(units, [row.equipment_id for row in rows])
        self.operation.update({(bound.namespace, row.equipment_id): self._operation(row) for row in rows})
        self._domains(units, rows)

    def _domains(self, units: Set, rows: list[EquipmentRow]) -> None:
        """A unit exists in the slices that its operation meets."""
        for time, slices in ((period, self.timeline.years), (month, self.timeline.months)):
            exists = [[_meets(self._operation(row), (s.start, s.end)) for s in slices] for row in rows]
            self.space.restrict((units, time), np.array(exists, dtype=np.bool_).reshape(len(rows), len(slices)))

    def _operation(self, row: EquipmentRow) -> tuple[int, int]:
        """When a unit operates, in microseconds UTC; from the project's start, and open where no date is given."""
        start, end = row.operation_start or self.data.project.operation_start, row.operation_end
        first, last = self.timeline.months[0].start, self.timeline.months[-1].end
        begins = first if start is None else self._midnight(start)
        ends = last if end is None else self._midnight(end + timedelta(days=1))
        return begins, ends

    def _midnight(self, day: datetime) -> int:
        return self.timeline.midnight(day.date())

    def _group(self, bound: Bound, group: Set, rows: list[EquipmentRow]) -> None:
        """Bind a set whose elements are the entries of columns of Equipment."""
        columns = [c for c in GROUPS[group] if c.mapping is None or c.mapping in bound.mappings]
        entries = {column: [self._entries(row, column) for row in rows] for column in columns}
        for column, found in entries.items():
            blank = [row for row, several in zip(rows, found, strict=True) if not several]
            if column.mapping is None:
                # A list may stand on any row; without a single entry there is nothing to total over.
                blank = blank[:1] if len(blank) == len(rows) else []
            self.findings += [self._no_group(row, column, group) for row in blank]
        labels = list(dict.fromkeys(name for found in entries.values() for several in found for name in several))
        self.findings += self._two_spellings(entries, rows, group)
        self.space.add(bound.sets[group], labels)
        places = {label: n for n, label in enumerate(labels)}
        for column, found in entries.items():
            if column.mapping is not None:
                ordinals = [places[several[0]] if several else -1 for several in found]
                self.space.map(bound.mappings[column.mapping], ordinals)

    def _entries(self, row: EquipmentRow, column: GroupColumn) -> list[str]:
        """What a row names in a column: one name, or several where the column is a list."""
        text = row[column.key].text.strip() or (row[column.otherwise].text.strip() if column.otherwise else "")
        return names(text) if column.mapping is None else [text] if text else []

    def _two_spellings(
        self, entries: dict[GroupColumn, list[list[str]]], rows: list[EquipmentRow], group: Set
    ) -> Iterator[Finding]:
        """An error for names that differ in case or spaces alone (fuels: in signs too), which would be two."""
        first: dict[str, str] = {}
        reported: set[str] = set()
        for column, found in entries.items():
            for row, label in ((row, name) for row, several in zip(rows, found, strict=True) for name in several):
                key = fuel_key(label) if group == fuel else " ".join(label.casefold().split())
                other = first.setdefault(key, label)
                if label not in {other, *reported}:
                    reported.add(label)
                    yield SPELLED(
                        say(
                            "{other!r} and {label!r} are written differently, and would be two",
                            other=other,
                            label=label,
                        ),
                        row.origin(column.key),
                        found=label,
                        action=say(
                            "Write the same {group} in the same way on every row, and on Fixed values.",
                            group=group.name,
                        ),
                    )

    def _no_group(self, row: EquipmentRow, column: GroupColumn, group: Set) -> Finding:
        return NO_GROUP(
            say("{equipment_id} does not name its {group}", equipment_id=row.equipment_id, group=group.name),
            row.origin(column.otherwise or column.key),
            found=say("empty"),
            action=say("Enter a name; equipment with the same {group} has the same name.", group=group.name),
        )

    def _durations(self, bound: Bound, values: dict[Named, Numbers], origins: Origins) -> None:
        """Time in operation by slice, which needs a date for each piece of equipment."""
        nodes = [n for n in bound.nodes if isinstance(n, Duration)]
        if not nodes:
            return
        rows = {r.equipment_id: r for r in reversed(self.data.equipment) if belongs(r, bound)}
        units = self.space.elements[bound.sets[equipment]]
        if not self.data.project.operation_start:
            missing = [rows[name] for name in units if not rows[name].operation_start]
            self.findings += [self._no_start(row) for row in missing]
        for node in nodes:
            slices = self.timeline.years if node.sets[1] == period else self.timeline.months
            spans = [self.operation[bound.namespace, name] for name in units]
            running = [[max(0, min(b, s.end) - max(a, s.start)) for s in slices] for a, b in spans]
            hours = np.array(running, dtype=np.float64).reshape(len(units), len(slices)) / HOUR
            values[node] = hours * conversion("h", node.unit)
            origins[node] = {
                (n, p): rows[name].origin("operation_start") for n, name in enumerate(units) for p in range(len(slices))
            }

    def _no_start(self, row: EquipmentRow) -> Finding:
        return NO_START(
            say("{equipment_id} has no date from which it is in operation", equipment_id=row.equipment_id),
            row.origin("operation_start"),
            found=say("empty"),
            action=say("Enter the day on which it was energised or put into operation."),
        )

    # --- measuring chains, one per unit ---

    def _chains(self, points: list[Point]) -> list[Chain] | None:
        where = places(points, self.series.coverage, self.timeline)
        parts, conversions = self.series.parts, self.series.conversions
        chains: list[Chain] = []
        for unit in dict.fromkeys(p.unit for p in points):
            members = [p for p in points if p.unit == unit]
            try:
                chains.append(build_chain(unit, members, parts, where, self.timeline, self.space, conversions))
            except UnitError as error:
                self.findings.append(
                    POINT_UNIT(
                        say("a meter of {parameter}: {error}", parameter=members[0].parameter, error=error),
                        members[0].terms[0].origin,
                        found=error.found,
                        action=say(
                            "Correct the unit of the readings or the monitoring point, or give what converts it "
                            "(density, calorific value) on the sheet Conversions."
                        ),
                    )
                )
        return None if any(f.code == POINT_UNIT.code for f in self.findings) else chains

    # --- the graph ---

    def _assemble(self, points: list[Point], found: list[BoundValues], chains: list[Chain]) -> Claim:
        values: dict[Named, Numbers] = {}
        origins: Origins = {}
        parts: list[BoundValues | Chain] = [*found, *chains]
        for part in parts:
            values.update(part.values)
            origins.update(part.origins)
        parameters: list[Parameter] = []
        connected: list[Bound] = []
        for bound in self.bounds:
            self._durations(bound, values, origins)
            # A parameter without any point is unknown, which matters only where it is needed.
            values.update({n: np.full(self.space.shape(n.sets), np.nan) for n in bound.monitored})
            measured = self._measured(bound, chains)
            connected.append(_connected(bound, measured))
            parameters += [replace(one, bound=connected[-1]) for one in measured]
        re, pe, er = (_sum([getattr(b, name) for b in connected], name, connected) for name in ("RE", "PE", "ER"))
        leakage = [b.LE for b in connected if b.LE is not None]
        claim = Claim(
            bounds=tuple(connected),
            space=self.space,
            points=tuple(points),
            chains=tuple(chains),
            parameters=tuple(parameters),
            RE=re,
            PE=pe,
            ER=er,
            total_ER=total(er, over=period),
            values=values,
            origins=origins,
            bound_values=tuple(found),
            operation=self.operation,
            LE=_sum(leakage, "LE", connected) if leakage else None,
        )
        values.update({chain.graph.H: divisors(claim, chain, self.timeline) for chain in chains})
        self.findings += mean_findings(claim, self.series.coverage, self.timeline)
        return claim

    def _measured(self, bound: Bound, chains: list[Chain]) -> list[Parameter]:
        """The monitored parameters that measuring chains define."""
        parameters: list[Parameter] = []
        for node in sorted(bound.monitored, key=lambda n: n.weight is not None):  # a weight comes before its mean
            weights = [
                p.defined for p in parameters if node.weight is not None and p.declared.symbol == node.weight.symbol
            ]
            for chain in chains:
                places: dict[tuple[str, ...], int] = {
                    ((p.applies_to,) if p.applies_to else ()): k
                    for k, p in enumerate(chain.points)
                    if (p.methodology, p.parameter) == (bound.namespace, node.symbol)
                    and bool(p.combined) == node.combined
                }
                if places:
                    weight = weights[0] if weights else None
                    defined, mapping = parameter_from(chain, bound.namespace, node, self.space, places, weight)
                    parameters.append(Parameter(bound, node, defined, chain, places, mapping))
        return parameters


def _connected(bound: Bound, measured: Sequence[Parameter]) -> Bound:
    """The binding with its measuring chains in place of the monitored inputs."""
    replaced: dict[int, Named] = {id(p.declared): p.defined for p in measured}
    # Leaves stay the same nodes: values and origins are kept by node.
    rebuild = Rebuild(lambda node: replaced.get(id(node), None if node.operands else node))
    re, pe, er = rebuild(bound.RE), rebuild(bound.PE), rebuild(bound.ER)
    nodes = [rebuild(n) if isinstance(n, Defined) else replaced.get(id(n), n) for n in bound.nodes]
    le = None if bound.LE is None else rebuild(bound.LE)
    return replace(bound, RE=re, PE=pe, LE=le, ER=er, nodes=tuple(nodes))


def _sum(results: Sequence[Defined], name: str, bounds: Sequence[Bound]) -> Defined:
    """A result of the claim: that of its only methodology, or the sum over those that have it."""
    if len(bounds) == 1:
        return results[0]
    equation: Expression = results[0]
    for other in results[1:]:
        equation = Add(equation, other)
    return Defined(name, say("{what} of the claim", what=results[0].label), results[0].unit, equation, (period,))


def _meets(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span[0] < other[1] and other[0] < span[1]
