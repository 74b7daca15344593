"""The words and numbers of one language, around whatever is written about."""

from __future__ import annotations

from functools import cached_property

from jcm_mrv.reporting.document.figures import NumberFormat
from jcm_mrv.reporting.document.translations import Translator


class Wording:
    """What a report is written with: a subclass holds the language and the decimals of measured values."""

    lang: str

    @property
    def decimals(self) -> int:
        """The decimals of measured values."""
        raise NotImplementedError

    @cached_property
    def t(self) -> Translator:
        """The words. Raises UnknownLanguageError."""
        return Translator(self.lang)

    @cached_property
    def n(self) -> NumberFormat:
        """The numbers."""
        return NumberFormat(self.lang, self.decimals)
