"""Data gaps that another source bridges: the meter's register, a check meter, invoices, in this order.

A source states the metered quantity over a span that holds the gap. What the meter
counted in the rest of the span is taken off; what is left flowed in the gap.
Where the source has an error of its own, so has what is left, and the end of it
with the lowest ER is taken. Only the highest rate stated on Meters narrows it: that
the meter never counted as much before is no bound.
Where the source's span reaches beyond the gap into time that nothing covers
(before the monitoring period, say), what is left flowed in both; how much of it
in the gap lies between bounds, of which one is never better than the part by time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.coverage import within, without
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.exposure import Exposure, Part
from jcm_mrv.quality.treatment.proposal import Decision, Outcome, Proposal, by_cause, outcomes_of, spans_by_meter
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.quality.treatment.unlike_meter import LIKE, Doubts, Unlike
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import HOUR, Span, local_text
from jcm_mrv.words import say

BRIDGED = Code("gaps.bridged", Severity.MINOR, "A gap of a meter is bridged by another source.")
CONFLICT = Code("gaps.bridge_conflict", Severity.MAJOR, "A source that could bridge a gap contradicts the meter.")


@dataclass(frozen=True)
class Bridge(Proposal):
    """The part of a data gap in one month that a source bridges, within the source's error."""

    kind = "bridged"

    source: str
    source_where: Origin
    open: tuple[float, float] | None = None
    """The least and the most that can have flowed where the source reaches beyond the gap and no rate is stated."""
    amount: float = math.nan
    """What the source leaves for the part, before any bound."""
    rates: Rates | None = None
    """What the meter showed itself; None where it was never read."""
    contradicted: bool = False
    """True where that is more than can have flowed by the stated highest rate or the rated capacity."""

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        return say("bridged by {source}", source=self.source)


@dataclass(frozen=True)
class Bridging:
    """The treatment of data gaps that another source covers."""

    context: AssessmentContext

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """The bridges of every meter's gaps, but for the spans that those before take care of."""
        taken = spans_by_meter(before)
        found: list[Proposal] = []
        findings: list[Finding] = []
        for meter, spans in self.context.gaps.items():
            if meter in within.meters:
                open_spans = [rest for span in spans for rest in without(span, taken.get(meter, ()))]
                bridges, conflicts = _of_meter(within, meter, open_spans)
                found += bridges
                findings += conflicts
        return found, findings

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """One finding for each bridge."""
        found = outcomes_of(Bridge, outcomes)
        whole = by_cause(((b.chain.unit, b.meter_id, b.source_where), (b, t, b.open)) for b, t in found)
        doubts = Doubts(self.context, [bridge for bridge, _ in found])
        return [self._finding(b, t, whole[b.chain.unit, b.meter_id, b.source_where], doubts.of(b, t)) for b, t in found]

    def _finding(
        self, bridge: Bridge, treatment: Treatment, whole: Sequence[Part], unlike: Unlike | None = None
    ) -> Finding:
        zone = self.context.timeline.zone
        start, end = bridge.spans[0][0], bridge.spans[-1][1]
        exposed = self.exposure.of([(bridge, treatment, bridge.open)], whole)
        return BRIDGED(
            say(
                "meter {meter_id} has no reading for {hours:,.2f} hours of {month}; bridged by {source}: "
                "{correction:.6g} {treatment_unit}",
                meter_id=bridge.meter_id,
                hours=bridge.hours,
                month=treatment.month,
                source=bridge.source,
                correction=treatment.correction,
                treatment_unit=treatment.unit,
            ),
            bridge.where,
            found=say(
                "nothing from {local_text} to {local_text_2}; {source} in {source_where}",
                local_text=local_text(zone, start),
                local_text_2=local_text(zone, end),
                source=bridge.source,
                source_where=bridge.source_where,
            )
            + (say("; {odd}", odd=unlike.words) if unlike else ""),
            action=(unlike or LIKE).action + (" " + exposed.words if exposed else ""),
            data={"hours": round(bridge.hours, 4), "lowest": bridge.ends[0], "highest": bridge.ends[1]},
            effect_tco2e=exposed.effect if exposed else unlike.effect if unlike else treatment.effect_tco2e,
            severity=Severity.MAJOR if exposed or unlike else None,
        )

    @cached_property
    def exposure(self) -> Exposure:
        """What hangs on the parts by time."""
        return Exposure(self.context)


