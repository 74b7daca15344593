"""The kinds of spoilt texts that are read by themselves: units and cards."""

from __future__ import annotations

import random
from contextlib import suppress
from functools import cache
from pathlib import Path

from fuzzing.base import NUMBERS, UNITS, flipped
from jcm_mrv.errors import JcmMrvError


def units(folder: Path, chance: random.Random) -> None:
    """Units put together by chance."""
    from jcm_mrv.quantities.units import conversion, parse_unit

    tokens = [
        "kWh",
        "m",
        "t",
        "GJ",
        "1",
        "*",
        "/",
        "**",
        "^",
        "(",
        ")",
        "9",
        "-",
        "+",
        " ",
        "per",
        "%",
        "²",
        "³",
        "K",
        "d",
        "0",
        ".",
    ]
    text = "".join(chance.choice([*tokens, *UNITS]) for _ in range(chance.randrange(1, 30)))
    with suppress(JcmMrvError):
        parse_unit(text)
        conversion(text, chance.choice(["kWh", text]))


@cache
def _cards() -> tuple[str, ...]:
    from importlib.resources import files

    home = files("jcm_mrv.methodologies")
    cards = [c for f in sorted(home.iterdir(), key=str) if (f / "cards").is_dir() for c in (f / "cards").iterdir()]
    return tuple(c.read_text(encoding="utf-8") for c in cards if c.name.endswith(".toml"))


def cards(folder: Path, chance: random.Random) -> None:
    """Cards of methodologies."""
    from jcm_mrv.methodology.card_file import read_card

    lines = chance.choice(_cards()).splitlines()
    for _ in range(chance.choice([1, 2, 5])):
        at = chance.randrange(len(lines))
        key = lines[at].partition("=")[0]
        values = [*NUMBERS, "[" * 3000, '"x"', "{}", "[]", "true", "2024-01-01", "{a={a={a=1}}}", "'''", "nan"]
        lines[at] = chance.choice([f"{key}= {chance.choice(values)}", "", lines[at] * 2, "[a.a.a]", f"[[{key}]]"])
    text = "\n".join(lines)
    if chance.random() < 0.2:
        text = flipped(text.encode(), chance).decode("utf-8", "replace")
    with suppress(JcmMrvError):
        read_card(text, "card")
