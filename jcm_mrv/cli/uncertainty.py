"""``jcm-mrv uncertainty``: how sure the number is, by the errors of its meters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile, originals
from jcm_mrv.cli.output import echo, plain, progress, table
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.verification.uncertainty.budget import Budget

PER_CENT = click.FloatRange(0, 100, min_open=True, max_open=True)
MOST_ROWS = 30


@click.command("uncertainty")
@click.argument("report", metavar="X", type=InputFile(folders=True))
@originals
@click.option("--materiality", type=PER_CENT, default=5.0, show_default=True, help="Material share of ER [%].")
@click.option(
    "--uncertain",
    multiple=True,
    metavar="SYMBOL=PERCENT",
    help="An error of a fixed value, such as EF_grid=5; may be repeated.",
)
@click.option(
    "--draws", type=click.IntRange(1000, 1_000_000), default=10_000, show_default=True, help="Of Monte Carlo."
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True, help="Of Monte Carlo.")
@click.option(
    "--chart", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="A tornado chart (.svg)."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    report: Path, evidence: Path | None, materiality: float, uncertain: tuple[str, ...], draws: int, seed: int,
    chart: Path | None, form: str,
) -> None:  # fmt: skip
    """Say how sure the emission reductions of X are, as far as the stated errors of its meters tell.

    Each input's part in the uncertainty by derivatives (GUM), checked by Monte Carlo on the same equations, and for
    each input the error that alone would be material. Nothing of the claim is changed by it.
    """
    stated = dict(_stated(one) for one in uncertain)
    if chart is not None and chart.suffix.lower() != ".svg":
        raise click.BadParameter(say("{chart} does not end in .svg", chart=chart), param_hint="--chart")
    from jcm_mrv.verification.opening import opened
    from jcm_mrv.verification.uncertainty.budget import budget

    progress(say("Calculating {report} ...", report=report))
    with opened(report, evidence) as result:
        found = budget(result, materiality / 100, draws, seed, stated)
    if chart is not None:
        _write_chart(found, chart)
    _say(found, form)


def _stated(text: str) -> tuple[str, float]:
    """``EF_grid=5`` as symbol and fraction. Raises click.BadParameter."""
    symbol, _, percent = text.partition("=")
    try:
        share = float(percent) / 100
    except ValueError:
        share = -1.0
    if not symbol or not 0 < share <= 1:
        raise click.BadParameter(
            say("{text!r} is not SYMBOL=PERCENT with a per cent above 0 and at most 100", text=text),
            param_hint="--uncertain",
        )
    return symbol, share


def _write_chart(found: Budget, file: Path) -> None:
    from jcm_mrv.cli.net import note_written
    from jcm_mrv.cli.output import tell
    from jcm_mrv.file_sets import write_together
    from jcm_mrv.reporting.document.figures import NumberFormat
    from jcm_mrv.verification.uncertainty.text import chart

    drawing = chart(
        found, NumberFormat("en", 3), say("What the error of each input changes of the emission reductions")
    )
    write_together(file.parent, {file.name: f"{drawing}\n".encode()}, tell=tell)
    note_written([file])


def _say(found: Budget, form: str) -> None:
    from jcm_mrv.verification.uncertainty.text import HEADS, budget_data, budget_lines, rows

    if form == "json":
        echo(json.dumps(budget_data(found), ensure_ascii=False, allow_nan=False, indent=2))
        return
    echo("\n".join(map(plain, budget_lines(found))) + "\n")
    echo(table(HEADS, rows(found, MOST_ROWS), right=range(1, 5)))
    if len(found.parts) > MOST_ROWS:
        echo(say("and {number_of_parts} more: --format json lists all", number_of_parts=len(found.parts) - MOST_ROWS))
