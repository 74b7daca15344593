"""What the calculation itself finds in a workbook, besides what its reader and its readings say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology.catalogue import Catalogue, catalogue
from support.workbooks import monthly, solar_tables, solar_workbook


def refused(path: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(InputRefusedError) as caught:
        calculate_file(path)
    return [(f.code, f.where.cell, f.found) for f in caught.value.findings]


def test_the_tonnes_of_a_small_plant(tmp_path: Path) -> None:
    """By hand: (100,000 + 120,000 + 140,000) kWh = 360 MWh; x 0.5 tCO2/MWh = 180 tCO2e; PE = 0."""
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx"))
    assert result.reference == pytest.approx(180.0, rel=1e-12)
    assert (result.project, result.credited) == (0.0, 180)


@pytest.mark.parametrize(
    ("methodologies", "found"),
    [
        ("VN_AM999 1.0", "VN_AM999 1.0"),
        ("VN_AM007 9.0", "VN_AM007 9.0"),
        ("VN_AM007 1.0; VN_AM007 1.0", "VN_AM007 1.0"),
    ],
)
def test_a_methodology_that_is_not_there_or_named_twice(tmp_path: Path, methodologies: str, found: str) -> None:
    path = solar_workbook(tmp_path / "m.xlsx", project={"methodologies": methodologies})
    assert ("project.methodology", found) in [(code, what) for code, _, what in refused(path)]


def test_a_fixed_value_that_is_needed_is_asked_for(tmp_path: Path) -> None:
    path = solar_workbook(tmp_path / "m.xlsx", tables={"fixed": []})
    assert [code for code, _, _ in refused(path)] == ["fixed.missing"]


def test_a_system_without_a_meter_is_no_system_without_electricity(tmp_path: Path) -> None:
    second = {"equipment_id": "PV-2", "operation_start": date(2023, 1, 1)}
    equipment = [*solar_tables()["equipment"], second]
    path = solar_workbook(tmp_path / "m.xlsx", tables={"equipment": equipment})
    codes = {code for code, _, _ in refused(path)}
    assert codes == {"points.missing"}


def test_a_negative_year_is_shown_and_not_clipped(tmp_path: Path) -> None:
    """By hand: the meter of the systems' own use ran ahead: -50 MWh x 0.5 = -25 tCO2e; rounded down it stays -25."""
    path = solar_workbook(tmp_path / "m.xlsx", tables={"readings": monthly("M-1", [-20_000.0, -20_000.0, -10_000.0])})
    result = calculate_file(path)
    assert [f.code for f in result.findings if f.code.startswith("result.")] == ["result.negative_year"]
    assert (result.reductions, result.credited) == (-25.0, -25)


def test_what_is_missing_is_said_together_with_what_is_wrong(tmp_path: Path) -> None:
    """A reading of an unknown meter has nothing to do with a missing fixed value: one list holds both."""
    readings = [*monthly("M-1", [1.0, 2.0, 3.0]), *monthly("M-9", [1.0])]
    path = solar_workbook(tmp_path / "m.xlsx", tables={"fixed": [], "readings": readings})
    assert {code for code, _, _ in refused(path)} == {"input.meter_unknown", "fixed.missing"}


def test_a_value_that_cannot_be_read_is_not_called_missing_too(tmp_path: Path) -> None:
    fixed = [{**row, "unit": "kWh"} if row["parameter"] == "EF_RE_grid" else row for row in solar_tables()["fixed"]]
    path = solar_workbook(tmp_path / "m.xlsx", tables={"fixed": fixed})
    assert [code for code, _, _ in refused(path)] == ["fixed.unit"]


def test_methodologies_that_round_differently_are_not_rounded_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = catalogue().entries
    changed = tuple(
        replace(e, card=replace(e.card, rounding_digits=3)) if e.card.number == "ID_AM004" else e for e in entries
    )
    monkeypatch.setattr("jcm_mrv.methodology.named.find", Catalogue(changed, ()).find)
    path = solar_workbook(tmp_path / "m.xlsx", project={"methodologies": "VN_AM007 1.0; ID_AM004 2.0"})
    found = [what for code, _, what in refused(path) if code == "project.rounding"]
    assert found == ["floor-per-year, 3 digits; floor-per-year, 6 digits"]


