"""Shares that leave a part of a meter uncounted: a question where ER falls with the meter, and only there.

Boiler: 2.99 MWh of auxiliaries at 0.8 t/MWh are taken off. Roof: 360 MWh at 0.5 t/MWh.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError, Severity
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.boiler import EF_GRID, boiler, boiler_tables
from support.results import calculated
from support.workbooks import PROJECT, Rows, calibration, monthly, solar_tables

CODE = "points.share_remainder"


def boiler_with(*auxiliaries: dict[str, Any]) -> Result:
    fuel, power = boiler_tables()["points"]
    return boiler(tables={"points": [fuel, *({**power, **row} for row in auxiliaries)]})


def said(result: Result) -> list[Finding]:
    return [f for f in result.findings if f.code == CODE]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.9])
def test_a_share_of_auxiliaries_is_a_question_whatever_its_basis(share: float):
    (finding,) = said(boiler_with({"share": share, "share_basis": "rated capacities"}))
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx((1 - share) * 2.99 * EF_GRID)


def test_shares_that_add_up_leave_nothing():
    half = {"share": 0.5, "share_basis": "rated capacities"}
    assert said(boiler_with(half, {**half, "point_no": "9"})) == []


def test_all_of_a_meter_leaves_nothing():
    assert said(boiler_with({"share": 1.0})) == []
    assert said(boiler()) == []


def test_a_share_of_generation_is_cautious():
    point = {**solar_tables()["points"][0], "share": 0.4, "share_basis": "contract"}
    result = calculated(tables={"points": [point]})
    assert result.reductions == pytest.approx(0.4 * 360 * 0.5)
    assert said(result) == []


def test_a_share_of_a_load_that_is_subtracted_is_a_question():
    """30 MWh below the roof's meter; a tenth of it is subtracted: 27 MWh at 0.5 t/MWh too much."""
    tables = solar_tables()
    load = {**tables["points"][0], "point_no": "2", "meter_id": "L-1", "sign": "-", "share": 0.1, "share_basis": "x"}
    result = calculated(
        tables={
            "meters": [*tables["meters"], {**tables["meters"][0], "meter_id": "L-1", "serial_number": "SN-L-1"}],
            "calibrations": [calibration("M-1"), calibration("L-1")],
            "points": [*tables["points"], load],
            "readings": [*tables["readings"], *monthly("L-1", [10_000.0] * 3)],
        }
    )
    (finding,) = said(result)
    assert finding.effect_tco2e == pytest.approx(0.9 * 30 * 0.5)


def test_one_meter_with_both_signs_in_one_point_is_refused():
    with pytest.raises(InputRefusedError) as refused:
        boiler_with({}, {"sign": "-", "point_no": "9"})
    (finding,) = [f for f in refused.value.findings if f.code == "points.both_signs"]
    assert finding.where.sheet == "Monitoring points"


def test_one_meter_with_both_signs_in_two_points_is_a_part_of_the_first():
    """PV-2 has a meter of its own below that of both: 360 MWh together, whatever PV-2 counts."""
    tables = solar_tables()
    second = {**tables["points"][0], "meter_id": "M-2"}
    result = calculated(
        tables={
            "equipment": [
                *tables["equipment"],
                {**tables["equipment"][0], "equipment_id": "PV-2", "serial_number": "SN-PV-2"},
            ],
            "meters": [*tables["meters"], {**tables["meters"][0], "meter_id": "M-2", "serial_number": "SN-M-2"}],
            "calibrations": [calibration("M-1"), calibration("M-2")],
            "points": [*tables["points"], {**second, "sign": "-"}, {**second, "applies_to": "PV-2", "point_no": "2"}],
            "readings": [*tables["readings"], *monthly("M-2", [31_234.0, 38_765.0, 41_111.0])],
        }
    )
    assert result.reductions == pytest.approx(180)


@pytest.mark.parametrize(
    ("minus", "plus", "effect"),
    [
        # 111.11 MWh at 0.5 t/MWh: all of it off is 55.555 t. 0.7 off and 0.5 on again: 0.2 off, 0.8 are left.
        (0.7, 0.5, 0.8 * 55.555), (0.2, 0.2, 55.555), (0.7, None, 0.3 * 55.555),
        # All of it off and all on again is a part of the first.
        (1.0, 1.0, 0.0),
    ],
)  # fmt: skip
def test_shares_that_cancel_out_leave_what_is_not_taken_off(minus: float, plus: float | None, effect: float):
    tables = solar_tables()
    shared = {**tables["points"][0], "meter_id": "M-2", "share_basis": "x"}
    points = [*tables["points"], {**shared, "sign": "-", "share": minus}]
    points += [] if plus is None else [{**shared, "applies_to": "PV-2", "point_no": "2", "share": plus}]
    second = {**tables["equipment"][0], "equipment_id": "PV-2", "serial_number": "SN-PV-2"}
    result = calculated(
        tables={
            "equipment": [*tables["equipment"], *([] if plus is None else [second])],
            "meters": [*tables["meters"], {**tables["meters"][0], "meter_id": "M-2", "serial_number": "SN-M-2"}],
            "calibrations": [calibration("M-1"), calibration("M-2")],
            "points": points,
            "readings": [*tables["readings"], *monthly("M-2", [31_234.0, 38_765.0, 41_111.0])],
        }
    )
    assert result.reductions == pytest.approx(180 - (minus - (plus or 0.0)) * 55.555)
    assert [f.effect_tco2e for f in said(result)] == ([pytest.approx(effect)] if effect else [])
    assert all(("added in other rows" in f.found) == (plus is not None) for f in said(result))


