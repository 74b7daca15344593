"""Logs of one meter by the hour, made for the purpose, and what was read of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import log_row, parts_of

START = datetime(2024, 2, 1)
HOUR = timedelta(hours=1)
Values = Sequence[float]


def plant(days: int = 10, per_hour: int = 1) -> list[float]:
    """kWh per interval of a plant that generates from 06:00 to 18:00, every day another amount."""
    found = []
    for n in range(days * 24 * per_hour):
        hour, day = n / per_hour % 24, n // (24 * per_hour)
        sun = max(0.0, math.sin((hour - 6) / 12 * math.pi)) if 6 <= hour < 18 else 0.0
        found.append(round((120 + 37 * (day * 5 % 7)) * sun * (1 + 0.1 * math.sin(1.7 * n)) / per_hour, 2))
    return found


def counter(values: Values, first: float = 12345.6) -> list[float]:
    """What a register shows before each value flows, and after the last."""
    shown = [first]
    for value in values:
        shown.append(round(shown[-1] + value, 2))
    return shown


def stamps(count: int, step: timedelta = HOUR, first: datetime = START) -> list[datetime]:
    return [first + n * step for n in range(count)]


def lines_of(
    values: Sequence[object], step: timedelta = HOUR, form: str = "%Y-%m-%d %H:%M", mark: str = ","
) -> list[str]:
    return [f"{t:{form}}{mark}{v}" for t, v in zip(stamps(len(values), step), values, strict=True)]


def read(folder: Path, lines: Sequence[str], heading: str = "time,value", **given: Any) -> SeriesResult:
    """One log of one meter in kWh, hour by hour unless ``given`` says else."""
    (folder / "log.csv").write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    row = log_row(**{"interval_minutes": 60, "transformer_factor_included": "yes", **given})
    return parts_of(folder, logs=[row], start=date(2024, 2, 1), end=date(2024, 2, 29))


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def found(series: SeriesResult, code: str) -> Finding:
    (finding,) = [f for f in (*series.findings, *series.questionable) if f.code == code]
    assert finding.action and finding.message
    return finding


def weights(series: SeriesResult) -> set[Severity]:
    return {f.severity for f in (*series.findings, *series.questionable)} & {Severity.ERROR, Severity.MAJOR}


def matrix(values: Values, per_day: int, mark: str = ",") -> list[str]:
    days = len(values) // per_day
    return [
        mark.join([f"{START + timedelta(days=d):%Y-%m-%d}", *(f"{v}" for v in values[d * per_day : (d + 1) * per_day])])
        for d in range(days)
    ]
