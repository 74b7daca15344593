"""Holes that another source bridges: the meter's register, a check meter, invoices, in this order.

A source states what flowed over a span that holds the hole. What the meter
counted in the rest of the span is taken off; what is left flowed in the hole.
Where the source has an error of its own, so has what is left, and the end of it
with the lowest ER is taken; never more or less than the meter itself allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.amounts import Amounts
from jcm_mrv.meters.coverage import within, without
from jcm_mrv.meters.segments import Second, SecondKind
from jcm_mrv.origin import Origin
from jcm_mrv.quality.treatment.data_gaps import GapFinder, Ground
from jcm_mrv.quality.treatment.limits import GAPS_SHORT_HOLE_HOURS
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_INVOICE_ERROR, MeterErrors
from jcm_mrv.quality.treatment.month import OfMonth, Span
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import HOUR, local_text

BRIDGED = Code("gaps.bridged", Severity.MINOR, "A gap of a meter is bridged by another source.")
CONFLICT = Code("gaps.bridge_conflict", Severity.MAJOR, "A source that could bridge a gap contradicts the meter.")

CHECK_METER = "check meter"


@dataclass(frozen=True)
class Bridge(OfMonth):
    """The part of a hole in one month that a source bridges; ``lowest`` to ``highest`` in the chain's unit."""

    lowest: float
    highest: float
    source: str
    where: Origin
    source_where: Origin


@dataclass(frozen=True)
class _Source:
    """What one source says about a span, in the chain's unit, and by how much it may be wrong."""

    name: str
    start: int
    end: int
    amount: float
    error: float
    origin: Origin


