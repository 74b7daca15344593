"""From the lines of an e-invoice to the energy billed by register, checked against the readings it states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.invoices.reading import BilledLine, EInvoice, MeterLine
from jcm_mrv.meters.secondary_sources import REGISTERS
from jcm_mrv.origin import Origin
from jcm_mrv.words import say

INDEX = Code("invoices.index", Severity.MAJOR, "The readings on an invoice do not give the amount that it bills.")
LINE = Code("invoices.line", Severity.MAJOR, "A line of an invoice cannot be assigned and is not counted.")
EMPTY = Code("invoices.no_energy", Severity.ERROR, "An electronic invoice holds no amount of electricity.")

TARIFFS = ("normal", "peak", "off-peak")
_COPY = say("Compare with the invoice as printed; where they differ, type the row and leave File empty.")


@dataclass(frozen=True)
class Amount:
    """The energy that one invoice bills for one register and span. ``start`` and ``end`` are local times, the end open.

    ``serial`` is '' where the invoice names no meter; ``line`` the readings, None where it states none.
    """

    invoice: str
    supplier: str
    serial: str
    register: str
    start: datetime | None
    end: datetime | None
    value: float
    unit: str
    where: Origin
    line: MeterLine | None = None


def amounts_of(invoice: EInvoice) -> tuple[list[Amount], list[Finding]]:
    """What an invoice bills, and all that is questionable in it."""
    findings: list[Finding] = []
    if invoice.reactive and not invoice.billed:
        message = say(
            "invoice {invoice_number} bills reactive energy alone, which is not counted", invoice_number=invoice.number
        )
        action = say("Nothing; the energy is on another invoice.")
        return [], [EMPTY(message, invoice.where, action=action, severity=Severity.NOTE)]
    found = list(_metered(invoice, findings) if invoice.meters else _unmetered(invoice, findings))
    if not found and not findings:
        message = say(
            "invoice {invoice_number} holds no line of electricity that is understood", invoice_number=invoice.number
        )
        findings.append(EMPTY(message, invoice.where, action=say("Type its rows as the paper shows them.")))
    findings += _stated_total(invoice, found)
    return list(_without_doubled(_without_repeated(found, findings), findings)), findings


def _metered(invoice: EInvoice, findings: list[Finding]) -> Iterator[Amount]:
    billed = _by_meter_line(invoice, findings)
    for n, line in enumerate(invoice.meters):
        lines = billed[n]
        if len({b.unit for b in lines}) > 1:
            found = ", ".join(b.unit or "no unit" for b in lines)
            message = say("the amounts of one register have different units, so they are not added")
            findings.append(LINE(message, lines[0].where, found=found, action=_COPY))
        elif lines:
            value = sum(b.quantity for b in lines)
            findings += _against_index(line, value, lines[0].unit)
            yield _amount(invoice, line, value, lines[0].unit, lines[0].where)
        elif (shown := _from_index(line)) is not None and _sums_tariffs(line, invoice):
            yield _amount(invoice, line, shown[0], _unit(invoice), line.where)
        elif shown is None or shown[0] != 0:
            message = say(
                "the register {register} of meter {serial} is read, but no line bills what it shows",
                register=line.register,
                serial=line.serial,
            )
            found = "no readings" if shown is None else f"{shown[0]:.15g}"
            findings.append(LINE(message, line.where, found=found, action=_COPY))


def _amount(invoice: EInvoice, line: MeterLine, value: float, unit: str, where: Origin) -> Amount:
    start, end = line.start or invoice.start, line.end or invoice.end
    serial, register = line.serial, line.register
    return Amount(invoice.number, invoice.supplier, serial, register, start, end, value, unit, where, line)


def _sums_tariffs(line: MeterLine, invoice: EInvoice) -> bool:
    """True for a total register that stands beside the tariffs that are billed."""
    return line.register == "total" and any(m.serial == line.serial and m.register in TARIFFS for m in invoice.meters)


def _unit(invoice: EInvoice) -> str:
    units = {b.unit for b in invoice.billed}
    return units.pop() if len(units) == 1 else ""


def _by_meter_line(invoice: EInvoice, findings: list[Finding]) -> list[list[BilledLine]]:
    """The billed lines of each meter line: by identifier; without any, by register where that is unique."""
    links = [m.link for m in invoice.meters]
    linked = not {b.link for b in invoice.billed if b.link}.isdisjoint(links)
    registers = [m.register for m in invoice.meters]
    keys = links if linked else registers
    count, place = Counter(keys), {key: n for n, key in enumerate(keys)}
    lines: list[list[BilledLine]] = [[] for _ in keys]
    for one in invoice.billed:
        key = one.link if linked else one.register
        if key and count[key] == 1:
            lines[place[key]].append(one)
        else:
            message = say("the billed line belongs to no meter on the invoice, or to more than one")
            findings.append(LINE(message, one.where, found=f"{one.quantity:.15g} {one.unit}".strip(), action=_COPY))
    return lines


def _from_index(line: MeterLine) -> tuple[float, ...] | None:
    """New less old index times the multiplier; what is deducted may be an index or energy. None: one is missing."""
    if line.old is None or line.new is None or line.multiplier is None:
        return None
    energy = (line.new - line.old) * line.multiplier
    return (energy - line.deducted, energy - line.deducted * line.multiplier)


def _against_index(line: MeterLine, value: float, unit: str) -> Iterator[Finding]:
    shown = _from_index(line)
    whole = 0.001 if unit.casefold() == "mwh" else 1.0  # amounts are billed in whole kWh
    at = say("the register {register} of meter {serial}", register=line.register, serial=line.serial)
    if shown is None:
        action = say("Nothing, if another record shows them.")
        message = say("{at} is billed, but its readings or its multiplier are not all on the invoice", at=at)
        yield INDEX(
            message,
            line.where,
            found=say("{value:.15g} {unit}", value=value, unit=unit),
            action=action,
            severity=Severity.NOTE,
        )
        return
    if min(abs(value - each) for each in shown) < whole:
        return
    assert line.old is not None and line.new is not None and line.multiplier is not None
    backwards = line.new < line.old
    message = say("{at}: new less old index, times the multiplier, is not the amount that is billed", at=at)
    if backwards:
        message = say("{at} goes backwards: it started again at 0, or the meter was changed within the cycle", at=at)
    yield INDEX(
        message,
        line.where,
        found=say(
            "({new:.15g} - {old:.15g}) x {multiplier:.15g} = {shown:.15g}, billed {value:.15g} {unit}",
            new=line.new,
            old=line.old,
            multiplier=line.multiplier,
            shown=shown[0],
            value=value,
            unit=unit,
        ),
        action=say("Ask the supplier; an amount of which the readings do not show the origin is no proof."),
        data={"from_index": shown[0], "billed": value},
    )


def _unmetered(invoice: EInvoice, findings: list[Finding]) -> Iterator[Amount]:
    """Billed lines of an invoice that states no readings: one amount by register, or one in all."""
    named = {b.register for b in invoice.billed}
    units = {b.unit for b in invoice.billed}
    if len(units) > 1 or ("" in named and len(named) > 1):
        message = say("some lines name their tariff or unit and some do not, so their sum is not certain")
        findings.append(LINE(message, invoice.where, action=_COPY))
        return
    for register, group in groupby(sorted(invoice.billed, key=lambda b: b.register), key=lambda b: b.register):
        lines = list(group)
        value, first = sum(b.quantity for b in lines), lines[0]
        span, issued_by = (invoice.start, invoice.end), (invoice.number, invoice.supplier)
        yield Amount(*issued_by, "", register or "total", *span, value, first.unit, first.where)


def _stated_total(invoice: EInvoice, amounts: Sequence[Amount]) -> Iterator[Finding]:
    parts = [a for a in amounts if a.register in TARIFFS] or list(amounts)
    value = sum(a.value for a in parts)
    if parts and invoice.total is not None and abs(value - invoice.total) >= 1:
        yield _unequal(invoice.total, value, parts[0].unit, invoice.where)


def _unequal(total: float, parts: float, unit: str, where: Origin) -> Finding:
    return REGISTERS(
        say("the registers of an invoice do not add up to the total that it states"),
        where,
        found=say("total {total:.15g} {unit}, registers {parts:.15g} {unit}", total=total, unit=unit, parts=parts),
        action=say("Compare with the invoice as printed."),
        data={"total": total, "tariffs": parts},
    )


def _without_repeated(amounts: Sequence[Amount], findings: list[Finding]) -> list[Amount]:
    """Without registers that an invoice holds twice for one span: import and export, or an error: neither is sure."""
    keys = [(a.serial, a.register, a.start, a.end) for a in amounts]
    count = Counter(keys)
    for key, amount in zip(keys, amounts, strict=True):
        if count[key] > 1:
            message = say(
                "the register {register} of meter {serial} is billed twice for the same time",
                register=amount.register,
                serial=amount.serial,
            )
            action = say("One may be export. Type the row of this register, and leave File empty.")
            found = f"{amount.value:.15g} {amount.unit}"
            findings.append(LINE(message, amount.where, found=found, action=action))
    return [amount for key, amount in zip(keys, amounts, strict=True) if count[key] == 1]


def _without_doubled(amounts: Sequence[Amount], findings: list[Finding]) -> Iterator[Amount]:
    """Tariffs beside a total of the same meter and span: the tariffs where they agree, else the total."""

    def key(one: Amount) -> tuple[str, str, str]:
        return one.serial, str(one.start), str(one.end)

    for _, group in groupby(sorted(amounts, key=key), key=key):
        together = list(group)
        totals = [a for a in together if a.register == "total"]
        tariffs = [a for a in together if a.register != "total"]
        if not totals or not tariffs:
            yield from together
            continue
        total, parts = _sum(totals), _sum(tariffs)
        if abs(total - parts) >= 1:
            findings.append(_unequal(total, parts, totals[0].unit, totals[0].where))
            yield from totals
        else:
            yield from tariffs


def _sum(amounts: Iterable[Amount]) -> float:
    return sum(a.value for a in amounts)
