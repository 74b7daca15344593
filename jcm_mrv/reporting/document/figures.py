"""Numbers and dates as a report prints them, by the customs of its language.

Only characters that a text extractor finds again: no thin spaces, and the
plain hyphen as minus sign.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.dates import format_date
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from jcm_mrv.languages import beside, catalogue_of

ABSENT = "-"
_LONG = {"vi": "'ngày' dd 'tháng' MM 'năm' y"}
"""How offices write a date in full where the Unicode locale data have the everyday form."""
TONNE_DECIMALS = 3


@cache
def _signs(lang: str) -> dict[int, str]:
    """What a language writes for the comma between thousands and for the point before decimals."""
    return str.maketrans({",": get_group_symbol(lang), ".": get_decimal_symbol(lang)})


class NumberFormat:
    """Formats numbers and dates in one language; ``decimals`` are those of measured values."""

    def __init__(self, lang: str, decimals: int) -> None:
        self.lang, _, second = lang.partition("+")
        self.decimals, self._second = decimals, NumberFormat(second, decimals) if second else None

    def fixed(self, value: float | None, decimals: int) -> str:
        """A number with a fixed count of decimals; ``-`` for None and for what is unknown."""
        if value is None or not math.isfinite(value):
            return ABSENT
        # Halves away from zero, as a spreadsheet shows them; -0.000 is printed as 0.000.
        step = Decimal(1).scaleb(-decimals)
        rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
        # Babel takes ten times as long for the same, and a report has ten thousand of them
        return f"{rounded if rounded else abs(rounded):,f}".translate(_signs(self.lang))

    def tonnes(self, value: float | None) -> str:
        """Unrounded tonnes of CO2e, three decimals."""
        return self.fixed(value, TONNE_DECIMALS)

    def whole(self, value: float | None) -> str:
        """A whole number."""
        return self.fixed(value, 0)

    def measured(self, value: float | None) -> str:
        """A measured value, with the decimals from which the credited tonnes follow."""
        return self.fixed(value, self.decimals)

    def computed(self, value: float | None) -> str:
        """A calculated value: the decimals of measured values, more where it is small."""
        if value is None or not math.isfinite(value):
            return ABSENT
        small = 0 < abs(value) < 1
        return self.fixed(value, max(self.decimals, 3 - math.floor(math.log10(abs(value)))) if small else self.decimals)

    def signed(self, value: float | None) -> str:
        """An effect in tonnes with its sign."""
        text = self.tonnes(value)
        return f"+{text}" if value is not None and value > 0 and text != self.tonnes(0.0) else text

    def given(self, value: float | None) -> str:
        """A value that a person or a document gave: every digit of it, none added."""
        if value is None or not math.isfinite(value):
            return ABSENT
        number = Decimal(f"{value:.15g}")
        return format_decimal(number, "#,##0.###############", locale=self.lang, decimal_quantization=False)

    def in_equation(self, value: float) -> str:
        """A number in an equation: at least four digits that count, no zeros at its end."""
        if not math.isfinite(value):
            return ABSENT
        if value == 0:
            return "0"
        places = max(self.decimals, 3 - math.floor(math.log10(abs(value))))
        number = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return format_decimal(number, "#,##0." + "#" * places, locale=self.lang, decimal_quantization=False)

    def percent(self, share: float) -> str:
        """A share as per cent with one decimal; 100 only when nothing at all is missing."""
        shown = 100.0 if share >= 1.0 else min(math.floor(share * 1000) / 10, 99.9)
        return self.fixed(shown, 0 if shown == 100.0 else 1)

    def day(self, value: date | None) -> str:
        """A date in full, as the language writes it, or both do."""
        if value is None:
            return ABSENT
        said = format_date(value, _LONG.get(self.lang, "long"), locale=self.lang)
        return said if self._second is None else beside(said, self._second.day(value))

    def moment(self, value: datetime) -> str:
        """A day and a time of it in a table, with the offset of its zone."""
        return f"{self.short_day(value.date())} {value.timetz().isoformat()}"

    def short_day(self, value: date | None) -> str:
        """A date in a table, in figures: as offices write it, in English by ISO 8601."""
        words = catalogue_of(self.lang)
        if value is None:
            return ABSENT
        return words.day(value) if words else f"{value:%Y-%m-%d}"
