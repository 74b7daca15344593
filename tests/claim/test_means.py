"""Means over time: heads and methane in the biogas of the draft for livestock, from readings to the tonne.

Two barns of the case ``DRAFT_LIVESTOCK_0.1_two_herds``. In 2025 the burnt methane limits RE, so that ER falls with the
heads (leakage) and rises with the methane in the biogas: a month that was not read is taken with the highest count, and
with the lowest share of methane.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.conformance.cases import calculate_case, package_cases
from jcm_mrv.findings import InputRefusedError, Severity
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.quantities.units import conversion, over_hours
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook

CARD = "DRAFT_LIVESTOCK 0.1"
MONTHS = [(datetime(2025, m, 1), datetime(2025 + m // 12, m % 12 + 1, 1)) for m in range(1, 13)]
HOURS = [(b - a).total_seconds() / 3600 for a, b in MONTHS]

Row = Mapping[str, Any]


def meter(name: str, unit: str) -> Row:
    return {"meter_id": name, "unit": unit, "transformer_factor": 1}


def reading(meter: str, month: int, value: float, unit: str, kind: str = "mean") -> Row:
    start, end = MONTHS[month]
    return {"meter_id": meter, "kind": kind, "start": start, "end": end, "value": value, "unit": unit}


def tables(
    heads: Sequence[Row], methane: Sequence[Row], *, biogas: float = 20000.0, **others: Sequence[Row]
) -> dict[str, Sequence[Row]]:
    fixed = [
        {"parameter": "MCF_RE", "value": 0.75, "unit": "1"},
        {"parameter": "supply", "value": "grid", "unit": "choice"},
        {"parameter": "EF_grid", "value": 0.8, "unit": "tCO2/MWh"},
    ]
    year = {"kind": "energy", "start": MONTHS[0][0], "end": MONTHS[-1][1]}
    return {
        "eligibility": [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-1"}],
        "equipment": [{"equipment_id": "BARN", "group": "dairy cattle", "operation_start": datetime(2024, 1, 1)}],
        "meters": [meter("N", "pcs"), meter("W", "%"), meter("BG", "Nm3"), meter("EC", "MWh")],
        "points": [
            {"parameter": "N", "applies_to": "BARN", "meter_id": "N", "sign": "+"},
            {"parameter": "w_CH4", "meter_id": "W", "sign": "+"},
            {"parameter": "BG", "meter_id": "BG", "sign": "+"},
            {"parameter": "EC_PJ", "meter_id": "EC", "sign": "+"},
        ],
        "readings": [
            *heads,
            *methane,
            {"meter_id": "BG", **year, "value": biogas, "unit": "Nm3"},
            {"meter_id": "EC", **year, "value": 10.0, "unit": "MWh"},
        ],
        "evidence": [{"document_id": "D-1", "title": "illustrative"}],
        "fixed": [{**row, "document": "illustrative", "page": "1"} for row in fixed],
        **others,
    }


def calculated(path: Path, sheets: Mapping[str, Sequence[Row]]) -> Result:
    project = {
        "title": "illustrative",
        "country": "Viet Nam",
        "period_start": datetime(2025, 1, 1),
        "period_end": datetime(2025, 12, 31),
        "time_zone": "Asia/Bangkok",
        "report_date": datetime(2026, 1, 31),
    }
    write_workbook(path / "monitoring.xlsx", template_methods([CARD]), project, sheets)
    return calculate_file(path / "monitoring.xlsx")


def refused(path: Path, sheets: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    with pytest.raises(InputRefusedError) as error:
        calculated(path, sheets)
    return {f.code: f.found for f in error.value.findings}


HEADS = [reading("N", m, 200.0 + m, "pcs") for m in range(12)]
METHANE = [reading("W", m, 58.0 + m / 10, "%") for m in range(12)]


def mean(values: Sequence[float], hours: Sequence[float] = HOURS) -> float:
    return sum(v * h for v, h in zip(values, hours, strict=True)) / sum(hours)


def used(result: Result, symbol: str) -> float:
    [parameter] = [p for p in result.claim.parameters if p.declared.symbol == symbol]
    return float(result.evaluation[parameter.defined].reshape(-1)[0])


def test_a_mean_weighs_each_reading_by_its_hours(tmp_path: Path) -> None:
    result = calculated(tmp_path, tables(HEADS, METHANE))
    assert used(result, "N") == pytest.approx(mean([200.0 + m for m in range(12)]), rel=1e-12)
    assert used(result, "w_CH4") == pytest.approx(mean([0.58 + m / 1000 for m in range(12)]), rel=1e-12)


def test_a_reading_over_several_months_is_a_mean_of_each(tmp_path: Path) -> None:
    long = {**HEADS[0], "end": MONTHS[2][1], "value": 210.0}
    result = calculated(tmp_path, tables([long, *HEADS[3:]], METHANE))
    expected = mean([210.0] * 3 + [200.0 + m for m in range(3, 12)])
    assert used(result, "N") == pytest.approx(expected, rel=1e-12)


def test_a_month_that_was_not_counted_is_taken_where_er_is_lowest(tmp_path: Path) -> None:
    """May is missing in both. ER falls with heads (211 is the highest), and rises with methane (58 % is the lowest)."""
    result = calculated(tmp_path, tables(HEADS[:4] + HEADS[5:], METHANE[:4] + METHANE[5:]))
    heads, methane = [200.0 + m for m in range(12)], [0.58 + m / 1000 for m in range(12)]
    heads[4], methane[4] = 211.0, 0.58
    assert used(result, "N") == pytest.approx(mean(heads), rel=1e-9)
    assert used(result, "w_CH4") == pytest.approx(mean(methane), rel=1e-9)
    rules = {t.meter_id: t.rule for t in result.treatments if t.kind == "gap"}
    assert rules["N"].startswith("the highest value") and rules["W"].startswith("the lowest value")
    assert all(t.effect_tco2e <= 0 for t in result.treatments)


def test_where_the_model_limits_the_claim_more_heads_raise_it_and_the_lowest_count_is_taken(tmp_path: Path) -> None:
    result = calculated(tmp_path, tables(HEADS[:4] + HEADS[5:], METHANE, biogas=90000.0))
    heads = [200.0 + m for m in range(12)]
    heads[4] = 200.0
    assert used(result, "N") == pytest.approx(mean(heads), rel=1e-9)


def test_a_mean_that_was_never_read_is_not_estimated(tmp_path: Path) -> None:
    assert "gaps.no_estimate" in refused(tmp_path, tables(HEADS, []))


def test_an_amount_in_place_of_a_mean_is_refused(tmp_path: Path) -> None:
    heads = [{**row, "kind": "energy"} for row in HEADS]
    assert "points.unit" in refused(tmp_path, tables(heads, METHANE))


def test_two_counters_of_one_mean_need_shares_that_add_up(tmp_path: Path) -> None:
    """Weights of a half each: the mean of both. Without weights their sum would be taken for a mean."""
    second = [{**row, "meter_id": "N2", "value": row["value"] + 10.0} for row in HEADS]
    sheets = tables([*HEADS, *second], METHANE)
    sheets["meters"] = [*sheets["meters"], meter("N2", "pcs")]
    point = {"parameter": "N", "applies_to": "BARN", "sign": "+"}
    others = sheets["points"][1:]
    sheets["points"] = [*({**point, "meter_id": m, "share": 0.5} for m in ("N", "N2")), *others]
    assert used(calculated(tmp_path, sheets), "N") == pytest.approx(mean([205.0 + m for m in range(12)]), rel=1e-12)
    sheets["points"] = [*({**point, "meter_id": m} for m in ("N", "N2")), *others]
    assert "points.shares_of_a_mean" in refused(tmp_path, sheets)
    sheets["points"] = [{**point, "meter_id": "N", "share": 0.5}, *others]
    assert refused(tmp_path, sheets)["points.shares_of_a_mean"] == "0.5 together"


def test_readings_before_operation_make_no_mean_of_it(tmp_path: Path) -> None:
    sheets = tables(HEADS, METHANE)
    sheets["equipment"] = [{**sheets["equipment"][0], "operation_start": datetime(2025, 3, 16)}]
    assert refused(tmp_path, sheets)["points.mean_outside_operation"] == "360 hours too many"
    begin = {**HEADS[2], "start": datetime(2025, 3, 16)}
    sheets = {**tables([begin, *HEADS[3:]], METHANE), "equipment": sheets["equipment"]}
    hours = [16 * 24.0, *HOURS[3:]]
    assert used(calculated(tmp_path, sheets), "N") == pytest.approx(mean([202.0 + m for m in range(10)], hours))


def test_a_log_of_a_mean(tmp_path: Path) -> None:
    """Hourly methane of 57 % by night and 61 % by day: 59 %."""
    lines = ["time,CH4"]
    day = [57.0] * 12 + [61.0] * 12
    for n in range(8760):
        at = datetime.fromtimestamp(datetime(2025, 1, 1).timestamp() + 3600 * n)
        lines.append(f"{at:%Y-%m-%d %H:%M},{day[n % 24] + n % 7 / 100:.2f}")
    (tmp_path / "gas.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    log = {
        "log_id": "LOG-1", "meter_id": "W", "file": "gas.csv", "layout": "wide", "time_column": "time",
        "value_column": "CH4", "unit": "%", "kind": "mean", "time_zone": "Asia/Bangkok", "stamp": "start",
        "interval_minutes": 60, "transformer_factor_included": "yes",
    }  # fmt: skip
    result = calculated(tmp_path, tables(HEADS, [], logs=[log]))
    wiggle = sum(n % 7 for n in range(8760)) / 8760 / 100
    assert used(result, "w_CH4") == pytest.approx((59.0 + wiggle) / 100, rel=1e-9)


def test_gaps_overrides_and_overdue_calibrations_of_a_mean(tmp_path: Path) -> None:
    """The case with its troubles: no treatment raises ER but the override, which a person proved."""
    [case] = [c for c in package_cases(catalogue().find(CARD)) if c.card == CARD]
    result = calculate_case(case, tmp_path, troubled=True)
    assert {t.kind for t in result.treatments} >= {"gap", "override", "calibration"}
    assert all(t.effect_tco2e <= 0 for t in result.treatments if t.kind != "override")
    [override] = [t for t in result.treatments if t.kind == "override"]
    assert (override.used, override.unit) == (pytest.approx(200 * 0.98 * 744), "pcs*h")


@pytest.mark.parametrize(("unit", "amount"), [("kW", "kWh"), ("K", "K*h"), ("tCO2/MWh", "tCO2*h/MWh"), ("1", "h")])
def test_the_unit_of_a_mean_times_hours(unit: str, amount: str) -> None:
    assert conversion(over_hours(unit), amount) == 1.0


def test_more_methane_than_gas_is_refused(tmp_path: Path) -> None:
    """Each month 5.8 in place of 0.58: the mean is 5.8, and nothing in biogas is more than all of it."""
    found = refused(tmp_path, tables(HEADS, [{**row, "value": 580.0} for row in METHANE]))
    assert found["points.out_of_limits"] == "5.8 1; it can be at least 0 and at most 1 1"


@pytest.mark.parametrize(("percent", "severity"), [(100.0, None), (103.0, Severity.MAJOR), (106.0, Severity.ERROR)])
def test_the_errors_of_an_instrument_are_asked_about(tmp_path: Path, percent: float, severity: Severity | None) -> None:
    """Up to 5 % beyond the whole an instrument may err."""
    try:
        found = calculated(tmp_path, tables(HEADS, [reading("W", m, percent, "%") for m in range(12)])).findings
    except InputRefusedError as error:
        found = tuple(error.findings)
    assert [f.severity for f in found if f.code == "points.out_of_limits"] == ([severity] if severity else [])
