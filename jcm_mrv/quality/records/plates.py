"""Numbers of name plates that none can have: a capacity or highest rate that is not above zero, an error below it."""

from __future__ import annotations

from collections.abc import Iterator

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

IMPOSSIBLE = Code("input.name_plate", Severity.ERROR, "No name plate has such a number.")


def plate_findings(data: MonitoringData) -> Iterator[Finding]:
    """A finding for each highest rate and rated capacity of 0 or less, and each error of a meter below 0."""
    for unit in data.equipment:
        yield from _above(unit.rated_capacity, "the rated capacity", unit.origin("rated_capacity"))
    for meter in data.meters:
        yield from _above(meter.highest_rate, "the highest rate", meter.origin("highest_rate"))
        yield from _not_below(meter.permissible_error, "the permissible error", meter.origin("permissible_error"))
        yield from _not_below(meter.accuracy_class, "the accuracy class", meter.origin("accuracy_class"))


def _above(value: float | None, what: str, where: Origin) -> Iterator[Finding]:
    if value is not None and value <= 0:
        yield _impossible(value, say("{what} must be above 0", what=what), where)


def _not_below(value: float | None, what: str, where: Origin) -> Iterator[Finding]:
    if value is not None and value < 0:
        yield _impossible(value, say("{what} cannot be below 0", what=what), where)


def _impossible(value: float, message: str, where: Origin) -> Finding:
    return IMPOSSIBLE(
        message,
        where,
        found=say("{value:.15g}", value=value),
        action=say("Enter the number from the name plate, or leave the cell empty where it is not known."),
    )
