"""Text for the terminal: tables, and other people's words made harmless."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence

import click

from jcm_mrv.findings import Finding, Severity


def plain(text: str) -> str:
    """One line in which control characters (also those that steer a terminal) are written out."""
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else _written_out(c) for c in text)


def _written_out(character: str) -> str:
    return " " if character in "\r\n\t" else character.encode("unicode_escape").decode("ascii")


def width(text: str) -> int:
    """Columns that a text takes in a terminal; East Asian wide characters take two."""
    return sum((unicodedata.east_asian_width(c) in "WF") + (not unicodedata.combining(c)) for c in text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> str:
    """A table with aligned columns; those in ``right`` are numbers and end flush."""
    cells = [list(heads), *([plain(cell) for cell in row] for row in rows)]
    widths = [max(width(row[n]) for row in cells) for n in range(len(heads))]
    flush = set(right)
    cells.insert(1, ["-" * w for w in widths])
    lines = []
    for row in cells:
        padded = [
            " " * (w - width(c)) + c if n in flush else c + " " * (w - width(c))
            for n, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def counted(findings: Iterable[Finding]) -> str:
    """``2 major, 1 minor``; ``none`` when there are none."""
    severities = [f.severity for f in findings]
    parts = [f"{severities.count(s)} {s}" for s in Severity if s in severities]
    return ", ".join(parts) or "none"


def tell(text: str) -> None:
    """Say something that a person has to know, beside what was asked for."""
    click.echo(plain(text), err=True)


def progress(text: str) -> None:
    """Say what is being done, to a person who watches; a log stays clean."""
    if sys.stderr.isatty():
        click.echo(plain(text), err=True)
