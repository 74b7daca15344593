"""Heat pumps on grid and own diesel: what their electricity is in ER decides which factor is the cautious one.

Grid 0.2 t/MWh, own diesel 0.8 t/MWh by default. Of CR_AM003 all electricity is project emissions (1,102 MWh); of the
others there is less in the reference than in the project (600 - 1,109 and 603 - 1,105 MWh). The lower factor would
claim 648, 737 and 773 t.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jcm_mrv.conformance.cases import calculate_case, read_case

CASES = Path(__file__).parents[2] / "methodologies" / "heat_pump" / "cases"
OF_THE_PLANT = {
    "supply": ("grid and captive", "choice"),
    "EF_grid": (0.2, "tCO2/MWh"),
    "captive_method": ("default diesel", "choice"),
}


@pytest.mark.parametrize(
    ("name", "without_electricity", "electricity", "rounded"),
    [
        ("CR_AM003_1.0_indicative", 14400 * 100 / 90 * 0.0543, -1102, -13),
        ("ID_AM010_1.0", 14400 * 100 / 90 * 0.0543 - 10 * 41.4 * 0.0726, 600 - 1109, 432),
        ("TH_AM008_1.0", 1005 * 4 * 3.6 * 100 / 90 * 0.0543, 603 - 1105, 472),
    ],
)
def test_the_factor_is_the_one_with_the_lower_reductions(
    name: str, without_electricity: float, electricity: float, rounded: int, tmp_path: Path
) -> None:
    case = read_case((CASES / f"{name}.toml").read_text(encoding="utf-8"), name)
    others = [row for row in case.fixed if row["parameter"] not in OF_THE_PLANT]
    plant = [
        {"parameter": symbol, "value": value, "unit": unit, "document": "illustrative", "page": "1"}
        for symbol, (value, unit) in OF_THE_PLANT.items()
    ]
    found = calculate_case(replace(case, fixed=(*others, *plant)), tmp_path).reductions
    assert found == pytest.approx(without_electricity + electricity * 0.8)
    assert round(found) == rounded
