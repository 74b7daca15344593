"""Cards: the shipped ones say where everything is from; a faulty one is refused with every fault at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from jcm_mrv.methodologies.air_conditioner import InverterAirConditioners
from jcm_mrv.methodologies.solar_pv import SolarPV

from jcm_mrv.methodology.card import EVIDENCE, Card, CardDefault, CardError
from jcm_mrv.methodology.card_checks import check_card
from jcm_mrv.methodology.card_file import read_card
from jcm_mrv.methodology.catalogue import Entry, UnknownMethodologyError, catalogue, find

GOOD = """
number = "XX_AM001"
version = "1.0"
family = "solar_pv"
country = "Nowhere"
scope = "1"
status = "computable"
[title]
text = "Title"
evidence = "summary"
source = "somewhere"
[equation]
text = "RE = EG x EF"
evidence = "summary"
source = "somewhere"
[defaults.EF_RE_grid]
value = 0.3
unit = "tCO2/MWh"
source = "somewhere"
evidence = "unconfirmed"
"""


def entries() -> list[Entry]:
    return [e for e in catalogue().entries if e.package == "jcm-mrv"]


def test_the_built_in_cards_are_there_with_the_status_that_their_evidence_allows() -> None:
    status = {e.card.id: e.card.status for e in entries()}
    # The official summary states the equation of the first; of the others only the number or the title is known.
    assert status["VN_AM007 1.0"] == status["MN_AM003 2.0"] == status["TH_AM001 1.0"] == "computable"
    assert status["KE_AM002 1.0"] == status["ID_AM004 2.0"] == "computable"
    assert status["VN_AM002 1.0"] == status["VN_AM006 1.0"] == status["VN_AM003 1.0"] == "pattern"
    assert not catalogue().failures


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.card.id)
def test_every_statement_of_a_card_has_source_and_evidence(entry: Entry) -> None:
    card = entry.card
    for statement in (card.title, card.equation, *card.choices.values()):
        assert statement.source and statement.evidence in EVIDENCE
    for default in card.defaults.values():
        assert default.source and default.unit and default.evidence in EVIDENCE
    assert "approved" not in {card.title.evidence, card.equation.evidence}, "no approved text could be read"


@pytest.mark.parametrize(
    ("card", "value"),
    # The values that are known from public sources; Kenya's grid factor is not.
    [("VN_AM007", 0.333), ("MN_AM003 2.0", 0.797), ("TH_AM001 1.0", 0.319), ("KE_AM002", None)],
)
def test_solar_grid_factors(card: str, value: float | None) -> None:
    default = catalogue().find(card).card.defaults["EF_RE_grid"]
    assert default.value == value
    assert default.evidence == "unconfirmed"


def test_a_methodology_is_found_however_it_is_written() -> None:
    for name in ("VN_AM007", "vn_am007 1.0", "VN_AM007@1.0", "VN_AM007 ver1.0"):
        assert catalogue().find(name).card.id == "VN_AM007 1.0"
    with pytest.raises(UnknownMethodologyError, match="VN_AM0"):
        catalogue().find("VN_AM999")


def test_the_file_of_a_built_in_card_is_called_by_its_number() -> None:
    """By this name alone is a card found without a look at the others."""
    assert {e.file.rsplit("/")[-1] for e in entries()} == {f"{e.card.number}_{e.card.version}.toml" for e in entries()}


@pytest.mark.parametrize("name", ["VN_AM007", "vn_am007@1.0", "TH_AM001 3.0", "TH_AM017", "ID_AM021 1.0"])
def test_one_card_by_itself_is_the_one_of_the_catalogue(name: str) -> None:
    assert find(name) == catalogue().find(name)
    (number,) = {e.card.number for e in catalogue(find(name).card.number.casefold()).entries}
    assert number == find(name).card.number


@pytest.mark.parametrize("name", ["VN_AM999", "TH_AM001", "", "VN", "../cards"])
def test_what_is_no_card_is_refused_as_the_catalogue_refuses_it(name: str) -> None:
    """TH_AM001 has several versions; all that is near is named, from every family."""
    with pytest.raises(UnknownMethodologyError) as whole:
        catalogue().find(name)
    with pytest.raises(UnknownMethodologyError) as one:
        find(name)
    assert str(one.value) == str(whole.value)


def test_a_faulty_card_is_refused_with_every_fault_at_once() -> None:
    text = GOOD.replace('status = "computable"', 'status = "sure"').replace('country = "Nowhere"\n', "")
    text = text.replace('evidence = "unconfirmed"', 'evidence = "certain"').replace("value = 0.3", 'value = "0,3"')
    with pytest.raises(CardError) as error:
        read_card(text + "\n[extra]\n", "XX.toml")
    problems = " | ".join(error.value.problems)
    for word in ("country", "'sure'", "'certain'", "'0,3'", "'extra'"):
        assert word in problems
    with pytest.raises(CardError, match="TOML"):
        read_card("number = ", "broken.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "tCO2/MWh"', 'unit = "kgCO2/MWh"', "kgCO2"),
        ('unit = "tCO2/MWh"', 'unit = "tCO2/GWh"', "tCO2/GWh"),
        ("[defaults.EF_RE_grid]", "[defaults.EF_XX]", "EF_XX is unknown"),
    ],
)
def test_a_card_that_does_not_fit_its_methodology_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(CardError, match=message):
        check_card(read_card(GOOD.replace(old, new), "XX.toml"), SolarPV)


def test_a_choice_that_the_text_leaves_must_be_made_on_the_card() -> None:
    with pytest.raises(CardError, match="electricity_rule is not made"):
        check_card(read_card(GOOD.split("[defaults")[0], "XX.toml"), InverterAirConditioners)


def test_a_class_table_has_no_holes() -> None:
    table = """
