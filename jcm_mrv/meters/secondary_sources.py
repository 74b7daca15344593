"""What covers a meter beside its primary source: readings beside a log or invoices, and invoices.

Only one source counts. The others check it, and bridge its data gaps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.batches import COLUMNS, Batch
from jcm_mrv.meters.conversions import Conversions
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.readings import ReadingSegments
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource, SegmentKind, whole_amounts
from jcm_mrv.meters.sources.counted import last_digit
from jcm_mrv.origin import OriginsOnDemand
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.dividing import Runs
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import InvoiceRow

BESIDE = Code("readings.second_source", Severity.NOTE, "Readings of a meter stand beside its log and check it.")
REGISTERS = Code("invoices.registers", Severity.MAJOR, "The tariffs of an invoice do not add up to its total.")
CONVERSION = Code("invoices.conversion", Severity.ERROR, "An invoice cannot be converted into the meter's unit.")
OVERLAP = Code("invoices.overlap", Severity.MAJOR, "Two invoices of a meter bill the same time.")
_SIGNIFICANT = 1e-6

LOG, INVOICES = "log", "invoices"
_COUNTING = {
    LOG: (
        "a log covers",
        "the log counts",
        say("Nothing, if the log is the source that the PDD names; else delete the row of the sheet Logs."),
    ),
    INVOICES: (
        "invoices cover",
        "the invoices count",
        say("Nothing, if the PDD names invoices (option B); else correct the option on Monitoring points."),
    ),
}


def cuts_of(
    readings: ReadingSegments, seconds: Sequence[SecondarySource], checks: Mapping[str, Sequence[str]]
) -> dict[str, set[int]]:
    """The instants, by meter, up to which a log's sum has to be known so that it can be compared.

    ``checks`` are the check meters of each meter: what one of them is read at, the log of the other is cut at.
    """
    cuts: dict[str, set[int]] = {}
    for batch in readings.batches:
        cuts.setdefault(batch.meter_id, set()).update(batch.start.tolist(), batch.end.tolist())
    own = {name: set(found) for name, found in cuts.items()}
    for meter, names in checks.items():
        for name in names:
            cuts.setdefault(meter, set()).update(own.get(name, ()))
            cuts.setdefault(name, set()).update(own.get(meter, ()))
    for one in seconds:
        cuts.setdefault(one.meter_id, set()).update((one.start, one.end))
    return cuts


def set_aside(
    readings: ReadingSegments, counting: Mapping[str, tuple[str, Runs]], meters: Mapping[str, Meter]
) -> tuple[list[SecondarySource], list[Finding]]:
    """Take the readings for whose time another source counts out of what counts; they become secondary sources.

    ``counting`` names that source of a meter, and the time for which it counts.
    """
    seconds: list[SecondarySource] = []
    findings: list[Finding] = []
    kept: list[Batch] = []
    for batch in readings.batches:
        name, runs = counting.get(batch.meter_id, ("", Runs.none()))
        beside = _overlaps(batch, runs)
        if beside.any():
            own = list(as_seconds(batch, np.flatnonzero(beside), meters[batch.meter_id]))
            seconds += own
            findings.append(_beside(batch, int(np.argmax(beside)), len(own), name))
            _take_out(readings, batch, ~beside)
        if not beside.all():
            kept.append(_only(batch, ~beside))
    readings.batches[:] = kept
    return seconds, findings


def _overlaps(batch: Batch, runs: Runs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which readings share time with what is logged."""
    return np.searchsorted(runs.start, batch.end) > np.searchsorted(runs.end, batch.start, side="right")


