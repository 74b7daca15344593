"""Values that a card says it has from a table that is known here, held against that table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import Default
from jcm_mrv.methodology.factors import REPORTS, fuel_factors, fuels_called, global_warming_potential
from jcm_mrv.quantities.units import conversion, same_dimension
from jcm_mrv.words import say

_COLUMNS = {"ncv": "GJ/t", "co2": "tCO2/GJ"}
_GASES = {"CH4": "tCO2e/tCH4", "N2O": "tCO2e/tN2O"}
_TABLE = re.compile(r"IPCC 2006\b.*\bTables? 1\.[24]\b")
_SAME = 1e-9


def unlike_the_table(entry: Entry) -> Iterator[str]:
    """Net calorific values and CO2 factors from IPCC 2006 Tables 1.2 and 1.4 that are none of the table.

    The fuel is the one that the source, or else the quantity's label, names, or else any; the limit is the one that
    the source names, or else the default value.
    """
    labels = {n.symbol: n.label for n in bind(entry).nodes if isinstance(n, Default)}
    for symbol, default in entry.card.defaults.items():
        unit = default.unit.replace("CO2e", "CO2")  # CO2 counts as itself
        column = next((c for c, of_table in _COLUMNS.items() if same_dimension(unit, of_table)), None)
        if column is None or default.value is None or not _TABLE.search(default.source):
            continue
        factor = conversion(_COLUMNS[column], unit)
        named = re.search(r"\b(lower|upper)\b", default.source)
        side = named.group() if named else "default"
        table = {fuel: value * factor for fuel, value in fuel_factors(column, side).items()}
        called = fuels_called(default.source) or fuels_called(labels.get(symbol, ""))
        fuels = [fuel for fuel in called if fuel in table]
        if not any(math.isclose(table[f], default.value, rel_tol=_SAME) for f in fuels or table):
            words = say("the default value") if side == "default" else say("the {side} limit", side=side)
            due = ", ".join(f"{table[f]:g} ({f})" for f in fuels) or say("another number for every fuel")
            yield say(
                "{symbol}: the card has {value:g} and says that it is {words} of the table, which has {due}",
                symbol=symbol,
                value=default.value,
                words=words,
                due=due,
            )


def unlike_the_report(entry: Entry) -> Iterator[str]:
    """Warming potentials that are those of another report of the IPCC than the one that the source names."""
    for symbol, default in entry.card.defaults.items():
        gas = next((gas for gas, unit in _GASES.items() if same_dimension(default.unit, unit)), None)
        cited = [report for report in REPORTS if re.search(rf"\b{report}\b", default.source)]
        if gas is None or len(cited) != 1 or default.value is None:
            continue
        value = default.value / conversion(_GASES[gas], default.unit)
        found = [r for r in REPORTS if math.isclose(global_warming_potential(gas, r), value, rel_tol=_SAME)]
        if found and cited != found:
            yield say(
                "{symbol}: the card has {value:g}, which is that of {other}, and says that it is of {report}",
                symbol=symbol,
                value=default.value,
                other=found[0],
                report=cited[0],
            )


__all__ = ["unlike_the_report", "unlike_the_table"]
