"""``jcm-mrv check``: everything that is wrong or questionable in a monitoring workbook, grouped by what to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.formats import formats_of, into_folder
from jcm_mrv.cli.output import counted, echo, plain, progress, spoken, tell
from jcm_mrv.words import joined, say

if TYPE_CHECKING:
    from jcm_mrv.reporting.check.check import Check

FORMATS = ("xlsx", "json")


@click.command("check")
@click.argument("monitoring", type=InputFile())
@into_folder(say("Also write the findings as a list into this folder, with a column for your answers."))
@formats_of(FORMATS, FORMATS, "lists")
@click.pass_context
def command(ctx: click.Context, monitoring: Path, output: Path | None, formats: tuple[str, ...]) -> None:
    """List what is wrong or questionable in MONITORING, put together by what to do.

    With --output DIR the findings are also written as check.xlsx and check.json, both or none, whether or not the
    workbook can be calculated; otherwise nothing is written. The exit status is 1 when anything would keep
    "jcm-mrv calculate" from calculating.
    """
    stated = ctx.get_parameter_source("formats") is not click.core.ParameterSource.DEFAULT
    if output is None and stated:
        raise click.UsageError(say("--formats says what to write, and --output DIR is needed to say where."))
    from jcm_mrv.cli.findings_text import findings_text

    check = _checked(monitoring)
    paths: list[Path] = []
    if output is not None:
        from jcm_mrv.cli.net import note_written
        from jcm_mrv.reporting.check.writing import write_check

        paths = write_check(check, output, formats, tell)
        note_written(paths)
    echo(_heading(check) + "\n")
    if check.findings:
        echo(findings_text(check.findings, headings=True) + "\n")
    echo(say("Findings: {counted}", counted=counted(check.findings)))
    echo(_next(check, monitoring, output))
    if paths:
        echo(joined("\n", [say("Lists:"), *(f"  {path}" for path in paths)]))
    if check.result is None:
        ctx.exit(1)


def _checked(monitoring: Path) -> Check:
    from jcm_mrv import __version__
    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.findings import InputRefusedError
    from jcm_mrv.reporting.check.check import checked

    try:
        result = calculate_file(monitoring, progress=progress)
    except InputRefusedError as error:
        return checked(monitoring, (*error.findings, *error.others), None, {"jcm-mrv": __version__})
    return checked(monitoring, result.findings, result, result.software)


def _heading(check: Check) -> str:
    from jcm_mrv.reporting.document.translations import Translator
    from jcm_mrv.reporting.standing import standing

    result = check.result
    if result is None:
        return plain(say("{workbook} cannot be calculated as it stands", workbook=check.workbook))
    title = result.data.project.title
    lines: list[str] = [
        say(
            "{workbook}: {title}, {start} to {end}",
            workbook=check.workbook,
            title=title,
            start=result.start,
            end=result.end,
        )
    ]
    whole = result.credited
    credited = (
        say("nothing can be credited yet")
        if whole is None
        else say("{standing}: {whole:,d}", standing=standing(result, Translator(spoken())), whole=whole)
    )
    lines += [say("Emission reductions as it stands: {reductions:,.3f} tCO2e", reductions=result.reductions), credited]
    return "\n".join(map(plain, lines))


def _next(check: Check, monitoring: Path, output: Path | None) -> str:
    """What to do next, in a sentence or two."""
    from jcm_mrv.findings import Severity

    file = plain(str(monitoring))
    lists = (
        ""
        if output
        else say("\nA list with a column for your answers: jcm-mrv check {file} --output checks", file=file)
    )
    if check.result is None:
        return say(
            "The workbook cannot be calculated before the errors are mended. More may be found then.\nNext: mend them, "
            "then run this check again.{lists}",
            lists=lists,
        )
    if check.result.questions and not check.result.unanswered:
        return say(
            "Next: every question has an answer, which the verifier judges. Run: jcm-mrv calculate {file}{lists}",
            file=file,
            lists=lists,
        )
    if check.counts[Severity.MAJOR]:
        return say(
            "Next: mend what is major, or answer it on the sheet Answers, then run: jcm-mrv calculate {file}{lists}",
            file=file,
            lists=lists,
        )
    return say("Next: jcm-mrv calculate {file}", file=file) + (lists if check.findings else "")
