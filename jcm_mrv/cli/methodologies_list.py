"""``jcm-mrv methodologies list``."""

from __future__ import annotations

import click

from jcm_mrv.cli.output import plain, table

COLUMNS = ("number", "version", "country", "scope", "status", "evidence", "package", "title")
TEXT_COLUMNS = ("number", "version", "country", "status", "evidence", "title")


@click.command("list")
@click.option("--format", "form", type=click.Choice(("text", "csv", "json")), default="text", show_default=True)
def command(form: str) -> None:
    """List every methodology that is installed, those of outside packages included.

    Status: computable; pattern (the family's general form, indicative until the user confirms the approved equation);
    catalogued (not calculated). Evidence: how far the equation is confirmed.
    """
    from jcm_mrv.cli.describe import as_csv, as_json
    from jcm_mrv.methodology.catalogue import Entry, catalogue

    def row(entry: Entry) -> dict[str, str]:
        card = entry.card
        values = (card.number, card.version, card.country, card.scope, card.status, card.equation.evidence)
        return dict(zip(COLUMNS, (*values, entry.package, card.title.text), strict=True))

    found = catalogue()
    rows = [row(entry) for entry in found.entries]
    if form == "json":
        click.echo(as_json(rows))
    elif form == "csv":
        click.echo(as_csv(COLUMNS, rows), nl=False)
    else:
        click.echo(table([c.capitalize() for c in TEXT_COLUMNS], [[r[c] for c in TEXT_COLUMNS] for r in rows]))
    for failure in found.failures:
        click.echo(f"Not loaded: {plain(failure.name)}: {plain(failure.reason)}", err=True)
