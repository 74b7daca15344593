"""Cards and cases are written so that they read as what they were."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jcm_mrv.methodology.toml_text import toml_text

FAMILIES = Path(__file__).parents[2] / "methodologies"
texts = st.text(st.characters(blacklist_categories=["Cs"]))
plain = st.one_of(texts, st.booleans(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False), st.dates())
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(texts, values, max_size=5))
def test_it_reads_as_it_was(data: dict[str, object]) -> None:
    assert tomllib.loads(toml_text(data)) == data


@pytest.mark.parametrize("path", sorted(FAMILIES.glob("chiller/c*/*.toml")), ids=lambda p: p.name)
def test_every_card_and_case_of_a_family_does(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert tomllib.loads(toml_text(data)) == data


def test_the_layout_is_that_of_people() -> None:
    data = {
        "t": {"a": 1},
        "number": "XX",
        "d": {"x": {"value": 0.5}},
        "day": date(2024, 1, 1),
        "row": [{"b": {"1": 2}}],
    }
    written = 'number = "XX"\nday = 2024-01-01\n\n[t]\na = 1\n\n[d.x]\nvalue = 0.5\n\n[[row]]\nb = { 1 = 2 }\n'
    assert toml_text(data) == written


def test_nothing_else_is_written() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        toml_text({"value": None})
