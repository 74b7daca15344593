"""The record of each member in the store: what its result depends on, and the rows that it gives.

One small file per member, written whole or not at all: a run that is killed loses the members it was calculating, and
no other. A record that cannot be read counts as none, so that its member is calculated again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jcm_mrv.kept_words import from_data, to_data
from jcm_mrv.portfolio.outcome import Row, State
from jcm_mrv.portfolio.tonnes import Kind

SCHEMA = "jcm-mrv-record/2"
_SENTENCES = ("message", "found", "action")
PARTS = ".new-"
"""The beginning of the name of a record that is being written."""


@dataclass(frozen=True)
class Record:
    """What was calculated of a member.

    ``fingerprint`` is "" where the result is not to be relied on the next time (a file changed meanwhile, or the
    machine failed); ``named`` are the files that its workbook names; ``rows`` those of its tables.
    """

    member: str
    fingerprint: str
    named: tuple[str, ...]
    state: State
    kind: Kind | None = None
    methodologies: tuple[str, ...] = ()
    period_start: str | None = None
    period_end: str | None = None
    result_sha256: str = ""
    software: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def record_path(folder: Path, member: str) -> Path:
    """Where the record of a member lies: its name may hold what no name of a file may."""
    digest = hashlib.sha256(member.encode()).hexdigest()
    return folder / digest[:2] / f"{digest[:24]}.json"


def write_record(folder: Path, record: Record) -> None:
    """Write a record beside the place of the earlier one and move it there. Raises OSError; the earlier one stays."""
    path = record_path(folder, record.member)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"schema": SCHEMA, **vars(record)}  # vars copies nothing: a record may have thousands of rows
    data["rows"] = {**record.rows, "findings": _findings(record.rows.get("findings", ()), to_data)}
    handle, name = tempfile.mkstemp(prefix=PARTS, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            # Not forced onto the disk: what a power cut leaves of it cannot be read, and is calculated again.
            file.write(json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True) + "\n")
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def read_record(folder: Path, member: str) -> Record | None:
    """The record of a member; None where there is none that can be used."""
    try:
        data = json.loads(record_path(folder, member).read_bytes())
        if data.pop("schema") != SCHEMA or data["member"] != member:
            return None
        data |= {key: tuple(data[key]) for key in ("named", "methodologies")}
        kind = None if data["kind"] is None else Kind(data["kind"])
        data["rows"]["findings"] = _findings(data["rows"]["findings"], from_data)
        return Record(**(data | {"state": State(data["state"]), "kind": kind}))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _findings(rows: Sequence[Row], change: Callable[[Any], Any]) -> list[Row]:
    """Rows of findings with their sentences changed to what is written, or back."""
    return [{**row, **{key: change(row[key]) for key in _SENTENCES}} for row in rows]


def take_away_parts(folder: Path) -> None:
    """Delete what a killed run left of records that it was writing."""
    for path in folder.glob(f"*/{PARTS}*"):
        with suppress(OSError):
            path.unlink()
