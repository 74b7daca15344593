"""Writes the monitoring workbooks of the grocery example; the same bytes every time.

    python examples/grocery_air_conditioning/build.py

Everything in it is illustrative: see README.md. The registers advance by plain
arithmetic, so that anybody can follow them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import Row, write_workbook

HERE = Path(__file__).parent
FIRST_DAY, LAST_DAY = date(2024, 9, 1), date(2025, 8, 31)
BEFORE, AFTER = datetime(2024, 8, 1), datetime(2025, 9, 1)
SHOPS = ("AABBC", "ABCCD", "BBCDD", "AACDD", "ABBCD", "AABCD", "BCCDD", "ABCDD")
"""The types of the five units of each shop."""


@dataclass(frozen=True)
class Type:
    """A type of air conditioner; the coefficients of performance are illustrative."""

    model: str
    capacity: float  # kW
    project: float  # coefficient of performance of the project unit
    reference: float  # of the reference unit of that capacity


TYPES = {
    "A": Type("Type A (illustrative)", 5.3, 4.30, 3.20),
    "B": Type("Type B (illustrative)", 7.1, 4.10, 3.10),
    "C": Type("Type C (illustrative)", 10.6, 3.90, 3.00),
    "D": Type("Type D (illustrative)", 14.0, 3.70, 2.90),
}
# Units that were added during the period: (shop, number) and the day.
ADDED = {
    (3, 5): date(2024, 11, 18),
    (6, 4): date(2025, 2, 10),
    (6, 5): date(2025, 2, 10),
    (7, 5): date(2025, 1, 15),
    (8, 5): date(2025, 4, 10),
}
# Read by hand at 09:00 on the first day of the month; the other registers store a reading at 00:00.
BY_HAND = (7, 8)
# Nobody read the registers of shop 3 on this day. The next reading makes up for it.
MISSED = (3, datetime(2025, 3, 1))
SWAPPED = (2, 3)
SWAP = datetime(2025, 3, 12, 10, 30)
ROLLOVER = (4, 1)
NET = (5, 5)
"""This unit's panel also feeds lamps: its consumption is the panel's meter minus that of the lamps."""
PANEL_FACTOR = 50 / 5
DIGITS = 6


@dataclass
class Unit:
    """One air conditioner and its register."""

    shop: int
    number: int
    type: Type
    added: date | None

    @property
    def id(self) -> str:
        """Equipment ID."""
        return f"AC-{self.shop}-{self.number}"

    @property
    def meter(self) -> str:
        """Meter ID."""
        return f"M-{self.shop}-{self.number}"

    @property
    def starts(self) -> datetime | None:
        """When its meter began to count, for a unit that was added."""
        return datetime(self.added.year, self.added.month, self.added.day, 10) if self.added else None


@dataclass
class Sheets:
    """Rows of the workbook as they are collected."""

    equipment: list[Row] = field(default_factory=list)
    meters: list[Row] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)
    readings: list[Row] = field(default_factory=list)


def units() -> list[Unit]:
    """The forty units in order."""
    return [
        Unit(shop, number, TYPES[letter], ADDED.get((shop, number)))
        for shop, letters in enumerate(SHOPS, 1)
        for number, letter in enumerate(letters, 1)
    ]


def energy(unit: Unit, month: int) -> int:
    """Consumption in the month with that ordinal (0 is August 2024), kWh: hours at full load times power."""
    hours = 330 + 6 * ((7 * unit.shop + 5 * unit.number + 3 * month) % 11)
    hours += (2 * (unit.shop - 4) * month + (unit.number - 1) * (month + unit.shop)) % 7  # no two run alike
    return round(unit.type.capacity / unit.type.project * hours)


def months() -> Iterator[datetime]:
    """The first days of the months from August 2024 to September 2025."""
    for n in range(14):
        yield datetime(2024 + (7 + n) // 12, (7 + n) % 12 + 1, 1)


def reading_times(shop: int) -> list[datetime]:
    """When the registers of a shop are read."""
    if shop not in BY_HAND:
        return [t for t in months() if t > BEFORE]
    later = [t.replace(hour=9) for t in months() if t > datetime(2024, 9, 1)]
    return [datetime(2024, 8, 31, 17), *later]


def advance(unit: Unit, start: datetime, end: datetime) -> int:
    """What the register counts from one moment to another: each month's energy spread over its time."""
    total = 0.0
    edges = list(months())
    for n, (first, following) in enumerate(zip(edges, [*edges[1:], datetime(2025, 10, 1)], strict=True)):
        a, b = max(start, first), min(end, following)
        if a < b:
            total += energy(unit, n) * ((b - a) / (following - first))
    return round(total)


def fill() -> Sheets:
    """All rows of Equipment, Meters, Monitoring points and Readings."""
    sheets = Sheets()
    for unit in units():
        sheets.equipment.append(_equipment(unit))
        if (unit.shop, unit.number) == NET:
            _net(unit, sheets)
            continue
        sheets.points.append(_point(unit, unit.meter, "+"))
        if (unit.shop, unit.number) == SWAPPED:
            _swapped(unit, sheets)
        else:
            _plain(unit, sheets)
    return sheets


