"""Rows of the sheet Invoices that name an electronic invoice: what is blank is filled in, the rest compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.invoices.amounts import Amount
from jcm_mrv.invoices.reading import FILE, EInvoiceFile, read_einvoices
from jcm_mrv.invoices.sets import billed
from jcm_mrv.words import say
from jcm_mrv.workbook.folder_files import NoSuchFileError, OutsideFolderError, file_inside
from jcm_mrv.workbook.row import Cell, Value
from jcm_mrv.workbook.rows import MeterRow
from jcm_mrv.workbook.rows_data import InvoiceKey, InvoiceRow
from jcm_mrv.workbook.schema import fold, names_einvoice

DIFFERS = Code("invoices.differs", Severity.ERROR, "A row of the sheet Invoices differs from its electronic invoice.")
OTHER_METER = Code("invoices.other_meter", Severity.MAJOR, "An electronic invoice bills a meter of another number.")
MULTIPLIER = Code("invoices.multiplier", Severity.MAJOR, "The multiplier on an invoice is not the meter's factor.")
INCOMPLETE = Code("invoices.incomplete", Severity.ERROR, "An electronic invoice leaves out what a row needs.")

_NEEDED: tuple[InvoiceKey, ...] = ("invoice_no", "start", "end", "value", "unit")
_SIGNIFICANT = 1e-9


@dataclass(frozen=True)
class Filled:
    """The rows of the sheet, those with a file filled in; what was found; and the files, path to SHA-256."""

    rows: list[InvoiceRow]
    findings: list[Finding]
    inputs: Mapping[str, str] = field(default_factory=dict)


def fill_from_files(rows: Sequence[InvoiceRow], meters: Sequence[MeterRow], folder: Path) -> Filled:
    """Fill the rows that name an .xml file; one file may give several rows. Never raises for what is in the files."""
    findings: list[Finding] = []
    files: dict[str, EInvoiceFile] = {}
    for row in rows:
        if names_einvoice(row.file):
            _open(row, folder, files, findings)
    together = billed(list({f.file: f for f in files.values()}.values()))
    findings += together.findings
    filled: list[InvoiceRow] = []
    for row in rows:
        name = row.file
        if not names_einvoice(name):
            filled.append(row)
        elif name in files:
            amounts = [a for a in together.amounts if a.where.file == files[name].file]
            filled += _Row(row, meters, findings).filled(amounts)
    findings += _multipliers(together.amounts, meters)
    return Filled(filled, findings, {f.file: f.sha256 for f in files.values() if f.sha256})


def _open(row: InvoiceRow, folder: Path, files: dict[str, EInvoiceFile], findings: list[Finding]) -> None:
    name = row.file
    if name in files:
        return
    try:
        path, relative = file_inside(folder, name)
    except (OutsideFolderError, NoSuchFileError) as error:
        action = say("Copy the file beside the workbook or below it, and write its name from there.")
        findings.append(FILE(str(error), row.origin("file"), found=name, action=action))
        return
    files[name] = read_einvoices(path, relative)


class _Row:
    """One row with a file: which amounts it means, and what is filled in."""

    def __init__(self, row: InvoiceRow, meters: Sequence[MeterRow], findings: list[Finding]) -> None:
        self.row, self.meters, self.findings = row, meters, findings

    def filled(self, amounts: Sequence[Amount]) -> Iterator[InvoiceRow]:
        meant = [a for a in amounts if self._means(a)]
        if amounts and not meant:
            self._differs(say("no line of the electronic invoice is of this row"), "invoice_no", _told(amounts))
        if self.row.value is not None:
            meant = list(self._compared(meant))
        for amount in meant:
            meter = self._meter(amount)
            if meter is not None:
                yield self._record(amount, meter)

    def _means(self, amount: Amount) -> bool:
        """True for an amount that fits what the row says already."""
        row = self.row
        number = row.invoice_no
        fits_number = not number or fold(number) == fold(amount.invoice) or _serial(number) == _serial(amount.invoice)
        register = row.register
        whole = row.value is not None and register in ("", "total")
        fits_register = whole or not register or register == amount.register
        span = ((row.start, amount.start), (row.end, amount.end))
        fits_span = all(billed is None or stated in (None, billed) for stated, billed in span)
        return fits_number and fits_register and fits_span and self._fits_meter(amount)

    def _fits_meter(self, amount: Amount) -> bool:
        """True unless the amount is of a meter that has another name in the register."""
        meter = self.row.meter_id
        owners = _owners(amount.serial, self.meters)
        return not meter or not owners or meter in owners

    def _compared(self, amounts: Sequence[Amount]) -> Iterator[Amount]:
        """One amount with the value of the row, where what is billed is the same; its origin stays the workbook."""
        if not amounts:
            return
        from jcm_mrv.quantities.errors import UnitError
        from jcm_mrv.quantities.units import conversion

        first, value, unit = amounts[0], self.row.value, self.row.unit
        assert value is not None
        same = all(
            (a.start, a.end, a.unit, a.serial) == (first.start, first.end, first.unit, first.serial) for a in amounts
        )
        total = sum(a.value for a in amounts)
        try:
            typed = value * (conversion(unit, first.unit) if unit and first.unit else 1.0)
        except UnitError:
            same, typed = False, value
        if not same or abs(typed - total) > _SIGNIFICANT * max(abs(typed), abs(total)):
            self._differs(say("the value is not what the electronic invoice bills"), "value", _told(amounts))
        register = self.row.register or ("total" if len(amounts) > 1 else first.register)
        yield replace(first, register=register, value=value, unit=unit or first.unit)

    def _differs(self, message: str, key: InvoiceKey, found: str) -> None:
        action = say(
            "Leave the cells of the row empty except File, so that they are filled from the file; or, where the "
            "invoice itself is wrong, leave File empty and name the proof in Evidence."
        )
        self.findings.append(DIFFERS(message, self.row.origin(key), found=found, action=action))

    def _meter(self, amount: Amount) -> str | None:
        """The meter that the amount is of; None where it is none of the workbook's."""
        stated, owners = self.row.meter_id, _owners(amount.serial, self.meters)
        if stated:
            known = [m.serial_number for m in self.meters if m.meter_id == stated]
            if amount.serial and any(known) and not owners:
                action = say("Correct the serial number on the sheet Meters, or name the right meter.")
                message = say(
                    "the invoice bills meter number {serial}, but meter {stated} is {known}",
                    serial=amount.serial,
                    stated=stated,
                    known="; ".join(known),
                )
                self.findings.append(OTHER_METER(message, amount.where, found=amount.serial, action=action))
            return stated
        if len(owners) == 1:
            return owners[0]
        message = say("the invoice bills a meter number that is not on the sheet Meters, so the amount is not used")
        if not amount.serial:
            message = say("the invoice names no meter number, so the amount is not used")
        action = say(
            "Write the meter's ID in the row, or the serial number on the sheet Meters. Nothing, if it is foreign."
        )
        where = self.row.origin("meter_id")
        self.findings.append(OTHER_METER(message, where, found=amount.serial, action=action))
        return None

    def _record(self, amount: Amount, meter: str) -> InvoiceRow:
        values: dict[str, Value] = {
            "invoice_no": amount.invoice,
            "supplier": amount.supplier or None,
            "meter_id": meter,
            "start": amount.start,
            "end": amount.end,
            "value": amount.value,
            "unit": amount.unit or None,
            "register": amount.register,
        }
        cells = dict(self.row.cells)
        for key, value in values.items():
            if cells[key].value is None and value is not None:
                cells[key] = Cell(value, amount.where)
        self._incomplete(cells, amount)
        return replace(self.row, cells=cells)

    def _incomplete(self, cells: Mapping[str, Cell], amount: Amount) -> None:
        empty = [key for key in _NEEDED if cells[key].value is None]
        if empty:
            message = say("the electronic invoice does not say, or not with certainty: {empty}", empty=", ".join(empty))
            action = say("Write it into the row as the invoice shows it.")
            self.findings.append(INCOMPLETE(message, self.row.origin(empty[0]), found=str(amount.where), action=action))


