"""Writes monitoring.xlsx of the rooftop solar example; the same bytes every time.

    python examples/rooftop_solar/build.py

The power log is real, the plant around it is illustrative: see README.md.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import Row, write_workbook

HERE = Path(__file__).parent
LOG = "data/pv_ac_power_15min.csv"
METHODOLOGY = "VN_AM007 1.0"
# The real system peaks at 5.4 kW. Read through a current transformer of 2000:5 A it stands for a plant of 2.2 MW.
TRANSFORMER_RATIO = 2000 / 5

PROJECT: Row = {
    "title": "Example plant (illustrative): rooftop solar power",
    "country": "Viet Nam",
    "methodologies": METHODOLOGY,
    # Whole local days that the log covers: it runs from 1 July 14:00 to 13 October 18:00 local time.
    "period_start": date(2016, 7, 2),
    "period_end": date(2016, 10, 12),
    "time_zone": "Asia/Ho_Chi_Minh",
    "location": "Illustrative; the log was measured in Golden, Colorado, United States",
    "participants": "Example participants (illustrative)",
    "focal_point": "Example participant (illustrative)",
    "third_party_entity": "Not chosen (illustrative)",
    "operation_start": date(2016, 6, 1),
    "pdd": "None: illustrative plant",
    "report_date": date(2016, 11, 15),
    "report_version": "1.0",
    "prepared_by": "Example (illustrative)",
}

EQUIPMENT: Row = {
    "equipment_id": "PV-1",
    "description": "Rooftop solar PV system (illustrative)",
    "manufacturer": "illustrative",
    "model": "illustrative",
    "serial_number": "illustrative PV-1",
    "rated_capacity": 2400,
    "rated_capacity_unit": "kW",
    "site": "Roof",
    "electricity_source": "Grid",
    "operation_start": date(2016, 6, 1),
    "evidence": "D-02",
    "connection": "grid",
}

METER: Row = {
    "meter_id": "M-1",
    "serial_number": "illustrative meter",
    "description": "AC output of PV-1, behind the inverters",
    "manufacturer": "illustrative",
    "model": "illustrative",
    "accuracy_class": 0.5,
    "unit": "kWh",
    "transformer_factor": TRANSFORMER_RATIO,
    "installed": datetime(2016, 6, 1),
    "evidence": "D-02",
    "comment": "The ratio 2000:5 A is illustrative: it makes the small real system a plant.",
}

CALIBRATION: Row = {
    "meter_id": "M-1",
    "serial_number": "illustrative meter",
    "date": date(2016, 5, 20),
    "valid_until": date(2018, 5, 19),
    "result": "passed",
    "certificate": "illustrative",
    "laboratory": "illustrative",
    "evidence": "D-02",
}

POINT: Row = {
    "point_no": "1",
    "parameter": "EG",
    "applies_to": "PV-1",
    "meter_id": "M-1",
    "sign": "+",
    "option": "C",
    "frequency": "continuously, stored every 15 minutes",
    "responsible": "Plant manager",
    "comment": "Night-time consumption of the inverters is negative in the log and lowers the sum.",
}

LOG_ROW: Row = {
    "log_id": "LOG-1",
    "meter_id": "M-1",
    "file": LOG,
    "layout": "wide",
    "time_column": "measured_on",
    "value_column": "ac_power",
    "unit": "W",
    "kind": "power",
    "time_zone": "UTC-07:00",
    "stamp": "start",
    "interval_minutes": 15,
    "transformer_factor_included": "no",
    "comment": "Real log. That a time opens its interval is an assumption: the data set does not say so.",
    "evidence": "D-01",
}

ESTIMATE: Row = {
    "year": 2016,
    "reductions": 380,
    "reference": 380,
    "project": 0,
    "source": "illustrative",
}

ELIGIBILITY: Row = {
    "number": "1",
    "criterion": "Illustrative: the criteria of the approved methodology could not be read. Enter them here.",
    "met": "yes",
    "evidence": "D-02",
}

TEAM: tuple[Row, ...] = (
    {
        "role": "Plant manager",
        "name": "not named (illustrative)",
        "organisation": "Example plant (illustrative)",
        "responsibility": "Keeps the meter and its log",
    },
    {
        "role": "Monitoring officer",
        "name": "not named (illustrative)",
        "organisation": "Example plant (illustrative)",
        "responsibility": "Fills in this workbook",
    },
)


def evidence() -> list[Row]:
    """The documents: the real log with its checksum, and what is illustrative."""
    return [
        {
            "document_id": "D-01",
            "title": "AC power of a PV system, National Renewable Energy Laboratory, SERF East (pvanalytics, MIT)",
            "file": LOG,
            "sha256": sha256((HERE / LOG).read_bytes()).hexdigest(),
            "proves": "Real: average AC power every 15 minutes",
            "date": date(2016, 10, 13),
        },
        {
            "document_id": "D-02",
            "title": "As-built record of the example plant (illustrative: there is no such document)",
            "proves": "Illustrative: plant, meter, transformer ratio, calibration",
            "date": date(2016, 6, 1),
        },
    ]


def build(path: Path = HERE / "monitoring.xlsx") -> Path:
    """Write the workbook and return its path."""
    tables: dict[str, list[Row]] = {
        "eligibility": [ELIGIBILITY],
        "equipment": [EQUIPMENT],
        "meters": [METER],
        "calibrations": [CALIBRATION],
        "points": [POINT],
        "logs": [LOG_ROW],
        "estimates": [ESTIMATE],
        "evidence": evidence(),
        "team": list(TEAM),
    }
    write_workbook(path, template_methods([METHODOLOGY]), PROJECT, tables)
    return path


if __name__ == "__main__":
    build()
