"""Weighted means, last, highest and lowest readings, and counts: a methodology made for the purpose, by hand.

January to March 2025, each month read once for one unit:

    fuel       10, 30, 60 t          calorific value  20, 24, 22 GJ/t     power  4, 9, 6 MW
    level       5,  8,  7 t          temperature     300, 280, 310 K      current 10, 20, 30 A

Weighted by fuel: (10 x 20 + 30 x 24 + 60 x 22) / 100 = 22.4 GJ/t, where the mean over time would be 22.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.charts import _by_month
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.packages import installed

Row = Mapping[str, Any]

CLASS = '''
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, equipment, monitored, product_of, result
from jcm_mrv.quantities.expression import total


class SingleReadings(Methodology):
    """Made for a test."""

    FC = monitored("fuel", unit="t", per=equipment)
    NCV = monitored("calorific value", unit="GJ/t", per=equipment, aggregate="weighted", weight=FC)
    P = monitored("highest power", unit="MW", per=equipment, aggregate="highest")
    L = monitored("level at the end", unit="t", per=equipment, aggregate="last")
    T = monitored("lowest temperature", unit="K", per=equipment, aggregate="lowest")
    I = monitored("current", unit="A", per=equipment, aggregate="mean")
    I2h = product_of(I, I, "squared current", unit="A**2*h")
    n = monitored("deliveries", unit="1", aggregate="count")
    EF = constant("0.1", unit="tCO2e/GJ", label="factor", source="made up")
    k_P = constant("1", unit="tCO2e/MW", label="factor of power", source="made up")
    k_L = constant("1", unit="tCO2e/t", label="factor of the level", source="made up")
    k_T = constant("0.01", unit="tCO2e/K", label="factor of the temperature", source="made up")
    k_n = constant("1", unit="tCO2e", label="factor of a delivery", source="made up")
    k_I = constant("0.00001", unit="tCO2e/(A**2*h)", label="factor of the current", source="made up")
    RE = result(total(FC * NCV * EF + L * k_L, over=equipment), "reference")
    PE = result(total(P * k_P + T * k_T + I2h * k_I, over=equipment) + n * k_n, "project")
    ER = result(RE - PE, "reductions")


METHODOLOGY = SingleReadings
'''
CARD = """
number = "XX_AM099"
version = "0.1"
family = "single_readings"
country = "Invented"
scope = "3. Energy demand"
scope_evidence = "unconfirmed"
status = "pattern"
adopted = ""
projects = []
summary = "Made for a test."

[title]
text = "Single readings"
evidence = "unconfirmed"
source = "made for a test"

