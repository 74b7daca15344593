"""What a sample may be drawn from: every item with what is stated, where it stands, and what hangs on it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jcm_mrv.methodology.declare import equipment as units
from jcm_mrv.origin import NOWHERE, Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.result import Result
from jcm_mrv.trace.following import origin_text
from jcm_mrv.verification.sensitivity import MeterMonth, Sensitivity
from jcm_mrv.words import say
from jcm_mrv.workbook.row import AnyRow
from jcm_mrv.workbook.rows_data import InvoiceRow

WHOLE = "%"
"""The unit of an item without an amount of its own: 100 % of it is stated to be right."""


@dataclass(frozen=True)
class Item:
    """One thing to look at.

    ``stated`` [``unit``] stands in the report; ``per_unit`` is the change of ER per unit of it [tCO2e], None where it
    is not known. ``id`` is unique among the items of its population.
    """

    id: str
    what: str
    stratum: str
    where: str
    stated: float
    unit: str
    per_unit: float | None

    @property
    def effect(self) -> float | None:
        """What hangs on it [tCO2e], with its sign: the change of ER if all of it were wrong; None if not known."""
        return None if self.per_unit is None else self.per_unit * self.stated


def population(result: Result, kind: str) -> tuple[Item, ...]:
    """Every item of a kind (:data:`KINDS`), in the order of the report. Raises KeyError for another kind."""
    return tuple(_distinct(_KINDS[kind](Sensitivity(result))))


def _distinct(items: Iterable[Item]) -> Iterator[Item]:
    """Items that have one name get numbers."""
    count: dict[str, int] = defaultdict(int)
    for item in items:
        count[item.id] += 1
        yield item if count[item.id] == 1 else replace(item, id=f"{item.id} #{count[item.id]}")


def _months(s: Sensitivity) -> Iterator[Item]:
    """Meters in months: what a meter gave is compared with log, register or bill."""
    together: dict[tuple[str, str], list[MeterMonth]] = defaultdict(list)
    for one in s.months:
        together[one.meter, one.month].append(one)
    where, read = _meter_places(s.result), _read_at(s)
    for (meter, month), parts in together.items():
        first = parts[0]
        amount, slope = _together(parts)
        what = say("{meter} in {month}", meter=meter, month=month) + _corrected(parts)
        place = read.get((first.chain, first.place)) or where.get(meter, "")
        yield Item(f"{meter} {month}", what, meter, place, amount, first.unit, slope)


def _read_at(s: Sensitivity) -> dict[tuple[int, int], str]:
    """By chain and its meter's month, where the readings of this month stand: the first and the last of them."""
    found: dict[tuple[int, int], list[Origin]] = defaultdict(list)
    for number, chain in enumerate(s.claim.chains):
        for row, month in zip(chain.rows.tolist(), s.claim.space.positions[chain.graph.month_of_reading], strict=True):
            found[number, int(month)] += [chain.parts.opening_origins[row], chain.parts.origins[row]]
    return {place: _first_to_last([one for one in own if one != NOWHERE]) for place, own in found.items()}


def _first_to_last(own: list[Origin]) -> str:
    if not own:
        return ""
    first, last = own[0], own[-1]
    return origin_text(first) if first == last else say("{first} to {last}", first=first, last=last.cell or last)


def _meters(s: Sensitivity) -> Iterator[Item]:
    """Meters over the whole period."""
    together: dict[str, list[MeterMonth]] = defaultdict(list)
    for one in s.months:
        together[one.meter].append(one)
    named: dict[str, str] = {}
    for point in s.claim.points:
        for term in point.terms:
            named.setdefault(term.meter_id, point.parameter)
    where = _meter_places(s.result)
    for meter, parts in together.items():
        amount, slope = _together(parts)
        yield Item(
            meter,
            say("meter {meter}", meter=meter),
            named.get(meter, ""),
            where.get(meter, ""),
            amount,
            parts[0].unit,
            slope,
        )


def _corrected(parts: list[MeterMonth]) -> str:
    """What was read where another amount is used, so that one can be told from the other."""
    own = [part for part in parts if part.unit == parts[0].unit]
    raw, used = sum(p.raw for p in own), sum(p.amount for p in own)
    return (
        ""
        if raw == used
        else say(": {raw:.15g} {unit} read, {used:+.6g} corrected", raw=raw, unit=own[0].unit, used=used - raw)
    )


def _together(parts: list[MeterMonth]) -> tuple[float, float | None]:
    """The amount in the unit of the first part, and the derivative with respect to it, all parts changing alike."""
    amount = sum(p.amount for p in parts if p.unit == parts[0].unit)
    effect = sum(p.effect for p in parts)
    slope = effect / amount if amount else sum(p.slope for p in parts) / len(parts)
    return amount, _known(slope)


