"""A clean case: the tables of a workbook, the log files beside it, and the emission reductions that are true."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import write_workbook

Cells = dict[str, Any]
STAMP = "%Y-%m-%d %H:%M"
WORKBOOK = "monitoring.xlsx"


@dataclass
class Log:
    """A CSV file: rows of text, the first column the time. ``columns`` maps headings to meters."""

    name: str
    columns: dict[str, str]
    rows: list[list[str]]
    minutes: int
    time: str = "time"
    delimiter: str = ","
    tail: list[list[str]] = field(default_factory=list)

    @property
    def heading(self) -> list[str]:
        return [self.time, *self.columns]

    def column(self, meter: str) -> int:
        """The place of a meter's values in a row."""
        return 1 + list(self.columns.values()).index(meter)

    def numbers(self, meter: str) -> list[float]:
        """The values of a meter as numbers; only for a log without faults."""
        at = self.column(meter)
        return [float(row[at]) for row in self.rows]

    def stamp(self, row: int) -> datetime:
        """The time of a row."""
        return datetime.strptime(self.rows[row][0], STAMP)

    def write(self, folder: Path) -> None:
        """Write the file."""
        lines = [self.delimiter.join(row) for row in (self.heading, *self.rows, *self.tail)]
        (folder / self.name).write_text("\n".join(lines) + "\n")


@dataclass
class Plant:
    """One case.

    ``truth`` is what was really reduced [tCO2e]. ``gains`` are the tonnes that one
    kWh of each metered place adds, negative where ER falls with it, 0 where it
    only checks another. ``gone`` are files that the workbook names and nobody has.
    ``uncertain`` is how far another source (a check meter, an invoice) that may
    have to take a meter's place is itself from the truth, within its own error.
    ``bridged`` is what a bridge by registers may leave out, the last digit of both readings [tCO2e].
    """

    kind: str
    method: str
    project: Cells
    tables: dict[str, list[Cells]]
    logs: dict[str, Log]
    truth: float
    gains: dict[str, float]
    gone: set[str] = field(default_factory=set)
    uncertain: float = 0.0
    bridged: float = 0.0

    def copy(self) -> Plant:
        """A case of its own that may be spoilt."""
        tables = {name: [dict(row) for row in rows] for name, rows in self.tables.items()}
        logs = {name: replace(log, rows=[list(row) for row in log.rows], tail=[]) for name, log in self.logs.items()}
        return replace(
            self, project=dict(self.project), tables=tables, logs=logs, gains=dict(self.gains), gone=set(self.gone)
        )

    def row(self, table: str, meter: str) -> Cells:
        """The first row of a table that is about a meter."""
        return next(row for row in self.tables[table] if row.get("meter_id") == meter)

    def number(self, table: str, row: Cells) -> int:
        """The row of the sheet in which a row of a table stands."""
        return 2 + next(n for n, other in enumerate(self.tables[table]) if other is row)

    def log_of(self, meter: str) -> Log:
        """The log of a meter."""
        return next(log for log in self.logs.values() if meter in log.columns.values())

    def error_of(self, meter: str) -> float:
        """The permissible error of a meter, as a fraction."""
        return float(self.row("meters", meter)["accuracy_class"]) / 100

    def weight(self, meter: str) -> float:
        """By what share of itself ER changes where a meter's energy changes by the whole of it."""
        if meter in self.logged():
            log, power = self.log_of(meter), self.row("logs", meter)["kind"] == "power"
            amount = sum(log.numbers(meter)) * (log.minutes / 60 if power else 1.0)
        else:
            register = meter in self.logged(register=True) + self.read("register")
            shown = [float(row["value"]) for row in self.readings(meter)]
            amount = shown[-1] - shown[0] if register else sum(shown)
            amount *= self.row("meters", meter)["transformer_factor"]
        return abs(amount * self.gains[meter] / self.truth)

    def claimed(self) -> list[str]:
        """The metered places on which ER depends."""
        return [meter for meter, gain in self.gains.items() if gain]

    def logged(self, *, register: bool = False) -> list[str]:
        """Those of them that have a log of intervals, or one of a register."""
        kinds = {row["meter_id"]: row["kind"] == "register" for row in self.tables.get("logs", ())}
        return [meter for meter in self.claimed() if kinds.get(meter) is register]

    def read(self, kind: str) -> list[str]:
        """Those of them that stand on the sheet Readings with this kind, and have no log."""
        logged = {row["meter_id"] for row in self.tables.get("logs", ())}
        found = {row["meter_id"] for row in self.tables.get("readings", ()) if row["kind"] == kind}
        return [meter for meter in self.claimed() if meter in found - logged]

    def readings(self, meter: str) -> list[Cells]:
        """The readings of a meter in order of time."""
        return [row for row in self.tables.get("readings", ()) if row["meter_id"] == meter]

    def write(self, folder: Path) -> Path:
        """Write the workbook and its logs; returns the path of the workbook."""
        for log in self.logs.values():
            if log.name not in self.gone:
                log.write(folder)
        path = folder / WORKBOOK
        write_workbook(path, template_methods([self.method]), self.project, self.tables)
        return path
