"""Which source of a meter counts, from whole workbooks to the tonnes; what is right is worked out beside each."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError, Severity, errors
from jcm_mrv.result import Result
from support.plants import add, codes, plant, set_value
from support.results import calculated
from support.sheets import log_row
from support.workbooks import monthly, solar_tables, solar_workbook

# --- a store with a ledger and invoices ----------------------------------------------

# 8,000 L + 9 x 30,000 + 3 x 33,000 L - 22,715 L = 354,285 L, at 0.84 kg/L 297.5994 t; 41.4 GJ/t, 0.0726 tCO2/GJ;
# efficiencies 94 and 86 %. The auxiliaries use 82,453 - 12,000 kWh at 0.6766 t/MWh.
FUEL = 297.5994
BOILER = FUEL * 41.4 * 0.0726 * (94 / 86 - 1) - 70.453 * 0.6766


def test_a_ledger_and_the_invoices_of_its_deliveries_are_one_quantity(tmp_path: Path) -> None:
    result = plant("fuel_on_two_sheets", tmp_path)
    assert result.reductions == pytest.approx(BOILER, rel=1e-9)
    assert "stocks.deliveries" not in codes(result)


def test_a_delivery_is_an_instant_and_is_never_divided(tmp_path: Path) -> None:
    """The first invoice names the days around the end of January: it may lie in either row, of which both are right."""

    def late(book: Any) -> None:
        set_value("Invoices", 2, "From", datetime(2023, 1, 30))(book)
        set_value("Invoices", 2, "To", datetime(2023, 2, 3))(book)

    result = plant("fuel_on_two_sheets", tmp_path, late)
    assert result.reductions == pytest.approx(BOILER, rel=1e-9)
    assert "stocks.deliveries" not in codes(result)


@pytest.mark.parametrize(("hour", "said"), [(0, False), (8, True)])
def test_a_delivery_on_the_day_of_a_dip_may_be_in_either_row(hour: int, said: bool, tmp_path: Path) -> None:
    """33,000 L came on 1 February and are booked in January: right unless the dip of that day was before it."""

    def booked(book: Any) -> None:
        changes = [
            ("Stocks", 2, "Received", 63_000.0),
            ("Stocks", 2, "Closing stock", 42_051.0),
            ("Stocks", 2, "To", datetime(2023, 2, 1, hour)),
            ("Stocks", 3, "From", datetime(2023, 2, 1, hour)),
            ("Stocks", 3, "Opening stock", 42_051.0),
            ("Stocks", 3, "Received", 0.0),
            ("Invoices", 2, "To", datetime(2023, 1, 31)),
            ("Invoices", 3, "From", datetime(2023, 2, 1, 12 if hour else 0)),
            ("Invoices", 3, "To", datetime(2023, 2, 2)),
        ]
        for change in changes:
            set_value(*change)(book)

    result = plant("fuel_on_two_sheets", tmp_path, booked)
    found = [f for f in result.findings if f.code == "stocks.deliveries"]
    assert bool(found) is said and all("hour of the dip" in f.action for f in found)
    assert result.reductions == pytest.approx(BOILER, rel=1e-9)


LITRE = 0.84e-3 * 41.4 * 0.0726 * (94 / 86 - 1)  # tCO2e


@pytest.mark.parametrize(
    ("litres", "less"),
    [
        # 33,000 L came in February by the ledger; the invoice says 20,000: 13,000 L were not used. 40,000 were a gain.
        ({3: 20_000.0}, 13_000.0), ({3: 40_000.0}, 0.0),
        # 5,000 less in February, 2,000 more in March: of two sources one counts throughout.
        ({3: 28_000.0, 4: 32_000.0}, 3_000.0), ({3: 28_000.0, 4: 36_000.0}, 0.0),
        # A ledger a fifth above all its deliveries: 9 x 30,000 + 3 x 33,000 L are 61,500 less.
        ({n: (33_000.0 if n in (3, 5, 10) else 30_000.0) / 1.2 for n in range(2, 14)}, 61_500.0),
    ],
)  # fmt: skip
def test_of_ledger_and_deliveries_the_one_with_the_lower_er_counts(
    litres: dict[int, float], less: float, tmp_path: Path
) -> None:
    def billed(book: Any) -> None:
        for row, value in litres.items():
            set_value("Invoices", row, "Value", value)(book)

    result = plant("fuel_on_two_sheets", tmp_path, billed)
    (finding,) = [f for f in result.findings if f.code == "stocks.deliveries"]
    assert finding.severity is Severity.MAJOR and finding.where.sheet == "Stocks"
    assert result.reductions == pytest.approx(BOILER - less * LITRE, rel=1e-9)
    if less:
        assert finding.effect_tco2e == pytest.approx(-less * LITRE)
        assert {t.kind for t in result.treatments} == {"other source"}
    else:
        assert "the ledger counts" in finding.message and (finding.effect_tco2e or 0.0) < 0


def test_a_ledger_and_readings_of_the_same_time_are_an_error_that_names_both(tmp_path: Path) -> None:
    row = {"Meter ID": "TANK-1", "Kind": "energy", "Value": 100.0, "Unit": "L"}
    more = add("Readings", {**row, "From": datetime(2023, 3, 1), "To": datetime(2023, 4, 1)})
    with pytest.raises(InputRefusedError) as caught:
        plant("fuel_on_two_sheets", tmp_path, more)
    (finding,) = [f for f in errors(caught.value.findings) if f.code == "readings.two_sources"]
    assert {finding.where.sheet, "Readings" if "Readings" in finding.found else ""} == {"Stocks", "Readings"}
    assert "names TANK-1 in Check meter of" in finding.action


def test_the_second_source_entered_as_a_check_meter_is_compared(tmp_path: Path) -> None:
    """What the ledger says was used in all its time, read by the flow meter behind the tank; and a tenth of it less."""
    for less, code in ((1.0, "crosscheck.agrees"), (0.9, "crosscheck.check_meter")):

        def both(book: Any, less: float = less) -> None:
            rows = [{c[0].value: c[n].value for c in book["Stocks"].iter_cols()} for n in range(1, 13)]
            for row in rows:
                used = (row["Opening stock"] + row["Received"] - row["Closing stock"]) * less
                add("Readings", {"Meter ID": "F-1", "Kind": "energy", "Value": used, "Unit": "L",
                                 "From": row["From"], "To": row["To"]})(book)  # fmt: skip
            add("Meters", {"Meter ID": "F-1", "Unit": "L", "Check meter of": "TANK-1", "Transformer factor [1]": 1,
                           "Serial number": "SN-TANK-1", "Accuracy class [%]": 0.5})(book)  # fmt: skip

        result = plant("fuel_on_two_sheets", tmp_path, both)
        assert code in {f.code for f in result.findings}
        assert (result.reductions == pytest.approx(BOILER, rel=1e-9)) is (less == 1.0)


@pytest.mark.parametrize(("last", "code"), [(360_000.0, "crosscheck.agrees"), (330_000.0, "crosscheck.check_meter")])
def test_a_register_beside_readings_of_energy_is_refused_and_then_compared(last: float, code: str) -> None:
    """100, 120 and 140 MWh as energy, and 360 or 330 MWh by the register: ER with the lower one, 165 t."""
    own = solar_tables()
    ends = [(datetime(2024, 1, 1), 0.0), (datetime(2024, 4, 1), last)]
    register = [{"meter_id": "M-1", "kind": "register", "end": end, "value": v, "unit": "kWh"} for end, v in ends]
    with pytest.raises(InputRefusedError) as caught:
        calculated(tables={"readings": [*own["readings"], *register]})
    assert [f.code for f in errors(caught.value.findings)] == ["readings.two_sources"]
    meters = [*own["meters"], {**own["meters"][0], "meter_id": "C-1", "checks": "M-1"}]
    moved = [{**row, "meter_id": "C-1"} for row in register]
    result = calculated(tables={"readings": [*own["readings"], *moved], "meters": meters})
    assert code in {f.code for f in result.findings}
    assert result.reductions == pytest.approx(last * 0.0005)


# --- invoices that count -------------------------------------------------------------

VALUES = (100_000.0, 120_000.0, 140_000.0)  # kWh by month, at 0.5 t/MWh: 180 t


def bills(*lost: int) -> list[dict[str, Any]]:
    rows = [{key: value for key, value in row.items() if key != "kind"} for row in monthly("M-1", VALUES)]
    return [{**row, "invoice_no": f"I-{n}"} for n, row in enumerate(rows) if n not in lost]


def bought(**tables: Any) -> Result:
    """The solar plant read from invoices (option B), of which that of February is lost."""
    own = solar_tables()
    invoices = bills(1)
    points = [{**own["points"][0], "option": "B"}]
    return calculated(tables={"points": points, "readings": [], "invoices": invoices, **tables})


def test_a_lost_invoice_is_a_gap() -> None:
    assert bought().reductions == pytest.approx(120.0, rel=1e-12)


def test_two_register_readings_bridge_a_lost_invoice_and_the_other_invoices_still_count() -> None:
    ends = [(datetime(2024, 2, 1), 5_000.0), (datetime(2024, 3, 1), 125_000.0)]
    rows = [{"meter_id": "M-1", "kind": "register", "end": t, "value": v, "unit": "kWh"} for t, v in ends]
    result = bought(readings=rows)
    # The register shows whole kWh: at most 2 kWh (0.001 t) are left off.
    assert 180.0 - 0.002 <= result.reductions <= 180.0
    assert codes(result) >= {"gaps.bridged", "readings.second_source"}
    assert [one.amount for one in result.series.billed] == [100_000.0, 140_000.0]


def test_a_reading_of_energy_bridges_it_too() -> None:
    assert bought(readings=[monthly("M-1", VALUES)[1]]).reductions == pytest.approx(180.0, rel=1e-9)


@pytest.mark.parametrize(("first", "days"), [(datetime(2024, 2, 1), 29), (datetime(2024, 1, 1), 91)])
def test_so_does_a_log_and_one_of_the_whole_period_counts_itself(first: datetime, days: int, tmp_path: Path) -> None:
    """February by the hour, 120,000 kWh in 696 hours; or all of the quarter at 170 kWh, which is the source."""
    each = 120_000 / 696 if days == 29 else 170.0
    rows = [f"{first + timedelta(hours=h):%Y-%m-%d %H:%M},{each:.10f}" for h in range(24 * days)]
    (tmp_path / "log.csv").write_text("\n".join(["time,kWh", *rows]) + "\n", encoding="utf-8")
    log = {**log_row(value_column="kWh", interval_minutes=60)}
    points = [{**solar_tables()["points"][0], "option": "B"}]
    given = {"points": points, "readings": [], "invoices": bills(1), "logs": [log]}
    result = calculate_file(solar_workbook(tmp_path / "monitoring.xlsx", tables=given))
    # The log of the quarter says 252,960 kWh for January and March, the invoices 240,000: contradicted, and lower.
    whole = 360_000 if days == 29 else 240_000 + 170 * 696
    assert result.reductions == pytest.approx(whole * 0.5e-3, rel=1e-6)
    assert len(result.series.billed) == (2 if days == 29 else 0)


def test_readings_of_the_whole_period_count_and_the_invoices_check_them() -> None:
    result = bought(readings=monthly("M-1", VALUES), invoices=bills())
    assert result.reductions == pytest.approx(180.0, rel=1e-12)
    assert result.series.billed == () and len(result.series.seconds) == 3


# --- a gap belongs to a meter ----------------------------------------------------------


def test_the_time_between_two_rows_of_a_meter_is_a_gap_whatever_stands_beside_it(tmp_path: Path) -> None:
    """September of one of two meters that are added: what flowed then is unknown, and is not credited."""
    result = plant("two_meters_one_removed", tmp_path)
    assert "gaps.month" in codes(result)
    assert result.reductions <= 144.164 + 1e-6


def test_so_is_the_time_between_two_rows_of_a_meter_that_is_subtracted() -> None:
    """A load on the feeder, 10 MWh a month; its meter is changed, and February is not measured: at most ER is less."""
    own = solar_tables()
    sub = {**own["meters"][0], "meter_id": "M-2"}
    rows = [
        {**sub, "serial_number": "A", "removed": datetime(2024, 2, 1)},
        {**sub, "serial_number": "B", "installed": datetime(2024, 3, 1)},
    ]
    taken = monthly("M-2", [10_000.0, 0.0, 10_000.0])
    beside = {**sub, "meter_id": "M-3", "serial_number": "C"}
    minus = {**own["points"][0], "sign": "-"}
    result = calculated(
        tables={
            "meters": [*own["meters"], *rows, beside],
            "calibrations": [{**own["calibrations"][0], "meter_id": m} for m in ("M-1", "M-2", "M-3")],
            "points": [*own["points"], {**minus, "meter_id": "M-2"}, {**minus, "meter_id": "M-3"}],
            "readings": [*monthly("M-1", VALUES), taken[0], taken[2], *monthly("M-3", [1_000.0] * 3)],
        }
    )
    # (360 - 20 - 3) MWh x 0.5 t/MWh less the 29 days of February of M-2, at the rate of January.
    assert result.reductions <= (360 - 20 - 10 * 29 / 31 - 3) * 0.5
    (gap,) = [t for t in result.treatments if t.kind == "gap"]
    assert (gap.meter_id, gap.month, gap.hours) == ("M-2", "2024-02", 29 * 24.0)


# --- one meter for a quantity that the methodology needs twice -----------------------------

# 600 MWh bought at 0.6766 t/MWh; 232,500 L x 0.84 kg/L = 195.3 t of diesel x 41.4 GJ/t x 0.0726 t/GJ for 750 MWh of the
# captive set: the weighted factor of 1,350 MWh, of which the chiller used 1,843.7 MWh (illustrative amounts).
MIX = (600 * 0.6766 + 195.3 * 41.4 * 0.0726) / 1350


def test_the_meter_of_a_captive_set_serves_its_factor_and_the_mix(tmp_path: Path) -> None:
    result = plant("captive_set", tmp_path)
    assert result.project == pytest.approx(1843.7 * MIX, rel=1e-6)
    assert not errors(result.findings)


def test_the_generation_is_entered_once(tmp_path: Path) -> None:
    """Without the row of EI_cap: what the set generates is what is consumed of it."""

    def once(book: Any) -> None:
        rows = [row[2].row for row in book["Monitoring points"].iter_rows() if row[2].value == "EI_cap"]
        book["Monitoring points"].delete_rows(rows[0])

    result = plant("captive_set", tmp_path, once)
    assert result.project == pytest.approx(1843.7 * MIX, rel=1e-6)


@pytest.mark.parametrize(
    ("parameter", "applies_to"), [("EG_cap", "Site supply"), ("EC_PJ", "CH-1"), ("EI_grid", "Site supply")]
)
def test_what_would_count_twice_is_still_refused(parameter: str, applies_to: str, tmp_path: Path) -> None:
    row = {"Parameter": parameter, "Applies to": applies_to, "Meter ID": "M-DG", "Sign": "+", "Option": "C"}
    with pytest.raises(InputRefusedError) as caught:
        plant("captive_set", tmp_path, add("Monitoring points", row))
    assert ("points.counted_twice", "2") in [(f.code, f.found) for f in errors(caught.value.findings)]


# --- a meter that was away -----------------------------------------------------------------


@pytest.mark.parametrize("logged", [False, True])
def test_a_meter_that_was_away_loses_no_more_than_its_span(logged: bool) -> None:
    """Read on 1 January and 1 April: 360,000 kWh, 180 t; away for ten days in February, of which nothing is known."""
    own = solar_tables()["meters"][0]
    rows = [{**own, "removed": datetime(2024, 2, 1)}, {**own, "installed": datetime(2024, 2, 11)}]
    times = [datetime(2024, 1, 1), *([datetime(2024, 1, 20), datetime(2024, 3, 1)] if logged else [])]
    values = [0.0, *([75_000.0, 250_000.0] if logged else [])]
    ends = [*zip(times, values, strict=True), (datetime(2024, 4, 1), 360_000.0)]
    readings = [{"meter_id": "M-1", "kind": "register", "end": t, "value": v, "unit": "kWh"} for t, v in ends]
    result = calculated(tables={"meters": rows, "readings": readings})
    assert result.reductions == pytest.approx(180.0, rel=1e-9)
    (gap,) = [t for t in result.treatments if t.kind == "gap"]
    assert (gap.hours, gap.correction) == (240.0, 0.0)


def test_where_er_falls_with_it_the_time_away_counts_at_the_highest_rate() -> None:
    """A load of 100 kWh a day that was away for ten of 91 days: 8,100 kWh were counted, 1,000 more are taken."""
    own = solar_tables()
    load = {**own["meters"][0], "meter_id": "M-2", "serial_number": "SN-2"}
    rows = [{**load, "removed": datetime(2024, 2, 1)}, {**load, "installed": datetime(2024, 2, 11)}]
    ends = [(datetime(2024, 1, 1), 0.0), (datetime(2024, 4, 1), 8_100.0)]
    readings = [{"meter_id": "M-2", "kind": "register", "end": t, "value": v, "unit": "kWh"} for t, v in ends]
    minus = {**own["points"][0], "meter_id": "M-2", "sign": "-"}
    result = calculated(
        tables={
            "meters": [*own["meters"], *rows],
            "calibrations": [{**own["calibrations"][0], "meter_id": m} for m in ("M-1", "M-2")],
            "points": [*own["points"], minus],
            "readings": [*own["readings"], *readings],
        }
    )
    assert result.reductions == pytest.approx((360_000 - 8_100 - 1_000) * 0.5e-3, rel=1e-6)


@pytest.mark.parametrize(("delivered", "told"), [(700.0, False), (770.0, False), (800.0, True)])
def test_no_more_of_a_captive_set_is_used_than_it_generates(delivered: float, told: bool, tmp_path: Path) -> None:
    """750 MWh are generated; a second meter states what the site used of them, within 4 % for the errors of both."""

    def second(book: Any) -> None:
        row = next(row[2].row for row in book["Monitoring points"].iter_rows() if row[2].value == "EI_cap")
        set_value("Monitoring points", row, "Meter ID", "M-D2")(book)
        add("Meters", {"Meter ID": "M-D2", "Serial number": "S-9", "Unit": "MWh", "Transformer factor [1]": 1.0})(book)
        reading = {"Meter ID": "M-D2", "Kind": "energy", "Value": delivered, "Unit": "MWh"}
        add("Readings", {**reading, "From": datetime(2023, 1, 1), "To": datetime(2024, 1, 1)})(book)

    result = plant("captive_set", tmp_path, second)
    found = [f for f in result.findings if f.code == "points.more_than_generated"]
    assert [(f.severity, f.data) for f in found] == (
        [("major", {"part": pytest.approx(delivered), "whole": pytest.approx(750.0)})] if told else []
    )
