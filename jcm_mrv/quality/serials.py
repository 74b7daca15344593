"""When two serial numbers name the same thing."""

from __future__ import annotations

from jcm_mrv.monitoring.records import Record
from jcm_mrv.monitoring.schema import fold
from jcm_mrv.monitoring.serials import serial_number

__all__ = ["same_make", "serial_number"]


def same_make(one: Record, other: Record) -> bool:
    """False when two rows name different manufacturers or models: these may give the same number to two things."""
    return all(
        not (a := fold(one.text(key))) or not (b := fold(other.text(key))) or a == b
        for key in ("manufacturer", "model")
    )
