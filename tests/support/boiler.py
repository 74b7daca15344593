"""A diesel boiler as a plant would fill it in: made for the purpose, no plant of that kind exists.

ID_AM015, equation confirmed: ER = FC x NCV x EF x (eta_PJ / eta_RE - 1) - EC_aux x EF_grid, with 0.84 t/m3 of diesel.
Per month 10 m3 and 1 MWh: 8.4 t x 43 GJ/t x 0.0726 t/GJ x (95/85 - 1) - 0.8 t.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.workbooks import PROJECT, Rows, calibration, monthly

FUEL_TONNES_PER_M3 = 0.84 * 43 * 0.0726 * (95 / 85 - 1)  # ER per m3 of diesel
EF_GRID = 0.8


def boiler_tables(fuel: tuple[float, ...] = (10.0, 11.0, 12.5), power: float = 1000.0) -> dict[str, Rows]:
    """Three months of fuel [m3] and electricity [kWh a month]."""
    meters = [
        {
            "meter_id": name,
            "unit": unit,
            "transformer_factor": 1.0,
            "serial_number": f"SN-{name}",
            "accuracy_class": 0.5,
        }
        for name, unit in (("T-1", "m3"), ("E-1", "kWh"))
    ]
    points = [
        {"parameter": parameter, "applies_to": "B-1", "meter_id": meter, "sign": "+", "option": "C"}
        for parameter, meter in (("FC_PJ", "T-1"), ("EC_aux", "E-1"))
    ]
    document = {"document": "D-01", "page": "1"}
    return {
        "equipment": [
            {
                "equipment_id": "B-1",
                "serial_number": "S-B1",
                "electricity_source": "Grid",
                "fuel": "diesel",
                "operation_start": date(2023, 1, 1),
                "evidence": "D-01",
                "eta_PJ": 95.0,
                "eta_RE": 85.0,
            }
        ],
        "meters": meters,
        "calibrations": [calibration("T-1"), calibration("E-1")],
        "points": points,
        "fixed": [
            {"parameter": "equation", "value": "confirmed", "unit": "1", **document},
            {"parameter": "supply", "value": "grid", "unit": "choice", **document},
            {"parameter": "EF_grid", "value": EF_GRID, "unit": "tCO2/MWh", **document},
            {"parameter": "NCV", "applies_to": "diesel", "value": 43.0, "unit": "GJ/t", **document},
            {"parameter": "EF_CO2", "applies_to": "diesel", "value": 0.0726, "unit": "tCO2/GJ", **document},
        ],
        "conversions": [
            {"meter_id": "T-1", "property": "density", "value": 0.84, "unit": "t/m3", "conditions": "15 °C", **document}
        ],
        "readings": [*monthly("T-1", fuel, unit="m3"), *monthly("E-1", [power, power * 1.02, power * 0.97])],
        "eligibility": [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-01"}],
        "evidence": [{"document_id": "D-01", "title": "Illustrative"}],
        "team": [{"role": "Plant manager", "responsibility": "Reads the meters"}],
    }


def boiler(*, tables: Mapping[str, Rows] | None = None, project: Mapping[str, Any] | None = None) -> Result:
    """The result of the boiler with whole tables replaced."""
    named = {"country": "Indonesia", "methodologies": "ID_AM015 1.0", "time_zone": "Asia/Jakarta"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitoring.xlsx"
        filled = {**PROJECT, **named, **(project or {})}
        write_workbook(path, template_methods(["ID_AM015 1.0"]), filled, {**boiler_tables(), **(tables or {})})
        return calculate_file(path)
