"""What is known of a meter, carried to what is made of its single readings: a product is as good as both its factors.

Its own point counts for nothing by itself, so a treatment of the meter alone would change no tonne.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jcm_mrv.findings import Bias, Code, Finding, QuestionableSpan, Severity
from jcm_mrv.meters.calibrations import OverdueSpan
from jcm_mrv.meters.combined import Combined
from jcm_mrv.quality.crosscheck import Contradiction
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

OVERRIDDEN = Code("combined.overridden", Severity.MAJOR, "A value replaced by a person is a factor of a product.")
CONTRADICTED = Code("combined.contradicted", Severity.MAJOR, "A factor of a product is contradicted by another source.")


def overdue_too(spans: Sequence[OverdueSpan], made: Sequence[Combined]) -> tuple[OverdueSpan, ...]:
    """The spans of overdue calibration, with those of what is made of their meters."""
    more = (
        replace(span, meter_id=one.meter_id, of=span.meter_id)
        for one in made
        for span in spans
        if span.meter_id in one.wanted.meters
    )
    return (*spans, *more)


def questionable_too(
    values: Sequence[Finding], contradictions: Sequence[Contradiction], data: MonitoringData, timeline: Timeline,
    made: Sequence[Combined],
) -> list[Finding]:  # fmt: skip
    """The findings on values, with the spans of what is made of their meters; and what else leaves it unknown."""
    if not made:
        return list(values)
    found = [replace(f, questionable=(*f.questionable, *_spans(f.questionable, made))) for f in values]
    return [*found, *_contradicted(contradictions, made), *_overridden(data, timeline, made)]


def _spans(spans: Sequence[QuestionableSpan], made: Sequence[Combined]) -> Iterator[QuestionableSpan]:
    for span in spans:
        for one in made:
            if span.meter_id in one.wanted.meters:
                # Times a factor below 0 the bias turns round: what is too high may be too low.
                yield QuestionableSpan(one.meter_id, span.start, span.end, Bias.EITHER)


def _contradicted(contradictions: Sequence[Contradiction], made: Sequence[Combined]) -> Iterator[Finding]:
    for one in made:
        for other in (c for c in contradictions if c.meter_id in one.wanted.meters):
            spans = [QuestionableSpan(one.meter_id, p.start, p.end) for p in other.pairs if p.excess > 0]
            if spans:
                yield CONTRADICTED(
                    say(
                        "{parameter} is made of the single readings of meter {meter_id}, which another source "
                        "contradicts: what it was at that time is not known",
                        parameter=one.wanted.parameter,
                        meter_id=other.meter_id,
                    ),
                    other.finding.where,
                    found=other.finding.found,
                    action=say(
                        "Settle which source is right (see the finding on the meter), and correct its readings."
                    ),
                    questionable=tuple(spans),
                )


def _overridden(data: MonitoringData, timeline: Timeline, made: Sequence[Combined]) -> Iterator[Finding]:
    for one in made:
        for row in data.overrides:
            start, end = row.start, row.end
            if row.meter_id in one.wanted.meters and start is not None and end is not None and start < end:
                span = QuestionableSpan(one.meter_id, timeline.instant(start), timeline.instant(end))
                yield OVERRIDDEN(
                    say(
                        "an override of meter {meter_id} says what it came to in all, not at each reading: {parameter} "
                        "is not known at that time",
                        meter_id=row.meter_id,
                        parameter=one.wanted.parameter,
                    ),
                    row.origin("value"),
                    found=say("{value}", value=row.value),
                    action=say(
                        "Give the single readings of that time (Readings, or the log) in place of the override."
                    ),
                    questionable=(span,),
                )
