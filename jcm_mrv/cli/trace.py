"""``jcm-mrv trace``: from a tonne to its readings, or from a meter or cell to its tonnes."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.output import echo, plain, progress, spoken, table
from jcm_mrv.languages import said_in
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.result import Result
    from jcm_mrv.verification.moving import Moved

PARTS = 8  # parts of one equation that are shown unless more are asked for


@click.command("trace")
@click.argument("report", type=InputFile(folders=True))
@click.argument("quantity", required=False)
@click.option(
    "--from",
    "source",
    metavar="WHAT",
    help="The other way: a meter, a cell as Readings!E84, a log's path, or a fixed value's symbol.",
)
@click.option("--depth", type=click.IntRange(1, 50), default=12, show_default=True, help="Quantities below each other.")
@click.option("--parts", type=click.IntRange(1, 100_000), default=PARTS, show_default=True, help="Parts per equation.")
@click.option(
    "--open",
    "opened_parts",
    type=click.IntRange(1, 100_000),
    default=1,
    show_default=True,
    help="Elements of one quantity that are opened, the largest.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--evidence",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder with the monitoring workbook and its logs, for a report that brings none along.",
)
def command(
    report: Path,
    quantity: str | None,
    source: str | None,
    depth: int,
    parts: int,
    opened_parts: int,
    *,
    as_json: bool,
    evidence: Path | None,
) -> None:
    """Follow a number of REPORT to what it is made of, or see what a reading moves.

    REPORT is a package, a folder of reports with one, or a monitoring workbook. QUANTITY is a symbol with its element:
    "ER[2024]" leads from the tonnes through every equation with its numbers to the readings, each with file and cell;
    "credited[2024]" begins with the whole tonnes.
    --from M-1 says what the meter moves in tonnes, from the derivative and by calculating again.
    """
    if (quantity is None) == (source is None):
        raise click.UsageError(say("Name either a QUANTITY such as 'ER[2024]', or a source: --from M-1."))
    from jcm_mrv.verification.opening import opened

    progress(say("Calculating {report} ...", report=report))
    with opened(report, evidence) as result:
        if quantity is not None:
            echo(_followed(result, quantity, depth, parts, opened_parts, as_json=as_json))
        else:
            echo(_moved(result, source or "", as_json=as_json))


def _followed(result: Result, target: str, depth: int, parts: int, opened: int, *, as_json: bool) -> str:
    import json

    from jcm_mrv.quantities.tracing import trace_text
    from jcm_mrv.trace.following import followed, step_data

    step = followed(result, target, depth, parts, opened)
    if as_json:
        return json.dumps(step_data(step), ensure_ascii=False, allow_nan=False, indent=2)
    text = trace_text(step)
    lines = [plain(line) for line in said_in(text, spoken()).splitlines()]
    if any(line.endswith("(folded)") for line in text.splitlines()):
        lines += [
            "",
            plain(
                say(
                    "Of several elements of one quantity the largest is opened. "
                    "Name a folded one to follow it, or --open N."
                )
            ),
        ]
    return "\n".join(lines)


def _moved(result: Result, source: str, *, as_json: bool) -> str:
    import json
    from dataclasses import asdict

    from jcm_mrv.verification.moving import moved_by

    moved = moved_by(result, source)
    if not as_json:
        return _table(moved)
    data = {name: None if isinstance(value, float) and isnan(value) else value for name, value in asdict(moved).items()}
    return json.dumps(data, ensure_ascii=False, indent=2)


def _table(moved: Moved) -> str:
    """What it moves, for a terminal."""
    derived = say("unknown") if isnan(moved.by_derivative) else f"{moved.by_derivative:+,.6f}"
    rows: list[tuple[str, str]] = [(say("1 % more, from the derivative"), derived)]
    rows.append((say("1 % more, calculated again"), f"{moved.by_evaluation:+,.6f}"))
    rows += [
        (say("of it in {year}", year=year), f"{tonnes:+,.6f}")
        for year, tonnes in moved.by_year
        if len(moved.by_year) > 1
    ]
    if moved.without is not None:
        rows.append((say("without the meter"), f"{moved.without:+,.6f}"))
    lines = [
        say("What {what} moves; treatments stay as they are.", what=moved.what),
        *(f"  {use}" for use in moved.uses),
    ]
    return "\n".join([*map(plain, lines), "", table((say("Change"), "ER [tCO2e]"), rows, right=(1,))])
