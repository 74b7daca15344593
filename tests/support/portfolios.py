"""Portfolios on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from jcm_mrv.portfolio.store import Store
from support.workbooks import Rows, calibration, monthly, solar_tables, solar_workbook

HEAD = 'schema = "jcm-mrv-portfolio/1"\nname = "park"\n'

Write = Callable[..., Path]


def portfolio_file(folder: Path, *tables: str, head: str = HEAD) -> Path:
    """Write portfolio.toml with these tables below its head."""
    path = folder / "portfolio.toml"
    path.write_text(head + "\n" + "\n".join(tables), encoding="utf-8")
    return path


def roof(
    folder: Path, name: str, *, project: Mapping[str, Any] | None = None, serial: str = "", tables: Any = None
) -> Path:
    """A workbook of a solar roof of its own in ``folder/name``, with a meter and a system of its own."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    own = solar_tables()
    own["equipment"] = [{**own["equipment"][0], "serial_number": f"SN-PV-{name}"}]
    own["meters"] = [{**own["meters"][0], "serial_number": serial or f"SN-M-{name}"}]
    given = {"title": f"Roof {name} (illustrative)", **(project or {})}
    return solar_workbook(folder / name / "monitoring.xlsx", project=given, tables={**own, **(tables or {})})


def member(name: str, source: str = "workbook", file: str = "", more: str = "") -> str:
    """The table of a member."""
    return f'[[member]]\nname = "{name}"\n{source} = "{file or f"{name}/monitoring.xlsx"}"\n{more}\n'


def bytes_of(store: Store) -> dict[str, str]:
    """SHA-256 of every file of a store."""
    files = sorted(path for path in store.folder.rglob("*") if path.is_file())
    return {path.relative_to(store.folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


__all__ = ["HEAD", "Rows", "Write", "bytes_of", "calibration", "member", "monthly", "portfolio_file", "roof"]
