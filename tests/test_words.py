"""Words are English text that can be said again: nothing is lost on the way, and English stays what it was."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.languages import PoCatalogue, beside, said_in
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.words import Words, as_words, in_language, joined, say, say_plural, sentences

GERMANLIKE = PoCatalogue(
    "vi",
    {
        "meter {meter} counts {amount:,.1f} {unit}": ("{unit}: {amount:,.1f} ({meter})",),
        "on {day}": ("ngày {day}",),
        "{count} hour": ("{count} giờ",),
        "A title.": ("Một tiêu đề。",),
        "found: {what}": ("thấy: {what}",),
    },
    decimal=",",
    group=".",
)


def test_english_is_plain_text_and_another_language_orders_it_anew() -> None:
    words = say("meter {meter} counts {amount:,.1f} {unit}", meter="M-1", amount=12345.67, unit="kWh")
    assert words == "meter M-1 counts 12,345.7 kWh"
    assert json.dumps({"message": words}) == '{"message": "meter M-1 counts 12,345.7 kWh"}'
    assert in_language(words, None) == words
    assert in_language(words, GERMANLIKE) == "kWh: 12.345,7 (M-1)"


def test_a_large_amount_is_written_in_digits() -> None:
    """1.728e+06 is 1728000 to six figures; a rate that is small stays as it is."""
    words = say("{counted:.6g} and {rate:.3g}, {more:+.3g} %", counted=1_728_000.0, rate=2.5e-7, more=12345.0)
    assert words == "1728000 and 2.5e-07, +12300 %"
    assert in_language(words, GERMANLIKE) == "1728000 and 2,5e-07, +12300 %"
    assert say("{huge:.6g}", huge=1e300) == "1e+300"


def test_words_within_words_and_beside_words_are_said_too() -> None:
    inner = say("on {day}", day=date(2023, 1, 31))
    whole = say("found: {what}", what=inner) + "; " + inner
    assert whole == "found: on 2023-01-31; on 2023-01-31"
    assert in_language(whole, GERMANLIKE) == "thấy: ngày 31/01/2023; ngày 31/01/2023"
    assert in_language("x " + inner, GERMANLIKE) == "x ngày 31/01/2023"
    assert in_language(joined(", ", [inner, "M-2"]), GERMANLIKE) == "ngày 31/01/2023, M-2"
    assert sentences("", inner, "") == inner


def test_a_date_of_the_program_is_written_as_the_language_does_and_what_a_person_wrote_stays() -> None:
    assert in_language(say("on {day}", day="2023-01-31 14:00"), GERMANLIKE) == "ngày 31/01/2023 14:00"
    assert in_language("2023-01-31", GERMANLIKE) == "2023-01-31"
    assert in_language(say("on {day}", day="2023-13-31"), GERMANLIKE) == "ngày 2023-13-31"
    assert in_language(say("on {day}", day=datetime(2023, 1, 31, 2, 5)), GERMANLIKE) == "ngày 31/01/2023 02:05"
    assert in_language(say("on {day}", day=datetime(2023, 1, 31)), GERMANLIKE) == "ngày 31/01/2023"


@pytest.mark.parametrize(("count", "english"), [(1, "1 hour"), (2, "2 hours"), (0, "0 hours")])
def test_counts_have_their_own_form(count: int, english: str) -> None:
    words = say_plural("{count} hour", "{count} hours", count)
    assert words == english
    assert in_language(words, GERMANLIKE) == f"{count} giờ"


def test_marks_at_the_end_are_taken_away_in_every_language() -> None:
    title = as_words("A title.").rstrip(".")
    assert title == "A title"
    assert in_language(title, GERMANLIKE) == "Một tiêu đề"


def test_a_message_without_a_translation_is_said_in_english_with_the_numbers_of_the_language() -> None:
    assert in_language(say("{n:.2f} of {x}", n=0.5, x="y"), GERMANLIKE) == "0,50 of y"


def test_a_missing_value_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        say("meter {meter}")


@given(st.text(), st.integers(), st.floats(allow_nan=False))
def test_they_survive_copies(text: str, number: int, share: float) -> None:
    words = joined(
        "; ", [say("meter {meter} counts {amount:,.1f} {unit}", meter=text, amount=share, unit=number), text]
    )
    pickled = pickle.loads(pickle.dumps(words))  # noqa: S301 - our own
    for again in (pickled, copy.deepcopy(words), copy.copy(words)):
        assert type(again) is Words
        assert again == words
        assert in_language(again, GERMANLIKE) == in_language(words, GERMANLIKE)


@given(st.text())
def test_text_with_braces_is_no_template(text: str) -> None:
    assert in_language(as_words(text), GERMANLIKE) == GERMANLIKE.words.get(text, (text,))[0]


def test_what_is_the_same_in_two_languages_is_said_once() -> None:
    """A number before a sentence, a unit behind a label, and a bilingual text that stands in another."""
    step = joined("", ("1.  ", say("Project")))
    assert said_in(step, "en+vi") == "1.  " + said_in(say("Project"), "en+vi")
    assert beside("By year [t]", "Theo năm [t]") == "By year / Theo năm [t]"
    both = beside("Project", "Dự án")
    words = Translator("en+vi")
    assert words("word.from_to", start=both, end="2024") == "Project to 2024 / Dự án đến 2024"
