"""``jcm-mrv fill``: the values of a claim in a copy of the person's own official MRS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.output import echo, plain, progress, table, tell
from jcm_mrv.cli.symbols import symbols_option
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.methodology.binding import Bound
    from jcm_mrv.official.filling import Filled
    from jcm_mrv.result import Result

_HEADS = ("outcome", "parameter", "claim", "spreadsheet", "cell", "note")


@click.command("fill")
@click.argument("official", type=InputFile())
@click.argument("claim", type=InputFile())
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Folder for the copies."
)
@click.option("--year", "years", type=int, multiple=True, help="Only this calendar year. May be repeated.")
@click.option("--methodology", metavar="CARD", help="Of a claim with several, the one that OFFICIAL belongs to.")
@symbols_option("OFFICIAL")
@click.option("--force", is_flag=True, help="Replace copies that are there.")
def command(
    official: Path,
    claim: Path,
    output: Path | None,
    years: tuple[int, ...],
    methodology: str | None,
    symbols: Mapping[str, str],
    *,
    force: bool,
) -> None:
    """Fill in a copy of OFFICIAL, the methodology's own monitoring report sheet, with the values of CLAIM.

    OFFICIAL is an .xlsx with the sheets MRS(input) and MRS(calc_process). CLAIM is a monitoring workbook, which is
    calculated, or monitoring_package.zip. One copy is written for each calendar year, OFFICIAL_2023.xlsx: only input
    cells of Table 1 and Table 2 change, everything else in it stays as it is. LibreOffice then recalculates it, and its
    emissions and whole tonnes are compared with those of the claim.

    Exit status: 0 every value was placed and the tonnes agree; 1 something was not placed, or differs.
    """
    from jcm_mrv.cli.net import note_written
    from jcm_mrv.file_sets import write_together
    from jcm_mrv.official.filling import fill
    from jcm_mrv.official.reading import Form, content_of, spreadsheet_of
    from jcm_mrv.official.terms import renamed
    from jcm_mrv.verification.opening import opened

    content = content_of(official)
    spreadsheet = spreadsheet_of(content, official.name, Form.REPORT)
    with opened(claim) as result:
        bound = _bound(result, methodology)
        named = renamed(spreadsheet, symbols, bound.symbols) if symbols else spreadsheet
        chosen = _ordinals(result, years)
        folder = output or official.parent
        names = {n: f"{official.stem}_{result.years[n].year}.xlsx" for n in chosen}
        _refuse_there(folder, list(names.values()), force=force)
        filled = {}
        for n in chosen:
            progress(say("Filling in {year} ...", year=result.years[n].year))
            filled[names[n]] = fill(content, named, result, bound, n)
    folder.mkdir(parents=True, exist_ok=True)
    write_together(folder, {name: one.content for name, one in filled.items()}, tell=tell)
    note_written([folder / name for name in filled])
    for name, one in filled.items():
        echo(report(one, folder / name))
    if any(one.open for one in filled.values()):
        raise click.exceptions.Exit(1)


def report(filled: Filled, path: Path) -> str:
    """What was entered where, what was not, and how the tonnes compare, for a terminal."""
    rows = [(c.outcome, c.parameter, c.ours, c.theirs, c.where, c.note) for c in filled.compared]
    count = len(filled.open)
    last = (
        say("{count} open: see above.", count=count) if count else say("Every value was placed, and the tonnes agree.")
    )
    return "\n".join([f"{plain(str(path))}, {filled.year}", "", table(_HEADS, rows), "", last])


def _bound(result: Result, methodology: str | None) -> Bound:
    """The methodology that the spreadsheet belongs to. Raises click.BadParameter where it is not clear which."""
    names = [bound.namespace for bound in result.claim.bounds]
    found = [b for b in result.claim.bounds if methodology in (None, b.namespace, b.entry.card.id, b.entry.card.number)]
    if len(found) != 1:
        raise click.BadParameter(say("say which: {names}", names=" or ".join(names)), param_hint="--methodology")
    return found[0]


def _ordinals(result: Result, years: Sequence[int]) -> list[int]:
    """The years of the claim that are asked for, all of them without a choice."""
    known = [year.year for year in result.years]
    if unknown := sorted(set(years) - set(known)):
        there = ", ".join(map(str, known))
        raise click.BadParameter(
            say("{unknown} is no year of the claim, which has {there}", unknown=unknown[0], there=there),
            param_hint="--year",
        )
    return [n for n, year in enumerate(known) if not years or year in years]


def _refuse_there(folder: Path, names: Sequence[str], *, force: bool) -> None:
    from jcm_mrv.cli.new_file import check_new

    for name in names:
        check_new(folder / name, "OFFICIAL", force=force)
