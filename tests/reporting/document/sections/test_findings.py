"""The section of findings: which meters a text names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.reporting.document.sections.findings import naming

NAMES = ["M-1", "M-10", "Zähler", "1"]


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        (NAMES, "M-1 (roof), M-11 and xM-10", {"M-1"}),
        (NAMES, "M-1-2; M-10.", {"M-10"}),
        (NAMES, "Zählerstand of Zähler 1", {"Zähler", "1"}),
        (["M 1", "M", "M 1 north"], "M 1 north, M 1.", {"M 1 north", "M 1"}),  # the longest name that fits
    ],
)
def test_a_name_stands_by_itself(names: list[str], text: str, expected: set[str]) -> None:
    assert {found for found in naming(names).findall(text) if found in names} == expected


@given(st.lists(st.text("ab-1", min_size=1, max_size=3), min_size=1, max_size=4), st.text("ab-1 .(", max_size=20))
def test_words_find_what_a_search_for_each_name_finds(names: list[str], text: str) -> None:
    one_by_one = {name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)}
    assert {found for found in naming(names).findall(text) if found in names} == one_by_one
