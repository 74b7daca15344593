"""Calibrations of the meters against the monitoring period."""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.origin import Origin


@dataclass(frozen=True)
class Uncertain:
    """A span (instants) in which nothing proves a meter to be right within its error (a fraction)."""

    meter_id: str
    start: int
    end: int
    error: float
    rule: str
    reason: str
    where: Origin
