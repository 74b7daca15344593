"""What a misspelt name may mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.meant import did_you_mean, nearest

METERS = ["M-1", "M-2", "M-12", "Main meter", "Máy đo 3", "METER-01", "METER-02"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("m-1", ["M-1"]), ("M1", ["M-1"]), ("M 01", ["M-1"]), ("Ｍ－２", ["M-2"]), ("mainmeter", ["Main meter"]),
        ("Main metre", ["Main meter"]), ("May do 3", ["Máy đo 3"]), ("METER-1", ["METER-01"]), ("Metr 2", ["METER-02"]),
        ("M-21", []), ("METER-03", []), ("", []), ("???", []), ("Boiler", []),
    ],
)  # fmt: skip
def test_marks_and_accents_make_no_difference_and_figures_do(name: str, meant: list[str]) -> None:
    assert nearest(name, METERS) == meant


def test_two_that_are_as_near_are_both_asked() -> None:
    assert set(nearest("EC_P", ["EC_PJ", "EC_PR", "NCV"])) == {"EC_PJ", "EC_PR"}
    assert did_you_mean("EC_PJJ", ["EC_PJ", "NCV"]) == "Did you mean “EC_PJ”?"
    assert did_you_mean("nothing like it", ["EC_PJ"]) == ""


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=10))
def test_only_known_names_are_guessed_and_a_known_one_is_found(name: str, known: list[str]) -> None:
    found = nearest(name, known)
    assert set(found) <= set(known) and len(found) <= 2
    if any(c.isalnum() for c in name) and name not in known and len(known) < 10:
        assert nearest(name, [*known, name], most=99).count(name) == 1
