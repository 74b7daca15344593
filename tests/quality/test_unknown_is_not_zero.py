"""The effect of a contradiction is known for every meter and every unit: the source with the lower ER is used."""

from __future__ import annotations

import pytest

from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.results import calculated
from support.workbooks import Rows, calibration, monthly, months, solar_tables


def plants(count: int) -> dict[str, Rows]:
    """Systems whose check meters read 5 % less; no two alike."""
    one = solar_tables()
    names = [f"{n:02d}" for n in range(count)]
    meter, unit, point = one["meters"][0], one["equipment"][0], one["points"][0]
    check = {"serial_number": "", "accuracy_class": 0.5}
    readings: list = []
    for n in range(count):
        own = [10_000.0 + 137.0 * n, 11_000.0 + 171.0 * n % 900, 12_000.0 + 53.0 * n % 700]
        readings += [*monthly(f"M-{names[n]}", own), *monthly(f"C-{names[n]}", [0.95 * value for value in own])]
    return {
        "equipment": [{**unit, "equipment_id": f"PV-{n}", "serial_number": f"SN-PV-{n}"} for n in names],
        "meters": [
            *({**meter, "meter_id": f"M-{n}", "serial_number": f"SN-M-{n}"} for n in names),
            *({**meter, **check, "meter_id": f"C-{n}", "checks": f"M-{n}"} for n in names),
        ],
        "calibrations": [calibration(f"{letter}-{n}") for letter in "MC" for n in names],
        "points": [
            {**point, "point_no": str(int(n) + 1), "applies_to": f"PV-{n}", "meter_id": f"M-{n}"} for n in names
        ],
        "readings": readings,
    }


def test_the_forty_first_meter_is_decided_like_the_first():
    """45 systems at 0.5 t/MWh: what the check meters count, 95 % of what counts, is credited of all of them."""
    tables = plants(45)
    total = sum(row["value"] for row in tables["readings"] if row["meter_id"].startswith("C"))
    result = calculated(tables=tables)
    assert result.reductions == pytest.approx(total / 1000 * 0.5)
    found = [f for f in result.findings if f.code == "crosscheck.check_meter"]
    assert len(found) == 45
    assert sum(f.effect_tco2e or 0.0 for f in found) == pytest.approx(-total / 0.95 * 0.05 / 1000 * 0.5)


def bills(values: tuple[float, ...], unit: str = "m3") -> Rows:
    edges = months((2024, 1), len(values))
    return [
        {"invoice_no": f"I-{n}", "meter_id": "T-1", "start": a, "end": b, "value": value, "unit": unit}
        for n, (a, b, value) in enumerate(zip(edges, edges[1:], values, strict=False))
    ]


def test_fuel_that_is_metered_in_litres_is_decided_in_tonnes():
    """The meter shows 11, 12.1 and 13.75 m3, the invoices 10, 11 and 12.5: 33.5 m3 less 2.99 MWh x 0.8 t."""
    readings = boiler_tables(fuel=(11.0, 12.1, 13.75))["readings"]
    result = boiler(tables={"readings": readings, "invoices": bills((10.0, 11.0, 12.5))})
    assert result.reductions == pytest.approx(33.5 * FUEL_TONNES_PER_M3 - 2.99 * 0.8)
    (finding,) = [f for f in result.findings if f.code == "crosscheck.invoice"]
    assert finding.effect_tco2e == pytest.approx(-3.35 * FUEL_TONNES_PER_M3)


def test_so_is_a_density_that_changes_within_the_period():
    """0.84 t/m3 in January, 0.80 from February: the effect of each month is by its own."""
    tables = boiler_tables(fuel=(11.0, 12.1, 13.75))
    _, february, *_ = months((2024, 1), 3)
    density = tables["conversions"][0]
    rows = [{**density, "end": february}, {**density, "value": 0.80, "start": february}]
    result = boiler(tables={"readings": tables["readings"], "conversions": rows, "invoices": bills((10.0, 11.0, 12.5))})
    (finding,) = [f for f in result.findings if f.code == "crosscheck.invoice"]
    assert finding.effect_tco2e == pytest.approx(-FUEL_TONNES_PER_M3 * (1.0 + (1.1 + 1.25) * 0.80 / 0.84))


def test_where_er_falls_with_the_meter_the_higher_source_is_used():
    """1100, 1122 and 1067 kWh billed against 1000, 1020 and 970 metered: 0.299 MWh x 0.8 t less."""
    edges = months((2024, 1), 3)
    rows = [
        {"invoice_no": f"E-{n}", "meter_id": "E-1", "start": a, "end": b, "value": value, "unit": "kWh"}
        for n, (a, b, value) in enumerate(zip(edges, edges[1:], (1100.0, 1122.0, 1067.0), strict=False))
    ]
    result = boiler(tables={"invoices": rows})
    assert result.reductions == pytest.approx(33.5 * FUEL_TONNES_PER_M3 - 1.1 * 2.99 * 0.8)
