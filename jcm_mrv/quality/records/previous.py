"""A later version of a report says what changed since the one before it, which has to be one of the same report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.versions.numbers import version_numbers
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData, PreviousVersion
from jcm_mrv.workbook.schema import fold

UNNAMED = Code("project.previous_unnamed", Severity.MINOR, "A later version of the report does not say what changed")
PERIOD = Code("project.previous_period", Severity.MAJOR, "The previous version claims other days")
OTHER = Code("project.previous_other", Severity.MAJOR, "The previous version is one of another report")


def previous_findings(bounds: Sequence[Bound], data: MonitoringData) -> Iterator[Finding]:
    """What is to be said of the field Previous version, and where a later version leaves it empty.

    ``bounds`` are the methodologies of this report, none where they are not known.
    """
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
    yield from _methodologies(bounds, data, previous)
    yield from _days(data, previous)


def _methodologies(bounds: Sequence[Bound], data: MonitoringData, previous: PreviousVersion) -> Iterator[Finding]:
    own = {bound.entry.card.id for bound in bounds}
    stated = {f"{one['number']} {one['version']}" for one in previous.result["methodologies"]}
    if own and stated != own:
        yield OTHER(
            say(
                "{file} is calculated by {stated}, and this report by {own}",
                file=previous.file, stated=", ".join(sorted(stated)), own=", ".join(sorted(own)),
            ),
            data.project.origin("previous_version"),
            found=", ".join(sorted(stated)),
            action=say(
                "Write the file of the version before of this report, or correct Methodologies. Where the verifier "
                "asked for another methodology, say so on the sheet Answers."
            ),
        )  # fmt: skip


def _days(data: MonitoringData, previous: PreviousVersion) -> Iterator[Finding]:
    """What the version before claimed and this one leaves out could be a bad month; what comes new, another claim."""
    start, end = data.project.period_start, data.project.period_end
    if start is None or end is None:
        return
    period = previous.result["monitoring_period"]
    before = date.fromisoformat(period["start"]), date.fromisoformat(period["end"])
    own = start.date(), end.date()
    if before == own:
        return
    left, more = _days_without(before, own), _days_without(own, before)
    yield PERIOD(
        say(
            "{file} claims {first} to {last}, and this version {own_first} to {own_last}: {left} day(s) are left out, "
            "and {more} are new",
            file=previous.file, first=before[0], last=before[1], own_first=own[0], own_last=own[1],
            left=left, more=more,
        ),
        data.project.origin("period_start" if before[0] != own[0] else "period_end"),
        found=say("{first} to {last}", first=own[0], last=own[1]),
        action=say(
            "A later version is of the same days: correct the monitoring period, or write the file of the version "
            "before of this report into Previous version. Where days are left out or added on purpose, say on the "
            "sheet Answers why."
        ),
        data={"days_left_out": left, "days_added": more},
    )  # fmt: skip


def _days_without(one: tuple[date, date], other: tuple[date, date]) -> int:
    """The days of one span that are not in the other."""
    shared = (min(one[1], other[1]) - max(one[0], other[0])).days + 1
    return (one[1] - one[0]).days + 1 - max(shared, 0)
