"""Percentages typed as fractions, and the reverse."""

from __future__ import annotations

from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.methodology.base import Methodology
from jcm_mrv.methodology.card_file import read_card
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import co2_as_co2e, constant, default, equipment, fixed, monitored, result
from jcm_mrv.quality.records.percent import percentage_findings
from jcm_mrv.quantities.expression import total
from support.claims import Sketch, air_conditioners


class Boiler(Methodology):
    """Invented for the test: heat by its efficiency, with a share and a number without limits."""

    EG = monitored("heat", unit="MWh", per=equipment)
    eta = fixed("efficiency of the boiler", unit="1", per=equipment)
    loss = default("share of losses in the pipes", unit="%", per=equipment)
    k = default("multiplier", unit="1", per=equipment)
    EER = fixed("energy efficiency ratio", unit="1", per=equipment)
    EF = fixed("emission factor", unit="tCO2/MWh")
    GWP_CO2 = co2_as_co2e()
    pct = constant("100", unit="%", label="one, in per cent", source="by definition")
    RE = result(total(EG * k * EER / eta * loss / pct * EF * GWP_CO2, over=equipment), "reference emissions")
    PE = result(total(EG * EF * GWP_CO2, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


CARD = """
number = "XX_AM001"
version = "1.0"
family = "boiler"
country = "Nowhere"
scope = "Energy"
status = "computable"
title = { text = "Boiler", evidence = "approved", source = "invented for the test" }
equation = { text = "RE - PE", evidence = "approved", source = "invented for the test" }
defaults.k = { value = 2.0, unit = "1", evidence = "approved", source = "invented for the test" }
"""


def boilers(**values: tuple[float, ...]) -> list[Finding]:
    """Boilers with 12 MWh each; ``values`` by symbol, one per boiler."""
    given = {"eta": (0.8,), "loss": (5.0,), "k": (2.0,), "EER": (1.0,), **values}
    count = max(len(v) for v in given.values())
    units = {"eta": "1", "loss": "%", "k": "1", "EER": "1"}
    sketch = Sketch(
        "XX_AM001 1.0",
        equipment=[
            {
                "equipment_id": f"B{n}",
                "evidence": "D-1",
                **{s: ((v[n] if len(v) > 1 else v[0]), units[s]) for s, v in given.items()},
            }
            for n in range(count)
        ],
        points=[{"parameter": "EG", "applies_to": f"B{n}", "meter_id": f"M{n}", "sign": "+"} for n in range(count)],
        fixed=[{"parameter": "EF", "value": 0.5, "unit": "tCO2/MWh", "document": "D-1"}],
        monthly={f"M{n}": [1000.0] * 12 for n in range(count)},
        entries=[Entry(read_card(CARD, "boiler"), Boiler, "test", "0")],
    )
    return list(percentage_findings(sketch.build()[0]))


def test_sound_values_are_not_doubted() -> None:
    assert boilers() == []
    assert boilers(eta=(0.95, 0.62, 1.05), loss=(2.0, 5.0, 30.0), k=(1.0, 2.0, 15.0)) == []


@pytest.mark.parametrize(
    ("symbol", "typed", "meant"),
    [
        ("eta", 85.0, 0.85),  # an efficiency in per cent where a part of 1 is needed
        ("eta", 0.0085, 0.85),
        ("loss", 0.05, 5.0),  # a part of 1 where per cent are needed
        ("k", 200.0, 2.0),  # a hundred times the card
        ("k", 0.02, 2.0),
    ],
)
def test_a_hundred_times_too_large_or_small(symbol: str, typed: float, meant: float) -> None:
    [finding] = boilers(**{symbol: (typed,)})
    assert finding.code == "fixed.as_percentage"
    assert finding.data == {"value": typed, "read_otherwise": pytest.approx(meant)}
    assert f"write {meant:g} if" in finding.action
    assert finding.where.cell == "Z2"


def test_the_change_of_the_claim_is_said() -> None:
    """RE = 12 x 2 / eta x 5 % x 0.5 t: 0.6 t / eta. 0.6 / 0.85 - 0.6 / 85 = +0.699 t."""
    [finding] = boilers(eta=(85.0,))
    assert "+0.699 tCO2e" in finding.message


def test_a_value_far_from_the_other_elements() -> None:
    """Nothing in the name says that 90 is wrong where the others have 0.9, but they do."""
    [finding] = boilers(k=(2.0, 2.2, 200.0))
    assert "B2" in finding.message


def test_a_share_may_be_small_beside_the_others() -> None:
    found = boilers(loss=(20.0, 30.0, 0.25))
    assert [str(f.severity) for f in found] == ["minor"]


def test_a_ratio_of_efficiencies_may_be_above_one() -> None:
    assert boilers(EER=(12.0,)) == []
    assert boilers(EER=(0.01,)) == []


def test_a_number_that_is_no_percentage_is_left_to_the_limits() -> None:
    assert boilers(eta=(850.0,)) == []


def test_severity() -> None:
    assert [str(f.severity) for f in boilers(eta=(85.0,))] == ["major"]
    assert [str(f.severity) for f in boilers(loss=(0.05,))] == ["minor"]  # losses of 0.05 % may be


def generator(eta: float) -> list[Finding]:
    """Air conditioners on a generator of a stated efficiency, in per cent: that of a real methodology."""
    fuel: dict[str, Any] = {"document": "D-2", "page": "1"}
    sketch = air_conditioners()
    sketch.fixed = [
        {"parameter": "supply", "value": "grid and captive", "unit": "choice", **fuel},
        {"parameter": "EF_grid", "value": 0.8, "unit": "tCO2/MWh", **fuel},
        {"parameter": "captive_method", "value": "efficiency", "unit": "choice", **fuel},
        {"parameter": "eta_cap", "value": eta, "unit": "%", **fuel},
        {"parameter": "EF_fuel", "value": 0.0726, "unit": "tCO2/GJ", **fuel},
    ]
    return list(percentage_findings(sketch.build()[0]))


@pytest.mark.parametrize(("eta", "count"), [(38.0, 0), (0.38, 1), (1.0, 1), (64.0, 0), (380.0, 0)])
def test_the_efficiency_of_a_generator(eta: float, count: int) -> None:
    """380 % is outside the methodology's limits, which is an error already."""
    found = generator(eta)
    assert [str(f.severity) for f in found] == ["major"] * count


@pytest.mark.parametrize(("ratios", "told"), [((3.0, 300.0), 0), ((3.0, 3.0, 300.0), 1), ((3.0, 300.0, 300.0), 1)])
def test_of_two_that_differ_nobody_knows_which_is_right(ratios: tuple[float, ...], told: int) -> None:
    assert len([f for f in boilers(EER=ratios) if "EER" in f.message]) == told
