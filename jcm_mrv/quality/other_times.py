"""Check meters that are read at other times than their meters, so that what lies between leaves a difference open."""

from __future__ import annotations

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.quality.sources import Source
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.time.dividing import Runs
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import Span, local_text
from jcm_mrv.words import say

OTHER_TIMES = Code("crosscheck.other_times", Severity.MINOR, "A check meter is read at other times than its meter.")


def other_times(
    meter: str, unit: str, source: Source, curves: tuple[Curve, Curve], timeline: Timeline, effects: Effects
) -> Finding | None:
    """What a check meter leaves open of its meter, of which no reading is at the same time; None where that is little.

    ``curves`` are those of the meter and of the check meter. By time it may be right or wrong: where it contradicts the
    meter then, with a lower ER, that is a major question with its effect.
    """
    counted, check = curves
    span = _longest(check, (int(timeline.edges[0]), int(timeline.edges[-1])))
    if span is None:
        return None
    start, end = span
    flow, said = counted.over(start, end), check.over(start, end)
    known = end - start - flow.missing
    by_time = flow.best * (end - start) / known if known else 0.0
    allowed = max(abs(by_time), abs(said.best)) * source.error + said.highest - said.best
    if known and flow.highest - flow.lowest <= allowed:
        return None  # what lies between is no more than the errors
    wrong = abs(by_time - said.best) > allowed
    more = 1 - said.best / by_time if wrong and by_time else 0.0
    months = counted.between(timeline.edges[:-1], timeline.edges[1:]).best
    effect = effects(meter, unit, dict(enumerate((np.asarray(months) * more).tolist()))) if known else None
    told = wrong and (effect is None or effect > 0)
    a, b = (local_text(timeline.zone, at) for at in span)
    return OTHER_TIMES(
        say(
            "{source} is read at other times than meter {meter}, so that it shows little of it",
            source=source.name,
            meter=meter,
        ),
        source.where,
        found=say(
            "{start} to {end}: {said:.6g} {unit}, and meter {meter} at least {lowest:.6g}",
            start=a, end=b, said=said.best, unit=unit, meter=meter, lowest=flow.lowest,
        )
        + (say(", at most {highest:.6g}", highest=flow.highest) if np.isfinite(flow.highest) else "")
        + (say("; by time {by_time:.6g}", by_time=by_time) if known else ""),
        action=say(
            "Enter what meter {meter} showed on {start} and on {end}, also outside of the monitoring period (on "
            "Readings, or a log that reaches so far); or what {source} showed at the start and the end of the period. "
            "Have both read together from now on.",
            meter=meter, start=a, end=b, source=source.name,
        ),
        data={"check": said.best, "lowest": flow.lowest, "by_time": by_time},
        effect_tco2e=effect if told else None,
        severity=Severity.MAJOR if told or not known else None,
    )  # fmt: skip


def _longest(check: Curve, period: Span) -> Span | None:
    """All that a check meter states without a gap, of which most lies in the period; None where nothing does."""
    inside = {span: min(span[1], period[1]) - max(span[0], period[0]) for span in Runs.of(*check.stated).spans}
    longest = max(inside, key=inside.__getitem__, default=None)
    return longest if longest is not None and inside[longest] > 0 else None
