"""Numbers that no name plate has are refused with their cell."""

from __future__ import annotations

from typing import Any

import pytest

from jcm_mrv.findings import InputRefusedError
from support.results import calculated
from support.workbooks import solar_tables


@pytest.mark.parametrize(
    ("table", "changes", "sheet"),
    [
        ("meters", {"highest_rate": 0.0, "highest_rate_unit": "kW"}, "Meters"),
        ("meters", {"highest_rate": -400.0, "highest_rate_unit": "kW"}, "Meters"),
        ("meters", {"permissible_error": -0.5}, "Meters"),
        ("meters", {"accuracy_class": -0.5}, "Meters"),
        ("equipment", {"rated_capacity": 0.0, "rated_capacity_unit": "kW"}, "Equipment"),
    ],
)
def test_a_number_that_no_name_plate_has_is_refused_with_its_cell(table: str, changes: dict[str, Any], sheet: str):
    with pytest.raises(InputRefusedError) as refused:
        calculated(tables={table: [{**solar_tables()[table][0], **changes}]})
    (finding,) = [f for f in refused.value.findings if f.code == "input.name_plate"]
    assert finding.where.sheet == sheet
    assert finding.found == f"{next(v for v in changes.values() if isinstance(v, float)):.15g}"


def test_a_small_number_is_a_number():
    """Half a megawatt."""
    unit = {**solar_tables()["equipment"][0], "rated_capacity": 0.5, "rated_capacity_unit": "MW"}
    assert "input.name_plate" not in {f.code for f in calculated(tables={"equipment": [unit]}).findings}
