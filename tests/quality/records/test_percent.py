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
    f = fixed("fraction of the year", unit="1", per=equipment)
    EER = fixed("energy efficiency ratio", unit="1", per=equipment)
    EF = fixed("emission factor", unit="tCO2/MWh")
    GWP_CO2 = co2_as_co2e()
    pct = constant("100", unit="%", label="one, in per cent", source="by definition")
    RE = result(total(EG * k * f * EER / eta * loss / pct * EF * GWP_CO2, over=equipment), "reference emissions")
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


def boilers(card: str = "", factor: float | None = 0.5, **values: tuple[float | None, ...]) -> list[Finding]:
    """Boilers with 12 MWh each; ``values`` by symbol, one per boiler or one for all, None where it is the card's.

    ``card`` are more lines of the card.
    """
    units = {"eta": "1", "loss": "%", "k": "1", "f": "1", "EER": "1"}
    given = {"eta": (0.8,), "loss": (5.0,), "k": (2.0,), "f": (1.0,), "EER": (1.0,), **values}
    count = max(len(v) for v in given.values())
    each = [{s: v[n] if len(v) > 1 else v[0] for s, v in given.items()} for n in range(count)]
    sketch = Sketch(
        "XX_AM001 1.0",
        equipment=[
            {
                "equipment_id": f"B{n}",
                "evidence": "D-1",
                **{s: (v, units[s]) for s, v in each[n].items() if v is not None},
            }
            for n in range(count)
        ],
        points=[{"parameter": "EG", "applies_to": f"B{n}", "meter_id": f"M{n}", "sign": "+"} for n in range(count)],
        fixed=[{"parameter": "EF", "value": factor, "unit": "tCO2/MWh", "document": "D-1"}],
        monthly={f"M{n}": [1000.0] * 12 for n in range(count)},
        entries=[Entry(read_card(CARD + card, "boiler"), Boiler, "test", "0")],
    )
    return list(percentage_findings(sketch.build()[0]))


def of_card(symbol: str, value: float, unit: str) -> str:
    stated = f'value = {value}, unit = "{unit}", evidence = "approved", source = "invented for the test"'
    return f"defaults.{symbol} = {{ {stated} }}\n"


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


def test_it_is_told_where_what_stands_there_and_what_to_write() -> None:
    """RE = 12 x 2 / 0.8 x loss x 0.5 t: 4 % instead of 0.04 % are 15 x 0.0396 = 0.594 t more."""
    (one,) = boilers(loss=(0.04,))
    assert one.message == (
        "XX_AM001 1.0: loss of B0 (share of losses in the pipes) is at most 1 %: a fraction may stand there; with 4 "
        "the claim would change by +0.594 tCO2e"
    )
    assert one.found == "0.04 %"
    assert one.action == "The value is needed in per cent: write 4 if that is what the document says."
    (other,) = boilers(eta=(85.0,))
    assert "(efficiency of the boiler) is above 1: a percentage may stand there; with 0.85 the claim" in other.message
    assert other.found == "85" and other.action.startswith("The value is needed as a part of 1 (85 % is 0.85): write")


def test_while_er_has_no_value_its_change_is_not_told() -> None:
    (finding,) = boilers(eta=(85.0,), factor=None)
    assert finding.message.endswith("a percentage may stand there")


@pytest.mark.parametrize(
    ("symbol", "value", "words"),
    [
        # of the card's 2: a hundred times and a hundredth, each by at most a factor of two
        ("k", 400.0, "is about 100 times the value on the card (2)"),
        ("k", 401.0, ""),
        ("k", 100.0, "is about 100 times the value on the card (2)"),
        ("k", 99.0, ""),
        ("k", 0.04, "is about a hundredth of the value on the card (2)"),
        ("k", 0.041, ""),
        ("k", 0.01, "is about a hundredth of the value on the card (2)"),
        ("k", 0.0099, ""),
        ("k", 0.0, ""),
        # by the name: an efficiency from 2 % to 1.5, any other part of 1 from 0 to 1.5, of 100 % from above 1 %
        ("eta", 1.5, ""),
        ("eta", 1.51, "is above 1: a percentage may stand there"),
        ("eta", 120.0, "is above 1: a percentage may stand there"),
        ("eta", 121.0, ""),
        ("eta", 0.0199, "is very small for such a value: it may have been divided by 100 twice"),
        ("f", 0.0001, ""),
        ("f", 1.51, "is above 1: a percentage may stand there"),
        ("loss", 1.0, "is at most 1 %: a fraction may stand there"),
        ("loss", 1.01, ""),
    ],
)
def test_from_where_on_a_value_is_doubted(symbol: str, value: float, words: str) -> None:
    found = boilers(**{symbol: (value,)})
    assert [f.code for f in found] == (["fixed.as_percentage"] if words else [])
    assert all(words in f.message for f in found)


@pytest.mark.parametrize(("eta", "told"), [(0.15, False), (0.149, True), (0.02, True)])
def test_an_efficiency_of_no_equipment(eta: float, told: bool) -> None:
    found = boilers(eta=(eta,))
    assert [f.code for f in found] == ["fixed.unlikely"] * told
    for one in found:
        assert one.message == "XX_AM001 1.0: eta of B0 (efficiency of the boiler) is that of no equipment"
        assert (one.found, one.data, one.where.cell) == (f"{eta:g} 1", {"value": eta}, "Z2")


@pytest.mark.parametrize(("eta", "told"), [(15.0, False), (14.9, True)])
def test_an_efficiency_of_no_generator_in_per_cent(eta: float, told: bool) -> None:
    assert [f.code for f in generator(eta)] == ["fixed.unlikely"] * told


def test_the_cards_own_values_are_not_doubted() -> None:
    """Nor is anything compared with a value of the card that is nothing."""
    assert boilers(of_card("loss", 0.5, "%"), loss=(None,)) == []
    (given,) = boilers(of_card("loss", 5.0, "%"), loss=(0.05,))
    assert "is about a hundredth of the value on the card (5)" in given.message and given.severity == "major"
    assert boilers(of_card("loss", 0.0, "%"), loss=(5.0,)) == []


def test_the_change_of_the_claim_is_said() -> None:
    """RE = 12 x 2 / eta x 5 % x 0.5 t: 0.6 t / eta. 0.6 / 0.85 - 0.6 / 85 = +0.699 t."""
    [finding] = boilers(eta=(85.0,))
    assert "+0.699 tCO2e" in finding.message


def test_a_value_far_from_the_other_elements() -> None:
    """Nothing in the name says that 90 is wrong where the others have 0.9, but they do."""
    [finding] = boilers(EER=(2.0, 2.2, 220.0))
    assert "of B2 (energy efficiency ratio) is about 100 times most elements (2.2)" in finding.message


def test_a_share_may_be_small_beside_the_others() -> None:
    """It is doubted by itself alone; an efficiency, or what is no part of anything, is doubted beside the others."""
    (small,) = boilers(loss=(20.0, 30.0, 0.25))
    assert small.severity == "minor" and "is at most 1 %" in small.message
    for symbol in ("eta", "EER"):
        (other,) = boilers(**{symbol: (0.9, 0.9, 0.009)})
        assert "of B2" in other.message and "is about a hundredth of most elements (0.9)" in other.message


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
