"""Numbers that no name plate has are refused with their cell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jcm_mrv.findings import InputRefusedError
from jcm_mrv.quality.records.plates import plate_findings
from support.claims import rows_of, solar
from support.records import cell
from support.results import calculated
from support.workbooks import solar_tables


@pytest.mark.parametrize(
    ("table", "key", "value", "words"),
    [
        ("equipment", "rated_capacity", 0.0, "the rated capacity must be above 0"),
        ("equipment", "rated_capacity", 0.5, ""),
        ("meters", "highest_rate", -400.0, "the highest rate must be above 0"),
        ("meters", "highest_rate", 0.0, "the highest rate must be above 0"),
        ("meters", "highest_rate", 0.001, ""),
        ("meters", "permissible_error", -0.001, "the permissible error cannot be below 0"),
        ("meters", "permissible_error", 0.0, ""),
        ("meters", "accuracy_class", -0.5, "the accuracy class cannot be below 0"),
        ("meters", "accuracy_class", 0.0, ""),
        ("meters", "accuracy_class", None, ""),
    ],
)
def test_numbers_of_a_name_plate(table: str, key: str, value: float | None, words: str) -> None:
    data = replace(solar(equipment=[]).data(), **{table: rows_of(table, [{key: value}])})
    assert [(f.code, f.message, f.found, f.where.cell) for f in plate_findings(data)] == (
        [("input.name_plate", words, f"{value:g}", cell(table, key, 2))] if words else []
    )


def test_they_are_refused() -> None:
    with pytest.raises(InputRefusedError) as refused:
        calculated(tables={"meters": [{**solar_tables()["meters"][0], "accuracy_class": -0.5}]})
    assert [f.where.sheet for f in refused.value.findings if f.code == "input.name_plate"] == ["Meters"]