def _serial(number: str) -> str:
    return number.split()[-1].lstrip("0") if number.split() else ""


def _owners(serial: str, meters: Sequence[MeterRow]) -> list[str]:
    """The meters that bear a serial number; of one metering point that had several meters its name once."""
    found = [m.meter_id for m in meters if serial and fold(m.serial_number) == fold(serial)]
    return list(dict.fromkeys(found))


def _told(amounts: Sequence[Amount]) -> str:
    return named([_amount(one) for one in amounts])


def _amount(a: Amount) -> str:
    amount = say("{register} {value:.15g} {unit}", register=a.register, value=a.value, unit=a.unit)
    if not (a.start and a.end):
        return amount
    return say("{amount} ({start} to {end})", amount=amount, start=a.start.date(), end=a.end.date())


def _multipliers(amounts: Sequence[Amount], meters: Sequence[MeterRow]) -> Iterator[Finding]:
    """The multiplier of the invoice against the transformer factor of the sheet Meters."""
    seen: set[tuple[str, float]] = set()
    for amount in amounts:
        stated = amount.line.multiplier if amount.line else None
        rows = [m for m in meters if amount.serial and fold(m.serial_number) == fold(amount.serial)]
        factors = [f for m in rows if (f := m.transformer_factor) is not None]
        if stated is None or not factors or stated in factors or (amount.serial, stated) in seen:
            continue
        seen.add((amount.serial, stated))
        yield MULTIPLIER(
            say(
                "the invoice multiplies meter {serial} by {stated:.15g}, the sheet Meters by {factors}",
                serial=amount.serial,
                stated=stated,
                factors=" or ".join(f"{f:.15g}" for f in factors),
            ),
            amount.where,
            found=say("{stated:.15g}", stated=stated),
            action=say(
                "Compare both with the name plates of the transformers ({origin}).",
                origin=rows[0].origin("transformer_factor"),
            ),
            data={"invoice": stated, "meters": factors[0]},
        )
