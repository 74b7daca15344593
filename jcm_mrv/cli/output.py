"""Text for the terminal: tables, and other people's words made harmless."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from time import monotonic

import click

from jcm_mrv.cli.speaking import speak as speak
from jcm_mrv.cli.speaking import spoken as spoken
from jcm_mrv.findings import SEVERITIES, Finding, Severity
from jcm_mrv.languages import catalogue_of, said_in
from jcm_mrv.words import joined, say


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text in the language of the terminal."""
    click.echo(said_in(text, spoken()), err=err, nl=nl)


def plain(text: str) -> str:
    """One line in the language of the terminal; control characters (also those that steer it) are written out."""
    said = said_in(text, spoken())
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else _written_out(c) for c in said)


def _written_out(character: str) -> str:
    return " " if character in "\r\n\t" else character.encode("unicode_escape").decode("ascii")


def width(text: str) -> int:
    """Columns that a text takes in a terminal; East Asian wide characters take two."""
    return sum((unicodedata.east_asian_width(c) in "WF") + (not unicodedata.combining(c)) for c in text)


_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?")


def _number(text: str) -> str:
    """A number as the language of the terminal writes it; any other text as it is."""
    catalogue = catalogue_of(spoken())
    return text if catalogue is None or not _NUMBER.fullmatch(text) else catalogue.number(text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> str:
    """A table with aligned columns; those in ``right`` are numbers, which end flush and follow the language."""
    flush = set(right)
    said = ([_number(plain(cell)) if n in flush else plain(cell) for n, cell in enumerate(row)] for row in rows)
    cells = [[plain(head) for head in heads], *said]
    widths = [max(width(row[n]) for row in cells) for n in range(len(heads))]
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
    counts = [(severities.count(s), SEVERITIES[s]) for s in Severity if s in severities]
    return joined(", ", (say("{count} {severity}", count=n, severity=s) for n, s in counts)) if counts else say("none")


def tell(text: str) -> None:
    """Say something that a person has to know, beside what was asked for."""
    click.echo(plain(text), err=True)


def now_and_then(seconds: float = 1.0) -> Callable[[str], None]:
    """:func:`progress` of what follows fast: nothing is said until so many seconds have passed since the last time."""
    last = monotonic()

    def said(text: str) -> None:
        nonlocal last
        if monotonic() - last >= seconds:
            progress(text)
            last = monotonic()

    return said


def progress(text: str) -> None:
    """Say what is being done, to a person who watches; a log stays clean."""
    if sys.stderr.isatty():
        click.echo(plain(text), err=True)
