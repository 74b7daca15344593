"""``jcm-mrv portfolio query``: a question in SQL to the tables of the store."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.output import echo, plain, table, tell
from jcm_mrv.cli.portfolio_text import store_option
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.portfolio.querying import Answer


@click.command("query")
@click.argument("portfolio", type=InputFile())
@click.argument("sql")
@store_option
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option("--rows", type=click.IntRange(1), default=1000, show_default=True, help="How many rows at most.")
def command(portfolio: Path, sql: str, store: Path | None, form: str, rows: int) -> None:
    """Answer SQL, one SELECT over the tables of the store of PORTFOLIO; docs/portfolio.md lists them.

    Nothing is changed, and no other file can be read by it.
    """
    from jcm_mrv.portfolio.querying import query
    from jcm_mrv.portfolio.store import Store

    answer = query(Store(store or portfolio.with_suffix(".store")), sql, rows)
    echo({"text": _text, "csv": _csv, "json": _json}[form](answer))
    if answer.full:
        shown = len(answer.rows)
        tell(say("There are more rows than these {shown:,}: an answer has a limit of size. Ask for less.", shown=shown))
    elif answer.more:
        tell(say("There are more than {rows:,} rows: --rows shows more.", rows=rows))


def _text(answer: Answer) -> str:
    flush = [
        n for n in range(len(answer.columns)) if all(isinstance(row[n], int | float | None) for row in answer.rows)
    ]
    heads = [plain(column) for column in answer.columns]
    return table(heads, [["" if v is None else str(v) for v in row] for row in answer.rows], right=flush)


def _csv(answer: Answer) -> str:
    """As CSV; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(map(_harmless, answer.columns))
    writer.writerows([_harmless(value) for value in row] for row in answer.rows)
    return content.getvalue().rstrip("\n")


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _json(answer: Answer) -> str:
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2, default=str)