@dataclass(frozen=True)
class _Bounds:
    """What may have flowed in the gaps of a source's span, ``open`` and ``contradicted`` as in :class:`Bridge`."""

    low: float
    high: float
    open: tuple[float, float] | None = None
    contradicted: bool = False


@dataclass(frozen=True)
class _Left:
    """What the meter itself did not count in a source's span: it flowed in the gaps, or in other time without a word.

    The gaps ``spans`` are ``inside`` long together, the other time is ``beyond`` (microseconds).
    """

    amount: float
    spans: Sequence[Span]
    inside: int
    beyond: int

    @property
    def by_time(self) -> float:
        """The part of the gaps by time."""
        return self.amount * self.inside / (self.inside + self.beyond)


@dataclass(frozen=True)
class _Source:
    """What one source says about a span, in the chain's unit, and by how much it may be wrong."""

    name: str
    start: int
    end: int
    amount: float
    error: float
    origin: Origin

    @property
    def span(self) -> Span:
        return self.start, self.end


def _of_meter(chain: ChainContext, meter: str, gaps: list[Span]) -> tuple[list[Bridge], list[Finding]]:
    """The bridges of a meter's gaps, each by the first source that can, and the sources that contradict it."""
    found: list[Bridge] = []
    conflicts: list[Finding] = []
    for source in _sources(chain, meter, gaps):
        spans = [piece for gap in gaps for piece in within(gap, [source.span])]
        known = _measured(chain, meter, source) if spans else None
        if known is None:
            continue
        measured, silent = known
        inside = sum(b - a for a, b in spans)
        left = _Left(source.amount - measured, spans, inside, silent - inside)
        bounds = _bounds(chain, meter, source, left)
        if bounds is None:
            conflicts.append(_conflict(chain, meter, source, measured))
            continue
        found += _by_month(chain, meter, source, left, bounds)
        gaps = [rest for gap in gaps for rest in without(gap, spans)]
    return found, conflicts


# --- sources, in the order in which they are accepted ---


def _sources(chain: ChainContext, meter: str, gaps: Sequence[Span]) -> Iterator[_Source]:
    """What each other source states: of a gap's part in a month alone where it does, else of its spans around it."""
    for other in chain.context.sources.of(meter, chain.chain.unit):
        pieces = [piece for _, own in chain.by_month(meter, gaps) for piece in own]
        exact = [piece for piece in pieces if other.curve.over(*piece).exact]
        left = [rest for gap in gaps for rest in without(gap, exact)]
        known = other.curve.stated_spans if left else ()
        around = [span for a, b in left for span in known if span[0] < b and span[1] > a]
        for start, end in dict.fromkeys([*exact, *around]):
            said = other.curve.over(start, end)
            off = abs(said.best) * other.error + (said.highest - said.best) / 2  # half of what both ends are read to
            yield _Source(other.name, start, end, said.best, off, other.origins.get(start, other.where))


# --- one source over some gaps ---


def _measured(chain: ChainContext, meter: str, source: _Source) -> tuple[float, int] | None:
    """What the meter counted in a source's span, and for how long (microseconds) it says nothing.

    None where that is not known without dividing a reading.
    """
    if not without(source.span, chain.context.gaps.get(meter, ())):
        return 0.0, source.end - source.start
    found = chain.context.amounts.between(meter, *source.span, chain.chain.unit)
    return None if found.divided else (found.best, found.missing)


