"""Writing TOML: what cards and cases hold, in the layout in which people write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(data: Mapping[str, object]) -> str:
    """Plain entries first, then ``[table]``, ``[table.of_tables]`` and ``[[rows]]``; deeper tables in a line.

    Raises TypeError for a value that TOML cannot hold.
    """
    plain = {k: v for k, v in data.items() if not _is_table(v) and not _is_rows(v)}
    blocks = ["\n".join(_lines(plain)), *(block for k, v in data.items() if k not in plain for block in _blocks(k, v))]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_table(row) for row in value)


def _blocks(key: str, value: object) -> Iterator[str]:
    if isinstance(value, list):
        for row in value:
            yield "\n".join([f"[[{_key(key)}]]", *_lines(row)])
    elif isinstance(value, Mapping):
        if value and all(_is_table(inner) for inner in value.values()):
            for symbol, inner in value.items():
                yield "\n".join([f"[{_key(key)}.{_key(symbol)}]", *_lines(inner)])
        else:
            yield "\n".join([f"[{_key(key)}]", *_lines(value)])


def _lines(table: Mapping[str, object]) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    """A basic string: as in JSON, but for one control character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, Mapping):
        inner = ", ".join(_lines(value))
        return f"{{ {inner} }}" if inner else "{}"
    raise TypeError(f"TOML holds no {type(value).__name__}")
