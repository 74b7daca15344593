"""What a column of a log looks like, and why; a guess for a person to confirm, never a fact."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.inspection.look import ValueColumn
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import same_dimension
from jcm_mrv.words import say
from jcm_mrv.workbook.scan import column_letters

ENERGY, POWER, REGISTER, AMOUNT, OTHER, UNKNOWN = "energy", "power", "register", "amount", "other", "unknown"

_TOKENS = re.compile(r"[^\W\d_]+\d?")
_UNITS = {unit.lower(): unit for unit in ("Wh", "kWh", "MWh", "GWh", "MJ", "GJ", "W", "kW", "MW")}
"""Words of a heading that are a unit of energy or power, in lower case."""

_OTHERS = {
    **dict.fromkeys(("temp", "temperature", "tmp", "温度", "気温", "nhiệt"), "temperature"),
    **dict.fromkeys(("irradiance", "irr", "poa", "ghi", "radiation", "日射"), "irradiance"),
    **dict.fromkeys(("wind", "windspeed"), "wind"),
    **dict.fromkeys(("voltage", "volt", "電圧", "áp"), "voltage"),
    **dict.fromkeys(("current", "ampere", "電流"), "electric current"),
    **dict.fromkeys(("humidity", "湿度"), "humidity"),
    **dict.fromkeys(("cos", "pf", "cosphi", "力率"), "power factor"),
    **dict.fromkeys(("frequency", "freq", "hz", "周波数"), "frequency"),
    **dict.fromkeys(("kvar", "kvarh", "kva", "kvah", "var", "reactive", "無効"), say("reactive or apparent power")),
    **dict.fromkeys(("pressure", "圧力"), "pressure"),
    **dict.fromkeys(("status", "state", "alarm", "error", "code"), "state"),
}
_POWER_WORDS = ("power", "電力", "công suất", "leistung", "puissance")
_ENERGY_WORDS = ("energy", "電力量", "điện năng", "yield", "generation", "発電量", "consumption")
_REGISTER_WORDS = (
    "register",
    "index",
    "reading",
    "total",
    "cumulative",
    "積算",
    "指示",
    "chỉ số",
    "chiso",
    "import",
    "export",
)


@dataclass(frozen=True)
class Guess:
    """What a column looks like: ``kind``, the unit that its heading suggests ("" for none), and ``why`` in words."""

    kind: str
    unit: str
    why: str

    @property
    def candidate(self) -> bool:
        """True for a column that may be that of a meter."""
        return self.kind != OTHER


ENOUGH = 10
"""Values from which on it says something that they never fall."""


def guess(column: ValueColumn, mixed: bool = False) -> Guess:
    """A guess from the unit that the file states, else from the words of the heading, and from how the values run.

    ``mixed`` says that the column holds the values of several meters, so that how they run says nothing.
    """
    found = _guess(column)
    if mixed and found.kind in (ENERGY, REGISTER, AMOUNT):
        return Guess(
            UNKNOWN,
            found.unit,
            say("{partition}; several rows have the same time", partition=found.why.partition(",")[0]),
        )
    return found


def _grows(column: ValueColumn) -> bool:
    return column.grows and column.count >= ENOUGH


def _guess(column: ValueColumn) -> Guess:
    if column.unit:
        return _by_unit(column)
    named = column.heading != column_letters(column.column + 1)  # a letter where the file has no heading
    name = folded(column.heading).casefold() if named else ""
    words = [word.casefold() for word in _TOKENS.findall(name.replace("_", " "))]
    other = next((_OTHERS[w] for w in words if w in _OTHERS), "")
    other = other or next((told for word, told in _OTHERS.items() if not word.isascii() and word in name), "")
    if other and not _grows(column):
        return Guess(OTHER, "", say("the heading speaks of {other}", other=other))
    unit = next((_UNITS[w] for w in reversed(words) if w in _UNITS), "")
    if unit:
        return _of_energy_or_power(column, unit, say("the heading holds {unit}", unit=unit))
    if any(word in name for word in _ENERGY_WORDS):
        return _of_energy_or_power(column, "", say("the heading speaks of energy"), energy=True)
    if any(word in name for word in _POWER_WORDS):
        if _grows(column):
            return Guess(UNKNOWN, "", say("the heading speaks of power, but the values never fall"))
        return Guess(POWER, "", say("the heading speaks of power"))
    if _grows(column) and any(word in name for word in _REGISTER_WORDS):
        return Guess(REGISTER, "", say("the heading speaks of a reading, and the values never fall"))
    return Guess(
        UNKNOWN, "", say("the values never fall") if _grows(column) else say("neither unit nor heading says what it is")
    )


def _by_unit(column: ValueColumn) -> Guess:
    try:
        if same_dimension(column.unit, "W") or same_dimension(column.unit, "Wh"):
            return _of_energy_or_power(
                column, "", say("the file states {column_unit}", column_unit=column.unit), power=column.unit
            )
        amount = any(same_dimension(column.unit, unit) for unit in ("m3", "kg"))
    except UnitError:
        return Guess(
            UNKNOWN, "", say("the file states {column_unit}, which is not known here", column_unit=column.unit)
        )
    if amount:
        kind = REGISTER if _grows(column) else AMOUNT
        grows = say(", and the values never fall") if _grows(column) else ""
        return Guess(
            kind, "", say("the file states {column_unit}, an amount{grows}", column_unit=column.unit, grows=grows)
        )
    return Guess(
        OTHER,
        "",
        say("the file states {column_unit}, which is neither energy nor power nor an amount", column_unit=column.unit),
    )


def _of_energy_or_power(column: ValueColumn, unit: str, why: str, *, energy: bool = False, power: str = "") -> Guess:
    if not energy and same_dimension(power or unit, "W"):
        if _grows(column):
            return Guess(UNKNOWN, unit, say("{why}, a unit of power, but the values never fall", why=why))
        return Guess(POWER, unit, why)
    if _grows(column):
        return Guess(REGISTER, unit, say("{why}, and the values never fall", why=why))
    if column.count < ENOUGH or column.grows:
        return Guess(UNKNOWN, unit, why)
    return Guess(ENERGY, unit, say("{why}, and the values do not only grow", why=why))
