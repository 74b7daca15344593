"""What a fault is, and the register of its kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from seeded_faults.plant import Cells, Plant

Rng = np.random.Generator


@dataclass
class Fault:
    """Where a fault is and how large.

    A finding concerns it that names one of ``meters``, or stands in one of
    ``files`` or ``cells`` (sheet and row), or has one of ``codes`` (about the
    whole year, where the fault is in the whole year). It is located right in
    the ``lines`` of the file, in the cell, or by meter and a time in ``span``;
    without lines and span the meter or file is the place. ``size`` is the
    change of the meter's energy in the months touched, None where the fault
    changes no energy. ``uncertain`` is a share of the true ER that no treatment
    can know better: the meter's permissible error where that is in doubt.
    ``note_enough`` is for what is entered as it should be, and only has to be said.
    ``weight`` is the share by which ER changes where the meter's energy doubles.
    """

    meters: set[str]
    files: set[str] = field(default_factory=set)
    lines: list[tuple[int, int]] = field(default_factory=list)
    cells: set[tuple[str, int]] = field(default_factory=set)
    span: tuple[datetime, datetime] | None = None
    codes: frozenset[str] = frozenset()
    size: float | None = None
    permissible: float = 0.0
    uncertain: float = 0.0
    weight: float = 1.0
    note_enough: bool = False

    @property
    def tolerance(self) -> float:
        """By what share ER may be above the truth."""
        return max(self.uncertain, self.permissible * self.weight if self.small else 0.0)

    @property
    def small(self) -> bool:
        """True where it stays within the meter's permissible error."""
        return self.size is not None and self.size <= self.permissible


class DoesNotApply(Exception):
    """A plant has nothing that a kind of fault could be put into."""


Injector = Callable[[Plant, Rng], Fault]
FAULTS: dict[str, Injector] = {}
"""The kinds of faults by name. An injector spoils the plant that it is given; DoesNotApply where it cannot."""

YEAR = frozenset({"result.above_estimate", "result.below_estimate", "result.negative_year"})


def kind(name: str) -> Callable[[Injector], Injector]:
    """Register an injector under a name."""

    def register(injector: Injector) -> Injector:
        FAULTS[name] = injector
        return injector

    return register


def pick(rng: Rng, names: list[str]) -> str:
    """One of some names. Raises DoesNotApply where there is none."""
    if not names:
        raise DoesNotApply
    return names[int(rng.integers(len(names)))]


def in_cell(plant: Plant, sheet: str, table: str, row: Cells, **more: object) -> Fault:
    """A fault in a row of a sheet that is about a meter."""
    return Fault({str(row["meter_id"])}, cells={(sheet, plant.number(table, row))}, **more)  # type: ignore[arg-type]
