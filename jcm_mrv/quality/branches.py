"""What the tree of meters shows: main meters against their sub-meters and bills, foreign loads, what counts twice.

A main meter counts what its sub-meters count and the rest that none of them does. The rest has a name and is never
less than nothing. What is counted on a feeder of the claim, and is not the claim's, raises or lowers ER by an amount
that is known where the load has a meter of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Point, Term
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.coverage import limits_of
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource, SeriesResult
from jcm_mrv.meters.sources.compared import known_spans
from jcm_mrv.meters.sources.counted import Counted, layers
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.meters.tree import Tree, tree_of
from jcm_mrv.methodology.declare import equipment
from jcm_mrv.origin import Origin
from jcm_mrv.quality.balance import Balance, runs_of, without_overlap
from jcm_mrv.quality.foreign_loads import foreign_load, load_by_month
from jcm_mrv.quality.parts import parts_of
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_INVOICE_ERROR, MeterErrors
from jcm_mrv.quality.treatment.tree_excess import Excess
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.time.dividing import divide
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import Span, local_time
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.records import MonitoringData

SUM = Code("tree.sum", Severity.MAJOR, "The meters below a main meter count more than it does.")
BILLS = Code("tree.bills", Severity.MAJOR, "The meters below a main meter count more than its bills.")
REMAINDER = Code("tree.remainder", Severity.NOTE, "What a main meter counts and none of the meters below it does.")
BESIDE = Code("tree.subtracted_beside", Severity.MAJOR, "What is subtracted does not hang below what it is taken from.")
TWICE = Code("tree.counted_twice", Severity.ERROR, "A meter and one below it count for the same quantity.")

_LISTED = 12
_BESIDE = say("by the column Below it hangs below none of those that are added, so that it was never in them")
_NOT_SAID = say("the column Below does not say that it hangs below one of those that are added")
_NOTHING = 1e-9


def tree_findings(
    claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings
) -> tuple[list[Excess], list[Finding]]:
    """Everything that the tree of meters shows, and what is subtracted beside it.

    Gives what is too much in the claim, each with its finding, and the other findings.
    """
    found = list(_Branches(claim, series, data, timeline, settings, tree_of(data.meters)).found())
    return [one for one in found if isinstance(one, Excess)], [one for one in found if isinstance(one, Finding)]


class _Branches:
    def __init__(
        self,
        claim: Claim,
        series: SeriesResult,
        data: MonitoringData,
        timeline: Timeline,
        settings: Settings,
        tree: Tree,
    ) -> None:
        self.claim, self.series, self.data, self.timeline, self.tree = claim, series, data, timeline, tree
        self.counted = Counted(series, timeline, meters=data.meters)
        self.errors, self.bill_error = MeterErrors(data.meters, settings), settings[CROSSCHECK_INVOICE_ERROR]
        self.effects = Effects(claim, timeline)
        self.rows = {row.meter_id: row for row in reversed(data.meters)}
        self.parts = parts_of(claim, data, series.checks, self.counted, timeline, settings)
        self.checked = {name: main for main, names in series.checks.items() for name in names}
        self.checked.update((name, main) for main, one in self.parts.items() for name in one.meters)
        self.used = {t.meter_id for p in claim.points for t in p.terms}
        generation = [p for p in claim.points if p.parameter.startswith("EG")]
        self.generators = {t.meter_id for p in generation for t in p.terms if t.coefficient > 0}

    def found(self) -> Iterator[Excess | Finding]:
        for main in self.tree.mains:
            subs = [name for name in self.tree.below(main) if name not in self.checked]
            try:
                yield from self._main(main, subs)
            except UnitError:
                continue  # the tree has named what is of another kind
        yield from (parts.finding(self.claim) for parts in self.parts.values())
        # The tree is of what flows: a temperature that is taken off another hangs below nothing.
        for point in (p for p in self.claim.points if not p.divided and not p.combined):
            for term in point.terms:
                if term.coefficient > 0:
                    yield from self._below(point, term)
                elif term.coefficient < 0:
                    yield from self._beside(point, term)

    # --- a main meter against those below it ---

    def _main(self, main: str, below: Sequence[str]) -> Iterator[Excess | Finding]:
        unit = self.rows[main].unit
        fed = [name for name in below if name in self.generators and main not in self.generators]
        subs = [name for name in below if name not in fed and len(self.counted.curve(name, unit).at)]
        if not subs:
            return
        counted, edges = self.counted.curve(main, unit), self.timeline.edges

        def rows_of(curve: Curve, spans: Iterable[Span], error: float) -> list[Balance]:
            return list(self._rows(curve, [*spans], subs, fed, unit, error))

        rows = rows_of(counted, known_spans(counted, edges), self.errors.of(main))
        over = without_overlap(rows, rows_of(counted, runs_of(counted, edges), self.errors.of(main)))
        if over:
            yield self._more(SUM, main, subs, unit, over, "counts", rows)
        elif rows:
            yield self._rest(main, subs, unit, rows)
        for bills in (self.counted.stated(layer, unit) for layer in layers(self._bills(main))):
            billed = rows_of(bills, bills.stated_spans, self.bill_error)
            over = without_overlap(billed, rows_of(bills, runs_of(bills, edges), self.bill_error))
            if over:
                whole = rows_of(bills, known_spans(bills, edges), self.bill_error)
                yield self._more(BILLS, main, subs, unit, over, "was billed", whole)
            elif billed and not rows:
                yield self._rest(main, subs, unit, billed)

    def _bills(self, main: str) -> list[SecondarySource]:
        both = (*self.series.seconds, *self.series.billed)
        return [one for one in both if one.meter_id == main and one.kind == SecondaryKind.INVOICE]

    def _rows(
        self,
        main: Curve,
        spans: Sequence[tuple[int, int]],
        subs: Sequence[str],
        fed: Sequence[str],
        unit: str,
        error: float,
    ) -> Iterator[Balance]:
        """The spans over which the main meter is known, and what is ``fed`` in below it.

        What no sub-meter states of a span counts as nothing at least.
        """
        start, end = limits_of(spans)
        known = main.between(start, end)
        below, own = ([self.counted.curve(n, unit).between(start, end) for n in names] for names in (subs, fed))
        lowest = [np.maximum(flow.lowest, 0.0) for flow in below]
        least = np.sum(lowest, axis=0)
        most = np.sum([flow.highest for flow in below], axis=0)
        best = np.sum([np.maximum(flow.best, 0.0) for flow in below], axis=0)
        wide = np.sum([one * self.errors.of(sub) for one, sub in zip(lowest, subs, strict=True)], axis=0)
        supply = known.best + sum((flow.highest for flow in own), np.zeros(len(start)))
        for n in np.flatnonzero(known.exact & np.isfinite(supply)).tolist():
            whole = float(supply[n])
            allowed = abs(whole) * error + float(wide[n])
            yield Balance(int(start[n]), int(end[n]), whole, float(least[n]), float(most[n]), float(best[n]), allowed)

    def _more(
        self, code: Code, main: str, subs: Sequence[str], unit: str, rows: Sequence[Balance], does: str,
        every: Sequence[Balance] = (),
    ) -> Excess | Finding:  # fmt: skip
        worst = max(rows, key=lambda row: row.least - row.main)
        effect, amounts = self._effect(main, subs, unit, rows)
        finding = code(
            say(
                "the meters below {main} ({subs}) count more than it {does}, in {number_of_rows} span(s)",
                main=main,
                subs=", ".join(subs[:_LISTED]),
                does=does,
                number_of_rows=len(rows),
            ),
            self.rows[main].origin("meter_id"),
            found=joined("; ", [*(self._text(row, unit) for row in rows[:_LISTED]), *self._caught_up(every, unit)]),
            action=say(
                "Check the transformer factors and units of all of them, and the column Below; a source of its own (a "
                "generator, solar panels) that feeds in below the main meter has to be said. Where the main meter "
                "was read too low (estimated, say) and caught up later, enter what it showed at the end of each month."
            ),
            data={"spans": len(rows), "worst": worst.least - worst.main},
            effect_tco2e=effect,
        )
        return Excess(amounts, finding) if effect is not None and effect > 0 else finding

    def _caught_up(self, every: Sequence[Balance], unit: str) -> Iterator[str]:
        """All that the main meter states together, where that is as much as those below it counted at least."""
        main, least = sum(row.main for row in every), sum(row.least for row in every)
        if every and main >= least:
            yield say(
                "all that it states together: {main:.6g} against {least:.6g} {unit}", main=main, least=least, unit=unit
            )

    def _effect(
        self, main: str, subs: Sequence[str], unit: str, rows: Sequence[Balance]
    ) -> tuple[float | None, Mapping[tuple[str, str], Mapping[int, float]]]:
        """ER as it is less ER if the main meter were right and those below it too high in proportion, or the reverse.

        The larger of the two where both are in the claim, with the amounts that are too much then; None where neither
        is.
        """
        found: list[tuple[float, Mapping[tuple[str, str], Mapping[int, float]]]] = []
        if main in self.used:
            raised = {(main, unit): self._by_month([(r.start, r.end, r.main - r.least) for r in rows])}
            effect = self.effects(main, unit, raised[main, unit])
            found += [] if effect is None else [(effect, raised)]
        if self.used.intersection(subs):
            lowered = {(sub, unit): self._by_month(self._too_much(sub, unit, rows)) for sub in subs}
            effects = [self.effects(*which, months) or 0.0 for which, months in lowered.items()]
            found.append((sum(effects), lowered))
        return max(found, key=lambda one: one[0], default=(None, {}))

    def _too_much(self, sub: str, unit: str, rows: Sequence[Balance]) -> list[tuple[int, int, float]]:
        """By span what a sub-meter counted too much if the main meter is right."""
        curve = self.counted.curve(sub, unit)
        return [(r.start, r.end, curve.over(r.start, r.end).best * r.too_much) for r in rows]

    def _by_month(self, amounts: Sequence[tuple[int, int, float]]) -> dict[int, float]:
        pieces = divide(*limits_of([(start, end) for start, end, _ in amounts]), self.timeline.edges)
        weights = np.array([amount for _, _, amount in amounts])[pieces.row] * pieces.share
        months = np.bincount(pieces.segment, weights=weights)
        return {m: float(months[m]) for m in np.unique(pieces.segment).tolist()}

    def _rest(self, main: str, subs: Sequence[str], unit: str, rows: Sequence[Balance]) -> Finding:
        whole, least, most = (sum(values) for values in zip(*((r.main, r.least, r.most) for r in rows), strict=True))
        rest: str = say("{rest:.6g}", rest=whole - least)
        if most - least >= 1e-9 * max(abs(whole), 1.0):
            rest = say("at most {rest}", rest=rest)
        return REMAINDER(
            say(
                "of what {main} counts, {rest} {unit} is counted by none of the meters below it ({subs})",
                main=main,
                rest=rest,
                unit=unit,
                subs=", ".join(subs[:_LISTED]),
            ),
            self.rows[main].origin("meter_id"),
            found=joined("; ", (self._text(row, unit) for row in rows[:_LISTED])),
            action=say("Nothing, if it is known what the rest is: losses, or loads without a meter of their own."),
            data={"main": whole, "below": least, "remainder": whole - least},
        )

    def _text(self, row: Balance, unit: str) -> str:
        start, end = (local_time(self.timeline.zone, t) for t in (row.start, row.end))
        amounts = say("{main:.6g} against {least:.6g} {unit}", main=row.main, least=row.least, unit=unit)
        return say("{start:%Y-%m-%d} to {end:%Y-%m-%d}: {amounts}", start=start, end=end, amounts=amounts)

    # --- below a meter that counts ---

    def _below(self, point: Point, term: Term) -> Iterator[Excess | Finding]:
        branch = list(self.tree.branch(term.meter_id))
        places = {name: self._stands_for(name, {term.meter_id, *branch}) for name in branch}
        foreign: dict[str, tuple[set[str], float]] = {}
        for load in branch:
            # A check meter is judged with what it checks, and what hangs below it hangs below that.
            above = {places[name] for name in self._between(load, term.meter_id)} - {load, term.meter_id}
            left = self._left(point, term, {load, *above})
            if places[load] != load or left <= _NOTHING:
                continue
            other = next((p for p in self.claim.points if self._adds(p, load) and self._same(point, p)), None)
            if other is not None and other is not point:
                yield self._twice(point, term, load, other)
            elif not self._elsewhere(point, load) and not self._gone(load):
                foreign[load] = above, left
        for load, (above, left) in foreign.items():
            if not above & foreign.keys():
                yield self._foreign(point, term, load, left)

    def _beside(self, point: Point, term: Term) -> Iterator[Finding]:
        """A meter that is subtracted, and hangs below none that is added by the tree, or by all that is said of it."""
        name, unit = term.meter_id, self.rows[term.meter_id].unit
        added = [t.meter_id for t in point.terms if t.coefficient > 0]
        placed = name in self.tree.above and all(one in self.tree.above for one in added)
        words = _BESIDE if placed else _NOT_SAID
        inside = {name, self.checked.get(name, ""), *self.tree.path(name)}
        # What feeds back is metered beside or above: an export is taken off an import or off generation.
        if not added or inside.intersection(added) or any(name in self.tree.path(one) for one in added):
            return
        amounts = {
            m: self.counted.curve(name, unit).over(month.start, month.end).best
            for m, month in enumerate(self.timeline.months)
        }
        effect = self.effects(name, unit, amounts)
        if effect is None or effect > 0:
            yield BESIDE(
                say(
                    "meter {name} is subtracted for {point}, and {words}: {added}",
                    name=name,
                    point=point.name,
                    words=words,
                    added=", ".join(added),
                ),
                self._where(name),
                found=say(
                    "{sum:.6g} {unit} in the period; {point} = {formula}",
                    sum=sum(amounts.values()),
                    unit=unit,
                    point=point.name,
                    formula=point.formula,
                ),
                action=say(
                    "Take the row with the sign - out of Monitoring points; or, if it hangs below one of them, say so "
                    "in the column Below; of an export above the meter of the import, say that of the import."
                ),
                data={"amount": sum(amounts.values())},
                effect_tco2e=effect,
            )

    def _stands_for(self, meter: str, inside: Collection[str]) -> str:
        """The meter that another one is a check meter or part of, where that is ``inside`` the same branch."""
        seen = {meter}
        while (checked := self.checked.get(meter, "")) in inside and checked not in seen:
            seen.add(checked)
            meter = checked
        return meter

    def _left(self, point: Point, term: Term, names: Collection[str]) -> float:
        """The share of a load that a point still counts, of what hangs on one path below its meter."""
        net = sum(t.coefficient for t in point.terms if t.meter_id in names)
        return min(1.0 + net / term.coefficient, 1.0)

    def _elsewhere(self, point: Point, meter: str) -> bool:
        """True where another monitoring point says what a meter measures."""
        return any(t.meter_id == meter and t.coefficient for p in self.claim.points if p is not point for t in p.terms)

    def _gone(self, meter: str) -> bool:
        """True where no meter of that name stands in the period, and nothing was read of it."""
        rows = [row for row in self.data.meters if row.meter_id == meter]
        first, last = int(self.timeline.edges[0]), int(self.timeline.edges[-1])
        away = all(
            (row.removed is not None and self.timeline.instant(row.removed) <= first)
            or (row.installed is not None and self.timeline.instant(row.installed) >= last)
            for row in rows
        )
        return away and not self.counted.curve(meter, rows[0].unit).over(first, last).best

    def _adds(self, point: Point, meter: str) -> bool:
        return any(t.meter_id == meter and t.coefficient > 0 for t in point.terms)

    def _between(self, load: str, feeder: str) -> Iterator[str]:
        """What hangs between a load and a feeder above it."""
        for name in self.tree.path(load):
            if name == feeder:
                return
            yield name

    def _same(self, point: Point, other: Point) -> bool:
        """True where two points are for one quantity, of other equipment or of another methodology."""
        if point.methodology == other.methodology:
            return point.parameter == other.parameter
        return all(self._per_equipment(p) for p in (point, other))

    def _per_equipment(self, point: Point) -> bool:
        bound = next(b for b in self.claim.bounds if b.namespace == point.methodology)
        node = next(n for n in bound.monitored if n.symbol == point.parameter)
        return bound.sets.get(equipment) in node.sets

    def _twice(self, point: Point, term: Term, load: str, other: Point) -> Finding:
        return TWICE(
            say(
                "meter {load} hangs below {meter_id}: what it counts for {other} counts for {point} too",
                load=load,
                meter_id=term.meter_id,
                other=other.name,
                point=point.name,
            ),
            term.origin,
            found=f"{point.name} = {point.formula}; {other.name} = {other.formula}",
            action=say(
                "Subtract {load} (a row with the sign -) where {meter_id} is added; or correct Below.",
                load=load,
                meter_id=term.meter_id,
            ),
        )

    def _foreign(self, point: Point, term: Term, load: str, left: float) -> Excess | Finding:
        unit = self.rows[load].unit
        counted = load_by_month(self.series.coverage, self.counted, self.timeline, load, term.meter_id, unit)
        amounts = {m: amount * left for m, amount in counted.items()}
        known = bool(len(self.counted.curve(load, unit).at))
        effect = self.effects(term.meter_id, unit, amounts)
        finding = foreign_load(point, term, load, left, sum(amounts.values()), unit, known, effect, self._where(load))
        return Excess({(term.meter_id, unit): amounts}, finding) if effect is not None and effect > 0 else finding

    def _where(self, meter: str) -> Origin:
        return self.rows[meter].origin("below")
