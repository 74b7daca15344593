"""Means of samples: used as they are, or at the end of their interval with the lower ER; t from a table.

The composting draft with 1,000 t of waste in 2024 and the shares of food and inert waste sampled. ER rises with food.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook

CARD = "DRAFT_VN_COMPOST 0.1"
Row = Mapping[str, Any]


def sample(meter: str, month: int, value: float) -> Row:
    return {"meter_id": meter, "kind": "sample", "end": datetime(2024, month, 15, 9), "value": value, "unit": "%"}


def copied(meter: str, values: Sequence[float], times: int) -> list[Row]:
    """Each value on as many days of its month."""
    return [
        {**sample(meter, 2 + 3 * n, value), "end": datetime(2024, 2 + 3 * n, 10 + day)}
        for n, value in enumerate(values)
        for day in range(times)
    ]


def calculated(
    path: Path,
    food: Sequence[float],
    *,
    plan: str = "loads of the year, size 4, seed 1",
    points: Sequence[Row] = (),
    times: int = 1,
) -> Result:
    year = {"kind": "energy", "start": datetime(2024, 1, 1), "end": datetime(2025, 1, 1)}
    amounts = {"WB": ("t", 1000.0), "Q": ("t", 960.0), "EC": ("MWh", 10.0), "FC": ("t", 1.0)}
    fixed = {"composition": "sampled", "climate": "tropical wet", "site": "unmanaged deep", "opening": "nothing",
             "run_off": "no", "leakage": "no", "supply": "grid"}  # fmt: skip
    numbers = {"f_y": (0.0, "1"), "EF_grid": (0.6766, "tCO2/MWh"), "NCV": (43.0, "GJ/t"), "EF_CO2": (0.0741, "tCO2/GJ")}
    proof = {"document": "illustrative", "page": "1"}
    share = {"parameter": "p", "sign": "+", "sampling": plan}
    tables: dict[str, Sequence[Row]] = {
        "equipment": [{"equipment_id": "C-1", "products": "food; inert"}],
        "meters": [{"meter_id": m, "unit": u, "transformer_factor": 1} for m, (u, _) in amounts.items()]
        + [{"meter_id": m, "unit": "%", "transformer_factor": 1} for m in ("S-food", "S-inert")],
        "points": [
            {"parameter": "W_all", "meter_id": "WB", "sign": "+"},
            {"parameter": "Q", "applies_to": "C-1", "meter_id": "Q", "sign": "+"},
            {"parameter": "EC_PJ", "applies_to": "C-1", "meter_id": "EC", "sign": "+"},
            {"parameter": "FC_PJ", "applies_to": "C-1", "meter_id": "FC", "sign": "+"},
            *(points or [{**share, "applies_to": "food", "meter_id": "S-food"}]),
            {**share, "applies_to": "inert", "meter_id": "S-inert"},
        ],
        "readings": [
            *({**year, "meter_id": m, "value": v, "unit": u} for m, (u, v) in amounts.items()),
            *copied("S-food", food, times),
            *(sample("S-inert", month, 40.0) for month in (2, 5, 8, 11)),
        ],
        "fixed": [{"parameter": p, "value": v, "unit": "choice", **proof} for p, v in fixed.items()]
        + [{"parameter": p, "value": v, "unit": u, **proof} for p, (v, u) in numbers.items()],
    }
    project = {
        "title": "illustrative", "country": "Viet Nam", "period_start": date(2024, 1, 1),
        "period_end": date(2024, 12, 31), "time_zone": "Asia/Ho_Chi_Minh", "report_date": date(2025, 1, 31),
    }  # fmt: skip
    tables["eligibility"] = [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-1"}]
    tables["evidence"] = [{"document_id": "D-1", "title": "illustrative"}]
    write_workbook(path / "m.xlsx", template_methods([CARD]), project, tables)
    return calculate_file(path / "m.xlsx")


def share_of(result: Result, kind: str) -> float:
    [parameter] = [p for p in result.claim.parameters if p.declared.symbol == "p"]
    waste = result.claim.space.elements[parameter.defined.sets[0]]
    return float(result.evaluation[parameter.defined][waste.index(kind), 0])


def codes(result: Result) -> set[str]:
    return {f.code for f in result.findings}


def test_a_mean_that_is_precise_enough_is_used(tmp_path: Path) -> None:
    """57, 54, 52, 56: mean 54.75, s 2.2174, half 3.182446 x 2.2174 / 2 = 3.528, 6.4 % of the mean."""
    result = calculated(tmp_path, (57, 54, 52, 56))
    assert share_of(result, "food") == pytest.approx(0.5475, rel=1e-12)
    assert not codes(result) & {"samples.precision", "samples.no_plan"}
    of_instruments = {f.code: f.message for f in result.findings if f.code.startswith(("calibrations.", "meters."))}
    assert of_instruments and not any("S-food" in message for message in of_instruments.values())


def test_a_mean_that_is_not_is_used_at_the_end_with_the_lower_er(tmp_path: Path) -> None:
    """14, 17, 19, 15: mean 16.25, s = sqrt(14.75 / 3) = 2.2174, half 3.5284, 21.7 % of the mean; 20 % are asked for."""
    result = calculated(tmp_path, (14, 17, 19, 15), plan="")
    assert share_of(result, "food") == pytest.approx((16.25 - 3.182446305 * 2.217355783 / 2) / 100, rel=1e-8)
    [finding] = [f for f in result.findings if f.code == "samples.precision"]
    assert finding.effect_tco2e is not None and finding.effect_tco2e < 0
    assert finding.data["count"] == 4 and finding.data["within"] == 20
    assert "samples.no_plan" in codes(result)
    [treatment] = result.treatments
    assert treatment.rule.startswith("the lower end of the 95 % confidence interval of 4 samples")


@pytest.mark.parametrize("food", [(), (57.0,)])
def test_less_than_two_samples_make_no_mean(tmp_path: Path, food: Sequence[float]) -> None:
    with pytest.raises(InputRefusedError) as refused:
        calculated(tmp_path, food)
    assert "samples.too_few" in {f.code for f in refused.value.findings}


def test_a_part_of_the_samples_is_refused(tmp_path: Path) -> None:
    half = {"parameter": "p", "applies_to": "food", "meter_id": "S-food", "sign": "+", "share": 0.5, "sampling": "x"}
    with pytest.raises(InputRefusedError) as refused:
        calculated(tmp_path, (57, 54, 52, 56), points=[half])
    assert "samples.meters" in {f.code for f in refused.value.findings}


def test_copies_of_samples_make_a_mean_no_more_precise(tmp_path: Path) -> None:
    """14, 17, 19, 15 each on four days: 16 samples would be known to 6.3 % (t 2.1314, s 1.9831); the four to 21.7 %."""
    result = calculated(tmp_path, (14, 17, 19, 15), times=4)
    assert share_of(result, "food") == pytest.approx((16.25 - 3.182446305 * 2.217355783 / 2) / 100, rel=1e-8)
    [finding] = [f for f in result.findings if f.code == "samples.precision"]
    assert "16 samples (4 without copies)" in finding.message


def test_types_of_waste_are_together_at_most_the_whole(tmp_path: Path) -> None:
    """Food 90 % beside 40 % inert: 1.3."""
    with pytest.raises(InputRefusedError) as error:
        calculated(tmp_path, [90.0, 90.0, 90.0, 90.0])
    [finding] = [f for f in error.value.findings if f.code == "points.out_of_limits"]
    assert finding.found.startswith("together 1.3, ")
