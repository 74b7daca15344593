"""Portfolios on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

HEAD = 'schema = "jcm-mrv-portfolio/1"\nname = "park"\n'

Write = Callable[..., Path]


def portfolio_file(folder: Path, *tables: str, head: str = HEAD) -> Path:
    """Write portfolio.toml with these tables below its head."""
    path = folder / "portfolio.toml"
    path.write_text(head + "\n" + "\n".join(tables), encoding="utf-8")
    return path
