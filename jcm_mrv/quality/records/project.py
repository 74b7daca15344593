"""What the report says of the project besides numbers: estimates, people, and the fields that it prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.selection import same_country
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_time
from jcm_mrv.words import as_words, joined, say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import ProjectKey
from jcm_mrv.workbook.schema import sheet

NO_ESTIMATE = Code("estimates.missing", Severity.MINOR, "A calendar year has no ex ante estimate.")
NO_TEAM = Code("project.team_missing", Severity.MINOR, "Nobody is named who is responsible for the monitoring.")
INCOMPLETE = Code("project.incomplete", Severity.NOTE, "Fields of the project that the report prints are blank.")

BEFORE_ADOPTION = Code(
    "methodology.before_adoption", Severity.MINOR, "The monitoring period begins before the methodology was adopted."
)
OTHER_COUNTRY = Code(
    "methodology.other_country", Severity.MAJOR, "A methodology is approved for another country than the project's."
)

OUTSIDE = Code(
    "project.outside_crediting_period",
    Severity.ERROR,
    "Days of the monitoring period are outside the crediting period.",
)
CREDITING = Code("project.crediting_period", Severity.ERROR, "The crediting period ends before it begins.")

_PRINTED: tuple[ProjectKey, ...] = ("location", "participants", "focal_point", "operation_start", "pdd", "prepared_by")


def project_findings(data: MonitoringData, timeline: Timeline) -> Iterator[Finding]:
    """Estimates that are missing, nobody responsible, blank fields of Project."""
    estimated = {row["year"].text for row in data.estimates}
    for year in timeline.years:
        if year.label not in estimated:
            # Where other years are estimated, this one was left out.
            yield NO_ESTIMATE(
                say(
                    "there is no ex ante estimate of {year}: a result that is far from it could not be noticed",
                    year=year.label,
                ),
                Origin(file=data.file, sheet="Estimates"),
                found=say("only {estimated}", estimated=", ".join(sorted(estimated))) if estimated else say("no row"),
                severity=Severity.MAJOR if estimated else None,
                action=say("Enter the estimate of each calendar year from the PDD."),
            )
    if not any(row.name.strip() or row.role.strip() for row in data.team):
        yield NO_TEAM(
            say("the sheet Team names nobody"),
            Origin(file=data.file, sheet="Team"),
            found=say("no row"),
            action=say("Enter who reads the meters, who checks the data and who is responsible, as in the PDD."),
        )
    blank = [key for key in _PRINTED if data.project[key].value in (None, "")]
    if blank:
        headings = joined(", ", (as_words(sheet("project").column(key).heading) for key in blank))
        yield INCOMPLETE(
            say("left blank: {headings}", headings=headings),
            data.project.origin(blank[0]),
            found=say("empty"),
            action=say("Fill in what the report prints."),
        )


def adoption_findings(bounds: Sequence[Bound], data: MonitoringData, timeline: Timeline) -> Iterator[Finding]:
    """Periods that begin before the version of a methodology existed, where the card says when it was adopted."""
    for card in (bound.entry.card for bound in bounds):
        if card.adopted and timeline.start.isoformat() < card.adopted:
            yield BEFORE_ADOPTION(
                say(
                    "the monitoring period begins before {card} was adopted ({adopted})",
                    card=card.id,
                    adopted=card.adopted,
                ),
                data.project.origin("period_start"),
                found=timeline.start.isoformat(),
                action=say("Name the version that the project is registered under, or show that this one covers it."),
            )


def crediting_findings(data: MonitoringData, timeline: Timeline) -> Iterator[Finding]:
    """Days that are claimed outside the crediting period, where the workbook says when it is."""
    project = data.project
    start, end = (None if day is None else day.date() for day in (project.crediting_start, project.crediting_end))
    if start and end and end < start:
        yield CREDITING(
            say("the crediting period ends before it begins"),
            project.origin("crediting_end"),
            found=say("{start} to {end}", start=start, end=end),
            action=say("Correct the first or the last day; after a renewal both are those of the renewed period."),
        )
        return
    last = local_time(timeline.zone, timeline.years[-1].end - 1).date()
    outside: list[tuple[ProjectKey, date]] = [("crediting_start", start)] if start and timeline.start < start else []
    outside += [("crediting_end", end)] if end and last > end else []
    for key, day in outside:
        word = say("begins before") if key == "crediting_start" else say("ends after")
        yield OUTSIDE(
            say("the monitoring period {word} the crediting period: what was reduced there earns no credit", word=word),
            project.origin(key),
            found=say(
                "monitoring period {start} to {last}, crediting period {start_2} to {end}",
                start=timeline.start,
                last=last,
                start_2=start or "?",
                end=end or "?",
            ),
            action=say(
                "Claim only days of the crediting period (Monitoring period on Project), or enter the crediting period "
                "as registered, after a renewal as renewed."
            ),
            data={"day": day.isoformat()},
        )


def country_findings(bounds: Sequence[Bound], data: MonitoringData) -> Iterator[Finding]:
    """Methodologies of another country: a Joint Committee approves them for its own."""
    country = data.project.country.strip()
    for card in (bound.entry.card for bound in bounds):
        if country and not same_country(country, card):
            yield OTHER_COUNTRY(
                say(
                    "{card} is approved for {country}, and the project is carried out in {country_2}",
                    card=card.id,
                    country=card.country,
                    country_2=country,
                ),
                data.project.origin("country"),
                found=f"{country}; {card.id}: {card.country}",
                action=say(
                    "Correct the country, or name the methodology that the Joint Committee of the project's country "
                    "approved."
                ),
            )