def test_a_value_that_serves_several_systems_is_refused_once(tmp_path: Path) -> None:
    second = {"equipment_id": "PV-2", "operation_start": date(2023, 1, 1)}
    point = {**solar_tables()["points"][0], "applies_to": "PV-2", "meter_id": "M-2"}
    fixed = [{**row, "value": "sea"} if row["parameter"] == "connection" else row for row in solar_tables()["fixed"]]
    tables = {
        "equipment": [*solar_tables()["equipment"], second],
        "meters": [*solar_tables()["meters"], {**solar_tables()["meters"][0], "meter_id": "M-2", "serial_number": "B"}],
        "points": [*solar_tables()["points"], point],
        "readings": [*monthly("M-1", (1.0, 1.0, 1.0)), *monthly("M-2", (1.0, 1.0, 1.0))],
        "fixed": fixed,
    }
    path = solar_workbook(tmp_path / "m.xlsx", tables=tables)
    assert [code for code, _, _ in refused(path)] == ["fixed.choice"]


def six_faults(folder: Path, project: dict[str, object]) -> Path:
    tables = {name: [dict(row) for row in rows] for name, rows in solar_tables().items()}
    tables["meters"][0]["unit"] = "kWhh"
    tables["points"][0]["parameter"] = "EGG"
    tables["fixed"][1]["parameter"] = "EF_grid_old"
    tables["readings"][0]["meter_id"] = "M-9"
    (folder / "log.csv").write_text("time,kwh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n")
    log = {"log_id": "L", "meter_id": "M-1", "file": "log.csv", "layout": "wide", "unit": "kWh", "kind": "energy"}
    tables["logs"] = [{**log, "time_column": "time", "value_column": "kWh_total", "stamp": "end"}]
    tables["logs"][0]["transformer_factor_included"] = "yes"
    return solar_workbook(folder / "m.xlsx", project=project, tables=tables)


@pytest.mark.parametrize(
    "project", [{"time_zone": "Asia/Hanoy"}, {"period_start": None}, {"period_end": date(2023, 1, 1)}, {}], ids=str
)
def test_faults_of_all_sheets_are_told_in_one_round_whatever_the_period(
    project: dict[str, object], tmp_path: Path
) -> None:
    """Without a period nothing can be added up; a wrong column of a log is wrong all the same."""
    codes = {code for code, _, _ in refused(six_faults(tmp_path, project))}
    expected = {"input.meter_unknown", "input.unit_unknown", "logs.column"}
    assert expected | {"fixed.unknown_parameter", "points.unknown_parameter"} <= codes
    assert not {"readings.gap", "fixed.missing"} & codes, "nothing is said that hangs on the assumed period"


def asked(path: Path) -> tuple[set[str], set[str]]:
    with pytest.raises(InputRefusedError) as caught:
        calculate_file(path)
    return {f.code for f in caught.value.findings}, {f.code for f in caught.value.others}


def test_what_has_to_be_confirmed_is_asked_in_one_round_with_a_fault_of_the_values(tmp_path: Path) -> None:
    """Watt hours entered as kWh: 100,000 MWh a month from 1 MW, of which a month has 744 MWh at most."""
    fixed = [{"parameter": "connection", "value": "grid", "unit": "choice", "document": "D-01"}]
    tables = {"readings": monthly("M-1", [1e8, 1.2e8, 1.4e8]), "fixed": fixed}
    wrong, questions = asked(solar_workbook(tmp_path / "m.xlsx", tables=tables))
    assert "readings.above_capacity" in wrong
    assert "defaults.unconfirmed" in questions, "the card's factor counts, and no document of the project confirms it"
    assert not {code for code in questions if code.startswith("result.")}, "these only follow from the fault"


def test_questions_that_any_period_would_raise_are_asked_with_its_fault(tmp_path: Path) -> None:
    tables: dict[str, list[dict[str, object]]] = {"eligibility": [], "team": []}
    wrong, questions = asked(solar_workbook(tmp_path / "m.xlsx", project={"period_end": None}, tables=tables))
    assert wrong == {"input.required_empty"}
    assert {"eligibility.empty", "project.team_missing"} <= questions
