"""Questions in SQL to the tables of a store: read-only, in memory, with limits. Nothing outside them can be reached."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.guard import reading
from jcm_mrv.portfolio.store import Store
from jcm_mrv.portfolio.tables import TABLES
from jcm_mrv.portfolio.workers import begin_worker
from jcm_mrv.words import say

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

MOST_ROWS, MOST_SECONDS, MOST_MEMORY = 100_000, 60.0, "2GB"
MOST_CHARACTERS, _AT_A_TIME = 20_000_000, 1_000
"""Of a whole answer; rows that are fetched at a time."""
LONGEST = 100_000
"""Characters of a question."""
_MOST_ADDRESSES = 8_000_000_000
"""Bytes of addresses of the process that answers; libraries reserve many that they never use."""
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
    """The columns and rows of an answer; ``more`` where rows are beyond a limit, ``full`` where that is of size."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    full: bool = False


def query(store: Store, sql: str, most: int = MOST_ROWS, seconds: float = MOST_SECONDS) -> Answer:
    """The answer to one SELECT. Raises QueryError where it is none, fails or takes too long, StoreError, OSError.

    A process of its own looks for it: one call of a function cannot be interrupted, but a process can be ended.
    """
    if len(sql) > LONGEST:
        raise QueryError(say("a question has at most {most:,} characters", most=LONGEST))
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sender, store, sql, most), daemon=True)
    process.start()
    sender.close()
    try:
        ready = receiver.recv()  # the time of its start does not count
        if ready is None and not receiver.poll(seconds):
            raise QueryError(say("it took longer than {seconds:g} s and was stopped", seconds=seconds))
        found = receiver.recv() if ready is None else ready
    except EOFError:
        raise QueryError(say("its process died: it may have asked for more memory than there is")) from None
    finally:
        process.kill()
        process.join()
        receiver.close()
    if isinstance(found, Answer):
        return found
    raise found


def _child(sender: Connection, store: Store, sql: str, most: int) -> None:
    """Send None when it begins, then the answer, or the error that stands for it."""
    begin_worker()
    _limit_memory()
    try:
        sender.send(answer_here(store, sql, most, lambda: sender.send(None)))
    except (JcmMrvError, OSError) as error:
        sender.send(error)
    except MemoryError:
        sender.send(QueryError(say("the answer needs more memory than a question may take")))


def _limit_memory() -> None:
    """Bound what this process may take in all: DuckDB's own limit leaves out what single functions make."""
    with suppress(ImportError, ValueError, OSError):  # systems that have no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSES, _MOST_ADDRESSES))


def answer_here(store: Store, sql: str, most: int = MOST_ROWS, ready: Callable[[], None] = lambda: None) -> Answer:
    """The same in this process and without a limit of time; ``ready`` is called when the tables are there."""
    with _connected(store) as connection:
        ready()
        return _answer(connection, sql, most)


def _answer(connection: Any, sql: str, most: int) -> Answer:
    with reading(QueryError):
        _only_select(connection.extract_statements(sql))
        found = connection.execute(sql)
        columns = tuple(str(column[0]) for column in found.description or ())
        rows, left = list[tuple[Any, ...]](), MOST_CHARACTERS
        while len(rows) <= most and (some := found.fetchmany(min(_AT_A_TIME, most + 1 - len(rows)))):
            for row in some:
                left -= sum(len(str(value)) for value in row)
                if left < 0:
                    return _full(columns, rows[:most])
                rows.append(tuple(row))
    return Answer(columns, tuple(rows[:most]), len(rows) > most)


def _full(columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> Answer:
    if not rows:
        raise QueryError(say("the first row alone has more than {most:,} characters", most=MOST_CHARACTERS))
    return Answer(columns, tuple(rows), more=True, full=True)


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
