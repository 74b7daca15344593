"""The words in which the schema of the monitoring workbook is written: kinds, columns, sheets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jcm_mrv.words import as_words


class Kind(StrEnum):
    """What a column may hold."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    VALUE = "value"  # a number, or the text of a choice


@dataclass(frozen=True)
class Column:
    """One column of a table, or one field of a form.

    ``key`` is its name in code, ``heading`` what stands in the workbook (the
    unit in brackets), ``comment`` the explanation a person reads there.
    ``later``: workbooks of earlier templates lack it, and nobody is asked to add it.
    """

    key: str
    heading: str
    kind: Kind
    comment: str
    required: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
    width: int = 16
    later: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "heading", as_words(self.heading))
        object.__setattr__(self, "comment", as_words(self.comment))
        object.__setattr__(self, "choices", tuple(map(as_words, self.choices)))


@dataclass(frozen=True)
class Sheet:
    """One sheet. A form has one field per row, a table one record per row.

    ``later``: workbooks of earlier templates lack it, and nobody is asked to add it.
    """

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    required: bool = False
    form: bool = False
    parameters: bool = False  # further headings ``SYMBOL [unit]`` are allowed
    later: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "about", as_words(self.about))

    def column(self, key: str) -> Column:
        """The column of that key. Raises KeyError."""
        return _find(self.columns, key)


def _find(columns: tuple[Column, ...], key: str) -> Column:
    for column in columns:
        if column.key == key:
            return column
    raise KeyError(key)


def text(
    key: str, heading: str, comment: str, *, required: bool = False, width: int = 18, later: bool = False
) -> Column:
    """A column of text."""
    return Column(key, heading, Kind.TEXT, comment, required, width=width, later=later)


def number(
    key: str,
    heading: str,
    comment: str,
    *,
    required: bool = False,
    unit: str = "",
    width: int = 15,
    later: bool = False,
) -> Column:
    """A column of numbers, its unit in the heading."""
    titled = f"{heading} [{unit}]" if unit else heading
    return Column(key, titled, Kind.NUMBER, comment, required, (), unit, width, later)


def date(key: str, heading: str, comment: str, *, required: bool = False, later: bool = False) -> Column:
    """A column of days."""
    return Column(key, heading, Kind.DATE, comment, required, width=14, later=later)


def moment(key: str, heading: str, comment: str, *, required: bool = False) -> Column:
    """A column of dates with times."""
    return Column(key, heading, Kind.DATETIME, comment, required, width=18)


def choice(
    key: str,
    heading: str,
    choices: tuple[str, ...],
    comment: str,
    *,
    required: bool = False,
    width: int = 14,
    later: bool = False,
) -> Column:
    """A column that holds one of some words."""
    return Column(key, heading, Kind.CHOICE, comment, required, choices, width=width, later=later)


YES_NO = ("yes", "no")
EVIDENCE = text("evidence", "Evidence", "Document ID from the Evidence sheet. Several are separated by ;")
COMMENT = text("comment", "Comment", "Anything a verifier should know about this row.", width=32)
