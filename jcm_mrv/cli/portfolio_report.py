"""``jcm-mrv portfolio report``: the whole as PDF, workbook and page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.formats import formats_of
from jcm_mrv.cli.output import echo, plain, progress, tell
from jcm_mrv.cli.portfolio_text import store_option, waiting_text
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.portfolio.definition import Portfolio

_FORMATS = ("pdf", "xlsx", "html", "json")
_LANGUAGES = ("en", "vi", "ja")


@click.command("report")
@click.argument("portfolio", type=InputFile())
@store_option
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Folder for the reports."
)
@formats_of(_FORMATS, ("pdf", "xlsx", "html"), "reports")
@click.option("--lang", type=click.Choice(_LANGUAGES), default="en", show_default=True, help="Language of the reports.")
def command(portfolio: Path, store: Path | None, output: Path | None, formats: tuple[str, ...], lang: str) -> None:
    """Write the reports on PORTFOLIO from what "portfolio run" has calculated; nothing is calculated here.

    Members that are new or have changed since stand as waiting. The page leads to the report of a member where
    "jcm-mrv calculate" has written one beside its workbook.
    """
    from jcm_mrv.cli.net import note_written
    from jcm_mrv.file_sets import write_together
    from jcm_mrv.portfolio.gathering import leave, result_of
    from jcm_mrv.portfolio.reading import read_portfolio
    from jcm_mrv.portfolio.report.book import report_xlsx
    from jcm_mrv.portfolio.report.rendering import JsonTables, report_page, report_pdf
    from jcm_mrv.portfolio.running import look
    from jcm_mrv.portfolio.store import Store
    from jcm_mrv.reporting.document.requirements import refuse_without

    refuse_without(tuple(f for f in formats if f == "pdf"), lang)
    read = read_portfolio(portfolio)
    place = Store(store or portfolio.with_suffix(".store"))
    place.check()
    looked = look(read, place)
    record, tables = looked.record(place), JsonTables()
    result = result_of(read, record, tables.take if {"pdf", "json"} & set(formats) else leave)
    folder = output or portfolio.parent / "output"
    make = {
        "pdf": lambda: report_pdf(result, tables.content(), lang),
        "xlsx": lambda: report_xlsx(result, lang),
        "html": lambda: report_page(result, record, _links(read, folder), lang),
        "json": tables.content,
    }
    suffix = "" if lang == "en" else f".{lang}"
    contents = {}
    for form in formats:
        name = f"portfolio_report{suffix}.{form}"
        progress(say("Writing {name} ...", name=name))
        contents[name] = make[form]()
    paths = write_together(folder, contents, tell=tell)
    note_written(paths)
    if looked.waiting:
        echo(plain(waiting_text(len(looked.waiting), portfolio)))
    for path in paths:
        click.echo(f"  {path}")


def _links(portfolio: Portfolio, folder: Path) -> dict[str, str]:
    """From a member to its own page, relative to the folder of the report; only where one page alone can be its own."""
    from posixpath import relpath

    books = [portfolio.path(member).parent for member in portfolio.members if member.source == "workbook"]
    found = {}
    for member in portfolio.members:
        beside = portfolio.path(member).parent
        if member.source == "workbook" and books.count(beside) == 1:
            pages = sorted(beside.glob("output/*/monitoring_report.html"))
            if len(pages) == 1:
                found[member.name] = quote(relpath(pages[0].resolve().as_posix(), folder.resolve().as_posix()))
    return found
