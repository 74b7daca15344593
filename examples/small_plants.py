"""Small illustrative monitoring workbooks for the portfolio examples: one meter read every month of 2024.

Every figure is invented for the purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import Row, write_workbook

YEAR = 2024
_SUN = (0.8, 0.85, 0.95, 1.0, 1.15, 1.2, 1.2, 1.15, 1.05, 1.0, 0.9, 0.75)
"""A month's part of a twelfth of the year, for what follows the sun; they add up to 12."""
_FIXED_AC = [
    {"parameter": "supply", "value": "grid", "unit": "choice", "document": "single-line diagram (illustrative)"},
    {"parameter": "EF_grid", "value": 0.6766, "unit": "tCO2/MWh", "document": "official letter (illustrative)"},
    {
        "parameter": "equation",
        "value": "confirmed",
        "unit": "1",
        "document": "approved text (illustrative)",
        "page": "1",
    },
]


def solar(folder: Path, title: str, serial: str, yearly: float) -> None:
    """A solar roof under VN_AM007; ``yearly`` is its generation [MWh]."""
    equipment: Row = {"equipment_id": "PV-1", "connection": "grid", "rated_capacity": yearly / 1.2,
                      "rated_capacity_unit": "kW"}  # fmt: skip
    months = [yearly / 12 * part for part in _SUN]
    _write(folder, "VN_AM007 1.0", title, serial, equipment, "EG", months, [], yearly * 0.333)


def air_conditioner(folder: Path, title: str, serial: str, yearly: float, *, spoilt: bool = False) -> None:
    """Inverter air conditioners under VN_AM006; ``yearly`` is their electricity [MWh], COP 4.2 against 3.15.

    ``spoilt``: a reading has lost its unit, and the monitoring period its last day.
    """
    equipment: Row = {"equipment_id": "AC-1", "electricity_source": "Grid", "COP_PJ": 4.2, "COP_RE": 3.15}
    months = [yearly / 12 * part for part in _SUN]
    estimate = yearly * (4.2 / 3.15 - 1) * 0.6766
    _write(folder, "VN_AM006 1.0", title, serial, equipment, "EC_PJ", months, _FIXED_AC, estimate, spoilt=spoilt)


def pumps(folder: Path, title: str, serial: str, yearly: float) -> None:
    """Water pumps under VN_AM013, whose equation is not confirmed: an indicative figure. ``yearly`` in MWh."""
    equipment: Row = {"equipment_id": "P-1", "electricity_source": "Grid", "eta_PJ": 82.0, "eta_RE": 74.0}
    months = [yearly / 12] * 12
    estimate = yearly * (82.0 / 74.0 - 1) * 0.6766
    _write(folder, "VN_AM013 1.0", title, serial, equipment, "EC_PJ", months, _FIXED_AC[:2], estimate)


def _write(
    folder: Path,
    methodology: str,
    title: str,
    serial: str,
    equipment: Row,
    parameter: str,
    months: Sequence[float],
    fixed: Sequence[Row],
    estimate: float,
    *,
    spoilt: bool = False,
) -> None:
    unit = str(equipment["equipment_id"])
    starts = [datetime(YEAR, month, 1) for month in range(1, 13)] + [datetime(YEAR + 1, 1, 1)]
    readings: list[Row] = [
        {"meter_id": "M-1", "kind": "energy", "start": start, "end": end, "value": round(amount, 3), "unit": "MWh"}
        for start, end, amount in zip(starts[:-1], starts[1:], months, strict=True)
    ]
    project: Row = {
        "title": f"{title} (illustrative)",
        "country": "Viet Nam",
        "period_start": date(YEAR, 1, 1),
        "period_end": None if spoilt else date(YEAR, 12, 31),
        "time_zone": "Asia/Ho_Chi_Minh",
        "operation_start": date(YEAR - 1, 6, 1),
        "pdd": "None: illustrative plant",
        "report_date": date(YEAR + 1, 2, 1),
    }
    if spoilt:
        readings[3] = {**readings[3], "unit": None}
    highest = max(months) / 28 / 24 * 5
    tables: Mapping[str, Sequence[Row]] = {
        "eligibility": [{"number": "1", "criterion": "Illustrative criterion", "met": "yes", "evidence": "D-01"}],
        "equipment": [{**equipment, "serial_number": f"{serial}-E", "operation_start": date(YEAR - 1, 6, 1)}],
        "meters": [
            {"meter_id": "M-1", "serial_number": serial, "manufacturer": "illustrative", "accuracy_class": 0.5,
             "unit": "MWh", "transformer_factor": 1, "highest_rate": round(highest, 3), "highest_rate_unit": "MW"}
        ],
        "calibrations": [
            {"meter_id": "M-1", "serial_number": serial, "date": date(YEAR - 1, 5, 20),
             "valid_until": date(YEAR + 1, 5, 20),
             "result": "passed", "error_found": 0.1, "certificate": "illustrative", "evidence": "D-01"}
        ],
        "points": [
            {"point_no": "1", "parameter": parameter, "applies_to": unit, "meter_id": "M-1", "sign": "+", "option": "C",
             "frequency": "monthly", "responsible": "energy manager"}
        ],
        "readings": readings,
        "fixed": fixed,
        "estimates": [{"year": YEAR, "reductions": round(estimate)}],
        "evidence": [{"document_id": "D-01", "title": "Documents of an illustrative plant"}],
        "team": [{"role": "Energy manager", "name": "illustrative", "responsibility": "reads the meter"}],
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    write_workbook(folder / "monitoring.xlsx", template_methods([methodology]), project, tables)
