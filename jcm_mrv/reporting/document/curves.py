"""What a page draws of each meter: its values over time, when nothing was read, and when it was not calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import numpy as np

from jcm_mrv.arrays import Instants, Numbers
from jcm_mrv.meters.profiles.profile import Profile, by_meter
from jcm_mrv.result import Result
from jcm_mrv.time.zones import DAY, HOURS_A_DAY, local_time

MOST_POINTS = 400
"""Values of a meter up to so many are drawn as they were read; of more, the amounts of the days."""


def meter_curves(result: Result) -> list[dict[str, Any]]:
    """One curve for each meter of the claim, as data for JSON.

    ``x`` is in seconds of the project's own clock, ``y`` None where nothing is known; ``kind`` says what is drawn:
    ``as_read`` or ``by_day``. ``bands`` are spans with their kind, ``marks`` the ends and beginnings of installations.
    """
    drawn = {one.meter_id: one for one in by_meter(result.series.profiles)}
    names = dict.fromkeys([*result.series.coverage.meter_ids, *drawn])
    return [_curve(result, name, drawn.get(name)) for name in names]


def _curve(result: Result, name: str, profile: Profile | None) -> dict[str, Any]:
    gaps = result.series.coverage.gaps.get(name, ())
    overdue = [(span.start, span.end) for span in result.overdue if span.meter_id == name]
    meter = result.meters.get(name)
    spans = [(span, kind) for kind, many in (("gap", gaps), ("overdue", overdue)) for span in many]
    start, end = result.timeline.months[0].start, result.timeline.months[-1].end
    swaps = [one.start for one in meter.installations if start < one.start < end] if meter else []
    found: dict[str, Any] = {
        "meter": name,
        "bands": [[*_seconds(result, np.array(span, dtype=np.int64)), kind] for span, kind in spans],
        "marks": _seconds(result, np.array(swaps, dtype=np.int64)),
    }
    if profile is None:
        return found
    kind, at, values = _values(profile)
    for a, _ in gaps:  # the line is cut where nothing was read
        place = int(np.searchsorted(at, a))
        at, values = np.insert(at, place, a), np.insert(values, place, np.nan)
    written = [float(f"{v:.9g}") if known else None for v, known in zip(values, np.isfinite(values), strict=True)]
    return {**found, "kind": kind, "unit": profile.unit, "x": _seconds(result, at), "y": written}


def _values(profile: Profile) -> tuple[str, Instants, Numbers]:
    """The values as read, or by day, with the instants at which they begin; NaN for a day without any."""
    if profile.count <= MOST_POINTS:
        return "as_read", profile.readings.time, profile.readings.value
    amount, covered = (one.reshape(-1, HOURS_A_DAY).sum(axis=1) for one in (profile.amount, profile.covered))
    at = profile.first + DAY * np.arange(len(amount), dtype=np.int64)
    return "by_day", at, np.where(covered > 0, amount, np.nan)


def _seconds(result: Result, instants: Instants) -> Sequence[int]:
    """Instants as what the project's clock shows, counted as if that were UTC."""
    zone = result.timeline.zone
    return [int(local_time(zone, int(one)).replace(tzinfo=UTC).timestamp()) for one in instants]
