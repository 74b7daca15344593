"""Everything that a person gave, read once: the workbook with its electronic invoices, period, meters, settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from jcm_mrv.findings import Finding, errors, refuse_on_error
from jcm_mrv.invoices.rows import fill_from_files
from jcm_mrv.meters.calibrations import OverdueSpan, overdue_spans
from jcm_mrv.meters.meters import Meter, read_meters
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.named import named_methodologies
from jcm_mrv.quality.register import CALIBRATION_VALIDITY_FROM
from jcm_mrv.quality.settings import Settings, read_settings
from jcm_mrv.quality.treatment.overrides import override_cuts
from jcm_mrv.time.timeline import PeriodError, Timeline
from jcm_mrv.time.zones import TimeZoneError
from jcm_mrv.versions.reading import read_previous
from jcm_mrv.workbook.cells import FindingList
from jcm_mrv.workbook.last_days import with_last_days
from jcm_mrv.workbook.reading import read_workbook
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.references import check_references
from jcm_mrv.workbook.row import Cell


@dataclass(frozen=True, eq=False)
class Inputs:
    """What stands in the workbook: its rows, the methodologies bound to their cards, and what follows from rows alone.

    ``overdue`` are the spans of overdue calibration, in which nothing proves a meter to be right;
    ``from_installation`` says that the interval of a calibration begins when its meter is installed.
    """

    data: MonitoringData
    settings: Settings
    bounds: tuple[Bound, ...]
    timeline: Timeline
    meters: Mapping[str, Meter]
    overdue: tuple[OverdueSpan, ...]
    from_installation: bool

    @cached_property
    def cuts(self) -> Mapping[str, list[int]]:
        """The instants, by meter, between which it matters what the meter counted."""
        cuts = override_cuts(self.data, self.timeline)
        for span in self.overdue:
            cuts.setdefault(span.meter_id, []).extend((span.start, span.end))
        return cuts


def inputs_of(data: MonitoringData) -> tuple[Inputs, list[Finding]]:
    """What a monitoring workbook says, and what is wrong with it.

    Raises InputRefusedError where it has no period to calculate.
    """
    settings, changed = read_settings(data)
    findings = [*data.findings, *changed]
    bounds, found = named_methodologies(data.project, faulty=bool(errors(findings)))
    findings += found
    timeline = _timeline(data)
    if timeline is None:
        refuse_on_error(findings)
        raise AssertionError("a project without a period has a finding that says so")
    meters, faults = read_meters(data.meters, timeline.zone)
    installed = settings[CALIBRATION_VALIDITY_FROM] == "installation"
    overdue, found = overdue_spans(meters, data, timeline, from_installation=installed)
    inputs = Inputs(data, settings, tuple(bounds), timeline, meters, tuple(overdue), installed)
    return inputs, [*findings, *found, *faults]


TIMELESS = frozenset(
    {
        *("claim.no_equipment", "claim.no_group", "claim.two_spellings", "meters.below", "readings.unit"),
        *("fixed.unknown_parameter", "fixed.choice", "fixed.unit", "fixed.given_twice", "fixed.out_of_limits"),
        *("points.applies_to", "points.both_signs", "points.counted_twice", "points.share", "points.unit"),
        *("points.unknown_parameter", "points.which_methodology", "readings.which_meter"),
        *("logs.column", "logs.date_format", "logs.encoding", "logs.interval", "logs.missing", "logs.number_format"),
        *("logs.path", "logs.row", "logs.unit", "logs.unit_stated", "logs.unreadable", "logs.zone"),
    }
)
"""Errors that are the same whatever the monitoring period and its time zone are."""

TIMELESS_QUESTIONS = (
    *("eligibility.", "methodology.", "defaults.unconfirmed", "fixed.no_document", "points.undescribed"),
    *("project.team_missing", "project.incomplete", "equipment.serial_missing"),
)
"""How the codes of questions begin of which the same holds."""


def with_any_period(data: MonitoringData) -> MonitoringData:
    """The same workbook with some period in place of one that cannot be used, to find errors that are TIMELESS."""
    project = data.project
    first = project.period_start or project.period_end or datetime(2024, 1, 1)
    first = first.replace(month=1, day=1)
    given = {"period_start": first, "period_end": first.replace(month=12, day=31), "time_zone": "UTC"}
    cells = {key: Cell(value, project.origin(key)) for key, value in given.items()}  # type: ignore[arg-type]
    return replace(data, project=replace(project, cells={**project.cells, **cells}))


def read_monitoring(path: Path, elsewhere: Mapping[str, str] | None = None) -> MonitoringData:
    """The monitoring workbook with the rows of its electronic invoices filled in, and all names in it checked.

    ``elsewhere`` are documents of Evidence that lie elsewhere, with their SHA-256.

    Never raises for faults of the file or its data; they are findings, those of
    severity error forbid calculating with it.
    """
    data = read_workbook(path)
    invoices = fill_from_files(data.invoices, data.meters, path.parent)
    previous, unread = read_previous(data)
    documents = {**invoices.inputs, **({previous.file: previous.sha256} if previous else {})}
    filled = replace(data, invoices=invoices.rows, documents=documents, elsewhere=elsewhere or {}, previous=previous)
    filled, ends = with_last_days(filled)
    found = [*data.findings, *unread, *_listed(invoices.findings), *ends, *_listed(check_references(filled))]
    return replace(filled, findings=found)


def _listed(findings: Iterable[Finding]) -> list[Finding]:
    """Findings, of many of one kind in one column the first and how many more there are."""
    found = FindingList()
    for finding in findings:
        found.add(finding)
    return found.collected()


def _timeline(data: MonitoringData) -> Timeline | None:
    start, end, zone = data.project.period_start, data.project.period_end, data.project.time_zone
    if start is None or end is None or not zone:
        return None
    try:
        return Timeline.of(start.date(), end.date(), zone)
    except (PeriodError, TimeZoneError):
        return None  # the reader has named the cell
