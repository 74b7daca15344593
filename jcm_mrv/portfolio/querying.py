"""Questions in SQL to the tables of a store: read-only, in memory, with limits. Nothing outside them can be reached."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.guard import reading
from jcm_mrv.portfolio.store import Store
from jcm_mrv.portfolio.tables import TABLES
from jcm_mrv.words import say

MOST_ROWS, MOST_SECONDS, MOST_MEMORY = 100_000, 60.0, "2GB"
LONGEST = 100_000
"""Characters of a question."""
_LOCKED = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "max_temp_directory_size": "0B",
    "memory_limit": MOST_MEMORY,
    "lock_configuration": True,  # the last, as nothing can be changed after it
}


class QueryError(JcmMrvError, ValueError):
    """A question that cannot be answered; the text says why."""


@dataclass(frozen=True)
class Answer:
    """The columns and rows of an answer; ``more`` where there are rows beyond the limit."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool


def query(store: Store, sql: str, most: int = MOST_ROWS, seconds: float = MOST_SECONDS) -> Answer:
    """The answer to one SELECT. Raises QueryError where it is none, fails or takes too long, StoreError, OSError."""
    if len(sql) > LONGEST:
        raise QueryError(say("a question has at most {most:,} characters", most=LONGEST))
    late = threading.Event()

    with _connected(store) as connection:

        def stop() -> None:
            late.set()
            connection.interrupt()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            return _answer(connection, sql, most)
        except QueryError:
            if late.is_set():
                raise QueryError(say("it took longer than {seconds:g} s and was stopped", seconds=seconds)) from None
            raise
        finally:
            timer.cancel()


def _answer(connection: Any, sql: str, most: int) -> Answer:
    with reading(QueryError):
        _only_select(connection.extract_statements(sql))
        found = connection.execute(sql)
        rows = found.fetchmany(most + 1)
        columns = tuple(str(column[0]) for column in found.description or ())
    return Answer(columns, tuple(map(tuple, rows[:most])), len(rows) > most)


def _only_select(statements: Sequence[Any]) -> None:
    if len(statements) != 1:
        raise QueryError(say("a question is one SELECT statement; these are {count}", count=len(statements)))
    kind = str(statements[0].type).rpartition(".")[2]
    if kind not in ("SELECT", "SELECT_STATEMENT"):
        raise QueryError(
            say("a question is one SELECT statement; this is {kind}. The store is read, never changed.", kind=kind)
        )


@contextmanager
def _connected(store: Store) -> Iterator[Any]:
    """An empty database in memory that sees the tables, and can reach nothing else."""
    try:
        import duckdb
    except ImportError as error:
        raise QueryError(say("questions need DuckDB: pip install duckdb")) from error
    import pyarrow.dataset as ds

    store.check()
    if missing := [name for name in TABLES if not store.table(name).is_file()]:
        names = ", ".join(missing)
        raise QueryError(
            say("{folder} has no table {names}: run jcm-mrv portfolio run first", folder=store.folder, names=names)
        )
    connection = duckdb.connect(":memory:")
    try:
        for name in TABLES:
            connection.register(name, ds.dataset(store.table(name), format="parquet"))
        for setting, value in _LOCKED.items():
            connection.execute(f"SET {setting} = {value!r}")
        yield connection
    finally:
        connection.close()
