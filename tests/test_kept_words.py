"""Sentences that were written to a file are said in another language when they are read again."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from jcm_mrv.kept_words import from_data, to_data
from jcm_mrv.words import in_language, joined, say, say_plural


class Backwards:
    """A language that has each template with its first and last word exchanged, and a decimal comma."""

    def template(self, template: str, plural: str, number: int) -> str:
        first, *middle, last = template.split(" ")
        return " ".join([last, *middle, first])

    def number(self, english: str) -> str:
        return english.replace(".", ",")

    def day(self, day: date) -> str:
        return f"{day:%d/%m/%Y}"


SENTENCES = (
    "as a person wrote it: {x}",
    say("meter {meter} shows {amount:.3g} {unit}", meter="M-1", amount=1.25, unit="kWh"),
    say("since {day} or {when:%Y-%m-%d %H:%M} at last", day=date(2024, 1, 31), when=datetime(2024, 1, 31, 5, 0)),
    say("exactly {a} of {b}", a=Decimal("1.50"), b=Fraction(1, 3)),
    say("why: {reason}", reason=say("it is {found!r} here", found="x")),
    say_plural("{count} day is missing", "{count} days are missing", 3),
    joined("; ", [say("one {n:+.2f} thing", n=2.0), "two"]),
    say("it ends. Here.").rstrip("."),
)


@pytest.mark.parametrize("text", SENTENCES)
def test_what_is_kept_is_said_as_before(text: str) -> None:
    again = from_data(json.loads(json.dumps(to_data(text))))
    assert again == text
    assert in_language(again, Backwards()) == in_language(text, Backwards())


@pytest.mark.parametrize(
    "data",
    [
        {"say": "{x:>999999999}", "with": {"x": 1}},  # a text of a gigabyte
        {"say": "{x.__class__}", "with": {"x": 1}},
        {"say": "{x}", "with": {}},
        {"say": "{x", "with": {"x": 1}},
        {"say": "{x:d}", "with": {"x": "text"}},
        {"say": 1, "with": {}},
        {"parts": 7},
        {},
        None,
    ],
)
def test_what_nothing_here_wrote_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_data(data)
