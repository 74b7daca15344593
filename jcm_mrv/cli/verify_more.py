"""What ``jcm-mrv verify`` does beside recomputing: the changes since another version, and the draft of the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.language import HELP
from jcm_mrv.cli.output import echo, plain, progress, table, tell
from jcm_mrv.languages import LANGUAGES
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.verification.checks import Verification
    from jcm_mrv.workbook.change import Change


LONGEST = 60  # characters of a cell


@dataclass(frozen=True)
class More:
    """What was asked for besides."""

    against: Path | None
    draft: Path | None
    register: Path | None
    samples: tuple[Path, ...]
    lang: str


def more(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of it, given to the command as one ``more``."""

    @click.option(
        "--against", type=InputFile(folders=True), metavar="OLD", help="List what changed since this version."
    )
    @click.option(
        "--report",
        "draft",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Draft the verification report into this folder.",
    )
    @click.option("--register", type=InputFile(), metavar="FILE", help="The register of requests, for the draft.")
    @click.option("--sample", "samples", type=InputFile(), multiple=True, metavar="FILE", help="A filled-in worksheet.")
    @click.option("--lang", type=click.Choice(LANGUAGES), help=HELP)
    @wraps(command)
    def wrapped(
        *arguments: Any, against: Path | None, draft: Path | None, register: Path | None, samples: tuple[Path, ...],
        lang: str, **options: Any,
    ) -> Any:  # fmt: skip
        if draft is None and (register or samples):
            raise click.UsageError(
                say("--register and --sample are for the draft: --report DIR is needed to say where.")
            )
        return command(*arguments, more=More(against, draft, register, samples, lang), **options)

    return wrapped


def do_more(asked: More, report: Path, evidence: Path | None, verification: Verification, *, text: bool) -> None:
    """Write the draft, where it was asked for; ``text`` is printed beside it."""
    if asked.draft is not None:
        _write_draft(asked.draft, asked, report, evidence, verification, quiet=not text)


def changes_since(old: Path | None, new: Path) -> tuple[Change, ...] | None:
    """What changed from one version of a report to the next; None where no other version was named."""
    from jcm_mrv.verification.opening import changes_between

    return None if old is None else changes_between(old, new)


def changes_text(found: Sequence[Change], old: Path) -> str:
    """The changes for a terminal."""
    from jcm_mrv.versions.changes import CHANGE_HEADS, change_cells

    title = say("{number_of_found} changes since {old}", number_of_found=len(found), old=plain(str(old)))
    rows = [
        [cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1]}…" for cell in change_cells(one)] for one in found
    ]
    return "\n".join([title, table(CHANGE_HEADS, rows, right=(5,))] if found else [title])


def _write_draft(
    folder: Path, asked: More, report: Path, evidence: Path | None, verification: Verification, *, quiet: bool
) -> None:
    from jcm_mrv.cli.net import note_written
    from jcm_mrv.file_sets import write_together
    from jcm_mrv.verification.report.drafting import Sources, drafted
    from jcm_mrv.verification.report.rendering import NAMES, report_pdf, report_xlsx

    progress(say("Drafting the verification report ..."))
    facts = drafted(report, evidence, verification, Sources(asked.register, asked.samples))
    contents = {NAMES["xlsx"]: report_xlsx(facts, asked.lang), NAMES["pdf"]: report_pdf(facts, asked.lang)}
    paths = write_together(folder, contents, [NAMES["xlsx"]], tell=tell)
    note_written(paths)
    if not quiet:
        echo(say("\nDraft of the verification report, without a conclusion:"))
        echo("\n".join(f"  {plain(str(path))}" for path in paths))
