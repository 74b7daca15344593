"""Bridges, overrides and cross-checks, from a workbook with a log on disk to the tonnes.

The plant: hourly generation of 10 kWh in each hour of the first quarter of 2024
(2,184 h, 21,840 kWh), times 0.5 t/MWh: 10.92 t.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError, Severity
from jcm_mrv.result import Result
from support.workbooks import solar_tables, solar_workbook

START, HOURS = datetime(2024, 1, 1), 2184
WHOLE = 10.92
# A hole of 24 hours on 10 February, from midnight to midnight: 240 kWh, 0.12 t.
DAY = range((31 + 9) * 24, (31 + 10) * 24)


def log(path: Path, gone: Iterable[int] = (), scale: float = 1.0) -> None:
    missing = set(gone)
    rows = [f"{START + timedelta(hours=h):%Y-%m-%d %H:%M},{10 * scale:g}" for h in range(HOURS) if h not in missing]
    path.write_text("\n".join(["time,kWh", *rows]) + "\n", encoding="utf-8")


def logs_row(log_id: str, meter: str, file: str) -> dict[str, Any]:
    return {
        "log_id": log_id,
        "meter_id": meter,
        "file": file,
        "layout": "wide",
        "time_column": "time",
        "value_column": "kWh",
        "unit": "kWh",
        "kind": "energy",
        "time_zone": "Asia/Ho_Chi_Minh",
        "stamp": "start",
        "interval_minutes": 60,
        "transformer_factor_included": "yes",
    }


def plant(
    folder: Path,
    gone: Iterable[int] = DAY,
    *,
    scale: float = 1.0,
    check: Iterable[int] | None = None,
    meters: Sequence[Mapping[str, Any]] = (),
    **tables: Sequence[Mapping[str, Any]],
) -> Result:
    log(folder / "main.csv", gone, scale)
    own = {**solar_tables()["meters"][0], "accuracy_class": 0.5}
    given: dict[str, Any] = {"readings": [], "logs": [logs_row("L-1", "M-1", "main.csv")], "meters": [own, *meters]}
    if check is not None:
        log(folder / "check.csv", check)
        given["logs"].append(logs_row("L-2", "C-1", "check.csv"))
        given["meters"].append({**own, "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "M-1"})
    return calculate_file(solar_workbook(folder / "monitoring.xlsx", tables={**given, **tables}))


def register(*points: tuple[datetime, float]) -> list[dict[str, Any]]:
    return [{"meter_id": "M-1", "kind": "register", "end": at, "value": value, "unit": "kWh"} for at, value in points]


def codes(result: Result, prefix: str) -> list[str]:
    return sorted(f.code for f in result.findings if f.code.startswith(prefix))


def test_a_hole_that_nothing_bridges_is_left_out(tmp_path: Path) -> None:
    result = plant(tmp_path)
    assert codes(result, "gaps.") == ["gaps.month"]
    assert result.reductions == pytest.approx(WHOLE - 0.12, rel=1e-12)


def test_the_register_bridges_a_hole(tmp_path: Path) -> None:
    """1 to 20 February: the register advances by 19 x 240.0 = 4,560 kWh, the log holds 18 of these days."""
    readings = register((datetime(2024, 2, 1), 1000.5), (datetime(2024, 2, 20), 5560.5))
    result = plant(tmp_path, readings=readings)
    (treatment,) = result.treatments
    assert (treatment.kind, treatment.rule) == ("bridged", "bridged by the register readings")
    # The register shows tenths: what is left is 240.0 kWh give or take 0.1, and ER rises with it.
    assert treatment.correction == pytest.approx(0.2399, rel=1e-9)
    assert treatment.span == "2024-02-10 00:00 to 2024-02-11 00:00"
    assert result.reductions == pytest.approx(WHOLE - 0.00005, rel=1e-9)
    assert codes(result, "gaps.") == ["gaps.bridged"] and codes(result, "readings.second") == ["readings.second_source"]


def test_a_check_meter_bridges_a_hole_with_the_errors_of_both(tmp_path: Path) -> None:
    """Class 0.5 each: 240 kWh give or take 1 %, of which the lower end is taken."""
    result = plant(tmp_path, check=())
    (treatment,) = result.treatments
    assert treatment.rule == "bridged by the check meter C-1"
    assert treatment.correction == pytest.approx(0.2376, rel=1e-9)
    assert result.reductions == pytest.approx(WHOLE - 0.0012, rel=1e-9)


def test_a_check_meter_that_is_blind_as_well_bridges_nothing(tmp_path: Path) -> None:
    result = plant(tmp_path, check=[DAY[3]])
    assert [t.kind for t in result.treatments] == ["gap"]


def test_an_invoice_bridges_within_what_the_meter_allows(tmp_path: Path) -> None:
    """29 days of February bill 6,960 kWh, give or take 1.5 % = 104.4 kWh: 240 - 104.4 is what is certain."""
    invoice = {"invoice_no": "I-2", "meter_id": "M-1", "value": 6960, "unit": "kWh"}
    span = {"start": datetime(2024, 2, 1), "end": datetime(2024, 3, 1)}
    result = plant(tmp_path, invoices=[{**invoice, **span}])
    (treatment,) = result.treatments
    assert treatment.correction == pytest.approx(0.1356, rel=1e-9)
    assert codes(result, "invoices.") == ["invoices.missing"]


def test_a_source_that_states_less_than_was_measured_counts_in_its_place(tmp_path: Path) -> None:
    """1 to 20 February: the register advances by 4,000 kWh, 18 of these days of the log hold 4,320: 320 kWh too many.

    ER rises with the meter, so the register's 4,000 count, the hole among them: 10.92 - 0.12 - 0.32 x 0.5 = 10.64.
    """
    readings = register((datetime(2024, 2, 1), 1000), (datetime(2024, 2, 20), 5000))
    result = plant(tmp_path, readings=readings)
    [treatment] = result.treatments
    assert (treatment.rule, treatment.used) == ("crosscheck.register: the other source, throughout", pytest.approx(6.4))
    assert codes(result, "crosscheck.") == ["crosscheck.register"] and codes(result, "gaps.") == []
    assert result.reductions == pytest.approx(WHOLE - 0.12 - 0.16, rel=1e-12)


def override(**changes: Any) -> dict[str, Any]:
    row = {
        "meter_id": "M-1",
        "start": datetime(2024, 2, 10),
        "end": datetime(2024, 2, 11),
        "value": 0.25,
        "unit": "MWh",
    }
    words = {"reason": "logger was changed, display read by hand", "evidence": "D-01", "decided_by": "Plant manager"}
    return {**row, **words, **changes}


def test_an_override_takes_the_place_of_a_hole_and_stays_visible(tmp_path: Path) -> None:
    result = plant(tmp_path, overrides=[override()])
    (treatment,) = result.treatments
    assert (treatment.kind, treatment.correction) == ("override", pytest.approx(0.25))
    assert result.reductions == pytest.approx(WHOLE - 0.12 + 0.125, rel=1e-12)
    (finding,) = [f for f in result.findings if f.code == "overrides.used"]
    assert finding.effect_tco2e == pytest.approx(0.125) and finding.severity is Severity.MAJOR  # it raises ER
    assert result.overrides[0]["reason"] == "logger was changed, display read by hand"


def test_an_override_of_what_was_measured_counts_once(tmp_path: Path) -> None:
    """240 kWh were measured on that day, 100 kWh are proven: 0.07 t less."""
    result = plant(tmp_path, (), overrides=[override(value=100, unit="kWh")])
    assert result.reductions == pytest.approx(WHOLE - 0.07, rel=1e-12)
    (finding,) = [f for f in result.findings if f.code == "overrides.used"]
    assert finding.severity is Severity.MINOR and finding.data["measured"] == pytest.approx(0.24)


@pytest.mark.parametrize(
    ("rows", "code", "says"),
    [
        ([override(end=datetime(2024, 3, 2))], "overrides.span", "within one month"),
        ([override(), override(start=datetime(2024, 2, 10, 12))], "overrides.span", "overlaps that of row 2"),
        ([override(unit="Nm3")], "overrides.unit", "Nm3"),
    ],
)
def test_an_override_that_cannot_be_used_is_refused(
    rows: list[dict[str, Any]], code: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(InputRefusedError) as refused:
        plant(tmp_path, (), overrides=rows)
    found = [f for f in refused.value.findings if f.code == code or f.code == "input.unit_dimension"]
    assert found and any(says in f.message or says in f.found for f in found)


def test_an_override_never_divides_a_reading(tmp_path: Path) -> None:
    tables = {"overrides": [override()]}  # a day of a month that was read as a whole
    with pytest.raises(InputRefusedError, match="within a reading"):
        calculate_file(solar_workbook(tmp_path / "m.xlsx", tables=tables))


# --- cross-checks ------------------------------------------------------------------------


def whole_register(last: float) -> list[dict[str, Any]]:
    return register((datetime(2024, 1, 1), 0), (datetime(2024, 4, 1), last))


def test_a_log_and_its_register_agree(tmp_path: Path) -> None:
    result = plant(tmp_path, (), readings=whole_register(21840))
    (finding,) = [f for f in result.findings if f.code == "crosscheck.agrees"]
    assert finding.data["counted"] == pytest.approx(21840)


def test_of_a_log_and_its_register_the_one_with_the_lower_er_is_used_throughout(tmp_path: Path) -> None:
    """The register says 21,000 kWh, 840 kWh less than the log: 0.42 t."""
    result = plant(tmp_path, (), readings=whole_register(21000))
    (finding,) = [f for f in result.findings if f.code == "crosscheck.register"]
    assert finding.severity is Severity.MAJOR and finding.effect_tco2e == pytest.approx(-0.42, rel=1e-9)
    assert {t.kind for t in result.treatments} == {"other source"}
    assert result.reductions == pytest.approx(WHOLE - 0.42, rel=1e-12)


def test_a_log_below_its_register_stays(tmp_path: Path) -> None:
    result = plant(tmp_path, (), readings=whole_register(23000))
    (finding,) = [f for f in result.findings if f.code == "crosscheck.register"]
    assert "what the meter counted is used throughout" in finding.message
    assert result.treatments == () and result.reductions == pytest.approx(WHOLE, rel=1e-12)


def test_a_source_is_never_taken_month_by_month(tmp_path: Path) -> None:
    """February reads 100 kWh less and March 300 kWh more than the invoices: all three months are the invoices'."""
    spans = [(datetime(2024, m, 1), datetime(2024, m + 1, 1)) for m in (1, 2, 3)]
    rows = [
        {"invoice_no": f"I-{n}", "meter_id": "M-1", "unit": "kWh", "value": value, "start": a, "end": b}
        for n, ((a, b), value) in enumerate(zip(spans, (7440, 7060, 7140), strict=True))
    ]
    result = plant(tmp_path, (), invoices=rows)
    assert result.reductions == pytest.approx((7440 + 7060 + 7140) / 1000 * 0.5, rel=1e-12)
    assert len(result.treatments) == 3