def _only(batch: Batch, keep: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Batch:
    rows = np.flatnonzero(keep).tolist()
    return replace(
        batch,
        **{name: getattr(batch, name)[keep] for name in COLUMNS},
        origins=OriginsOnDemand(len(rows), lambda n: batch.origins[rows[n]]),
        opening_origins=OriginsOnDemand(len(rows), lambda n: batch.opening_origins[rows[n]]),
    )


def _take_out(readings: ReadingSegments, batch: Batch, keep: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
    readings.runs[batch.meter_id, batch.kind.label] = Runs.of(batch.start[keep], batch.end[keep])


def as_seconds(batch: Batch, rows: Instants, meter: Meter) -> Iterator[SecondarySource]:
    """Each reading once, however many months it reaches over."""
    kind = SecondaryKind.REGISTER if batch.kind == SegmentKind.REGISTER else SecondaryKind.READING
    amounts = whole_amounts(batch) * batch.factor
    resolution = last_digit([*batch.opening[rows].tolist(), *batch.closing[rows].tolist()])
    seen: set[tuple[int, int]] = set()
    for n in rows.tolist():
        span = int(batch.start[n]), int(batch.end[n])
        if span not in seen:
            seen.add(span)
            error = resolution * float(batch.factor[n]) if kind == SecondaryKind.REGISTER else 0.0
            yield SecondarySource(meter.meter_id, kind, *span, float(amounts[n]), batch.unit, batch.origins[n], error)


def _beside(batch: Batch, first: int, count: int, name: str) -> Finding:
    covers, counts, action = _COUNTING[name]
    return BESIDE(
        say(
            "{count} reading(s) of meter {meter_id} are of a time that {covers}: {counts}, the readings check {what} "
            "and bridge {what_2} data gaps",
            count=count,
            meter_id=batch.meter_id,
            covers=covers,
            counts=counts,
            what=say("it") if name == LOG else say("them"),
            what_2=say("its") if name == LOG else say("their"),
        ),
        batch.origins[first],
        found=say("{count} reading(s)", count=count),
        action=action,
        data={"count": count},
    )


# --- invoices ------------------------------------------------------------------------


def invoices(
    data: MonitoringData, meters: Mapping[str, Meter], timeline: Timeline, conversions: Conversions
) -> tuple[list[SecondarySource], list[Finding]]:
    """What was billed by meter and span, the tariffs of a span added up, in the unit of the meter.

    What is billed in another kind of unit (t of a fuel that is metered in m3) comes to it by the meter's conversions.
    """
    findings: list[Finding] = []
    groups: dict[tuple[str, int, int], list[InvoiceRow]] = {}
    for row in data.invoices:
        start, end = row.start, row.end
        meter = row.meter_id
        if meter in meters and start and end and start < end and row.value is not None and row.unit:
            span = timeline.instant(start), timeline.instant(end)
            groups.setdefault((meter, *span), []).append(row)
    found: list[SecondarySource] = []
    for (name, start_at, end_at), rows in groups.items():
        unit = meters[name].unit or rows[0].unit
        try:
            scales = [_scale(row, unit, conversions, start_at, end_at) for row in rows]
        except UnitError:
            continue  # the reader of the workbook has named the cell
        if None in scales:
            findings.append(_no_conversion(name, unit, rows[scales.index(None)]))
            continue
        amount = _billed(rows, [scale for scale in scales if scale is not None], unit, findings)
        findings += _billed_twice(name, rows)
        origin = rows[0].origin("value")
        found.append(SecondarySource(name, SecondaryKind.INVOICE, start_at, end_at, amount, unit, origin, 0.0))
    return sorted(found, key=lambda s: (s.meter_id, s.start, s.end)), findings


def _scale(row: InvoiceRow, unit: str, conversions: Conversions, start: int, end: int) -> float | None:
    """What one unit of an invoice is in the meter's; None where no one conversion holds. Raises UnitError."""
    try:
        return conversion(row.unit, unit)
    except UnitError:
        return conversions.undone(row.meter_id, row.unit, unit, start, end)


def _no_conversion(meter: str, unit: str, row: InvoiceRow) -> Finding:
    return CONVERSION(
        say(
            "an invoice of meter {meter} in {row_unit} spans a change of the meter's conversions, or a time without "
            "one: nothing says what it is in {unit}",
            meter=meter,
            row_unit=row.unit,
            unit=unit,
        ),
        row.origin("unit"),
        found=say("{text} to {text_2}", text=row["start"].text, text_2=row["end"].text),
        action=say(
            "Give the conversion for all of that time on Conversions, or the invoice's amount in the meter's unit."
        ),
    )


def _billed(rows: Sequence[InvoiceRow], scales: Sequence[float], unit: str, findings: list[Finding]) -> float:
    """The total of one span: its total row, or the sum of its tariffs; both together have to agree."""
    totals: list[float] = []
    tariffs: list[float] = []
    for row, scale in zip(rows, scales, strict=True):
        value = row.value
        assert value is not None
        amount = value * scale
        (tariffs if row.register in ("normal", "peak", "off-peak") else totals).append(amount)
    total, parts = sum(totals), sum(tariffs)
    if totals and tariffs and abs(total - parts) > _SIGNIFICANT * max(abs(total), abs(parts)):
        findings.append(
            REGISTERS(
                say("the tariffs of an invoice do not add up to its total; the total is taken"),
                rows[0].origin("value"),
                found=say(
                    "total {total:.15g} {unit}, tariffs {parts:.15g} {unit}", total=total, unit=unit, parts=parts
                ),
                action=say("Compare the rows with the invoice."),
                data={"total": total, "tariffs": parts},
            )
        )
    return total if totals else parts


def _billed_twice(meter: str, rows: Sequence[InvoiceRow]) -> Iterator[Finding]:
    """Rows of different invoices for one span and tariff: they are added, and one may replace the other."""
    first: dict[str, InvoiceRow] = {}
    for row in rows:
        register = row.register or "total"
        other = first.setdefault(register, row)
        if other.invoice_no != row.invoice_no:
            yield OVERLAP(
                say("two invoices of meter {meter} bill the same time and are added", meter=meter),
                row.origin("value"),
                found=say(
                    "invoice {invoice_no}, and {invoice_no_2} in {origin}",
                    invoice_no=row.invoice_no,
                    invoice_no_2=other.invoice_no,
                    origin=other.origin("value"),
                ),
                action=say("Correct the dates; an invoice that replaces another stands alone."),
            )


def as_readings(seconds: Sequence[SecondarySource], timeline: Timeline) -> list[Batch]:
    """Invoices as the readings that count, where the PDD names them as the source (option B)."""
    found = (
        Batch.over(
            one.meter_id, SegmentKind.ENERGY, one.unit, (one.start, one.end), timeline.edges, one.origin,
            value=one.amount,
        )
        for one in seconds
    )  # fmt: skip
    return [batch for batch in found if len(batch.month)]
