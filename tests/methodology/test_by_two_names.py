"""Defaults by one and by two names on a card, by calendar year, and what the project says of one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.card import CardDefault
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import default, equipment, grouped, listed, monitored, period, result
from jcm_mrv.quantities.expression import at, total
from support.claims import Sketch

category, of_herd = grouped("herd category", "k", "category of the herd")
system = listed("manure system", "s", "system of manure")


class Herds(Methodology):
    """RE = SUM_i E_i x SUM_s share_s x f_k,s: a table by category of the herd and by system."""

    E = monitored("activity of the herd", unit="MWh", per=equipment)
    share = default("share of a system", unit="1", per=system)
    f = default("factor by category and system", unit="tCO2e/MWh", per=(category, system))
    PE_share = default("project emissions", unit="tCO2e/MWh", each=period)
    RE = result(total(total(E * at(f, of_herd) * share, over=system), over=equipment), "reference emissions")
    PE = result(total(E, over=equipment) * PE_share, "project emissions")
    ER = result(RE - PE, "emission reductions")


def table(symbol: str, unit: str, **values: Any) -> CardDefault:
    return CardDefault(symbol, unit, "test", "unconfirmed", **values)


DEFAULTS = {
    "share": table("share", "1", by_name={"lagoon": 0.75, "pit": 0.25}),
    "f": table(
        "f", "tCO2e/MWh", by_name={"cows / lagoon": 8.0, "cows / pit": 3.0, "sows / lagoon": 7.0, "sows / pit": 2.0}
    ),
    "PE_share": table("PE_share", "tCO2e/MWh", value=0.0),
}


def reductions(*fixed: dict[str, Any]) -> float:
    card = replace(catalogue().find("VN_AM007").card, number="T", defaults=DEFAULTS, parameters={})
    sketch = Sketch(
        "T 1",
        equipment=[
            {"equipment_id": "A", "group": "Cows", "products": "lagoon; pit"},
            {"equipment_id": "B", "group": "sows"},
        ],
        points=[{"parameter": "E", "applies_to": n, "meter_id": n, "sign": "+"} for n in "AB"],
        fixed=list(fixed),
        monthly={"A": [1000.0] + [0.0] * 11, "B": [2000.0] + [0.0] * 11},
        entries=[Entry(card, Herds, "test", "0")],
    )
    claim, findings = sketch.build()
    assert findings == [], [str(f) for f in findings]
    return float(claim.evaluate().scalar(claim.total_ER))


def test_a_table_by_two_names() -> None:
    """1 MWh x (0.75 x 8 + 0.25 x 3) + 2 MWh x (0.75 x 7 + 0.25 x 2) = 6.75 + 11.5."""
    assert reductions() == pytest.approx(18.25)


def test_the_project_replaces_the_value_of_one_pair() -> None:
    """5 in place of 8 for the cows' lagoon: 2.25 t less."""
    row = {"parameter": "f", "applies_to": "Cows / lagoon", "value": 5.0, "unit": "tCO2e/MWh", "document": "D"}
    assert reductions(row) == pytest.approx(16.0)


def test_a_value_of_a_year_goes_before_that_of_all_years() -> None:
    """3 MWh x 1.5 of 2024 are 4.5 t less; the row for 2023 is for no year of the period."""
    row = {"parameter": "PE_share", "unit": "tCO2e/MWh", "document": "D"}
    by_year = [{**row, "applies_to": "2024", "value": 1.5}, {**row, "applies_to": "2023", "value": 9.0}]
    assert reductions({**row, "value": 0.5}) == pytest.approx(16.75)
    assert reductions({**row, "value": 0.5}, *by_year) == pytest.approx(13.75)


def test_a_year_for_a_value_that_holds_for_all_is_refused() -> None:
    row = {"parameter": "share", "applies_to": "2024", "value": 0.5, "unit": "1", "document": "D"}
    with pytest.raises(AssertionError) as refused:
        reductions(row)
    assert "fixed.not_by_time" in str(refused.value)
