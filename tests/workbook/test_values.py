"""What a text may mean is said to the person; it is shown in full where it is ambiguous."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.numerals import is_number
from jcm_mrv.workbook.values import (
    LEAVE_OUT,
    STATE_MARK,
    WRITE_NUMBER,
    iso_moment,
    looks_like_number,
    meaning_of_date,
    meaning_of_number,
)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1,234.5", "it may mean 1234.5"),
        ("1.234,5", "it may mean 1234.5"),
        ("1.234", "it may mean 1234 or 1.234"),  # Jakarta or London
        ("1,234", "it may mean 1234 or 1.234"),
        ("1,5", "it may mean 1.5"),
        ("1 234,5", "it may mean 1234.5"),
        ("1'234.5", "it may mean 1234.5"),
        ("12", "it may mean the number 12"),
        (" 12 ", "it may mean the number 12"),
        ("１２３．４", "it may mean 123.4"),
        ("1.5 kWh", "1.5 and kWh"),
        ("twelve", "it is not a number"),
        ("200/0", "200 and /0"),
    ],
)
def test_numbers_in_disguise(text: str, meaning: str) -> None:
    said, action = meaning_of_number(text)
    assert meaning in said
    assert action == (STATE_MARK if is_number(text) else WRITE_NUMBER)


@pytest.mark.parametrize(
    ("text", "number"), [("200/5", "40"), ("22000/110", "200"), ("22000/110 x 200/5", "8000"), ("100/5A", "20")]
)
def test_a_ratio_of_a_transformer_is_answered_with_its_number(text: str, number: str) -> None:
    """22000/110 and 200/5 together: 200 * 40."""
    said, action = meaning_of_number(text)
    assert said == f"as a ratio it is {number}" and action == f"Write {number}, if the ratio of a transformer is meant."


@pytest.mark.parametrize("text", ["-", "—", "−", "欠測", "n/a", "NaN", " - ", "なし", "－", "missing"])
def test_words_for_no_value_do_not_lead_to_a_zero(text: str) -> None:
    said, action = meaning_of_number(text)
    assert said == "it seems to say that there is no value"
    assert action == LEAVE_OUT
    assert "do not write 0" in action
    assert looks_like_number(text)


@pytest.mark.parametrize("text", ["grid", "off grid", "A", "diesel (B5)", "lower of both"])
def test_words_are_words(text: str) -> None:
    assert not looks_like_number(text)


@given(st.floats(allow_nan=False, allow_infinity=False).map(repr))
def test_every_written_number_looks_like_one(text: str) -> None:
    assert looks_like_number(text)


@given(st.text())
def test_nothing_a_person_writes_breaks_it(text: str) -> None:
    assert all(meaning_of_number(text))
    assert meaning_of_date(text)


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2150, 1, 1)))
def test_iso_text_is_its_moment(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert iso_moment(whole.isoformat(" ")) == whole
    assert iso_moment(f"  {whole.isoformat()} ") == whole


@pytest.mark.parametrize("text", ["2024-3-1", "01-03-2024", "2024-13-01", "2024-03-01 25:00", "2024-03-01Z", "2024"])
def test_no_other_text_is(text: str) -> None:
    assert iso_moment(text) is None