@pytest.mark.parametrize(("scale", "says"), [(1000.0, "1000"), (3.6, "3.6"), (0.001, "1/1000")])
def test_two_sources_that_differ_by_the_factor_of_a_slip_are_refused(scale: float, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        plant(tmp_path, (), scale=scale, readings=whole_register(21840))
    (finding,) = [f for f in refused.value.findings if f.code == "crosscheck.factor"]
    assert says in finding.message


def test_a_transformer_factor_in_an_invoice_and_not_in_the_log_is_named(tmp_path: Path) -> None:
    meter = {"meter_id": "M-1", "unit": "kWh", "transformer_factor": 40.0, "accuracy_class": 0.5}
    invoice = {"invoice_no": "I", "meter_id": "M-1", "value": 873_600, "unit": "kWh"}
    span = {"start": datetime(2024, 1, 1), "end": datetime(2024, 4, 1)}
    log(tmp_path / "main.csv")
    rows = {"readings": [], "logs": [logs_row("L-1", "M-1", "main.csv")], "meters": [meter]}
    with pytest.raises(InputRefusedError) as refused:
        path = solar_workbook(tmp_path / "m.xlsx", tables={**rows, "invoices": [{**invoice, **span}]})
        calculate_file(path)
    (finding,) = [f for f in refused.value.findings if f.code == "crosscheck.factor"]
    assert "transformer factor 40, not used" in finding.message


def test_a_check_meter_that_differs_is_named(tmp_path: Path) -> None:
    """The check meter reads 10 kWh where the meter reads 11: 2,184 kWh, 1.092 t."""
    result = plant(tmp_path, (), scale=1.1, check=())
    (finding,) = [f for f in result.findings if f.code == "crosscheck.check_meter"]
    assert finding.effect_tco2e == pytest.approx(-1.092, rel=1e-9)
    assert result.reductions == pytest.approx(WHOLE, rel=1e-12)


def test_tariffs_of_an_invoice_add_up_and_are_compared(tmp_path: Path) -> None:
    span = {"start": datetime(2024, 1, 1), "end": datetime(2024, 4, 1), "meter_id": "M-1", "unit": "kWh"}
    rows = [
        {**span, "invoice_no": "I", "register": name, "value": value}
        for name, value in (("normal", 15000), ("peak", 4000), ("off-peak", 2840))
    ]
    result = plant(tmp_path, (), invoices=rows)
    (finding,) = [f for f in result.findings if f.code == "crosscheck.agrees"]
    assert finding.data["other"] == pytest.approx(21840)
    (tmp_path / "2").mkdir()
    result = plant(
        tmp_path / "2", (), invoices=[*rows, {**span, "invoice_no": "I", "register": "total", "value": 21000}]
    )
    assert "invoices.registers" in {f.code for f in result.findings}


def test_invoices_that_overlap_or_reach_over_the_period(tmp_path: Path) -> None:
    spans = [(datetime(2023, 12, 15), datetime(2024, 1, 15)), (datetime(2024, 1, 10), datetime(2024, 4, 1))]
    rows = [
        {"invoice_no": f"I-{n}", "meter_id": "M-1", "unit": "kWh", "value": 100, "start": a, "end": b}
        for n, (a, b) in enumerate(spans)
    ]
    result = plant(tmp_path, (), invoices=[rows[0]])
    assert codes(result, "invoices.") == ["invoices.cycle", "invoices.missing"]
    (tmp_path / "2").mkdir()
    result = plant(tmp_path / "2", (), invoices=[{**rows[1], "value": 19400}, {**rows[0], "value": 7440}])
    assert codes(result, "invoices.") == ["invoices.cycle", "invoices.overlap"]


def test_invoices_count_where_the_pdd_reads_them(tmp_path: Path) -> None:
    """Option B, and nothing else speaks for the meter: three invoices of 20, 30 and 50 MWh, 50 t."""
    tables = solar_tables()
    points = [{**tables["points"][0], "option": "B"}]
    edges = [datetime(2024, m, 1) for m in (1, 2, 3, 4)]
    invoices = [
        {"invoice_no": f"I-{n}", "meter_id": "M-1", "unit": "MWh", "value": v, "start": edges[n], "end": edges[n + 1]}
        for n, v in enumerate((20, 30, 50))
    ]
    path = solar_workbook(tmp_path / "m.xlsx", tables={"readings": [], "points": points, "invoices": invoices})
    result = calculate_file(path)
    assert result.reductions == pytest.approx(50.0, rel=1e-12)
    assert result.treatments == ()


# --- unproven meters -----------------------------------------------------------------------


def calibrated(until: date, *later: date) -> list[dict[str, Any]]:
    first = {"meter_id": "M-1", "date": date(2023, 1, 1), "valid_until": until, "result": "passed"}
    more = [{**first, "date": day, "valid_until": date(2026, 1, 1)} for day in later]
    return [first, *more]


def test_late_calibration_of_generation_is_corrected_down(tmp_path: Path) -> None:
    """Valid to 31 January, tested on 11 February: 10 days of 240 kWh less 0.5 % = 12 kWh, 0.006 t."""
    result = plant(tmp_path, (), calibrations=calibrated(date(2024, 1, 31), date(2024, 2, 11)))
    (treatment,) = result.treatments
    assert (treatment.kind, treatment.span) == ("calibration", "2024-02-01 00:00 to 2024-02-11 00:00")
    assert treatment.correction == pytest.approx(-0.012, rel=1e-9)
    assert result.reductions == pytest.approx(WHOLE - 0.006, rel=1e-12)
    (finding,) = [f for f in result.findings if f.code == "calibrations.late"]
    assert finding.effect_tco2e == pytest.approx(-0.006, rel=1e-9)
    assert "corrected down by 0.5 %" in treatment.rule


def test_what_is_proven_by_an_override_needs_no_calibration(tmp_path: Path) -> None:
    """The tenth of February is overridden: nine days are corrected."""
    calibrations = calibrated(date(2024, 1, 31), date(2024, 2, 11))
    result = plant(tmp_path, (), calibrations=calibrations, overrides=[override(value=240, unit="kWh")])
    correction = sum(t.correction for t in result.treatments if t.kind == "calibration")
    assert correction == pytest.approx(-9 * 0.24 * 0.005, rel=1e-9)


def test_corrections_are_seen_in_the_graph_and_add_up(tmp_path: Path) -> None:
    calibrations = calibrated(date(2024, 1, 31), date(2024, 2, 11))
    result = plant(tmp_path, range(31 * 24, 31 * 24 + 5), calibrations=calibrations, overrides=[override()])
    graph = result.claim.chains[0].graph
    corrected = result.evaluation[graph.E_used] - result.evaluation[graph.E_raw]
    for n, (meter, month) in enumerate(result.claim.chains[0].meter_months):
        label = result.timeline.months[month].label
        own = [t.correction for t in result.treatments if (t.meter_id, t.month) == (meter, label)]
        assert corrected[n] == pytest.approx(sum(own), abs=1e-12)
    assert {t.kind for t in result.treatments} == {"override", "gap", "calibration"}
