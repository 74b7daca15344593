"""The tables of values by element: where the rest of a long one is found."""

from __future__ import annotations

import pytest

from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.values import value_tables
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel.graph import Names
from support import results


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_note_names_sheets_that_the_workbook_has(lang: str) -> None:
    """Forty units: what changes by year is computed on MRS(calc_process), what does not stands with the equipment."""
    names = Names.of(Translator(lang))
    notes = [one.table.note for one in value_tables(Context.of(results.units(), lang)) if one.table.note]
    assert len(notes) == 1
    assert f"{names.equipment}, {names.process}" in notes[0]
