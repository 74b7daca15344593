"""Meters whose amounts nothing bounds: no capacity, no highest rate, no bill and no estimate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import SecondaryKind, SeriesResult
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

UNBOUNDED = Code("readings.unbounded", Severity.MAJOR, "Nothing bounds what a meter may have counted.")

CAPACITY_UNBOUNDED_MINOR_TONNES = Setting(
    "capacity.unbounded_minor_tonnes",
    1.0,
    "tCO2e",
    "a meter whose size nothing bounds is minor where so much of the claim rests on it",
)
CAPACITY_UNBOUNDED_MAJOR_TONNES = Setting("capacity.unbounded_major_tonnes", 10.0, "tCO2e", "and major from so much on")


def unbounded(subjects: Sequence[Subject], series: SeriesResult, data: MonitoringData) -> Iterator[Finding]:
    """Meters at which a wrong unit or kind would not be seen; it weighs by what of the claim rests on them."""
    if any(row.reductions is not None for row in data.estimates):
        return
    billed = {one.meter_id for one in (*series.billed, *series.seconds) if one.kind is SecondaryKind.INVOICE}
    made = {one.meter_id for one in series.combined}  # they are bounded by the meters that they are made of
    for subject in (one for one in subjects if one.meter not in made):
        if subject.highest is None and subject.rated is None and subject.meter not in billed:
            yield _finding(subject)


def _finding(subject: Subject) -> Finding:
    rests = subject.effect({month.ordinal: month.amount for month in subject.months})
    weight = float("inf") if rests is None else abs(rests)
    severity = Severity.NOTE
    if weight >= subject.settings[CAPACITY_UNBOUNDED_MINOR_TONNES]:
        severity = Severity.MINOR
    if weight >= subject.settings[CAPACITY_UNBOUNDED_MAJOR_TONNES]:
        severity = Severity.MAJOR
    amount = sum(month.amount for month in subject.months)
    return UNBOUNDED(
        say(
            "the size of what meter {meter} counts is not checked: no highest rate, rated capacity, bill or estimate "
            "bounds it, so that a wrong unit or kind of value would not be seen",
            meter=subject.meter,
        ),
        subject.profile.where(0),
        found=say("{amount:,.6g} {subject_unit} in all", amount=amount, subject_unit=subject.unit)
        + ("" if rests is None else say(", on which {rests:,.6g} tCO2e of the claim rest", rests=abs(rests))),
        action=say("State the meter's highest rate on the sheet Meters, or the rated capacity of its equipment."),
        data={} if rests is None else {"tonnes": abs(rests)},
        severity=severity,
    )
