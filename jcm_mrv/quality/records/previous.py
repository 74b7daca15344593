"""A later version of a report says what changed since the one before it, which has to be one of the same report."""

from __future__ import annotations

from collections.abc import Iterator

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.versions.numbers import version_numbers
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.schema import fold

UNNAMED = Code("project.previous_unnamed", Severity.MINOR, "A later version of the report does not say what changed")
OTHER = Code("project.previous_other", Severity.MAJOR, "The previous version is one of another report")


def previous_findings(data: MonitoringData) -> Iterator[Finding]:
    """What is to be said of the field Previous version, and where a later version leaves it empty."""
    project, previous = data.project, data.previous
    number = version_numbers(project.report_version)
    if previous is None:
        if number > (1,) and not project.previous_version.strip():
            yield UNNAMED(
                say("version {version} of the report does not say what changed", version=project.report_version),
                project.origin("report_version"),
                found=project.report_version,
                action=say(
                    "Copy monitoring_package.zip of the version before, as it was handed in, into the folder of the "
                    "workbook and write its name into Previous version. Where none was handed in, this is version 1."
                ),
            )
        return
    stated = previous.result["project"]
    reference = str(stated.get("reference_number") or stated["title"]).strip()
    own = project.reference_number.strip() if stated.get("reference_number") else project.title.strip()
    if fold(reference) != fold(own):
        yield OTHER(
            say("{file} is of another project: {reference}", file=previous.file, reference=reference),
            project.origin("previous_version"),
            found=previous.file,
            action=say("Write the file of the version before of this report, or correct the reference number."),
        )
    elif not version_numbers(previous.version) < number:
        yield OTHER(
            say(
                "{file} is version {earlier}, and this report version {version}: the number has to rise",
                file=previous.file, earlier=previous.version or "-", version=project.report_version or "-",
            ),
            project.origin("previous_version"),
            found=previous.version,
            action=say("Raise Report version, or write the file of the version before into Previous version."),
        )  # fmt: skip
