"""The tonnes that were stated, in the result and in the workbook, beside those that follow from the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jcm_mrv.verification.books import Book
from jcm_mrv.verification.checks import Check, compared
from jcm_mrv.words import say

_KEYS = (("reductions", say("emission reductions")), ("credited", say("credited")))


def result_tonnes(stated: Mapping[str, Any], found: Mapping[str, Any], where: str) -> Iterator[Check]:
    """By calendar year and in total, as data."""
    mine, theirs = stated["emission_reductions"], found["emission_reductions"]
    by_year = {year["year"]: year for year in theirs["by_year"]}
    rows = [(str(year["year"]), year, by_year.get(year["year"], {})) for year in mine["by_year"]]
    for name, one, other in [*rows, (say("total"), mine, theirs)]:
        for key, words in _KEYS:
            yield compared(
                say("{what} {year} [tCO2e]", what=words, year=name), f"{where}: {key}", one[key], other.get(key)
            )


def workbook_tonnes(stated: Book, anew: Book, found: Mapping[str, Any]) -> Iterator[Check]:
    """By calendar year, as the workbook report shows them: in the cells in which it is to show them."""
    for year in found["emission_reductions"]["by_year"]:
        for key, words in _KEYS:
            place = None if year[key] is None else _place(anew, float(year[key]))
            if place is not None:
                title, address = place
                cell = stated.sheets[title].cells.get(address) if title in stated.sheets else None
                shown = cell.value if cell else say("nothing")
                where = f"{stated.name}, {title}!{address}"
                yield compared(
                    say("{what} {year} [tCO2e]", what=words, year=str(year["year"])), where, shown, float(year[key])
                )


def _place(book: Book, value: float) -> tuple[str, str] | None:
    """The first formula of the workbook that gives a value."""
    for title, sheet in book.sheets.items():
        for address, cell in sheet.cells.items():
            if cell.formula and cell.value == value:
                return title, address
    return None
