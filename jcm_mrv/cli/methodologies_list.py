"""``jcm-mrv methodologies list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.output import echo, plain, table
from jcm_mrv.words import joined, say

if TYPE_CHECKING:
    from jcm_mrv.methodology.catalogue import Entry

STATUSES = {str(one): one for one in (say("computable"), say("pattern"), say("catalogued"))}
COLUMNS = (
    *("number", "version", "status", "country", "family", "scope", "scope_evidence", "title", "title_evidence"),
    *("equation_evidence", "adopted", "projects", "source", "package"),
)
HEADS = {
    "number": say("Number"),
    "version": say("Version"),
    "status": say("Status"),
    "country": say("Country"),
    "family": say("Family"),
    "title": say("Title"),
}
TABLE_COLUMNS = tuple(HEADS)


@click.command("list")
@click.argument("words", nargs=-1, metavar="[TEXT]...")
@click.option("--country", default="", help='Its name, or the letters of its numbers: "Viet Nam" or VN.')
@click.option("--family", default="", help="A family, such as chiller.")
@click.option("--scope", default="", help="Number or part of the name of a sectoral scope: 3, or waste.")
@click.option("--status", type=click.Choice(tuple(STATUSES)), default=None)
@click.option("--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True)
def command(words: tuple[str, ...], country: str, family: str, scope: str, status: str | None, form: str) -> None:
    """List the methodologies of the catalogue, those of outside packages included.

    Options and TEXT narrow the list together; TEXT is looked for in all that a card says, in any language and
    whatever its capitals and accents, and a project's number (VN016) finds what it applies.

    Status: computable; pattern (the family's general form, indicative until the user confirms the approved equation);
    catalogued (not calculated).
    """
    from jcm_mrv.cli.describe import as_csv, as_json
    from jcm_mrv.methodology.catalogue import catalogue
    from jcm_mrv.methodology.selection import Selection, UnknownFilterError

    found = catalogue()
    try:
        chosen = Selection(country, family, scope, status or "", words).of(found.entries)
    except UnknownFilterError as error:
        raise click.UsageError(plain(str(error))) from error
    rows = [row(entry) for entry in chosen]
    if form == "json":
        echo(as_json(rows))
    elif form == "csv":
        echo(as_csv(COLUMNS, rows), nl=False)
    else:
        if rows:
            heads = [HEADS[c] for c in TABLE_COLUMNS]
            shown = ({**r, "status": STATUSES[r["status"]]} for r in rows)
            echo(table(heads, [[r[c] for c in TABLE_COLUMNS] for r in shown]) + "\n")
        echo(counts(chosen, found.entries))
    for failure in found.failures:
        echo(
            say("Not loaded: {failure}: {reason}", failure=plain(failure.name), reason=plain(failure.reason)), err=True
        )


def row(entry: Entry) -> dict[str, str]:
    """A card as one row of text."""
    card = entry.card
    return {
        "number": card.number,
        "version": card.version,
        "status": card.status,
        "country": card.country,
        "family": card.family,
        "scope": card.scope,
        "scope_evidence": card.scope_evidence or card.title.evidence,
        "title": card.title.text,
        "title_evidence": card.title.evidence,
        "equation_evidence": card.equation.evidence,
        "adopted": card.adopted,
        "projects": " ".join(card.projects),
        "source": card.title.source,
        "package": entry.package,
    }


def counts(chosen: list[Entry], every: tuple[Entry, ...]) -> str:
    """``3 of 105 versions, 2 of 93 numbers: 1 computable, 2 pattern``."""
    numbers, of = (len({e.card.number for e in some}) for some in (chosen, every))
    states = [e.card.status for e in chosen]
    parts = [say("{count} {status}", count=states.count(s), status=STATUSES[s]) for s in STATUSES if s in states]
    return say(
        "{number_of_chosen} of {number_of_every} versions, {numbers} of {of} numbers",
        number_of_chosen=len(chosen),
        number_of_every=len(every),
        numbers=numbers,
        of=of,
    ) + (": " + joined(", ", parts) if parts else "")