[equation]
text = "made for a test"
evidence = "unconfirmed"
source = "made for a test"
"""
MONTHS = [(datetime(2025, m, 1), datetime(2025, m + 1, 1)) for m in (1, 2, 3)]
READ = {
    "FC": ("energy", "t", (10, 30, 60)), "NCV": ("mean", "GJ/t", (20, 24, 22)), "P": ("mean", "MW", (4, 9, 6)),
    "L": ("mean", "t", (5, 8, 7)), "T": ("mean", "K", (300, 280, 310)), "I": ("mean", "A", (10, 20, 30)),
}  # fmt: skip
HOURS = (744, 672, 744)


def readings(**others: Sequence[float | None]) -> list[Row]:
    rows: list[Row] = []
    for name, (kind, unit, values) in READ.items():
        for (start, end), value in zip(MONTHS, others.get(name, values), strict=True):
            if value is not None:
                rows.append({"meter_id": name, "kind": kind, "start": start, "end": end, "value": value, "unit": unit})
    days = (datetime(2025, 1, 5), datetime(2025, 2, 6), datetime(2025, 2, 6), datetime(2025, 3, 7))
    return rows + [{"meter_id": "n", "kind": "sample", "end": day, "value": 1, "unit": "1"} for day in days]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("outside") / "single_readings"
    (folder / "single_readings" / "cards").mkdir(parents=True)
    (folder / "single_readings" / "__init__.py").write_text(CLASS)
    (folder / "single_readings" / "cards" / "XX_AM099_0.1.toml").write_text(CARD)
    with installed(folder):
        yield


@pytest.fixture()
def calculate(package: None, tmp_path: Path) -> Callable[..., Result]:
    def calculated(rows: list[Row], points: Sequence[Row] = ()) -> Result:
        project = {
            "title": "illustrative", "country": "Invented", "period_start": datetime(2025, 1, 1),
            "period_end": datetime(2025, 3, 31), "time_zone": "UTC", "report_date": datetime(2025, 4, 30),
        }  # fmt: skip
        tables: dict[str, Sequence[Row]] = {
            "eligibility": [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-1"}],
            "equipment": [{"equipment_id": "U-1", "operation_start": datetime(2024, 1, 1)}],
            "meters": [{"meter_id": s, "unit": u, "transformer_factor": 1} for s, (_, u, _) in READ.items()]
            + [{"meter_id": "n", "unit": "1", "transformer_factor": 1}],
            "points": [{"parameter": s, "applies_to": "U-1", "meter_id": s, "sign": "+"} for s in READ]
            + [{"parameter": "n", "meter_id": "n", "sign": "+"}, *points],
            "readings": rows,
            "evidence": [{"document_id": "D-1", "title": "illustrative"}],
        }
        write_workbook(tmp_path / "monitoring.xlsx", template_methods(["XX_AM099 0.1"]), project, tables)
        return calculate_file(tmp_path / "monitoring.xlsx")

    return calculated


def values(result: Result) -> dict[str, float]:
    return {p.declared.symbol: float(result.evaluation[p.defined].sum()) for p in result.claim.parameters}


def test_each_aggregate_is_what_it_is_by_hand(calculate: Callable[..., Result]) -> None:
    found = values(calculate(readings()))
    by_hand = {"NCV": 22.4, "P": 9, "L": 7, "T": 280, "n": 3, "I2h": 744 * 100 + 672 * 400 + 744 * 900}
    assert {symbol: found[symbol] for symbol in by_hand} == pytest.approx(by_hand)


def test_the_bars_of_a_weighted_mean_are_its_months(calculate: Callable[..., Result]) -> None:
    """Every surface of a report: ``tests/reporting/test_every_aggregate.py``."""
    result = calculate(readings())
    ncv = next(p for p in result.claim.parameters if p.declared.symbol == "NCV")
    measured, corrected = _by_month(Context.of(result, "en"), ncv)
    assert (measured + corrected).tolist() == pytest.approx([20, 24, 22])


def test_what_was_not_read_is_taken_with_the_lowest_reductions(calculate: Callable[..., Result]) -> None:
    # March: the last level could be any that was read, and ER rises with it, so the least (5); power and temperature
    # were not read in February and lower ER: the power may have been the highest ever read (6), the temperature is
    # known up to its lowest reading (300).
    result = calculate(readings(L=(5, 8, None), P=(4, None, 6), T=(300, None, 310)))
    found = values(result)
    assert (found["L"], found["P"], found["T"]) == pytest.approx((5, 6, 300))
    # Read 8, used 5.
    [finding] = [f for f in result.findings if f.code == "combined.unseen"]
    assert finding.effect_tco2e == pytest.approx(-3)


def test_a_calorific_value_that_was_not_read_gives_no_heat(calculate: Callable[..., Result]) -> None:
    # ER rises with it: of February's 30 t nothing is counted, (200 + 1320) / 100.
    assert values(calculate(readings(NCV=(20, None, 22))))["NCV"] == pytest.approx(15.2)


def test_nothing_read_is_refused(calculate: Callable[..., Result]) -> None:
    rows = [row for row in readings(P=(None, None, None)) if row["meter_id"] != "n"]
    with pytest.raises(InputRefusedError) as caught:
        calculate(rows)
    assert {f.message.split(" in ")[0] for f in caught.value.findings if f.code == "combined.nothing_read"} == {
        "the highest reading of XX_AM099 P U-1",
        "how many there are of XX_AM099 n",
    }


def test_the_highest_reading_is_that_of_one_meter(calculate: Callable[..., Result]) -> None:
    with pytest.raises(InputRefusedError) as caught:
        calculate(readings(), [{"parameter": "P", "applies_to": "U-1", "meter_id": "P", "share": 0.5, "sign": "+"}])
    assert "combined.one_meter" in {f.code for f in caught.value.findings}