[defaults.COP_RE]
unit = "1"
source = "s"
evidence = "unconfirmed"
class_unit = "kW"
classes = [{ lower = 0, upper = 5, value = 3.0 }, { lower = 6, value = 3.2 }]
"""
    with pytest.raises(CardError, match="does not begin where it ends"):
        read_card(GOOD.split("[defaults")[0] + table, "XX.toml")


TABLE = """
[defaults.COP_RE]
unit = "1"
source = "s"
evidence = "unconfirmed"
class_unit = "kW"
classes = [{ lower = 0, upper = 5, value = 3.0 }, { lower = 5, value = 3.2 }]
[choices.electricity_rule]
text = "lower of both"
evidence = "summary"
source = "s"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"kW"', '"W"', "class_unit of default COP_RE is in W, the methodology needs kW"),
        ('"kW"', '"horsepowers"', "class_unit of default COP_RE: 'horsepowers' is not a unit known here"),
        ("value = 3.2", "value = 320.0", "default COP_RE is 320 1, but must be at least .* and at most"),
    ],
)
def test_edges_of_classes_have_a_unit_and_values_of_the_card_keep_the_limits(old: str, new: str, message: str) -> None:
    card = GOOD.split("[defaults")[0] + TABLE
    check_card(read_card(card, "XX.toml"), InverterAirConditioners)
    with pytest.raises(CardError, match=message):
        check_card(read_card(card.replace(old, new), "XX.toml"), InverterAirConditioners)


def test_a_fraction_for_a_percentage_on_a_card_is_refused() -> None:
    """The efficiency of a reference boiler is in per cent: 0.8 instead of 80 would multiply its fuel by a hundred."""
    entry = catalogue().find("ID_AM015")
    check_card(entry.card, entry.methodology)
    eta = CardDefault("eta_RE", "%", "invented for the test", "unconfirmed", 0.8)
    card = replace(entry.card, defaults={**entry.card.defaults, "eta_RE": eta})
    with pytest.raises(CardError, match=r"default eta_RE is 0\.8 %, but must be at least"):
        check_card(card, entry.methodology)


def test_cards_are_frozen() -> None:
    card: Card = catalogue().find("VN_AM007").card
    with pytest.raises(AttributeError):
        card.number = "X"  # type: ignore[misc]
