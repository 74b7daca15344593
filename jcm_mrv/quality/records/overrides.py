"""Overrides that cannot be true, whatever proves them: less than nothing, or more than can flow."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import OverrideRow

NEGATIVE = Code("overrides.negative", Severity.ERROR, "An override says that less than nothing flowed.")
ABOVE = Code("overrides.above_rate", Severity.MAJOR, "An override says that more flowed than the meter's highest rate.")

_HOUR = 3600.0


def override_value_findings(claim: Claim, data: MonitoringData) -> Iterator[Finding]:
    """What is wrong with the values of the sheet Overrides."""
    rates = _highest_rates(data)
    backwards = _run_backwards(claim)
    for row in data.overrides:
        value = row.value
        if value is None:
            continue  # the reader of the workbook has named the cell
        if value < 0 and row.meter_id not in backwards:
            yield _negative(row, value)
        yield from _above(row, value, rates.get(row.meter_id, ()))


def _run_backwards(claim: Claim) -> set[str]:
    """The meters that count both directions: some reading of theirs is below zero, or they measure a solar plant."""
    every = (chain.parts for chain in claim.chains)
    below = {parts.meter_ids[n] for parts in every for n in np.unique(parts.meter[parts.amounts() < 0]).tolist()}
    sunny = {(p.bound.namespace, p.declared.symbol) for p in claim.parameters if p.declared.follows_sun}
    own = (point for point in claim.points if (point.methodology, point.parameter) in sunny)
    return below | {term.meter_id for point in own for term in point.terms}


def _negative(row: OverrideRow, value: float) -> Finding:
    return NEGATIVE(
        say(
            "an override says that less than nothing flowed through meter {meter_id}, which never counts backwards",
            meter_id=row.meter_id,
        ),
        row.origin("value"),
        found=say("{row_value:,.6g} {row_unit}", row_value=value, row_unit=row.unit),
        action=say("Write the amount that really flowed, zero at least."),
        data={"value": value},
    )


def _above(row: OverrideRow, value: float, rates: tuple[tuple[float, str], ...]) -> Iterator[Finding]:
    start, end = row.start, row.end
    if start is None or end is None or start >= end:
        return
    hours = (end - start).total_seconds() / _HOUR
    limits = [rate * hours for number, unit in rates if (rate := _in(number, unit, row.unit)) is not None]
    most = max(limits, default=math.inf)
    if abs(value) > most:
        yield ABOVE(
            say(
                "an override says that more flowed through meter {meter_id} than its highest rate gives in "
                "{hours:,.2f} hours",
                meter_id=row.meter_id,
                hours=hours,
            ),
            row.origin("value"),
            found=say(
                "{value:,.6g} {row_unit}, at most {most_limits:,.6g} {row_unit}",
                value=value,
                row_unit=row.unit,
                most_limits=most,
            ),
            action=say("Correct the value, its unit, or the highest rate on Meters."),
            data={"value": value, "most": most},
        )


def _highest_rates(data: MonitoringData) -> dict[str, tuple[tuple[float, str], ...]]:
    found: dict[str, tuple[tuple[float, str], ...]] = {}
    for row in data.meters:
        rate, unit = row.highest_rate, row.highest_rate_unit.strip()
        if rate is not None and rate > 0:
            found[row.meter_id] = (*found.get(row.meter_id, ()), (rate, unit))
    return found


def _in(rate: float, unit: str, want: str) -> float | None:
    """A stated rate per hour in the unit of an override; None where it is none."""
    try:
        return rate * conversion(unit, f"{want}/h")
    except UnitError:
        return None