class Bridger:
    """Bridges the holes of one chain."""

    def __init__(self, ground: Ground, chain: Chain, finder: GapFinder, amounts: Amounts, errors: MeterErrors) -> None:
        self.ground, self.chain, self.finder, self.amounts, self.errors = ground, chain, finder, amounts, errors
        self.findings: list[Finding] = []
        self._place = {where: n for n, where in enumerate(chain.meter_months)}
        self._seconds: dict[str, list[Second]] = {}
        for one in ground.series.seconds:
            self._seconds.setdefault(one.meter_id, []).append(one)

    def bridges(self, taken: Mapping[str, Iterable[Span]]) -> list[Bridge]:
        """The bridges of every meter's holes, but for the spans that are ``taken`` care of already."""
        holes: dict[str, list[Span]] = {}
        meters = dict.fromkeys(meter for meter, _ in self.chain.meter_months)
        for hole in self.ground.series.coverage.holes:
            if hole.meter_id in meters:
                own = tuple(taken.get(hole.meter_id, ()))
                holes.setdefault(hole.meter_id, []).extend(without((hole.start, hole.end), own))
        return [bridge for meter, open_spans in holes.items() for bridge in self._of_meter(meter, open_spans)]

    def _of_meter(self, meter: str, holes: list[Span]) -> Iterator[Bridge]:
        for source in self._sources(meter, list(holes)):
            spans = [piece for hole in holes for piece in within(hole, [(source.start, source.end)])]
            if not spans:
                continue
            found = self._bridge(meter, source, spans)
            if found is not None:
                yield from found
                holes = [rest for hole in holes for rest in without(hole, spans)]

    # --- sources, in the order in which they are accepted ---

    def _sources(self, meter: str, holes: list[Span]) -> Iterator[_Source]:
        own = self._seconds.get(meter, [])
        for kind in (SecondKind.REGISTER, SecondKind.READING):
            yield from (self._second(meter, one, 0.0) for one in own if one.kind == kind)
        for name in self.ground.series.checks.get(meter, ()):
            yield from self._check_meter(meter, name, holes)
        error = self.errors.of(meter) + self.ground.settings[CROSSCHECK_INVOICE_ERROR]
        yield from (self._second(meter, one, error) for one in own if one.kind == SecondKind.INVOICE)

    def _second(self, meter: str, one: Second, error: float) -> _Source:
        scale = self.chain.in_unit(one.unit, meter, one.start)
        amount = one.amount * scale
        off = abs(amount) * error + one.resolution * scale
        return _Source(one.kind.value, one.start, one.end, amount, off, one.origin)

    def _check_meter(self, meter: str, name: str, holes: list[Span]) -> Iterator[_Source]:
        blind = [(h.start, h.end) for h in self.ground.series.coverage.holes if h.meter_id == name]
        error = self.errors.of(meter) + self.errors.of(name)
        for start, end in holes:
            if within((start, end), blind):
                continue
            try:
                amount = self.amounts.between(name, start, end, self.chain.unit)
            except UnitError:
                return
            if amount.exact:
                origin = Origin(file=self.ground.file, sheet="Meters")
                yield _Source(f"{CHECK_METER} {name}", start, end, amount.value, abs(amount.value) * error, origin)

    # --- one source over some holes ---

    def _bridge(self, meter: str, source: _Source, spans: list[Span]) -> list[Bridge] | None:
        """The bridges of the holes in a source's span; None where source and meter cannot both be right."""
        measured = self._measured(meter, source)
        if measured is None:
            return None
        left = source.amount - measured
        hours = [(end - start) / HOUR for start, end in spans]
        low, high = left - source.error, left + source.error
        rates = self.finder.rates(meter)
        if rates is not None:
            short = self.ground.settings[GAPS_SHORT_HOLE_HOURS]
            brief, long = [h for h in hours if h < short], [h for h in hours if h >= short]
            least, most = rates.bounds(sum(brief), long)
            if source.error:
                # A share of a large total says little about a short hole: the meter's own rates say more.
                low, high = max(low, min(least, high)), min(high, max(most, low))
        if high < 0 and (rates is None or rates.readings[0] >= 0):
            self.findings.append(self._conflict(meter, source, measured))
            return None
        low = max(low, 0.0) if rates is None or rates.readings[0] >= 0 else low
        return self._by_month(meter, source, spans, (low, max(high, low)))

    def _measured(self, meter: str, source: _Source) -> float | None:
        """What the meter counted in a source's span; None where that is not known without dividing a reading."""
        blind = [(h.start, h.end) for h in self.ground.series.coverage.holes if h.meter_id == meter]
        if not without((source.start, source.end), blind):
            return 0.0
        found = self.amounts.between(meter, source.start, source.end, self.chain.unit)
        return found.value if found.exact else None

    def _by_month(self, meter: str, source: _Source, spans: list[Span], ends: tuple[float, float]) -> list[Bridge]:
        whole = sum(end - start for start, end in spans)
        found: list[Bridge] = []
        for m, month in enumerate(self.ground.timeline.months):
            pieces = tuple(p for span in spans for p in within(span, [(month.start, month.end)]))
            if pieces and (meter, m) in self._place:
                share = sum(b - a for a, b in pieces) / whole
                found.append(
                    Bridge(
                        self.chain, self._place[meter, m], meter, m, pieces, ends[0] * share, ends[1] * share,
                        source.name, self.finder.where(meter), source.origin,
                    )
                )  # fmt: skip
        return found

    def _conflict(self, meter: str, source: _Source, measured: float) -> Finding:
        zone = self.ground.timeline.zone
        return CONFLICT(
            f"{source.name} of meter {meter} state less for {local_text(zone, source.start)} to "
            f"{local_text(zone, source.end)} than its log counts in a part of that time; the gap is not bridged",
            source.origin,
            found=f"{source.amount:.6g} {self.chain.unit}, the log {measured:.6g} {self.chain.unit}",
            action="Compare meter, unit, transformer factor and times of both.",
            data={"source": source.amount, "measured": measured},
        )


def bridge_rule(bridge: Bridge) -> str:
    """What was done, in words."""
    return f"bridged by {bridge.source}"


def bridge_finding(bridge: Bridge, treatment: Treatment, ground: Ground) -> Finding:
    """The finding of a gap that is bridged."""
    zone = ground.timeline.zone
    start, end = bridge.spans[0][0], bridge.spans[-1][1]
    return BRIDGED(
        f"meter {bridge.meter_id} has no reading for {bridge.hours:,.2f} hours of {treatment.month}; bridged by "
        f"{bridge.source}: {treatment.correction:.6g} {treatment.unit}",
        bridge.where,
        found=f"nothing from {local_text(zone, start)} to {local_text(zone, end)}; {bridge.source} in "
        f"{bridge.source_where}",
        action="Keep the source ready for the verifier, and say why the readings are missing.",
        data={"hours": round(bridge.hours, 4), "lowest": bridge.lowest, "highest": bridge.highest},
        effect_tco2e=treatment.effect_tco2e,
    )
