"""``jcm-mrv calculate``: from a monitoring workbook to the tonnes and the reports."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.formats import formats_of, into_folder
from jcm_mrv.cli.language import BOTH, HELP
from jcm_mrv.cli.output import counted, echo, plain, progress, spoken, table, tell
from jcm_mrv.words import joined, say

if TYPE_CHECKING:
    from jcm_mrv.reporting.document.own_templates import OwnTemplates
    from jcm_mrv.result import Result, YearResult
    from jcm_mrv.verification.signing.signer import Signer

FORMATS = ("json", "xlsx", "pdf", "html", "package")
ROWS = ("monthly", "daily", "hourly", "all")


@click.command("calculate")
@click.argument("monitoring", type=InputFile())
@into_folder(say("Folder for the reports.  [default: output/PROJECT_FIRST-DAY_LAST-DAY beside the workbook]"))
@formats_of(FORMATS, ("json", "xlsx", "pdf", "package"), "reports")
@click.option("--lang", type=click.Choice(BOTH), help=HELP)
@click.option(
    "--rows",
    type=click.Choice(ROWS),
    default="monthly",
    show_default=True,
    help="How finely the Excel report shows the values of logs.",
)
@click.option("--redact", is_flag=True, help="Also write the PDF for the public, without what is confidential.")
@click.option("--with-evidence", is_flag=True, help="Put the documents of the sheet Evidence into the package as well.")
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Also draw PDF and page with templates, colours and a logo of your own.",
)
@click.option("--open", "opened", is_flag=True, help="Open the report afterwards, in the program there is for it.")
@click.option("--sign", "key", type=InputFile(), metavar="FILE", help="Sign PDF and package with this key (.p12).")
def command(
    monitoring: Path,
    output: Path | None,
    formats: tuple[str, ...],
    lang: str,
    rows: str,
    key: Path | None,
    templates: Path | None,
    *,
    with_evidence: bool,
    redact: bool,
    opened: bool,
) -> None:
    """Calculate the emission reductions of MONITORING and write the reports.

    MONITORING is a monitoring workbook (.xlsx) as written by "jcm-mrv template"; its logs lie beside it.
    All reports appear together, or, when anything is wrong, none. The package (monitoring_package.zip) holds them with
    everything that was read and every checksum: what a verifier needs for "jcm-mrv verify". With --sign its manifest
    and the PDF are signed; the passphrase of the key is asked for, or taken from the environment variable
    JCM_MRV_PASSPHRASE. With --redact monitoring_report_public.pdf is written besides: what the field Confidential of
    the sheet Project names is blacked out in it, and taken out of the result inside. With --templates PDF and page
    are drawn as monitoring_report.own.pdf and .own.html with what lies in DIR; the package holds them as ever.
    """
    from jcm_mrv.cli.folder import output_folder
    from jcm_mrv.reporting.document.requirements import refuse_without

    formats = _in_two(formats) if "+" in lang else formats
    refuse_without(formats, lang)  # before minutes of work, not after
    signer = None if key is None else _signer(key, formats)
    own = None if templates is None else _templates(templates, formats)
    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.cli.afterwards import next_step, open_report
    from jcm_mrv.cli.net import note_written
    from jcm_mrv.file_sets import finish_interrupted
    from jcm_mrv.reporting.write import write_reports
    from jcm_mrv.verification.manifest import command_text
    from jcm_mrv.verification.packing import package

    if output is not None:
        for text in finish_interrupted(output):
            tell(text)
    result = calculate_file(monitoring, progress=progress)
    folder = output or output_folder(monitoring, result)
    _refuse_replacing(result, folder)
    asked = command_text(monitoring.name, formats, lang, rows, with_evidence=with_evidence)

    if redact:
        from jcm_mrv.reporting.redaction import secrets_of

        secrets_of(result.data)  # refuses before anything is drawn
        formats = (*formats, "public")

    def packed(reports: Mapping[str, bytes]) -> bytes:
        return package(result, reports, asked, lang, with_evidence=with_evidence, signer=signer)

    paths = write_reports(
        result,
        folder,
        formats,
        lang,
        lambda name: progress(say("Writing {name} ...", name=name)),
        tell,
        packed,
        rows,
        signer.pdf if signer else bytes,
        own,
    )
    note_written(paths)
    echo(summary(result))
    echo(say("Reports:"))
    for path in paths:
        echo(f"  {path}")
    echo(next_step(result, monitoring, paths))
    if opened and not open_report(paths):
        tell(say("The report could not be opened here: open it from its folder."))


def _refuse_replacing(result: Result, folder: Path) -> None:
    """Raises UsageError where the version before lies where this one would be written: it would be gone."""
    previous = result.data.previous
    if previous and (result.data.path.parent / previous.file).resolve().parent == folder.resolve():
        raise click.UsageError(
            say(
                "{file} is the version before, and would be replaced: give another folder with --output, or move it.",
                file=previous.file,
            )
        )


def _in_two(formats: tuple[str, ...]) -> tuple[str, ...]:
    """What is written in two languages. Raises UsageError for formats that are asked for and are in one only."""
    if click.get_current_context().get_parameter_source("formats") is click.core.ParameterSource.DEFAULT:
        return ("json", "pdf")
    if not set(formats) <= {"json", "pdf"}:
        raise click.UsageError(say("Two languages beside each other are for the PDF: --formats json,pdf."))
    return formats


def _templates(folder: Path, formats: tuple[str, ...]) -> OwnTemplates:
    """The templates of a folder. Raises OwnTemplatesError, and UsageError where nothing is drawn with them."""
    if not {"pdf", "html"} & set(formats):
        raise click.UsageError(say("--templates are for the PDF and the page: add pdf or html to --formats."))
    from jcm_mrv.reporting.document.own_templates import read_templates

    return read_templates(folder)


def _signer(key: Path, formats: tuple[str, ...]) -> Signer:
    """Who signs. Raises SigningError where the key cannot be used, and UsageError where there is nothing to sign."""
    if not {"pdf", "package"} & set(formats):
        raise click.UsageError(say("--sign signs the PDF and the package: add one of them to --formats."))
    from jcm_mrv.verification.signing.signer import Signer

    given = os.environ.get("JCM_MRV_PASSPHRASE")
    passphrase = (
        click.prompt(say("Passphrase of {key}", key=key), hide_input=True, default="", show_default=False)
        if given is None
        else given
    )
    return Signer.of(key, passphrase)


def summary(result: Result) -> str:
    """The tonnes by calendar year and the count of findings, for a terminal."""
    from jcm_mrv.reporting.document.translations import Translator
    from jcm_mrv.reporting.standing import standing, tonnes_head

    title = result.data.project.title
    leaks = () if result.leakage is None else (say("Leakage"),)
    t = Translator(spoken())
    year, reference, project = say("Year"), say("Reference"), say("Project")
    heads = (year, reference, project, *leaks, say("Reductions"), tonnes_head(result, t), say("Estimate"))

    def number(value: float | None, missing: str) -> str:
        return missing if value is None else f"{value:,.{result.decimals}f}"

    def whole(value: int | None) -> str:
        return "-" if value is None else f"{value:,d}"

    def row(name: str, part: Result | YearResult, estimate: float | None) -> tuple[str, ...]:
        leakage = [part.leakage] if leaks else []
        tonnes = (number(v, "-") for v in (part.reference, part.project, *leakage, part.reductions))
        return (name, *tonnes, whole(part.credited), "-" if estimate is None else f"{estimate:,g}")

    estimates = [year.estimate for year in result.years]
    known = [e for e in estimates if e is not None]
    rows = [row(str(year.year), year, year.estimate) for year in result.years]
    rows.append(row(say("Total"), result, sum(known) if known and len(known) == len(estimates) else None))
    lines: list[str] = [
        plain(say("{title}, {start} to {end}", title=title, start=result.start, end=result.end)),
        "",
        say("Emissions and emission reductions [tCO2e]"),
        table(heads, rows, right=range(1, len(heads))),
        "",
    ]
    if result.credited is not None:
        lines += [say("{standing}: {whole:,d} tCO2e", standing=standing(result, t), whole=result.credited), ""]
    else:
        lines += [say("Indicative figure only: nothing may be credited before the findings say it is confirmed."), ""]
    lines.append(say("Findings: {counted}", counted=counted(result.findings)))
    return joined("\n", lines)
