"""The tables of the store as Parquet files, made row group by row group while records are read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from jcm_mrv.portfolio.outcome import Row
from jcm_mrv.portfolio.tables import TABLES, Column, Type

GROUP = 20_000
"""Rows that are held before they are written."""
_ARROW = {Type.TEXT: "string", Type.NUMBER: "float64", Type.WHOLE: "int64", Type.DATE: "date32"}


class Tables:
    """Every table, as far as its rows have been taken; the same rows give the same bytes."""

    def __init__(self) -> None:
        self._made = {name: _Table(columns) for name, columns in TABLES.items()}

    def take(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows to a table."""
        self._made[table].add(rows)

    def contents(self) -> dict[str, bytes]:
        """The file of each table; nothing can be added afterwards."""
        return {name: table.closed() for name, table in self._made.items()}


class _Table:
    """One table: what is written, and the rows that wait."""

    def __init__(self, columns: Sequence[Column]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._columns, self._rows, self._content = columns, list[Row](), io.BytesIO()
        self._schema = pa.schema([_field(column) for column in columns])
        self._writer = pq.ParquetWriter(self._content, self._schema, compression="zstd")

    def add(self, rows: Iterable[Row]) -> None:
        """Hold rows, and write as many as make whole groups."""
        self._rows += rows
        while len(self._rows) >= GROUP:
            self._write(self._rows[:GROUP])
            del self._rows[:GROUP]

    def closed(self) -> bytes:
        """The whole file."""
        if self._rows:
            self._write(self._rows)
        self._writer.close()
        return self._content.getvalue()

    def _write(self, rows: Sequence[Row]) -> None:
        import pyarrow as pa

        arrays = [pa.array(_values(rows, c), f.type) for c, f in zip(self._columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))


def _field(column: Column) -> Any:
    import pyarrow as pa

    meaning = {"meaning": column.meaning} | ({"unit": column.unit} if column.unit else {})
    return pa.field(column.name, getattr(pa, _ARROW[column.type])(), metadata=meaning)


def _values(rows: Sequence[Row], column: Column) -> list[Any]:
    """The values of a column, as Arrow takes them: days in ISO form as dates, everything else as it is."""
    found = [row.get(column.name) for row in rows]
    if column.type is Type.DATE:
        return [None if day is None else date.fromisoformat(str(day)[:10]) for day in found]
    return found
