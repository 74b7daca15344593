"""Factors that many methodologies quote, from data files with their source: fuels, grids, global warming potentials.

A card says which table, which column and which side it uses; nothing here
chooses. Fuels: IPCC 2006 Vol. 2 Ch. 1 Tables 1.2 and 1.4 with their 95 % limits,
CO2 factors as printed there (three significant digits). Waste: degradable carbon
and decay rates by type. Names that fuels go by and their densities: what entered values
are held against, not defaults. Grids: combined margins by year; which of them was
valid at validation is for the project to state. Global warming potentials: the
package ``globalwarmingpotentials``.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

FUEL_COLUMNS: Mapping[str, tuple[str, str]] = {"ncv": ("ncv", "gj_per_t"), "co2": ("co2", "t_per_gj")}
SIDES: Mapping[str, str] = {"lower": "_lower", "default": "", "upper": "_upper"}
# The time horizon is 100 years; AR6 counts fossil and other methane together here.
REPORTS: Mapping[str, str] = {"AR4": "AR4GWP100", "AR5": "AR5GWP100", "AR6": "AR6GWP100"}
WASTE_COLUMNS = ("doc", "k_temperate_dry", "k_temperate_wet", "k_tropical_dry", "k_tropical_wet")


class FactorError(JcmMrvError, LookupError):
    """A table, column, side or row that the data files do not hold."""


@dataclass(frozen=True)
class GridFactor:
    """The emission factor of a country's grid in a year [tCO2/MWh]."""

    country: str
    year: int
    value: float
    letter: str
    source: str
    evidence: str


def fuel_key(name: str) -> str:
    """The name of a fuel as the table has it: ``Gas/Diesel oil`` is ``gas_diesel_oil``."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


@cache
def fuel_factors(column: str, side: str) -> Mapping[str, float]:
    """Net calorific value (``ncv``) [GJ/t] or CO2 factor (``co2``) [tCO2/GJ] of every fuel that has one.

    ``side`` is the lower limit, the default or the upper limit. Raises
    FactorError for a column or side that the table does not have.
    """
    if column not in FUEL_COLUMNS or side not in SIDES:
        raise FactorError(
            say(
                "the table of fuels has {listed} with {sides}, not {column} {side}",
                listed=", ".join(FUEL_COLUMNS),
                sides=", ".join(SIDES),
                column=column,
                side=side,
            )
        )
    quantity, unit = FUEL_COLUMNS[column]
    key = f"{quantity}{SIDES[side]}_{unit}"
    return {row["fuel"]: float(row[key]) for row in _rows("fuels.csv") if row[key]}


def fuel_factor(fuel: str, column: str, side: str) -> float:
    """The value of one fuel. Raises FactorError when the table does not hold it."""
    try:
        return fuel_factors(column, side)[fuel_key(fuel)]
    except KeyError:
        raise FactorError(say("the table of fuels has no {fuel!r}", fuel=fuel)) from None


@cache
def _fuels_by_name() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {fuel: (fuel,) for fuel in fuel_factors("co2", "default")}
    for row in _rows("fuel_names.csv"):
        found[row["name"]] = (*found.get(row["name"], ()), row["fuel"])
    return found


def fuels_called(name: str) -> tuple[str, ...]:
    """The rows of the table of fuels that a name may mean, those of the longest name in it; none for an unknown one.

    ``Diesel oil (DO 0.05S)`` is ``gas_diesel_oil``; ``coal`` may be several.
    """
    key = f"_{fuel_key(name)}_"
    known = [other for other in _fuels_by_name() if f"_{other}_" in key]
    return _fuels_by_name()[max(known, key=lambda other: (len(other), other))] if known else ()


def fuels_with(ncv: float, co2: float) -> tuple[str, ...]:
    """The fuels within whose 95 % limits both a net calorific value [GJ/t] and a CO2 factor [tCO2/GJ] lie."""
    fits = [
        {fuel for fuel in fuel_factors(column, "default") if _holds(fuel, column, value)}
        for column, value in (("ncv", ncv), ("co2", co2))
    ]
    return tuple(sorted(fits[0] & fits[1]))


def _holds(fuel: str, column: str, value: float) -> bool:
    low, high = fuel_range((fuel,), column)
    return low <= value <= high


def fuel_range(fuels: Sequence[str], column: str) -> tuple[float, float]:
    """The lowest lower and the highest upper limit of some fuels; of all of them where none is named."""
    lower, upper = (fuel_factors(column, side) for side in ("lower", "upper"))
    names = [fuel for fuel in fuels if fuel in lower] or list(lower)
    return min(lower[fuel] for fuel in names), max(upper[fuel] for fuel in names)


@cache
def density_ranges(fuel: str) -> tuple[tuple[float, float], ...]:
    """From what to what the density of a fuel lies [t/m3], as a liquid or a gas; empty where none is known."""
    rows = [row for row in _rows("densities.csv") if row["fuel"] == fuel]
    return tuple((float(row["lower_t_per_m3"]), float(row["upper_t_per_m3"])) for row in rows)


@cache
def waste_factors(column: str) -> Mapping[str, float]:
    """Degradable organic carbon (``doc``) [tC/t wet] or decay rate of a climate (``k_…``) [1/yr] by type of waste.

    Raises FactorError for a column that the table does not have.
    """
    if column not in WASTE_COLUMNS:
        raise FactorError(
            say("the table of waste has {listed}, not {column}", listed=", ".join(WASTE_COLUMNS), column=column)
        )
    return {row["waste"]: float(row[column]) for row in _rows("waste.csv") if row[column]}


@cache
def shared_defaults() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """Sets of defaults that cards take over by name; each default as a card writes it."""
    text = (files("jcm_mrv.methodology") / "data" / "defaults.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def grid_factors(country: str) -> Mapping[int, GridFactor]:
    """The factors of a country's grid by year; empty where none is known."""
    found = (
        GridFactor(
            row["country"], int(row["year"]), float(row["ef_tco2_per_mwh"]), row["official_letter"], *_where(row)
        )
        for row in _rows("grid_factors.csv")
    )
    return {factor.year: factor for factor in found if factor.country == country}


@cache
def global_warming_potential(gas: str, report: str) -> float:
    """Of a gas (``CH4``, ``N2O``, ``R-32`` as ``HFC-32``) over 100 years, after AR4, AR5 or AR6.

    Raises FactorError for a gas or report that is not known.
    """
    from globalwarmingpotentials import data

    try:
        return float(cast(Mapping[str, Mapping[str, float]], data)[REPORTS[report]][gas])
    except KeyError:
        raise FactorError(
            say("no global warming potential of {gas!r} after {report!r} is known", gas=gas, report=report)
        ) from None


def _where(row: Mapping[str, str]) -> tuple[str, str]:
    return row["source"], row["evidence"]


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    text = (files("jcm_mrv.methodology") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
