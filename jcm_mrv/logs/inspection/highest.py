"""What a column of a log would mean as energy, as power and as a register, beside the highest rate of a meter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.limits import number_fault
from jcm_mrv.logs.inspection.kind import Guess
from jcm_mrv.logs.inspection.look import TimeColumn, ValueColumn
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion, same_dimension
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.reading import read_workbook

ASSUMED = "kWh"
"""The unit where neither file nor heading states one."""

_RATE = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)\s*(\S.{0,40})", re.ASCII)


class HighestRateError(JcmMrvError, ValueError):
    """A highest rate that cannot be understood; the text says what to write."""


@dataclass(frozen=True)
class Highest:
    """The most that can flow through a meter: ``rate`` in ``unit`` (kW, Nm3/h); ``meter`` is its ID, if known."""

    rate: float
    unit: str
    meter: str = ""


@dataclass(frozen=True)
class Kinds:
    """A column as energy, power and register: sums in ``unit``, and the highest of each in ``unit`` per hour.

    ``stated`` is False where the unit is only assumed.
    """

    unit: str
    stated: bool
    energy: float
    power: float
    register: float
    peak_energy: float
    peak_power: float
    mean_register: float

    def parts_of(self, highest: Highest) -> tuple[float, float, float] | None:
        """How many times the highest rate each would be; None where its unit is one of something else."""
        try:
            rate = highest.rate * conversion(highest.unit, f"{self.unit}/h")
        except UnitError:
            return None
        return self.peak_energy / rate, self.peak_power / rate, self.mean_register / rate


def kinds_of(value: ValueColumn, guess: Guess, time: TimeColumn) -> Kinds | None:
    """What a column would add up to; None where its times or values do not say it."""
    if time.doubt or not time.minutes or time.first is None or time.last is None or value.count < 2:
        return None
    hours, whole = time.minutes / 60, (time.last - time.first).total_seconds() / 3600
    peak, grown = max(abs(value.lowest), abs(value.highest)), value.last - value.first
    unit = value.unit or guess.unit or ASSUMED
    return Kinds(
        f"{unit}h" if _is_power(unit) else unit,
        bool(value.unit or guess.unit),
        value.total,
        value.total * hours,
        grown,
        peak / hours,
        peak,
        abs(grown) / whole if whole > 0 else 0.0,
    )


def _is_power(unit: str) -> bool:
    try:
        return same_dimension(unit, "W")
    except UnitError:
        return False


def stated_rate(text: str) -> Highest:
    """A rate as a person writes it: 500 kW. Raises HighestRateError."""
    match = _RATE.fullmatch(text.strip())
    if match is None or not float(match[1]) > 0 or number_fault(float(match[1])):
        raise HighestRateError(
            say("{text!r} is no highest rate; write a number and its unit, such as 500 kW", text=text[:40])
        )
    try:
        conversion(match[2], match[2])
    except UnitError as error:
        raise HighestRateError(say("{error}; write a unit such as kW or Nm3/h", error=error)) from error
    return Highest(float(match[1]), match[2].strip())


def rates_of(workbook: Path) -> tuple[Highest, ...]:
    """The highest rates that the sheet Meters of a monitoring workbook states, each once."""
    rows = read_workbook(workbook).meters
    found = (
        Highest(row.highest_rate, row.highest_rate_unit.strip(), row.meter_id)
        for row in rows
        if row.highest_rate and row.highest_rate > 0 and row.highest_rate_unit.strip()
    )
    return tuple(dict.fromkeys(found))


def words(kinds: Kinds, rates: Iterable[Highest]) -> Iterator[str]:
    """For each highest rate that can be compared, how the three kinds stand to it."""
    for highest in rates:
        parts = kinds.parts_of(highest)
        if parts is None:
            continue
        shown = [
            say("{name} {part}", name=name, part=_part(part))
            for name, part in zip((say("as energy"), say("as power")), parts, strict=False)
        ]
        of = say(" of {meter}", meter=highest.meter) if highest.meter else ""
        unit = (
            ""
            if kinds.stated
            else say(
                " (if the unit is {kinds_unit} or {removesuffix})",
                kinds_unit=kinds.unit,
                removesuffix=kinds.unit.removesuffix("h"),
            )
        )
        yield (
            say(
                "beside the highest rate{of}, {rate:g} {highest_unit}{unit}: {shown}, as a register {part} in the mean",
                of=of,
                rate=highest.rate,
                highest_unit=highest.unit,
                unit=unit,
                shown=joined(", ", shown),
                part=_part(parts[2]),
            )
        )


def _part(part: float) -> str:
    return say("{part:,.3g} times it: TOO MUCH", part=part) if part > 1 else say("{part:.3g} % of it", part=100 * part)
