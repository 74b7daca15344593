"""Holes of some hours in interval data: they may lie on the peak, or on the night."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Direction, Result
from jcm_mrv.workbook.template.writing import write_workbook

START = datetime(2024, 3, 1)
HOURS = 31 * 24


def generation(hour: int) -> float:
    """kWh of an hour: 100 from 8 to 16 o'clock, otherwise the inverters take 2."""
    return 100.0 if 8 <= hour % 24 < 16 else -2.0


def lamps(hour: int) -> float:
    """kWh of an hour: 30 from 18 to 22 o'clock, otherwise 1."""
    return 30.0 if 18 <= hour % 24 < 22 else 1.0


def stamp(hour: int) -> str:
    return f"{START + timedelta(hours=hour):%Y-%m-%d %H:%M}"


def log(path: Path, kept: Sequence[int]) -> None:
    rows = [f"{stamp(h)},{generation(h)},{lamps(h)}" for h in kept]
    path.write_text("\n".join(["time,pv,lamps", *rows]) + "\n")


def plant(
    folder: Path,
    kept: Sequence[int],
    kind: str = "logs",
    gone: Sequence[int] = (),
    cut: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda row: [row],
) -> Result:
    """1.0 t per MWh of what the panel gives minus what its lamps take; ``gone`` are missing hours of the lamps.

    ``cut`` gives the rows of Logs in place of each, and may change their files.
    """
    names = {"M-1": ("pv", generation), "M-2": ("lamps", lamps)}
    tables: dict[str, list[dict[str, Any]]] = {
        "equipment": [{"equipment_id": "PV-1", "connection": "grid"}],
        "meters": [{"meter_id": m, "unit": "kWh", "transformer_factor": 1} for m in names],
        "points": [
            {"parameter": "EG", "applies_to": "PV-1", "meter_id": m, "sign": s} for m, s in (("M-1", "+"), ("M-2", "-"))
        ],
        "fixed": [{"parameter": "EF_RE_grid", "value": 1.0, "unit": "tCO2/MWh", "document": "illustrative"}],
    }
    if kind == "readings":
        tables["readings"] = [
            {"meter_id": m, "kind": "energy", "start": START + timedelta(hours=h), "value": amount(h), "unit": "kWh",
             "end": START + timedelta(hours=h + 1)}
            for m, (_, amount) in names.items()
            for h in kept
            if m == "M-1" or h not in gone
        ]  # fmt: skip
    else:
        tables["logs"] = [
            {"log_id": m, "meter_id": m, "file": file, "layout": "wide", "time_column": "time", "value_column": column,
             "unit": "kWh", "kind": "energy", "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start",
             "interval_minutes": 60, "transformer_factor_included": "yes"}
            for m, (column, _), file in zip(names, names.values(), ("pv.csv", "lamps.csv"), strict=True)
        ]  # fmt: skip
        log(folder / "pv.csv", kept)
        log(folder / "lamps.csv", [h for h in kept if h not in gone])
    tables["logs"] = [row for row in tables.get("logs", []) for row in cut(row)]
    project = {
        "title": "Panel (illustrative)", "country": "Viet Nam", "period_start": date(2024, 3, 1),
        "period_end": date(2024, 3, 31), "time_zone": "Asia/Ho_Chi_Minh", "report_date": date(2024, 5, 1),
    }  # fmt: skip
    write_workbook(folder / "monitoring.xlsx", template_methods(["VN_AM007 1.0"]), project, tables)
    return calculate_file(folder / "monitoring.xlsx")


ALL = range(HOURS)
# 31 days x (8 x 100 - 16 x 2 - 4 x 30 - 20 x 1) kWh = 31 x 628 kWh
WHOLE = 31 * 0.628


@pytest.mark.parametrize("kind", ["logs", "readings"])
def test_without_a_hole(kind: str, tmp_path: Path) -> None:
    result = plant(tmp_path, ALL, kind)
    assert result.reductions == pytest.approx(WHOLE, rel=1e-12)
    assert result.treatments == ()


@pytest.mark.parametrize("kind", ["logs", "readings"])
def test_a_hole_at_the_lamps_peak_takes_their_highest_hour(kind: str, tmp_path: Path) -> None:
    """19 to 21 o'clock: 2 x 30 kWh were used. The month's mean rate would have put 12 kWh in their place."""
    result = plant(tmp_path, ALL, kind, gone=[19, 20])
    (treatment,) = result.treatments
    assert (treatment.meter_id, treatment.direction) == ("M-2", Direction.FALLS)
    assert treatment.correction == pytest.approx(0.060, rel=1e-12)
    assert result.reductions == pytest.approx(WHOLE, rel=1e-12)