def _bounds(chain: ChainContext, meter: str, source: _Source, left: _Left) -> _Bounds | None:
    """The metered quantity in the data gaps of a source's span; None where source and meter cannot both be right."""
    rates = chain.rates.get(meter)
    forward = rates is None or rates.readings[0] >= 0
    limit = min(chain.context.amounts.curve(meter, chain.chain.unit).rate, chain.capacity(meter)) * left.inside
    if left.beyond:
        found = _beyond(chain, meter, source, left)
    else:
        found = _Bounds(left.amount - source.error, left.amount + source.error)
        allowed = chain.bounds(meter, left.spans)
        if allowed is not None and source.error >= abs(left.amount):
            # A share of a large total says little about a short gap: the meter's own rates say more.
            found = replace(found, high=min(found.high, max(allowed[1], left.amount)))
    if found.high < 0 and forward:
        return None
    # A source above what can flow contradicts it: no more than that is credited, no less than all taken off.
    contradicted = limit < left.by_time
    low, high = min(found.low, limit), found.high if contradicted else min(found.high, limit)
    low = max(low, 0.0) if forward else low
    return replace(found, low=low, high=max(high, low), contradicted=contradicted)


def _beyond(chain: ChainContext, meter: str, source: _Source, left: _Left) -> _Bounds:
    """The same where what is left flowed partly outside the gaps: the part by time lies always between the bounds.

    Without a stated rate all of it may have flowed on either side, as far as the rated capacity goes; the rates that
    the meter showed are used, and what is left open is said.
    """
    stated, by_time = chain.context.amounts.curve(meter, chain.chain.unit).rate, left.by_time
    back, most = _elsewhere(chain, meter, left.beyond)
    surely, high = left.amount - source.error, left.amount + source.error - back
    if math.isfinite(stated):
        return _Bounds(min(surely - stated * left.beyond, by_time), max(high, by_time))
    least, allowed = chain.bounds(meter, left.spans) or (0.0, high)
    low = min(max(surely - most, least), by_time)
    narrowed = min(high, max(allowed, by_time))
    capacity = chain.capacity(meter)
    least = max(surely - capacity * left.beyond, least)
    return _Bounds(low, narrowed, (min(least, low), max(min(high, capacity * left.inside), narrowed)))


def _elsewhere(chain: ChainContext, meter: str, time: int) -> tuple[float, float]:
    """The least and the most that flowed in a time that nothing covers, by the meter's own rates."""
    rates = chain.rates.get(meter)
    if rates is None:
        return 0.0, math.inf
    least, most = rates.of_length(time / HOUR)
    return min(0.0, least) * time / HOUR, max(0.0, most) * time / HOUR


def _by_month(chain: ChainContext, meter: str, source: _Source, left: _Left, bounds: _Bounds) -> Iterator[Bridge]:
    """A source's bridge divided among months by their hours."""
    for m, pieces in chain.by_month(meter, left.spans):
        share = sum(b - a for a, b in pieces) / left.inside
        yield Bridge(
            chain.chain,
            chain.place[meter, m],
            meter,
            m,
            pieces,
            measured=0.0,
            lowest=bounds.low * share,
            highest=bounds.high * share,
            where=chain.data_origin(meter),
            source=source.name,
            source_where=source.origin,
            open=None if bounds.open is None else (bounds.open[0] * share, bounds.open[1] * share),
            amount=left.by_time * share,
            rates=chain.rates.get(meter),
            contradicted=bounds.contradicted,
        )


def _conflict(chain: ChainContext, meter: str, source: _Source, measured: float) -> Finding:
    zone, unit = chain.context.timeline.zone, chain.chain.unit
    return CONFLICT(
        say(
            "{source} of meter {meter} state less for {local_text} to {local_text_2} than its log counts in a part of "
            "that time; the gap is not bridged",
            source=source.name,
            meter=meter,
            local_text=local_text(zone, source.start),
            local_text_2=local_text(zone, source.end),
        ),
        source.origin,
        found=say(
            "{amount:.6g} {unit}, the log {measured:.6g} {unit}", amount=source.amount, unit=unit, measured=measured
        ),
        action=say("Compare meter, unit, transformer factor and times of both."),
        data={"source": source.amount, "measured": measured},
    )
