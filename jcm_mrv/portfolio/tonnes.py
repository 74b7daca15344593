"""Tonnes of four kinds that are never one number: credited, indicative, reported and unverified.

Each kind is a type of its own. Two of one kind add up to that kind; two of different kinds raise TypeError, and a type
checker refuses them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Generic, Self, TypeVar

T = TypeVar("T", int, float)


class Kind(StrEnum):
    """What a number of tonnes is worth; the order is that of reading."""

    CREDITED = "credited"  # whole tonnes by year, of a confirmed methodology, for the third-party entity to verify
    INDICATIVE = "indicative"  # calculated, but the equation or a value is not confirmed
    REPORTED = "reported"  # stated by somebody, not calculated here
    UNVERIFIED = "unverified"  # stated in a package that does not verify


@dataclass(frozen=True)
class _Tonnes(Generic[T]):
    """Tonnes of CO2 equivalent of one kind."""

    tonnes: T
    kind: ClassVar[Kind]

    def __add__(self, other: Self) -> Self:
        if type(other) is not type(self):
            raise TypeError(f"tonnes that are {self.kind} are not added to {getattr(other, 'kind', 'plain numbers')}")
        return type(self)(self.tonnes + other.tonnes)


@dataclass(frozen=True)
class Credited(_Tonnes[int]):
    """Whole tonnes that a confirmed methodology gives [tCO2e]."""

    kind = Kind.CREDITED


@dataclass(frozen=True)
class Indicative(_Tonnes[float]):
    """Calculated tonnes of which no number may be credited yet [tCO2e]."""

    kind = Kind.INDICATIVE


@dataclass(frozen=True)
class Reported(_Tonnes[float]):
    """Tonnes that a source states and nothing here calculates [tCO2e]."""

    kind = Kind.REPORTED


@dataclass(frozen=True)
class Unverified(_Tonnes[float]):
    """Tonnes that a package states which does not verify [tCO2e]."""

    kind = Kind.UNVERIFIED


Tonnes = Credited | Indicative | Reported | Unverified


def tonnes_of(kind: Kind, amount: float) -> Tonnes:
    """An amount [tCO2e] as tonnes of its kind. Raises ValueError for credited tonnes that are not whole."""
    if kind is Kind.CREDITED:
        if amount != int(amount):
            raise ValueError(f"{amount} credited tonnes are not whole")
        return Credited(int(amount))
    if kind is Kind.INDICATIVE:
        return Indicative(amount)
    return Reported(amount) if kind is Kind.REPORTED else Unverified(amount)


@dataclass(frozen=True)
class Totals:
    """Tonnes of many members side by side; None where no member has any of that kind, which is not 0."""

    credited: Credited | None = None
    indicative: Indicative | None = None
    reported: Reported | None = None
    unverified: Unverified | None = None


def totals(tonnes: Iterable[Tonnes]) -> Totals:
    """Each kind added up by itself."""
    found = list(tonnes)
    whole = [one.tonnes for one in found if isinstance(one, Credited)]
    indicative = [one.tonnes for one in found if isinstance(one, Indicative)]
    reported = [one.tonnes for one in found if isinstance(one, Reported)]
    unverified = [one.tonnes for one in found if isinstance(one, Unverified)]
    return Totals(
        Credited(sum(whole)) if whole else None,
        Indicative(math.fsum(indicative)) if indicative else None,
        Reported(math.fsum(reported)) if reported else None,
        Unverified(math.fsum(unverified)) if unverified else None,
    )