def _equipment(unit: Unit) -> Row:
    source = "Shop 8 supply" if unit.shop == 8 else "Grid"
    return {
        "equipment_id": unit.id,
        "group": f"Shop {unit.shop}",
        "description": "Inverter air conditioner (illustrative)",
        "manufacturer": "illustrative",
        "model": unit.type.model,
        "serial_number": f"illustrative {unit.shop}{unit.number:02d}",
        "rated_capacity": unit.type.capacity,
        "rated_capacity_unit": "kW",
        "site": f"Shop {unit.shop}",
        "electricity_source": source,
        "operation_start": unit.added or date(2024, 8, 1),
        "evidence": "D-01; D-02",
        "COP_PJ": unit.type.project,
        "COP_RE": unit.type.reference,
    }


def _point(unit: Unit, meter: str, sign: str) -> Row:
    number = 5 * (unit.shop - 1) + unit.number
    return {
        "point_no": str(number),
        "parameter": "EC_PJ",
        "applies_to": unit.id,
        "meter_id": meter,
        "sign": sign,
        "option": "C",
        "frequency": "continuously, read monthly",
        "responsible": "Shop manager",
        "comment": "The panel also feeds lamps." if (unit.shop, unit.number) == NET else None,
    }


def _meter(meter: str, description: str, installed: datetime, **changes: str | float | datetime | None) -> Row:
    return {
        "meter_id": meter,
        "serial_number": f"illustrative {meter}",
        "description": description,
        "accuracy_class": 1,
        "unit": "kWh",
        "transformer_factor": 1,
        "register_digits": DIGITS,
        "installed": installed,
        "evidence": "D-02",
        **changes,
    }


def calibrations(meters: list[Row]) -> list[Row]:
    """The maker's test of every meter, before the monitoring period."""
    return [
        {
            "meter_id": meter["meter_id"],
            "serial_number": meter["serial_number"],
            "date": date(2024, 7, 15),
            "valid_until": date(2026, 7, 14),
            "result": "passed",
            "certificate": "illustrative",
            "laboratory": "illustrative",
            "evidence": "D-02",
        }
        for meter in meters
    ]


def _reading(meter: str, end: datetime, value: float) -> Row:
    return {
        "meter_id": meter,
        "kind": "register",
        "end": end,
        "value": value % 10**DIGITS,
        "unit": "kWh",
        "evidence": "D-03",
    }


def _times(unit: Unit) -> list[datetime]:
    starts = unit.starts
    return [t for t in reading_times(unit.shop) if (unit.shop, t) != MISSED and (starts is None or t > starts)]


def _plain(unit: Unit, sheets: Sheets) -> None:
    opening = 998_600 if (unit.shop, unit.number) == ROLLOVER else 1_000 * unit.shop + 37 * unit.number
    times = _times(unit)
    start = unit.starts or times[0]
    if unit.starts:
        opening = 2
    meter = _meter(
        unit.meter,
        f"Air conditioner {unit.id}",
        unit.starts or datetime(2024, 8, 1),
        opening_reading=opening if unit.starts else None,
    )
    sheets.meters.append(meter)
    sheets.readings += [_reading(unit.meter, t, opening + advance(unit, start, t)) for t in times]


def _swapped(unit: Unit, sheets: Sheets) -> None:
    """The old meter up to the swap, then a new one that begins near 0."""
    times, opening, fresh = _times(unit), 48_210, 3
    what = f"Air conditioner {unit.id}"
    closing = opening + advance(unit, times[0], SWAP)
    sheets.meters += [
        _meter(unit.meter, what, datetime(2024, 8, 1), removed=SWAP, closing_reading=closing,
               comment="Replaced by a new meter"),
        _meter(unit.meter, what, SWAP, opening_reading=fresh, serial_number=f"illustrative {unit.meter} new"),
    ]  # fmt: skip
    for time in times:
        value = opening + advance(unit, times[0], time) if time < SWAP else fresh + advance(unit, SWAP, time)
        sheets.readings.append(_reading(unit.meter, time, value))


def _net(unit: Unit, sheets: Sheets) -> None:
    """A panel meter behind current transformers, and a meter of the lamps on that panel."""
    panel, lamps = f"M-{unit.shop}-P", f"M-{unit.shop}-L"
    sheets.points += [_point(unit, panel, "+"), _point(unit, lamps, "-")]
    sheets.meters += [
        _meter(panel, "Panel: one air conditioner and lamps", datetime(2024, 8, 1), transformer_factor=PANEL_FACTOR),
        _meter(lamps, "Lamps on that panel", datetime(2024, 8, 1)),
    ]
    times = _times(unit)
    for n, time in enumerate(times):
        used = 210 * n
        sheets.readings.append(_reading(lamps, time, 12_400 + used))
        # The panel's register counts a tenth of what flows: a step of 1 is 10 kWh.
        through = advance(unit, times[0], time) + used
        sheets.readings.append(_reading(panel, time, 880 + round(through / PANEL_FACTOR)))


