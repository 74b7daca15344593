"""What a person decided in place of readings, with reason and proof: the sheet Overrides.

Readings stay as they are. An override is a correction like any other, stands
in every output, and may raise ER: that is what a proven error is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.amounts import Amounts
from jcm_mrv.origin import Origin
from jcm_mrv.quality.treatment.data_gaps import Ground
from jcm_mrv.quality.treatment.month import Certain, Span
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.result import Treatment
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import OverrideKey, OverrideRow

USED = Code("overrides.used", Severity.MINOR, "A person replaced what a meter measured.")
SPAN = Code("overrides.span", Severity.ERROR, "The span of an override cannot be used.")
UNIT = Code("overrides.unit", Severity.ERROR, "The unit of an override is of another kind than its meter's.")


@dataclass(frozen=True)
class Override(Certain):
    """One row, over a span within one month."""

    record: OverrideRow

    @property
    def where(self) -> Origin:
        """The cell of the value."""
        return self.record.origin("value")


def override_cuts(data: MonitoringData, timeline: Timeline) -> dict[str, list[int]]:
    """The instants, by meter, at which overrides begin and end."""
    cuts: dict[str, list[int]] = {}
    for row in data.overrides:
        span = _span(row, timeline)
        if span is not None:
            cuts.setdefault(row.meter_id, []).extend(span)
    return cuts


def read_overrides(data: MonitoringData, ground: Ground, amounts: Amounts) -> tuple[list[Override], list[Finding]]:
    """The overrides of the workbook, and what stands in the way of some."""
    reader = _Reader(data, ground, amounts)
    return reader.read(), reader.findings


def _span(row: OverrideRow, timeline: Timeline) -> Span | None:
    start, end = row.start, row.end
    if start is None or end is None or start >= end:
        return None  # the reader of the workbook has named the cell
    return timeline.instant(start), timeline.instant(end)


class _Reader:
    def __init__(self, data: MonitoringData, ground: Ground, amounts: Amounts) -> None:
        self.data, self.ground, self.amounts = data, ground, amounts
        self.findings: list[Finding] = []
        self._spans: dict[str, list[tuple[Span, OverrideRow]]] = {}

    def read(self) -> list[Override]:
        found = [self._override(row) for row in self.data.overrides]
        return [one for one in found if one is not None]

    def _override(self, row: OverrideRow) -> Override | None:
        span, value, meter = _span(row, self.ground.timeline), row.value, row.meter_id
        if span is None or value is None or not row.unit:
            return None
        months = self.ground.timeline.months
        month = next((m for m, one in enumerate(months) if one.start <= span[0] and span[1] <= one.end), None)
        if month is None:
            return self._refuse(row, "the span does not lie within one month of the monitoring period")
        chain = next((c for c in self.ground.claim.chains if (meter, month) in c.meter_months), None)
        if chain is None:
            return self._refuse(row, "no monitoring point counts this meter then")
        for other, first in self._spans.setdefault(meter, []):
            if span[0] < other[1] and other[0] < span[1]:
                return self._refuse(row, f"the span overlaps that of row {first.row}")
        self._spans[meter].append((span, row))
        return self._measured(row, chain, month, span, value)

    def _measured(self, row: OverrideRow, chain: Chain, month: int, span: Span, value: float) -> Override | None:
        meter = row.meter_id
        try:
            scale = chain.in_unit(row.unit, meter, span[0])
            measured = self.amounts.between(meter, *span, chain.unit)
        except UnitError as error:
            text, where = "the unit of the override does not fit", row.origin("unit")
            action = f"Write the amount in a unit that can become {chain.unit}."
            self.findings.append(UNIT(f"{text}: {error}", where, found=row.unit, action=action))
            return None
        if not measured.exact:
            return self._refuse(
                row, "the span begins or ends within a reading, of which a part would have to be guessed"
            )
        place = chain.meter_months.index((meter, month))
        return Override(chain, place, meter, month, (span,), measured.value, value * scale, row)

    def _refuse(self, row: OverrideRow, why: str) -> Override | None:
        self.findings.append(
            SPAN(
                why,
                row.origin("start"),
                found=f"{row['start'].text} to {row['end'].text}",
                action="Give the span in whole readings, a row for each month, of a meter that the claim uses.",
            )
        )
        return None


def override_finding(one: Override, treatment: Treatment) -> Finding:
    """The finding of an override that is used; one that raises ER needs an answer."""
    effect, row = treatment.effect_tco2e, one.record
    raises = effect is not None and effect > 0
    return USED(
        f"{row.decided_by or 'somebody'} replaced what meter {one.meter_id} measured in {one.hours:,.2f} hours "
        f"of {treatment.month}: {row.reason}",
        one.where,
        found=f"measured {one.measured:.6g} {treatment.unit}, used {one.value:.6g} {treatment.unit}",
        action="Keep the proof ready for the verifier: " + (row.evidence or "name it in the column Evidence."),
        data={"measured": one.measured, "used": one.value},
        effect_tco2e=effect,
        severity=Severity.MAJOR if raises else Severity.MINOR,
    )


def as_mapping(one: Override, treatment: Treatment) -> Mapping[str, str]:
    """The override as the result lists it."""
    row = one.record
    keys: tuple[OverrideKey, ...] = (
        "meter_id",
        "start",
        "end",
        "value",
        "unit",
        "reason",
        "evidence",
        "decided_by",
        "decided_on",
    )
    effect = treatment.effect_tco2e
    return {
        **{key: row[key].text for key in keys},
        "measured": f"{one.measured:.15g} {treatment.unit}",
        "effect_tco2e": "" if effect is None else f"{effect:.15g}",
    }
