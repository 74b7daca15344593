"""The option ``--symbol`` of commands that read an official spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from jcm_mrv.words import say


def symbols_option(whose: str) -> Callable[[Any], Any]:
    """Gives ``symbols``, the spreadsheet's symbols by the card's; ``whose`` is the argument that names the file."""
    return click.option(
        "--symbol",
        "symbols",
        multiple=True,
        callback=_pairs,
        metavar=f"CARD'S={whose}'S",
        help="A symbol that the spreadsheet writes differently, e.g. EF_RE_grid=EF_elec. May be repeated.",
    )


def _pairs(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> Mapping[str, str]:
    same = {ours: theirs for ours, _, theirs in (text.partition("=") for text in texts)}
    if not all(same.values()) or len(same) < len(texts):
        raise click.BadParameter(say("write each symbol once, as EF_RE_grid=EF_elec"), param_hint="--symbol")
    return same