@pytest.mark.parametrize("kind", ["logs", "readings"])
def test_nights_that_are_left_out_do_not_raise_the_claim(kind: str, tmp_path: Path) -> None:
    """Hours 0 to 6 of one day are missing: 6 x -2 kWh of generation, 6 x 1 kWh of the lamps."""
    result = plant(tmp_path, [h for h in ALL if not 24 <= h < 30], kind)
    by_meter = {t.meter_id: t for t in result.treatments}
    assert by_meter["M-1"].correction == pytest.approx(-0.012, rel=1e-12)
    assert by_meter["M-1"].rule == "the most that the meter ran backwards, times the missing hours"
    # The lamps count as if at their highest hour, 30 kWh: 0.18 MWh instead of 0.006.
    assert result.reductions == pytest.approx(WHOLE - 0.180 + 0.006, rel=1e-12)
    (finding,) = [f for f in result.findings if f.code == "gaps.month" and "M-1" in f.message]
    assert finding.effect_tco2e == pytest.approx(-0.012, rel=1e-9)


@pytest.mark.parametrize("kind", ["logs", "readings"])
def test_a_hole_of_days_takes_the_month(kind: str, tmp_path: Path) -> None:
    """Two days: the lamps' mean of the rest, 140 kWh a day; nobody burns them at the peak for two days."""
    result = plant(tmp_path, ALL, kind, gone=range(48, 96))
    (treatment,) = result.treatments
    assert treatment.correction == pytest.approx(0.280, rel=1e-12)
    assert result.reductions == pytest.approx(WHOLE, rel=1e-12)


@pytest.mark.parametrize("hole", [range(5), range(8, 16), range(20, 30), range(100, 123), range(740, 744)])
@pytest.mark.parametrize("kind", ["logs", "readings"])
def test_no_short_hole_raises_the_claim(kind: str, hole: range, tmp_path: Path) -> None:
    assert plant(tmp_path, [h for h in ALL if h not in hole], kind).reductions <= WHOLE * (1 + 1e-12)
    for n, only in enumerate((hole, ())):
        folder = tmp_path / str(n)
        folder.mkdir()
        assert plant(folder, ALL, kind, gone=only).reductions <= WHOLE * (1 + 1e-12)


def test_a_finding_says_when_and_in_which_log(tmp_path: Path) -> None:
    result = plant(tmp_path, ALL, "logs", gone=[19, 20, 60])
    (finding,) = [f for f in result.findings if f.code == "gaps.month"]
    assert finding.where.file == "lamps.csv"
    assert "2024-03-01 19:00 to 2024-03-01 21:00" in finding.found
    assert "2024-03-03 12:00" in finding.found


def test_a_clock_set_forward_is_mended_by_a_row_of_logs_for_each_zone(tmp_path: Path) -> None:
    """From hour 300 on the lamps' clock is half an hour ahead: a gap of half an hour, and nothing is missing."""

    def ahead(row: dict[str, Any], zone: str = "") -> list[dict[str, Any]]:
        if row["meter_id"] != "M-2":
            return [row]
        first, later = tmp_path / "lamps.csv", tmp_path / "later.csv"
        heading, *lines = first.read_text().splitlines()
        moved = [line.replace(":00,", ":30,", 1) for line in lines[300:]]
        first.write_text("\n".join([heading, *lines[:300], *([] if zone else moved)]) + "\n")
        later.write_text("\n".join([heading, *moved]) + "\n")
        more = {**row, "log_id": "later", "file": "later.csv", "time_zone": zone}
        return [row, more] if zone else [row]

    (finding,) = [f for f in plant(tmp_path, ALL, cut=ahead).findings if f.code == "gaps.month"]
    assert finding.data["missing_hours"] == 0.5 and "UTC+07:30" in finding.action
    mended = plant(tmp_path, ALL, cut=lambda row: ahead(row, "UTC+07:30"))
    assert mended.treatments == () and mended.reductions == pytest.approx(WHOLE, rel=1e-12)
    assert "gaps.month" not in {f.code for f in mended.findings}