def _equipment(s: Sensitivity) -> Iterator[Item]:
    """Pieces of equipment: is it there, is it the one, does its plate say so?"""
    for bound in s.claim.bounds:
        own = bound.sets.get(units)
        rows = {row.equipment_id: row for row in reversed(s.result.data.equipment)}
        for name in s.claim.space.elements[own] if own is not None else ():
            effect = s.equipment.get((bound.namespace, name), 0.0)
            row = rows.get(name)
            what = " ".join(part for part in (row.description, row.model, row.serial_number) if part) if row else ""
            where = str(row.origin("equipment_id")) if row else ""
            yield Item(name, what or name, bound.namespace, where, 100.0, WHOLE, _known(effect / 100))


def _invoices(s: Sensitivity) -> Iterator[Item]:
    """Invoices: what hangs on one is what hangs on as much of its meter, whether it counts or only checks."""
    for row in s.result.data.invoices:
        if row.value is None:
            continue  # the reader has named the cell and refused
        name = row.invoice_no or say("row {row}", row=row.row)
        name += f" {row.register}" if row.register else ""
        yield Item(
            f"{name} ({row.meter_id})", f"{row.supplier} {name}".strip(), row.meter_id, str(row.origin("value")),
            row.value, row.unit, _slope_of(s, row),
        )  # fmt: skip


def _slope_of(s: Sensitivity, row: InvoiceRow) -> float | None:
    """The derivative of ER with respect to an invoice's amount: that of its meter in its months, in its unit."""
    if row.start is None or row.end is None:
        return None
    first, last = f"{row.start:%Y-%m}", f"{_last_day(row.start, row.end):%Y-%m}"
    total, found = 0.0, False
    for number, chain in enumerate(s.claim.chains):
        own = [m.slope for m in s.months if m.chain == number and m.meter == row.meter_id and first <= m.month <= last]
        try:
            scale = chain.in_unit(row.unit, row.meter_id, s.result.timeline.instant(row.start)) if own else 0.0
        except UnitError:
            continue  # a chain in a unit of another kind
        total, found = total + (sum(own) / len(own) * scale if own else 0.0), found or bool(own)
    return _known(total) if found else None


def _last_day(start: datetime, end: datetime) -> datetime:
    return max(start, end - timedelta(seconds=1))


def _documents(s: Sensitivity) -> Iterator[Item]:
    """Documents of Evidence: what hangs on one is what hangs on the values and meters that name it."""
    rests = _resting_on(s)
    for row in s.result.data.evidence:
        if not row.document_id:
            continue
        effects = rests.get(row.document_id.casefold())
        effect = None if effects is None else sum(map(abs, effects))
        yield Item(
            row.document_id, row.title or row.document_id, row.proves or "not said", str(row.origin("document_id")),
            100.0, WHOLE, None if effect is None else _known(effect / 100),
        )  # fmt: skip


def _resting_on(s: Sensitivity) -> Mapping[str, list[float]]:
    """The effects of what names a document, by the document's ID in lower case."""
    found: dict[str, list[float]] = defaultdict(list)

    def note(documents: str, effect: float) -> None:
        for name in documents.replace(",", ";").split(";"):
            if name.strip():
                found[name.strip().casefold()].append(effect)

    values: dict[str, float] = defaultdict(float)
    for one in s.fixed:
        values[one.symbol] = max(values[one.symbol], abs(one.effect))
    for row in s.result.data.fixed:
        note(row.document, values[row.parameter.strip()])
    for unit in s.result.data.equipment:
        note(unit.evidence, sum(e for (_, name), e in s.equipment.items() if name == unit.equipment_id))
    meters: dict[str, float] = defaultdict(float)
    for part in s.months:
        meters[part.meter] += part.effect
    tests: Iterable[tuple[str, str]] = [
        *((row.evidence, row.meter_id) for row in s.result.data.calibrations),
        *((row.evidence, row.meter_id) for row in s.result.data.meters),
        *((row.evidence, row.meter_id) for row in s.result.data.invoices),
    ]
    for documents, meter in dict.fromkeys(tests):
        note(documents, meters[meter])
    return found


def _meter_places(result: Result) -> dict[str, str]:
    return {row.meter_id: _place(row, row.origin("meter_id")) for row in reversed(result.data.meters)}


def _place(row: AnyRow, where: Origin) -> str:
    return "" if where == NOWHERE else str(where)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


_KINDS: Mapping[str, Callable[[Sensitivity], Iterator[Item]]] = {
    "months": _months,
    "meters": _meters,
    "equipment": _equipment,
    "invoices": _invoices,
    "documents": _documents,
}
KINDS: tuple[str, ...] = tuple(_KINDS)
"""What can be sampled."""