def test_a_part_of_auxiliaries_that_another_point_takes_back_counts_nowhere():
    """0.5 of 2.99 MWh count for B-1, 0.2 are taken off B-2's own meter of 6 MWh: 0.7 of it lower ER nowhere."""
    tables = boiler_tables()
    fuel, power = tables["points"]
    second = {**tables["equipment"][0], "equipment_id": "B-2", "serial_number": "S-B2"}
    half = {**power, "share": 0.5, "share_basis": "x"}
    own = [{**fuel, "applies_to": "B-2", "meter_id": "T-2"}, {**power, "applies_to": "B-2", "meter_id": "E-2"}]
    result = boiler(
        tables={
            "equipment": [*tables["equipment"], second],
            "meters": [
                *tables["meters"], {**tables["meters"][0], "meter_id": "T-2", "serial_number": "T-2"},
                {**tables["meters"][1], "meter_id": "E-2", "serial_number": "E-2"},
            ],
            "calibrations": [*tables["calibrations"], calibration("E-2"), calibration("T-2")],
            "points": [fuel, half, *own, {**half, "applies_to": "B-2", "sign": "-", "share": 0.2}],
            "conversions": [*tables["conversions"], {**tables["conversions"][0], "meter_id": "T-2"}],
            "readings": [
                *tables["readings"], *monthly("E-2", [2_000.0] * 3), *monthly("T-2", [5.0, 7.0, 6.0], unit="m3"),
            ],
        }
    )  # fmt: skip
    (finding,) = said(result)
    assert finding.effect_tco2e == pytest.approx(0.7 * 2.99 * EF_GRID)


# --- a generator: its fuel is divided by what it generated, its factor weighed by what was consumed of it ---


def shop(folder: Path, generated: float | None, consumed: float | None) -> Result:
    """A chiller of 300 MWh on grid and generator: made for the purpose; shares of the generator's meter GEN."""

    def meter(name: str, unit: str = "kWh") -> dict[str, Any]:
        return {"meter_id": name, "unit": unit, "transformer_factor": 1.0, "serial_number": name, "accuracy_class": 0.5}

    def point(parameter: str, applies_to: str, name: str, share: float | None = None) -> dict[str, Any]:
        stated = {} if share is None else {"share": share, "share_basis": "x"}
        return {
            "parameter": parameter,
            "applies_to": applies_to,
            "meter_id": name,
            "sign": "+",
            "option": "C",
            **stated,
        }

    fixed = (
        ("supply", "grid and captive", "choice"),
        ("EF_grid", 0.8, "tCO2/MWh"),
        ("captive_method", "fuel", "choice"),
        ("NCV_fuel", 43.0, "GJ/t"),
        ("EF_fuel", 0.0726, "tCO2/GJ"),
    )
    tables: dict[str, Rows] = {
        "equipment": [
            {
                "equipment_id": "U1",
                "operation_start": date(2023, 1, 1),
                "serial_number": "U1",
                "electricity_source": "shop",
                "evidence": "D-01",
                "COP_PJ": 6.5,
                "capacity": 400.0,
                "T_cooling": 37.0,
                "T_chilled": 7.0,
            }
        ],
        "meters": [meter("A"), meter("GEN"), meter("FUEL", "t"), meter("GRID")],
        "calibrations": [calibration(name) for name in ("A", "GEN", "FUEL", "GRID")],
        "points": [
            point("EC_PJ", "U1", "A"),
            point("FC_cap", "shop", "FUEL"),
            point("EG_cap", "shop", "GEN", generated),
            point("EI_grid", "shop", "GRID"),
            point("EI_cap", "shop", "GEN", consumed),
        ],
        "fixed": [{"parameter": p, "value": v, "unit": u, "document": "D-01", "page": "1"} for p, v, u in fixed],
        "readings": [
            *monthly("A", [100_000.0, 110_000.0, 90_000.0]),
            *monthly("GEN", [100_003.0, 99_871.0, 101_233.0]),
            *monthly("FUEL", [22.0, 22.3, 21.9], unit="t"),
            *monthly("GRID", [200_000.0, 213_333.0, 201_234.0]),
        ],
        **{name: solar_tables()[name] for name in ("eligibility", "evidence", "team")},
    }
    project = {"country": "Indonesia", "time_zone": "Asia/Jakarta", "methodologies": "ID_AM002 2.0"}
    path = folder / "monitoring.xlsx"
    write_workbook(path, template_methods(["ID_AM002 2.0"]), {**PROJECT, **project}, tables)
    return calculate_file(path)


def test_a_share_of_a_generator_is_a_question(tmp_path: Path):
    """The factor of half the generation is twice as large; only the effect against all of it is told."""
    whole = shop(tmp_path, None, None)
    assert said(whole) == []
    for consumed in (0.5, None):
        result = shop(tmp_path, 0.5, consumed)
        (finding,) = said(result)
        assert result.reductions > whole.reductions
        assert finding.effect_tco2e == pytest.approx(result.reductions - whole.reductions)
