"""The one table that template, reader and page follow from."""

from __future__ import annotations

from pathlib import Path

import pytest

from jcm_mrv.workbook.schema import SHEETS, fold, parameter_heading, sheet
from jcm_mrv.workbook.schema_columns import Kind, Sheet
from support.scripts import load_script

ROOT = Path(__file__).parents[2]


def test_the_page_of_the_workbook_is_current() -> None:
    page = (ROOT / "docs" / "monitoring_workbook.md").read_text(encoding="utf-8")
    assert page == load_script("write_workbook_docs").page(), "run make docs"


def test_make_docs_writes_it() -> None:
    assert "scripts/write_workbook_docs.py docs/monitoring_workbook.md" in (ROOT / "Makefile").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("schema", SHEETS, ids=lambda s: s.key)
def test_names_are_told_apart_and_everything_is_explained(schema: Sheet) -> None:
    assert len({c.key for c in schema.columns}) == len(schema.columns)
    assert len({fold(c.heading) for c in schema.columns}) == len(schema.columns)
    for column in schema.columns:
        assert column.comment.endswith((".", ";")), f"{column.heading}: {column.comment}"
        assert (column.kind is Kind.CHOICE) is bool(column.choices)
        assert not (schema.parameters and parameter_heading(column.heading) and not column.unit)


def test_every_quantity_states_its_unit() -> None:
    """A number's unit is in its heading, or in a column beside it."""
    beside = {"value", "rated_capacity", "opening_reading", "closing_reading", "highest_rate"}
    beside |= {"opening", "received", "closing"}
    for schema in SHEETS:
        for column in schema.columns:
            if column.kind is Kind.NUMBER:
                assert column.unit or column.key in beside, f"{schema.title}: {column.heading}"


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("COP_PJ [1]", ("COP_PJ", "1")),
        (" EF_grid  [ tCO2/MWh ] ", ("EF_grid", "tCO2/MWh")),
        ("ＣＯＰ［１］", ("COP", "1")),
        ("connection [choice]", ("connection", "choice")),
        ("COP []", ("COP", "")),
        ("COP", None),
        ("1st [kW]", None),
        ("my note [kW]", None),
        ("[kW]", None),
    ],
)
def test_headings_of_parameters(heading: str, expected: tuple[str, str] | None) -> None:
    assert parameter_heading(heading) == expected


def test_a_sheet_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        sheet("guide")
    with pytest.raises(KeyError):
        sheet("meters").column("name")
