"""``jcm-mrv sample``: a sample that a verifier can defend, and what it shows once it is looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from jcm_mrv.cli.files import InputFile, originals
from jcm_mrv.cli.new_file import check_new, write_new
from jcm_mrv.cli.output import echo, plain, progress, spoken
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.verification.sampling.plan import Wish

KINDS = ("months", "meters", "equipment", "invoices", "documents")
PER_CENT = click.FloatRange(0, 100, min_open=True, max_open=True)


@click.command("sample")
@click.argument("report", metavar="X", type=InputFile(folders=True))
@originals
@click.option("--of", "kind", type=click.Choice(KINDS), default="months", show_default=True, help="What to draw.")
@click.option("--confidence", type=PER_CENT, default=95.0, show_default=True, help="Confidence [%].")
@click.option(
    "--precision", type=PER_CENT, default=10.0, show_default=True, help="Half the interval, as % of the share."
)
@click.option("--expected", type=PER_CENT, default=50.0, show_default=True, help="Share expected to be right [%].")
@click.option("--stratified", is_flag=True, help="Draw of each group: meter, parameter, methodology.")
@click.option("--risk", is_flag=True, help="Draw by what hangs on each item in tCO2e, enough to meet materiality.")
@click.option("--materiality", type=PER_CENT, default=5.0, show_default=True, help="Material share of ER [%].")
@click.option("--seed", default="", metavar="TEXT", help="Draw the sample of this seed.  [default: a new one]")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="The worksheet (.xlsx)."
)
@click.option("--force", is_flag=True, help="Replace the worksheet if it exists.")
@click.option("--evaluate", type=InputFile(), metavar="FILE", help="Evaluate a worksheet that was filled in.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    report: Path, kind: str, confidence: float, precision: float, expected: float, materiality: float, seed: str,
    output: Path | None, evaluate: Path | None, form: str, evidence: Path | None, *, stratified: bool, risk: bool,
    force: bool,
) -> None:  # fmt: skip
    """Draw a sample from the report X and write a worksheet, or evaluate one.

    The worksheet says how many items, by which formula of which source, and the seed: the same seed draws the same
    items on every machine. With --evaluate the filled-in worksheet gives the share of items with errors and the
    misstatement of all of them in tCO2e, with its interval, against materiality.
    """
    if stratified and risk:
        raise click.UsageError(say("--stratified and --risk are two designs: choose one."))
    from jcm_mrv.verification.sampling.drawing import Design
    from jcm_mrv.verification.sampling.plan import Wish

    if evaluate is not None:
        _evaluate(report, evidence, evaluate, form)
        return
    file = output or report.parent / f"sample_{kind}.xlsx"
    check_new(file, "--output", force=force)
    design = Design.RISK if risk else Design.STRATIFIED if stratified else Design.SIMPLE
    wish = Wish(kind, design, confidence / 100, precision / 100, expected / 100, materiality / 100, seed)
    _draw(report, evidence, wish, file, form)


def _draw(report: Path, evidence: Path | None, wish: Wish, file: Path, form: str) -> None:
    from jcm_mrv.verification.opening import opened
    from jcm_mrv.verification.sampling.plan import plan
    from jcm_mrv.verification.sampling.text import plan_data, plan_lines
    from jcm_mrv.verification.sampling.worksheet import worksheet

    progress(say("Calculating {report} ...", report=report))
    with opened(report, evidence) as result:
        drawn = plan(result, wish)
        content = worksheet(result, drawn, spoken())
    write_new(file, lambda target: _put(target, content))
    if form == "json":
        echo(json.dumps(plan_data(drawn), ensure_ascii=False, allow_nan=False, indent=2))
        return
    echo("\n".join(map(plain, plan_lines(drawn))))
    echo(say("Wrote {file}. Its sheet Method says how to fill it in.", file=plain(str(file))))


def _put(target: BinaryIO, content: bytes) -> None:
    target.write(content)


def _evaluate(report: Path, evidence: Path | None, sheet: Path, form: str) -> None:
    from jcm_mrv.verification.opening import opened
    from jcm_mrv.verification.sampling.evaluation import evaluated
    from jcm_mrv.verification.sampling.text import evaluated_data, evaluated_lines
    from jcm_mrv.verification.sampling.worksheet import read_worksheet

    progress(say("Calculating {report} ...", report=report))
    with opened(report, evidence) as result:
        drawn, answers = read_worksheet(sheet, result)
    found = evaluated(drawn, answers)
    if form == "json":
        echo(json.dumps(evaluated_data(drawn, found), ensure_ascii=False, allow_nan=False, indent=2))
    else:
        echo("\n".join(map(plain, evaluated_lines(drawn, found))))
