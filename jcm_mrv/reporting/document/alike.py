"""Rows that say the same of many things drawn together, so that no page is filled by what does not differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from markupsafe import Markup

from jcm_mrv.reporting.document.tables import Cell, Table

LEAST = 4
"""So many neighbours that differ in their names only stand in one row."""
_EXACT = frozenset(("number", "day"))
_DIGITS = re.compile(r"\d+")


def drawn_together(found: Table) -> Table:
    """The table with neighbouring rows that differ only in the digits of names as one: ``AC-1 … AC-40 (40)``.

    Numbers and days have to be the same in all of them; of every other cell the first and the last are shown.
    """
    kinds = [column.kind for column in found.columns]
    rows: list[tuple[Cell, ...]] = []
    for _, group in groupby(found.rows, key=lambda row: [_mask(*pair) for pair in zip(row, kinds, strict=True)]):
        members = list(group)
        rows += [_one(members)] if len(members) >= LEAST else members
    return replace(found, rows=tuple(rows))


def span_of(names: Sequence[Cell]) -> Cell:
    """``M-1 … M-9``, or the one name that all have."""
    return names[0] if len(set(names)) == 1 else Markup("{} … {}").format(names[0], names[-1])


def counted_span(names: Sequence[Cell]) -> Cell:
    """``M-1 … M-9 (9)``."""
    return names[0] if len(names) == 1 else Markup("{} ({})").format(span_of(names), len(names))


def _mask(cell: Cell, kind: str) -> str:
    return str(cell) if kind in _EXACT else _DIGITS.sub("#", str(cell))


def _one(members: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    first, *rest = zip(*members, strict=True)
    return (counted_span(first), *map(span_of, rest))
