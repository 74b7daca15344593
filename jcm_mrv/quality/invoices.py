"""Invoices as records: complete over the monitoring period, without overlaps, in its cycles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.meters.coverage import without
from jcm_mrv.meters.secondary_sources import OVERLAP
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource, SeriesResult
from jcm_mrv.meters.tree import Tree
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, local_time
from jcm_mrv.words import say

MISSING = Code("invoices.missing", Severity.MINOR, "Invoices of a meter do not cover the monitoring period.")
ALONE = Code("invoices.compared_with_nothing", Severity.MAJOR, "The invoices of a meter are compared with nothing.")
CYCLE = Code("invoices.cycle", Severity.NOTE, "A billing cycle reaches over the start or end of the monitoring period.")


def compared_with_nothing(series: SeriesResult, tree: Tree) -> Iterator[Finding]:
    """Invoices of meters without a reading; those of a main meter of the ``tree`` stand against what hangs below it."""
    parts, found = series.parts, {one.meter_id: one for one in reversed(series.seconds)}
    read = {parts.meter_ids[m] for m in np.unique(parts.meter).tolist()}
    for meter, one in found.items():
        if one.kind == SecondaryKind.INVOICE and not read.intersection((meter, *tree.below(meter))):
            yield ALONE(
                say("meter {meter} has invoices and no reading: they are compared with nothing", meter=meter),
                one.origin,
                found=say("{amount:.6g} {unit} in the first of them", amount=one.amount, unit=one.unit),
                action=say(
                    "Enter its readings on Readings or Logs. If it is the supplier's meter of the site, enter on "
                    "Meters, in the column Below, its ID for each meter that hangs directly below it: their sum is "
                    "compared with the invoices then."
                ),
            )


def invoice_findings(series: SeriesResult, timeline: Timeline) -> Iterator[Finding]:
    """What is wrong with the invoices of each meter that has any, be they primary or secondary source."""
    groups: dict[str, list[SecondarySource]] = {}
    for one in [*series.seconds, *series.billed]:
        if one.kind == SecondaryKind.INVOICE:
            groups.setdefault(one.meter_id, []).append(one)
    first, last = timeline.months[0].start, timeline.months[-1].end
    for meter, found in groups.items():
        ordered = sorted(found, key=lambda s: (s.start, s.end))
        yield from _overlaps(meter, ordered, timeline)
        spans = [(s.start, s.end) for s in ordered]
        # A cycle that ends in the course of the day loses no day.
        open_spans = [(a, b) for a, b in without((first, last), spans) if b - a >= DAY]
        if open_spans:
            outside = open_spans == [(first, last)]
            yield _missing(meter, ordered[0], open_spans, timeline, outside=outside)
        yield from (_cycle(meter, s, timeline) for s in ordered if s.start < first < s.end or s.start < last < s.end)


def _day(instant: int, timeline: Timeline) -> str:
    return f"{local_time(timeline.zone, instant):%Y-%m-%d}"


def _overlaps(meter: str, ordered: Sequence[SecondarySource], timeline: Timeline) -> Iterator[Finding]:
    for earlier, later in pairwise(ordered):
        if later.start < earlier.end:
            yield OVERLAP(
                say("two invoices of meter {meter} bill the same time", meter=meter),
                later.origin,
                found=say(
                    "from {day} to {day_2}, also in {origin}",
                    day=_day(later.start, timeline),
                    day_2=_day(min(earlier.end, later.end), timeline),
                    origin=earlier.origin,
                ),
                action=say("Correct the dates; an invoice that replaces another stands alone."),
            )


def _missing(
    meter: str, first: SecondarySource, spans: Sequence[tuple[int, int]], timeline: Timeline, *, outside: bool
) -> Finding:
    listed = named([say("{first} to {last}", first=_day(a, timeline), last=_day(b, timeline)) for a, b in spans])
    days = sum(b - a for a, b in spans) / DAY
    return MISSING(
        say("the invoices of meter {meter} leave out {days:.4g} days of the monitoring period", meter=meter, days=days),
        first.origin,
        found=say("nothing for {listed}", listed=listed),
        action=say("Correct their dates, or add those of the period: none of them checks anything as they stand.")
        if outside
        else say("Add the invoices, ask the supplier for a copy or a statement, or say why there are none."),
        data={"days": days},
        severity=Severity.MAJOR if outside else None,
    )


def _cycle(meter: str, one: SecondarySource, timeline: Timeline) -> Finding:
    return CYCLE(
        say(
            "a billing cycle of meter {meter} reaches over the start or end of the monitoring period; it is not "
            "compared with the meter, and where it counts it is divided by time",
            meter=meter,
        ),
        one.origin,
        found=say("{day} to {day_2}", day=_day(one.start, timeline), day_2=_day(one.end, timeline)),
        action=say("Nothing; a reading of the meter at the start and the end of the period makes it certain."),
    )
