"""One row of a sheet: its cells with their origins, and the words in which the typed rows are written.

The row of each sheet is a class of :mod:`jcm_mrv.workbook.rows`, written from
the schema: an attribute per column, and ``origin`` takes only its keys. As
``K`` is contravariant, a function that needs ``meter_id`` and no more takes a
``Record[Literal["meter_id"]]``, which the rows of all sheets with that column
are; :data:`AnyRow` is a row of whatever sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Never, TypeAlias, TypeVar, cast

from jcm_mrv.origin import NOWHERE, Origin

Value = str | float | datetime | None
K = TypeVar("K", bound=str, contravariant=True)
C = TypeVar("C", bound=str, covariant=True)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value and where it stands. None is a blank cell, or one whose fault a finding names."""

    value: Value
    origin: Origin

    @property
    def text(self) -> str:
        """A text or choice; '' where the cell is blank. A number (of a column that may hold both) as text."""
        if isinstance(self.value, float):
            return f"{self.value:.15g}"
        return self.value.isoformat() if isinstance(self.value, datetime) else self.value or ""

    @property
    def number(self) -> float | None:
        """A number; None where the cell is blank or holds text."""
        return self.value if isinstance(self.value, float) else None

    @property
    def when(self) -> datetime | None:
        """A date (as midnight) or a date and time, in local time without zone; None where blank."""
        return self.value if isinstance(self.value, datetime) else None


@dataclass(frozen=True, slots=True)
class ParameterCell:
    """A fixed parameter in a column ``SYMBOL [unit]`` of Equipment; text for a choice, None where blank."""

    value: float | str | None
    unit: str
    origin: Origin


@dataclass(frozen=True)
class Record(Generic[K]):
    """One row of a table, or the Project form. ``cells`` has every key of the sheet; ``row`` counts from 1."""

    row: int
    cells: Mapping[str, Cell]
    parameters: Mapping[str, ParameterCell] = field(default_factory=dict)
    where: Origin = NOWHERE

    def __getitem__(self, key: K) -> Cell:
        return self.cells[key]

    def origin(self, key: K) -> Origin:
        """Where the cell stands, also when it is blank."""
        return self.cells[key].origin


AnyRow: TypeAlias = Record[Never]


class _Attribute:
    """What an attribute of a typed row shares: it is named like the key of its column."""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.key = name


class TextColumn(_Attribute):
    """A text; '' where the cell is blank."""

    def __get__(self, row: Record[Any], owner: type[Any]) -> str:
        return row.cells[self.key].text


class ChoiceColumn(_Attribute, Generic[C]):
    """One of the words of the schema; '' where the cell is blank."""

    def __get__(self, row: Record[Any], owner: type[Any]) -> C:
        return cast(C, row.cells[self.key].text)


class NumberColumn(_Attribute):
    """A number; None where the cell is blank."""

    def __get__(self, row: Record[Any], owner: type[Any]) -> float | None:
        return row.cells[self.key].number


class TimeColumn(_Attribute):
    """A date (as midnight) or a date and time, in local time without zone; None where blank."""

    def __get__(self, row: Record[Any], owner: type[Any]) -> datetime | None:
        return row.cells[self.key].when


class ValueColumn(_Attribute):
    """A number, or the text of a choice; None where the cell is blank."""

    def __get__(self, row: Record[Any], owner: type[Any]) -> float | str | None:
        value = row.cells[self.key].value
        return None if isinstance(value, datetime) else value
