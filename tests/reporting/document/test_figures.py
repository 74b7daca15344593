"""Numbers and dates by the customs of each language."""

from __future__ import annotations

from datetime import date

import pytest

from jcm_mrv.reporting.document.figures import NumberFormat


@pytest.mark.parametrize(("lang", "full", "short"), [
    ("en", "January 1, 2023", "2023-01-01"),
    ("vi", "ngày 01 tháng 01 năm 2023", "01/01/2023"),
    ("ja", "2023年1月1日", "2023年1月1日"),
])  # fmt: skip
def test_a_date_stands_as_offices_write_it(lang: str, full: str, short: str) -> None:
    numbers = NumberFormat(lang, 3)
    assert (numbers.day(date(2023, 1, 1)), numbers.short_day(date(2023, 1, 1))) == (full, short)
