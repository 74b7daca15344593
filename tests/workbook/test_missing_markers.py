"""The one list of markers of missing data: what it covers, and that the page lists the same words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jcm_mrv.logs.words import Quality, quality_of
from jcm_mrv.meters.serials import serial_number
from jcm_mrv.numerals import is_number
from jcm_mrv.workbook.missing_markers import IN_CELLS, MARKS, MISSING, NO_SERIAL_NUMBER, folded, is_missing
from jcm_mrv.workbook.values import LEAVE_OUT, meaning_of_number

PAGE = Path(__file__).parents[2] / "docs" / "findings" / "logs.missing_marker.md"


def test_the_page_lists_the_markers():
    """A word that is added to the list and not to the page, or the other way round."""
    first = PAGE.read_text(encoding="utf-8").split("\n\n")[1]
    listed = {folded(word) for word in re.findall(r"`([^`]+)`", first)}
    assert listed == MISSING, f"{PAGE.name} lists what is not one, or lacks: {sorted(listed ^ MISSING)}"


PLACE = "a new marker goes into MISSING of workbook/missing_markers.py"


def test_a_new_marker_goes_into_the_list_that_counts_everywhere() -> None:
    """Each of these says why it is no plain word of MISSING; another one stands in the wrong list."""
    letters = {word for word in MARKS if any(c.isalpha() for c in word)}
    no_heading = {"n/a", "na", "n.a.", "nan", "nanstt", "null", "(null)", "none", "nil", "欠測", "欠損"}
    assert letters <= no_heading, f"in MARKS it is also never a heading: {PLACE}"
    assert {"x", "×", "?"} >= IN_CELLS - MISSING, f"in IN_CELLS alone it is a fault in every log: {PLACE}"


@pytest.mark.parametrize("word", sorted(MISSING))
def test_no_marker_says_that_a_value_was_measured(word: str) -> None:
    """Under a heading for the quality of values a marker is no word of approval; some are not known there at all."""
    assert quality_of(word, "Quality") in (Quality.INVALID, Quality.UNKNOWN)


@pytest.mark.parametrize("word", sorted(NO_SERIAL_NUMBER))
def test_a_marker_is_written_as_it_is_compared(word):
    assert folded(word) == word and word
    assert serial_number(word.upper()) == ""


@pytest.mark.parametrize("word", sorted(MISSING))
def test_a_marker_is_no_value_in_a_log_and_in_a_cell(word):
    assert is_missing(f" {word.upper()} ") and not is_number(word)
    assert meaning_of_number(word)[1] == LEAVE_OUT


@pytest.mark.parametrize("text", ["", "0", "#N/A", "#DIV/0!", "no", "x", "error", "?", "-5"])
def test_what_is_none_in_a_log(text):
    assert not is_missing(text)


@pytest.mark.parametrize("text", ["–", "—", "−", "ー", "Ｎ／Ａ", "No  Data"])
def test_width_case_and_dashes_do_not_matter(text):
    assert is_missing(text) and folded(text) in IN_CELLS
