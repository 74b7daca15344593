"""Faults of logs that lie in a span for which an override says what flowed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jcm_mrv.arrays import Flags, Instants
from jcm_mrv.findings import Finding
from jcm_mrv.logs import findings as codes
from jcm_mrv.meters.advances import Points
from jcm_mrv.words import say


def within(start: Instants, interval: int, spans: Sequence[tuple[int, int]]) -> Flags:
    """Which intervals lie wholly in one of the spans."""
    flags = np.zeros(len(start), dtype=np.bool_)
    for first, last in spans:
        flags |= (start >= first) & (start + interval <= last)
    return flags


def outside_proven_faults(points: Points, spans: Sequence[tuple[int, int]], findings: list[Finding]) -> Flags:
    """Which readings count: not those inside a span in which the register falls or is read twice.

    The readings at both ends of the span stay, so that what the register
    counted meanwhile is still known, and what the override puts in its place.
    """
    order = np.argsort(points.time, kind="stable")
    keep = np.ones(len(points.time), dtype=np.bool_)
    for start, end in spans:
        near = order[(points.time[order] >= start) & (points.time[order] <= end)]
        inside = near[(points.time[near] > start) & (points.time[near] < end)]
        if len(inside) and bool((np.diff(points.value[near]) < 0).any() or (np.diff(points.time[near]) == 0).any()):
            keep[inside] = False
            low = inside[int(np.argmin(points.value[inside]))]
            findings.append(
                codes.OVERRIDDEN(
                    say(
                        "readings of the register of meter {meter_id} that do not follow each other lie where an "
                        "override says what flowed; they are not used",
                        meter_id=points.meter.meter_id,
                    ),
                    points.origin(int(low)),
                    found=say("{points_value:.15g}", points_value=points.value[low]),
                    action=say("Nothing; keep the file as it is"),
                    data={"count": len(inside)},
                )
            )
    return keep
