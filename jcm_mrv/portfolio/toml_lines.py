"""On which line of a TOML file a key stands: the reader of the standard library does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]")
_PAIR = re.compile(rf"^\s*({_DOTTED})\s*=")
_QUOTES = re.compile(r'"""|' + "'''")


def line_numbers(text: str) -> dict[Path, int]:
    """The line (from 1) of each table and key, tables of an array counted from 0: ``("member", 2, "place")``.

    ``text`` is TOML that can be read. Keys within inline tables are not listed: :func:`line_of` gives their table's.
    """
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    closing = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not closing:
            if header := _HEADER.match(line):
                table = _table(_parts(header[2]), header[1] == "[[", counts)
                lines.setdefault(table, number)
            elif pair := _PAIR.match(line):
                lines.setdefault((*table, *_parts(pair[1])), number)
        closing = _left_open(line, closing)
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a key, or of the nearest table around it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY, dotted)]


def _table(names: list[str], one_of_many: bool, counts: dict[Path, int]) -> Path:
    """The path of a header; an array on the way stands for its last table."""
    path: Path = ()
    for n, name in enumerate(names):
        path = (*path, name)
        if one_of_many and n == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _left_open(line: str, closing: str) -> str:
    """The quotes that a text over several lines still waits for after this line."""
    for quotes in _QUOTES.findall(line):
        if not closing:
            closing = quotes
        elif quotes == closing:
            closing = ""
    return closing