def fixed() -> list[Row]:
    """The emission factors: the grid, and the generator of shop 8."""
    shop = {"applies_to": "Shop 8 supply", "evidence": "D-05"}
    grid = {"document": "Grid emission factor (illustrative)", "page": "1", "evidence": "D-04"}
    plate = {"document": "Name plate of the generator (illustrative)", "page": "1"}
    return [
        {"parameter": "supply", "applies_to": "Grid", "value": "grid", "unit": "choice",
         "document": "Supply contracts (illustrative)", "page": "1", "evidence": "D-04"},
        {"parameter": "supply", "value": "grid and captive", "unit": "choice",
         "document": "Single-line diagram of shop 8 (illustrative)", "page": "1", **shop},
        {"parameter": "EF_grid", "value": 0.8, "unit": "tCO2/MWh", **grid,
         "comment": "Illustrative: enter the factor that was valid at validation."},
        {"parameter": "captive_method", "value": "efficiency", "unit": "choice", **plate, **shop},
        {"parameter": "eta_cap", "value": 38, "unit": "%", **plate, **shop},
        {"parameter": "EF_fuel", "value": 0.0726, "unit": "tCO2/GJ", **shop, "evidence": "D-06",
         "document": "IPCC 2006 Guidelines, Vol. 2, Ch. 1, Table 1.4, gas/diesel oil, lower", "page": "Table 1.4"},
    ]  # fmt: skip


def evidence() -> list[Row]:
    """The documents; all but the last are illustrative: they do not exist."""
    titles = {
        "D-01": ("Name plates and test reports (illustrative)", "Coefficients of performance"),
        "D-02": ("As-built record of units and meters (illustrative)", "Units, meters, dates of installation"),
        "D-03": ("Reading sheets of the shops (illustrative)", "Monthly register readings"),
        "D-04": ("Supply contracts and grid factor (illustrative)", "Supply of the shops; grid emission factor"),
        "D-05": ("Generator of shop 8 (illustrative)", "Efficiency of the generator"),
        "D-06": ("IPCC 2006 Guidelines for National Greenhouse Gas Inventories, Volume 2", "Emission factor of diesel"),
    }
    return [{"document_id": key, "title": title, "proves": proves} for key, (title, proves) in titles.items()]


ELIGIBILITY: Row = {
    "number": "1",
    "criterion": "Illustrative: the criteria of the approved methodology could not be read. Enter them here.",
    "met": "yes",
    "evidence": "D-02",
}

TEAM: tuple[Row, ...] = (
    {
        "role": "Project manager",
        "name": "not named (illustrative)",
        "organisation": "Example shops (illustrative)",
        "responsibility": "Fills in this workbook",
    },
    {
        "role": "Shop managers",
        "name": "not named (illustrative)",
        "organisation": "Example shops (illustrative)",
        "responsibility": "Read the registers each month",
    },
)


def project(methodology: str, country: str, zone: str) -> Row:
    """The sheet Project."""
    return {
        "title": "Example plant (illustrative): air conditioning of eight grocery shops",
        "country": country,
        "methodologies": methodology,
        "period_start": FIRST_DAY,
        "period_end": LAST_DAY,
        "time_zone": zone,
        "location": "Illustrative",
        "participants": "Example participants (illustrative)",
        "focal_point": "Example participant (illustrative)",
        "third_party_entity": "Not chosen (illustrative)",
        "operation_start": date(2024, 8, 1),
        "pdd": "None: illustrative project",
        "report_date": date(2025, 10, 1),
        "report_version": "1.0",
        "prepared_by": "Example (illustrative)",
    }


def build_one(path: Path, methodology: str, country: str, zone: str) -> Path:
    """Write the workbook under one methodology."""
    sheets = fill()
    estimates: list[Row] = [
        {"year": 2024, "reductions": 30, "reference": 122, "project": 92, "source": "illustrative"},
        {"year": 2025, "reductions": 66, "reference": 282, "project": 216, "source": "illustrative"},
    ]
    tables: dict[str, list[Row]] = {
        "eligibility": [ELIGIBILITY],
        "equipment": sheets.equipment,
        "meters": sheets.meters,
        "calibrations": calibrations(sheets.meters),
        "points": sheets.points,
        "fixed": fixed(),
        "readings": sheets.readings,
        "estimates": estimates,
        "evidence": evidence(),
        "team": list(TEAM),
    }
    write_workbook(path, template_methods([methodology]), project(methodology, country, zone), tables)
    return path


def build(folder: Path = HERE) -> list[Path]:
    """Write both workbooks and return their paths."""
    return [
        build_one(folder / "monitoring.xlsx", "ID_AM004 2.0", "Indonesia", "Asia/Jakarta"),
        build_one(folder / "monitoring_VN_AM006.xlsx", "VN_AM006 1.0", "Viet Nam", "Asia/Ho_Chi_Minh"),
    ]


if __name__ == "__main__":
    build()
