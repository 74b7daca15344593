"""The store of a portfolio: a record of each member, and tables made of all of them, one Parquet file each.

Members are calculated into records one by one; the tables are replaced together at the end of a run, or stay as they
were. The same portfolio gives the same bytes, however often a run was stopped on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.file_sets import PREFIX, BusyError, alone, finish_interrupted, write_together
from jcm_mrv.portfolio.records import Record, read_record, take_away_parts, write_record
from jcm_mrv.portfolio.tables import TABLES
from jcm_mrv.words import say

SCHEMA = "jcm-mrv-store/1"
MARK, RECORDS, VIEWS = "store.json", "records", "views.sql"


class StoreError(JcmMrvError, ValueError):
    """The store cannot be used as it is; the text says what to do. Nothing in it was changed."""


@dataclass(frozen=True)
class Store:
    """A store in a folder of its own."""

    folder: Path

    @property
    def records(self) -> Path:
        """Where the records of members lie."""
        return self.folder / RECORDS

    def table(self, name: str) -> Path:
        """The Parquet file of a table."""
        return self.folder / f"{name}.parquet"

    def check(self) -> None:
        """Raise StoreError where the folder holds anything but a store of this version."""
        mark = self.folder / MARK
        if not self.folder.exists() or (self.folder.is_dir() and not any(map(_foreign, self.folder.iterdir()))):
            return
        try:
            schema = json.loads(mark.read_bytes())["schema"]
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            raise StoreError(
                say(
                    "{folder} is no store of a portfolio: its {file} cannot be read. Nothing was changed. Name another "
                    "folder with --store, or move this one away.",
                    folder=self.folder,
                    file=MARK,
                )
            ) from None
        if schema != SCHEMA:
            raise StoreError(
                say(
                    "{folder} was written by another version of jcm-mrv ({other}; this one writes {schema}). Nothing "
                    "was changed. Name a new folder with --store, or move this one away: all is then calculated once.",
                    folder=self.folder,
                    other=str(schema)[:60],
                    schema=SCHEMA,
                )
            )

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let no other run write into the store. Raises StoreError and OSError."""
        self.check()
        self.records.mkdir(parents=True, exist_ok=True)
        try:
            with alone(self.records, 0.0):
                if not (self.folder / MARK).exists():
                    write_together(self.folder, {MARK: (json.dumps({"schema": SCHEMA}) + "\n").encode()})
                finish_interrupted(self.folder)
                take_away_parts(self.records)
                yield
        except BusyError:
            raise StoreError(
                say(
                    "another run of jcm-mrv is writing into {folder}. Wait until it has ended, then run this again; "
                    "what is calculated already is not calculated again.",
                    folder=self.folder,
                )
            ) from None

    def read(self, member: str) -> Record | None:
        """The record of a member."""
        return read_record(self.records, member)

    def write(self, record: Record) -> None:
        """Keep the record of a member. Raises OSError."""
        write_record(self.records, record)

    def write_tables(self, tables: Mapping[str, bytes]) -> None:
        """Replace all tables, each the content of its file, together.

        Raises OSError, InTheWayError and BusyError; they are then as they were.
        """
        contents = {self.table(name).name: tables[name] for name in TABLES}
        write_together(self.folder, {**contents, VIEWS: views().encode()})


def _foreign(path: Path) -> bool:
    """Whether something in a folder is more than a run leaves that was killed before it made the store."""
    return path.name != RECORDS and not path.name.startswith(PREFIX)


def views() -> str:
    """SQL by which DuckDB, started in the folder of the store, shows each table under its name."""
    return "".join(f"CREATE VIEW {name} AS SELECT * FROM '{name}.parquet';\n" for name in TABLES)
