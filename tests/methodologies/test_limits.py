"""What lies outside the limits of a methodology is refused, at its cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.conformance.cases import Case, calculate_case, read_case
from jcm_mrv.findings import InputRefusedError

FAMILIES = Path(__file__).parents[2] / "methodologies"


def case(family: str, name: str) -> Case:
    path = FAMILIES / family / "cases" / f"{name}.toml"
    return read_case(path.read_text(encoding="utf-8"), path.name)


def refused(changed: Case, folder: Path) -> list[tuple[str, str]]:
    """Code and column of every error."""
    with pytest.raises(InputRefusedError) as error:
        calculate_case(changed, folder)
    return [(f.code, f.found) for f in error.value.findings if f.severity.value == "error"]


@pytest.mark.parametrize(
    ("family", "name", "changes"),
    [
        ("chiller", "TH_AM005_3.0", {"COP_PJ": 0.0}),
        ("chiller", "TH_AM005_3.0", {"COP_RE": 55.9}),
        ("boiler", "ID_AM015_1.0_indicative", {"eta_PJ": 140.0}),
        ("boiler", "ID_AM015_1.0_indicative", {"eta_RE": 0.89}),  # a fraction where per cent are due
        ("transformer", "VN_AM005_1.0_confirmed", {"NLL_PJ": 0.06}),  # kW for W
        ("transport", "VN_AM001_2.0_confirmed", {"eta_RE": 40.0}),  # L/100 km for km/kL
        ("transport", "VN_AM001_2.0_confirmed", {"eta_RE": 2.5}),  # km/L for km/kL
        ("air_conditioning_control", "VN_AM015_1.0_confirmed", {"SR": 20.0}),  # per cent for a fraction
        ("electrolyser", "SA_AM001_1.0", {"SEC_PJ": 2.04}),  # MWh/t for kWh/t
        ("data_centre", "LA_AM001_1.0_indicative", {"PUE_RE": 0.9}),
        ("commercial_building", "VN_AM003_1.0_confirmed", {"eta_PJ": 4.2}),  # a COP where per cent are due
    ],
)
def test_outside_its_limits(family: str, name: str, changes: dict[str, Any], tmp_path: Path) -> None:
    given = case(family, name)
    first = {**given.equipment[0], **changes}
    errors = refused(replace(given, equipment=(first, *given.equipment[1:])), tmp_path)
    assert errors == [("fixed.out_of_limits", f"{next(iter(changes.values())):g}")]


def test_a_capacity_outside_the_table(tmp_path: Path) -> None:
    given = case("chiller", "ID_AM002_2.0")
    # The table of ID_AM002 begins at 0 and is open above, so only the limits of a capacity are left.
    errors = refused(replace(given, equipment=({**given.equipment[0], "capacity": 0.0},)), tmp_path)
    assert errors == [("fixed.out_of_limits", "0")]


def test_a_fuel_that_the_table_does_not_know_is_asked_for(tmp_path: Path) -> None:
    given = case("boiler", "ID_AM015_1.0_indicative")
    unknown = {**given.equipment[0], "fuel": "coal from the hill"}
    errors = refused(replace(given, equipment=(unknown,)), tmp_path)
    assert {code for code, _ in errors} == {"fixed.missing"} and len(errors) == 2


def test_equipment_that_names_no_fuel_and_output_without_a_product(tmp_path: Path) -> None:
    given = case("boiler", "ID_AM015_1.0_indicative")
    nameless = {k: v for k, v in given.equipment[0].items() if k != "fuel"}
    assert ("claim.no_group", "empty") in refused(replace(given, equipment=(nameless,)), tmp_path)
    stranding = case("specific_electricity", "VN_AM014_1.0_confirmed")
    bare = tuple({k: v for k, v in row.items() if k != "products"} for row in stranding.equipment)
    assert ("claim.no_group", "empty") in refused(replace(stranding, equipment=bare), tmp_path)


def test_a_factor_of_a_fuel_without_a_document_does_not_replace_that_of_the_card(tmp_path: Path) -> None:
    given = case("boiler", "ID_AM015_1.0_indicative")
    own = {"parameter": "NCV", "applies_to": "natural gas", "value": 50.0, "unit": "GJ/t"}
    assert ("fixed.no_document", "50") in refused(replace(given, fixed=(*given.fixed, own)), tmp_path)


def test_a_factor_of_a_fuel_with_its_document_counts_on_both_sides(tmp_path: Path) -> None:
    given = case("boiler", "ID_AM015_1.0_indicative")
    own = {"parameter": "NCV", "applies_to": "natural gas", "value": 50.0, "unit": "GJ/t", "document": "D-1"}
    before = calculate_case(given, tmp_path)
    (tmp_path / "own").mkdir()
    result = calculate_case(replace(given, fixed=(*given.fixed, own)), tmp_path / "own")
    # Both sides burn the same gas; the electricity of the auxiliaries, 20 MWh x 0.8, does not depend on it.
    reference, project = (float(result.evaluation[n].sum()) for n in (result.claim.RE, result.claim.PE))
    assert reference == pytest.approx(before.reference * 50.0 / 46.5)
    assert project - 16.0 == pytest.approx((before.project - 16.0) * 50.0 / 46.5)


def test_hours_of_operation_need_their_date(tmp_path: Path) -> None:
    given = case("transformer", "VN_AM005_1.0_indicative")
    undated = {k: v for k, v in given.equipment[0].items() if k != "operation_start"}
    errors = refused(replace(given, equipment=(undated, *given.equipment[1:])), tmp_path)
    assert errors == [("claim.no_start", "empty")]


def test_one_fuel_is_written_in_one_way(tmp_path: Path) -> None:
    given = case("boiler", "ID_AM015_1.0_indicative")
    twice = {**given.equipment[0], "reference_fuel": "Natural-Gas"}
    errors = refused(replace(given, equipment=(twice,)), tmp_path)
    assert errors == [("claim.two_spellings", "Natural-Gas")]
