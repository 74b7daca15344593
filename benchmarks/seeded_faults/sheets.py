"""The rows of a complete workbook, so that a clean case leaves nothing to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seeded_faults.plant import Cells, Log

SOLAR, COOLING, OUTPUT = "VN_AM007 1.0", "ID_AM004 2.0", "ID_AM012 1.0"
EF_SOLAR = 0.333  # tCO2/MWh, the value of the card
EF_COOLING = 0.8  # tCO2/MWh, illustrative
SEC_REFERENCE = 0.5  # MWh/t, illustrative


@dataclass(frozen=True)
class Span:
    """The monitoring period as local times; ``end`` does not count."""

    start: datetime
    end: datetime

    def months(self) -> list[datetime]:
        """The first instants of its months, and its end."""
        found, at = [], self.start
        while at < self.end:
            found.append(at)
            at = (at.replace(day=1) + timedelta(days=32)).replace(day=1)
        return [*found, self.end]

    def days(self) -> list[datetime]:
        """Every midnight of it, and its end."""
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]


def period(start: datetime, months: int) -> Span:
    """So many months from the first of a month."""
    number = start.year * 12 + start.month - 1 + months
    return Span(start, datetime(number // 12, number % 12 + 1, 1))


def project(method: str, span: Span, site: tuple[float, float]) -> Cells:
    """The form Project."""
    solar = method == SOLAR
    return {
        "title": "Seeded faults (illustrative)",
        "reference_number": "X000",
        "country": "Viet Nam" if solar else "Indonesia",
        "methodologies": method,
        "period_start": span.start.date(),
        "period_end": span.end.date() - timedelta(days=1),
        "time_zone": "Asia/Ho_Chi_Minh" if solar else "Asia/Jakarta",
        "latitude": site[0],
        "longitude": site[1],
        "report_date": span.end.date() + timedelta(days=40),
        "report_version": "1.0",
        "location": "Illustrative",
        "participants": "Example plant; Example partner (illustrative)",
        "focal_point": "Example partner (illustrative)",
        "third_party_entity": "Example entity (illustrative)",
        "operation_start": date(2022, 1, 1),
        "pdd": "Illustrative",
        "prepared_by": "Plant manager",
    }


def meter(name: str, number: int, *, accuracy: float = 0.5, factor: float = 1.0, **more: object) -> Cells:
    """A row of Meters."""
    return {
        "meter_id": name,
        "serial_number": f"SER{number:05d}",
        "description": f"Electricity, {name}",
        "manufacturer": "Example (illustrative)",
        "model": "E-3",
        "accuracy_class": accuracy,
        "required_class": accuracy,
        "permissible_error": accuracy,
        "unit": "kWh",
        "transformer_factor": factor,
        "calibration_interval": 36,
        "responsible": "Plant manager",
        "installed": datetime(2022, 1, 1),
        "evidence": "D-02",
        **more,
    }


def calibration(row: Cells) -> Cells:
    """The calibration that covers every period of this benchmark."""
    return {
        "meter_id": row["meter_id"],
        "serial_number": row["serial_number"],
        "date": date(2022, 12, 10),
        "valid_until": date(2025, 12, 9),
        "result": "passed",
        "error_found": 0.05,
        "certificate": f"C-{row['serial_number']}",
        "laboratory": "Example laboratory (illustrative)",
        "evidence": "D-02",
    }


def point(number: int, parameter: str, unit: str, name: str, sign: str = "+") -> Cells:
    """A row of Monitoring points."""
    return {
        "point_no": str(number),
        "parameter": parameter,
        "applies_to": unit,
        "meter_id": name,
        "sign": sign,
        "option": "C",
        "frequency": "continuously",
        "responsible": "Plant manager",
    }


def solar_unit(unit: str, number: int, peak: float) -> Cells:
    """A row of Equipment: a solar plant of so many kW."""
    return {
        "equipment_id": unit,
        "description": "Solar PV system",
        "serial_number": f"PV{number:05d}",
        "rated_capacity": peak,
        "rated_capacity_unit": "kW",
        "operation_start": date(2022, 1, 1),
        "evidence": "D-02",
        "connection": "grid",
    }


def cooling_unit(unit: str, number: int, capacity: float, cop: tuple[float, float]) -> Cells:
    """A row of Equipment: an air conditioner; ``cop`` of project and reference."""
    return {
        "equipment_id": unit,
        "description": "Air conditioner",
        "serial_number": f"AC{number:05d}",
        "rated_capacity": capacity,
        "rated_capacity_unit": "kW",
        "electricity_source": "Site",
        "own_renewables": "no",
        "operation_start": date(2022, 1, 1),
        "evidence": "D-02",
        "COP_PJ": cop[0],
        "COP_RE": cop[1],
    }


def machine(unit: str, number: int, rated: float) -> Cells:
    """A row of Equipment: a machine that makes product A."""
    return {
        "equipment_id": unit,
        "description": "Machine",
        "serial_number": f"MC{number:05d}",
        "rated_capacity": rated,
        "rated_capacity_unit": "kW",
        "products": "A",
        "electricity_source": "Site",
        "own_renewables": "no",
        "operation_start": date(2022, 1, 1),
        "evidence": "D-02",
    }


def fixed(method: str) -> list[Cells]:
    """The rows of Fixed values, with their document."""
    proof = {"document": "D-01", "page": "3", "evidence": "D-01"}
    if method == SOLAR:
        return [{"parameter": "EF_RE_grid", "value": EF_SOLAR, "unit": "tCO2/MWh", **proof}]
    grid: list[Cells] = [
        {"parameter": "supply", "value": "grid", "unit": "choice", **proof},
        {"parameter": "EF_grid", "value": EF_COOLING, "unit": "tCO2/MWh", **proof},
    ]
    if method == OUTPUT:
        grid += [
            {"parameter": "equation", "value": "confirmed", "unit": "choice", **proof},
            {"parameter": "SEC_RE_mass", "value": SEC_REFERENCE, "unit": "MWh/t", "applies_to": "A", **proof},
        ]
    return grid


def log_row(log: Log, name: str, kind: str, unit: str, *, included: bool = True) -> Cells:
    """A row of Logs."""
    return {
        "log_id": f"LOG-{name}",
        "meter_id": name,
        "file": log.name,
        "layout": "wide",
        "time_column": log.time,
        "value_column": next(heading for heading, meter in log.columns.items() if meter == name),
        "unit": unit,
        "kind": kind,
        "time_zone": "UTC+07:00",
        "stamp": "start",
        "interval_minutes": None if kind == "register" else log.minutes,
        "transformer_factor_included": "yes" if included else "no",
        "evidence": "D-02",
    }


def remaining() -> dict[str, list[Cells]]:
    """Eligibility, Evidence and Team."""
    return {
        "eligibility": [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-02"}],
        "evidence": [
            {"document_id": "D-01", "title": "Emission factor (illustrative)", "proves": "emission factor"},
            {"document_id": "D-02", "title": "As-built record (illustrative)", "proves": "equipment and meters"},
        ],
        "team": [{"role": "Plant manager", "name": "not named", "responsibility": "Reads the meters"}],
    }


def estimates(span: Span, truth: float) -> list[Cells]:
    """The ex-ante estimate of each year: what is true, by days."""
    days = (span.end - span.start).days
    rows: list[Cells] = []
    for year in range(span.start.year, (span.end - timedelta(days=1)).year + 1):
        first, last = max(span.start, datetime(year, 1, 1)), min(span.end, datetime(year + 1, 1, 1))
        share = (last - first).days / days
        rows.append({"year": year, "reductions": round(truth * share, 1), "source": "PDD (illustrative)"})
    return rows
