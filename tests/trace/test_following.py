"""From a tonne to its reading."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.quantities.tracing import Step
from jcm_mrv.trace.following import NoSuchQuantityError, followed, quantity
from support import results

EXAMPLES = Path(__file__).parents[2] / "examples"


def steps(step: Step) -> list[Step]:
    return [step, *(inner for part in step.parts for inner in steps(part))]


def test_a_tonne_leads_to_its_readings_and_documents() -> None:
    """180 t = 360 MWh x 0.5 t/MWh; the readings stand in Readings!E2 to E4."""
    found = steps(followed(results.solar(), "ER[2024]", 20, 20))
    assert math.isclose(found[0].value, 180.0, rel_tol=1e-12)
    read = {step.origin: step.value for step in found if step.symbol == "V"}
    assert read == {f"monitoring.xlsx, Readings!E{n}": v for n, v in ((2, 1e5), (3, 1.2e5), (4, 1.4e5))}
    assert [s.origin for s in found if s.symbol == "EF_RE_grid"] == ["monitoring.xlsx, Fixed values!D3"]


def test_a_month_of_a_log_leads_to_the_line_where_it_begins() -> None:
    found = steps(followed(calculate_file(EXAMPLES / "rooftop_solar" / "monitoring.xlsx"), "ER[2016]", 20, 20))
    assert {(s.shown, s.origin) for s in found if s.symbol == "k_T"} == {("400", "monitoring.xlsx, Meters!J2")}
    assert "data/pv_ac_power_15min.csv, from line 2922" in [step.origin for step in found if step.symbol == "V"]


def test_depth_and_parts_fold_the_rest() -> None:
    shallow = followed(results.solar(), "ER[2024]", 1, 8)
    assert shallow.parts == [] and shallow.left_out == 2


def test_of_several_elements_the_largest_is_opened_and_the_rest_stays_a_line() -> None:
    """Of 100, 120 and 140 MWh the last is opened; with two parts the two largest are shown, in their order."""
    found = steps(followed(results.solar(), "ER[2024]", 20, 20, 1))
    months = {step.shown: step for step in found if step.symbol == "E_month"}
    assert {shown: step.folded for shown, step in months.items()} == {"100": True, "120": True, "140": False}
    assert [step.shown for step in found if step.symbol == "V"] == ["140,000"]
    few = steps(followed(results.solar(), "ER[2024]", 20, 2, 1))
    assert [(step.shown, step.folded) for step in few if step.symbol == "E_month"] == [("120", True), ("140", False)]


@pytest.mark.parametrize(
    ("target", "says"), [("EX[2024]", "there are"), ("ER[2031]", "ER[2024]"), ("E_month", "say which")]
)
def test_what_is_not_there_is_said_with_what_is(target: str, says: str) -> None:
    with pytest.raises(NoSuchQuantityError) as error:
        quantity(results.solar(), target)
    assert says in str(error.value)


def test_the_credited_tonnes_lead_to_er_and_its_rounding() -> None:
    """2024: three months of 1 t, 2025: seven, as in support.results.two_years."""
    whole = followed(results.two_years(), "credited", 20, 8)
    assert (whole.shown, whole.numbers) == ("10", "3 + 7")
    year = followed(results.two_years(), "Credited[2025]", 20, 8)
    assert (year.shown, year.numbers, year.parts[0].symbol) == ("7", "floor(round(7; 6))", "ER")
    assert "Readings!E11" in " ".join(step.origin for step in steps(year))
    with pytest.raises(NoSuchQuantityError, match="2024, 2025"):
        followed(results.two_years(), "credited[2031]", 20, 8)
    with pytest.raises(NoSuchQuantityError, match="indicative"):
        followed(results.indicative(), "credited", 20, 8)
