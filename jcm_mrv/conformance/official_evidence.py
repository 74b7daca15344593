"""What a comparison proved, as rows that a person copies to the sheet Fixed values of the monitoring workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import BinaryIO

from jcm_mrv.conformance.official_compare import Comparison
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.official.terms import AGREES, DEFAULT, RESULT, Compared
from jcm_mrv.words import say
from jcm_mrv.workbook.rows_workbook import Notes, write_rows
from jcm_mrv.workbook.template.sheets import Plain, Row

_HEADINGS = ("Kind", "Parameter", "Outcome", "Card or engine", "Spreadsheet", "Cell", "Case", "Note")
_WIDTHS = (10, 16, 12, 28, 28, 28, 32, 60)


class NothingAgreesError(JcmMrvError, ValueError):
    """A comparison in which nothing agrees proves nothing."""


def evidence_rows(comparison: Comparison, day: date) -> list[Row]:
    """Rows of Fixed values: the equation where everything agrees, and each default value that agrees.

    A table by class has no row: the class is found by the equipment, so one
    value cannot be entered for it; nor has a default that the list gives
    twice, once differently. ``day`` is when the comparison was made.
    Raises NothingAgreesError where there is no row.
    """
    sheet, card = comparison.spreadsheet, comparison.entry.card
    document = f"{sheet.file}, SHA-256 {sheet.sha256}, compared on {day.isoformat()}"
    rows: list[Row] = []
    if comparison.agrees:
        places = ", ".join(dict.fromkeys(c.where for c in comparison.compared if c.kind == RESULT))
        comment = f"RE, PE and ER agree with the engine: {'; '.join(comparison.fed)}"
        rows.append(_row(card.id, "equation", "confirmed", document, places, comment))
    passed = {symbol for symbol, default in card.defaults.items() if default.classes}
    passed |= {c.parameter for c in comparison.open if c.kind == DEFAULT and not c.applies_to}
    done = {(c.parameter, c.applies_to) for c in comparison.open if c.kind == DEFAULT}
    for one in comparison.compared:
        key = (one.parameter, one.applies_to)
        if one.kind == DEFAULT and one.outcome == AGREES and one.parameter not in passed and key not in done:
            done.add(key)
            row = _row(card.id, one.parameter, one.value, document, one.where, one.note)
            rows.append({**row, "unit": one.unit, "applies_to": one.applies_to or None})
    if not rows:
        raise NothingAgreesError(
            say("nothing agrees between {id} and {file}: there is no evidence to write.", id=card.id, file=sheet.file)
        )
    return rows


def _row(card: str, parameter: str, value: Plain, document: str, page: str, comment: str) -> Row:
    return {
        "methodology": card,
        "parameter": parameter,
        "value": value,
        "document": document,
        "page": page,
        "comment": comment or None,
    }


def write_evidence(path: Path | BinaryIO, comparison: Comparison, day: date) -> None:
    """Write the rows, and on a second sheet everything that was compared. Raises NothingAgreesError."""
    lines = tuple(_line(c) for c in comparison.compared)
    write_rows(path, "fixed", evidence_rows(comparison, day), Notes("Compared", _HEADINGS, _WIDTHS, lines))


def _line(c: Compared) -> tuple[Plain, ...]:
    name = f"{c.parameter} {c.applies_to}".strip()
    return (c.kind, name, c.outcome, c.ours, c.theirs, c.where, c.case, c.note)
