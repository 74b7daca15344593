"""Numbers and dates by the customs of each language."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from jcm_mrv.reporting.document.figures import NumberFormat


@pytest.mark.parametrize(("lang", "full", "short"), [
    ("en", "January 1, 2023", "2023-01-01"),
    ("vi", "ngày 01 tháng 01 năm 2023", "01/01/2023"),
    ("ja", "2023年1月1日", "2023年1月1日"),
])  # fmt: skip
def test_a_date_stands_as_offices_write_it(lang: str, full: str, short: str) -> None:
    numbers = NumberFormat(lang, 3)
    assert (numbers.day(date(2023, 1, 1)), numbers.short_day(date(2023, 1, 1))) == (full, short)


@given(st.floats(-1e12, 1e12), st.integers(0, 9), st.sampled_from(["en", "vi", "ja"]))
@example(-0.0004, 3, "vi")
@example(1234567.5, 0, "vi")
def test_a_number_stands_as_the_locale_has_it(value: float, decimals: int, lang: str) -> None:
    """Halves away from zero, and no sign before a zero; Babel's own way is the second one."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    expected = format_decimal(rounded or Decimal(0), pattern, locale=lang, decimal_quantization=False)
    assert NumberFormat(lang, 3).fixed(value, decimals) == expected
