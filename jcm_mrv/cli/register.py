"""``jcm-mrv register``: the requests of a verification (CAR, CL, FAR) in one file that both sides fill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile, originals
from jcm_mrv.cli.output import echo, plain, progress, spoken, tell
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.verification.register.entries import Register
    from jcm_mrv.workbook.change import Change


@click.command("register")
@click.argument("report", metavar="X", type=InputFile(folders=True))
@originals
@click.option(
    "--file", type=click.Path(dir_okay=False, path_type=Path), help="The register.  [default: register.xlsx beside X]"
)
@click.option(
    "--sample", "samples", type=InputFile(), multiple=True, metavar="FILE", help="A filled-in worksheet of a sample."
)
@click.option("--verify", "verified", is_flag=True, help="Recompute the report, and raise what is not reproduced.")
@click.option("--earlier", type=InputFile(), multiple=True, metavar="FILE", help="The register of an earlier period.")
@click.option("--against", type=InputFile(folders=True), metavar="OLD", help="List what changed since this version.")
def command(
    report: Path, evidence: Path | None, file: Path | None, samples: tuple[Path, ...], earlier: tuple[Path, ...],
    against: Path | None, *, verified: bool,
) -> None:  # fmt: skip
    """Raise requests on the report X and carry on those that are in the register already.

    Every major or minor finding, every item of a sample that was wrong, and with --verify every statement that is not
    reproduced becomes a CAR or CL; rows that a person adds are numbered. What was written into the register stays, word
    for word; nothing is closed by the program. The file before is kept under a name with ".earlier".
    """
    place = file or report.parent / "register.xlsx"
    if place.suffix.lower() != ".xlsx":
        raise click.BadParameter(say("{place} does not end in .xlsx", place=place), param_hint="--file")
    from jcm_mrv.reporting.result_json import result_data
    from jcm_mrv.verification.opening import opened, version_of
    from jcm_mrv.verification.register.entries import Register
    from jcm_mrv.verification.register.files import read_register
    from jcm_mrv.verification.register.updating import updated
    from jcm_mrv.versions.changes import changes
    from jcm_mrv.workbook.changed_cells import changed_cells
    from jcm_mrv.workbook.reading import read_workbook

    before = read_register(place) if place.is_file() else Register()
    old = version_of(against) if against is not None else None
    verification = None
    if verified:
        from jcm_mrv.verification.verifying import verify

        verification = verify(report, evidence, progress)
    progress(say("Calculating {report} ...", report=report))
    with opened(report, evidence) as result:
        register = updated(result, before, samples, verification, earlier, spoken())
        changed = None
        if old is not None:
            stated_data, book = old
            cells = None if book is None else changed_cells(book, read_workbook(result.data.path))
            changed = changes(stated_data, result_data(result), cells)
    _write(place, register, changed)
    echo("\n".join(map(plain, _lines(before, register))))
    if changed is not None:
        echo(
            say(
                "{number_of_changed} changes since {against}: sheet Changes",
                number_of_changed=len(changed),
                against=plain(str(against)),
            )
        )


def _write(place: Path, register: Register, changed: tuple[Change, ...] | None) -> None:
    from jcm_mrv.cli.net import note_written
    from jcm_mrv.file_sets import write_together
    from jcm_mrv.verification.register.files import register_json, register_xlsx

    as_json = place.with_suffix(".json").name
    contents = {place.name: register_xlsx(register, changed, spoken()), as_json: register_json(register)}
    note_written(write_together(place.parent, contents, [place.name], tell=tell))


def _lines(before: Register, register: Register) -> list[str]:
    from jcm_mrv.verification.register.entries import Kind

    known = {one.key for one in before.requests if one.key}
    new = sum(1 for one in register.requests if one.key and one.key not in known)
    lines: list[str] = [
        say(
            "Round {round}: {number_of_requests} requests, {new} of them new",
            round=register.round,
            number_of_requests=len(register.requests),
            new=new,
        )
    ]
    for kind in Kind:
        waiting = register.open(kind)
        names = ", ".join(one.number for one in waiting[:12]) + (" ..." if len(waiting) > 12 else "")
        lines.append(
            say("{kind} not closed: {number_of_waiting}", kind=kind, number_of_waiting=len(waiting))
            + (f" ({names})" if waiting else "")
        )
    return lines
