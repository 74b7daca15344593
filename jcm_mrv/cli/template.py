"""``jcm-mrv template``: a blank monitoring workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from jcm_mrv.cli.language import BOTH, HELP
from jcm_mrv.cli.new_file import check_new, write_new
from jcm_mrv.cli.output import echo
from jcm_mrv.words import say


@click.command("template")
@click.argument("number")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.option("--lang", type=click.Choice(BOTH), help=HELP)
def command(number: str, file: Path, lang: str, *, force: bool) -> None:
    """Write a blank monitoring workbook for the methodology NUMBER to FILE (.xlsx).

    NUMBER is a methodology as "jcm-mrv methodologies list" shows it: VN_AM007, or VN_AM007@1.0 for one version.
    Several for one claim are separated by commas. A FILE that exists is never replaced without --force.
    """
    check_new(file, "FILE", force=force)
    from jcm_mrv.methodology.template import several_countries, write_blank

    numbers = [part.strip() for part in number.split(",")]
    write_new(file, lambda path: write_blank(numbers, path, lang))
    for words in several_countries(numbers):
        echo(words, err=True)
    echo(say("Wrote {file}. Its sheet Guide says how to fill it in; then run: jcm-mrv check {file}", file=file))
