"""Errors of the equation language."""

from __future__ import annotations

from jcm_mrv.errors import JcmMrvError


class SpaceError(JcmMrvError, ValueError):
    """Elements, numbers, mappings or domains that do not fit their sets."""


class EquationError(JcmMrvError, ValueError):
    """An equation that is inconsistent in its sets or its form."""


class UnitError(JcmMrvError, ValueError):
    """A unit that is unknown, or a term whose unit does not fit.

    ``term`` is the term as text, ``found`` and ``expected`` are units as text.
    """

    def __init__(self, message: str, *, term: str = "", found: str = "", expected: str = "") -> None:
        super().__init__(message)
        self.term = term
        self.found = found
        self.expected = expected

    def __reduce__(self) -> tuple[object, ...]:
        return (_unit_error, (str(self), self.term, self.found, self.expected))


def _unit_error(message: str, term: str, found: str, expected: str) -> UnitError:
    return UnitError(message, term=term, found=found, expected=expected)
