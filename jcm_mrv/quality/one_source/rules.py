"""Two meters whose curves are equal or proportional: they are one until somebody shows otherwise.

A log that stands under two meters, as it is or multiplied by something, counts the metered quantity twice. Two real
meters are never proportional hour by hour, nor month by month to the last digit: the ratio of two loads or two plants
moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.quality.one_source.curves import Alike, Curves
from jcm_mrv.quality.one_source.hours import NEAR_COPIES
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import Span
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

ONE_CURVE = Code("points.one_curve", Severity.ERROR, "Two meters of the claim have the same or proportional values.")
COPIED = Code("points.moved_copy", Severity.MAJOR, "A meter has the values of another one, moved or from its store.")
SAME_LOG = Code("logs.same_column", Severity.ERROR, "One column of a log file covers two meters.")


def one_curve(claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline) -> Iterator[Finding]:
    """A finding for each meter of the monitoring points whose values are those of an earlier one, or a multiple."""
    counted = list(dict.fromkeys(term.meter_id for point in claim.points for term in point.terms))
    told: set[tuple[str, str]] = set()
    for meter, other, finding in _same_columns(series, data, counted):
        told |= {(meter, other), (other, meter)}
        yield finding
    curves = Curves(claim, series, timeline)
    # A check meter that is counted has a finding of its own.
    checked = [(name, meter) for meter, names in series.checks.items() for name in names]
    told |= {*checked, *((meter, name) for name, meter in checked)}
    done: set[str] = set()

    def is_new(meter: str, other: str) -> bool:
        return meter not in done and (meter, other) not in told

    for meter, other, alike in curves.pairs(counted, told):
        if is_new(meter, other):
            done.add(meter)
            yield _finding(meter, other, alike, curves)
    for meter, other, words in curves.copies(counted):
        if is_new(meter, other):
            done.add(meter)
            yield _copied(meter, other, words, curves)


def _copied(meter: str, other: str, words: str, curves: Curves) -> Finding:
    return COPIED(
        say(
            "meter {meter} has the values of meter {other}: {words}; one thing may be counted under two names",
            meter=meter,
            other=other,
            words=words,
        ),
        curves.where(meter),
        found=words,
        action=say("Enter the readings of the second meter itself, or take it out of the monitoring points."),
        effect_tco2e=curves.effect(meter),
    )


def _finding(meter: str, other: str, alike: Alike, curves: Curves) -> Finding:
    effect = curves.effect(meter)
    certain = alike.hourly and curves.like(meter, other)
    lowers = effect is not None and effect < 0  # what cannot be computed counts against the claim
    how = (
        say("the values")
        if abs(alike.ratio - 1) < NEAR_COPIES
        else say("{ratio:.6g} times the values", ratio=alike.ratio)
    )
    return ONE_CURVE(
        say(
            "meter {meter} has {how} of meter {other} in {over}: one thing is counted under two names",
            meter=meter,
            how=how,
            other=other,
            over=alike.over,
        ),
        curves.where(meter),
        found=say("ratio {ratio:.6g} throughout", ratio=alike.ratio),
        action=say(
            "Enter the readings of the second meter itself, or take it out of the monitoring points. What is one meter "
            "divided by a rule stands as one meter with Share and Basis of the share."
        ),
        data={"ratio": alike.ratio},
        # Of two parameters one may follow from the other by the nature of the plant, and a few months may be estimates.
        severity=None if certain else Severity.MINOR if lowers else Severity.MAJOR,
        effect_tco2e=effect,
    )


# --- one column of one file ---------------------------------------------------------------

_COLUMN: tuple[Literal["sheet", "value_column", "name_column", "name_value"], ...] = (
    "sheet",
    "value_column",
    "name_column",
    "name_value",
)


def _same_columns(
    series: SeriesResult, data: MonitoringData, counted: Sequence[str]
) -> Iterator[tuple[str, str, Finding]]:
    """Rows of the sheet Logs of different meters that take the same column of the same bytes for the same time."""
    read = _read_spans(series)
    columns: dict[tuple[str, ...], list[tuple[str, Span]]] = {}
    for row in data.logs:
        meter = row.meter_id
        if row.log_id not in read or meter not in counted:
            continue
        digest, (start, end) = read[row.log_id]
        earlier = columns.setdefault((digest, *(row[name].text.strip() for name in _COLUMN)), [])
        other = next((m for m, (since, until) in earlier if m != meter and since < end and start < until), None)
        earlier.append((meter, (start, end)))
        if other is not None:
            finding = SAME_LOG(
                say("the same column of the same log covers meter {other} and meter {meter}", other=other, meter=meter),
                row.origin("value_column"),
                found=f"{row.file}, {row.value_column}",
                action=say("Name the file and column of the second meter, or take it out of the monitoring points."),
                data={"sha256": digest},
            )
            yield meter, other, finding


def _read_spans(series: SeriesResult) -> dict[str, tuple[str, Span]]:
    """By log that counts the SHA-256 of its file, and from when to when it covers time."""
    parts = series.parts
    found = {}
    for n, source in enumerate(parts.sources):
        own = parts.source == n
        if own.any() and source.sha256:
            found[source.log_id] = source.sha256, (int(parts.start[own].min()), int(parts.end[own].max()))
    return found
