"""Electricity e-invoices of Viet Nam (XML after Decision 1450/QD-TCT): what registers show and what is billed.

A line with meter readings (mostly TChat 4) and the lines that bill it (TChat
1) belong together by the identifier that the supplier gives them. What the
file does not say stays unknown; nothing is taken from the amounts of money.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.invoices import names as names
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.xml_file import XmlError, child, children, local, parse_xml, read_bytes, text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FILE = Code("invoices.file", Severity.ERROR, "An electronic invoice cannot be read.")
FIELD = Code("invoices.field", Severity.ERROR, "A field of an electronic invoice cannot be read with certainty.")

ORIGINAL, REPLACEMENT, ADJUSTMENT = "original", "replacement", "adjustment"
_KINDS = {"": ORIGINAL, "0": ORIGINAL, "1": REPLACEMENT, "2": ADJUSTMENT}
_DISCOUNT, _NOTE = "3", "4"  # TChat, the nature of a line


MOST_INVOICES = 1_000
"""In one file; suppliers and the tax authority give one file for each."""


@dataclass(frozen=True)
class MeterLine:
    """What one register of a meter showed. ``link`` is the identifier under which it is billed.

    ``old`` and ``new`` are readings before the ``multiplier``, ``deducted``
    what the supplier takes off; None where the file does not say.
    """

    serial: str
    register: str
    start: datetime | None
    end: datetime | None
    old: float | None
    new: float | None
    multiplier: float | None
    deducted: float
    link: str
    where: Origin


@dataclass(frozen=True)
class BilledLine:
    """An amount that is billed. ``register`` is '' where the line does not name its tariff."""

    register: str
    quantity: float
    unit: str
    link: str
    where: Origin


@dataclass(frozen=True)
class EInvoice:
    """One invoice. ``related`` is the number of the invoice that it replaces or adjusts, '' for an original.

    ``start`` and ``end`` are those of the invoice as a whole, where it states
    them; ``total`` is the energy that it states for all lines together.
    ``reactive`` says that it bills reactive energy, which is left out.
    """

    number: str
    supplier: str
    issued: str
    kind: str
    related: str
    note: str
    start: datetime | None
    end: datetime | None
    total: float | None
    meters: tuple[MeterLine, ...]
    billed: tuple[BilledLine, ...]
    reactive: bool
    where: Origin


@dataclass(frozen=True)
class EInvoiceFile:
    """A file: its path as it is shown, its checksum, its invoices, and what cannot be read of them."""

    file: str
    sha256: str
    invoices: tuple[EInvoice, ...]
    findings: tuple[Finding, ...]


def read_einvoices(path: Path, file: str = "") -> EInvoiceFile:
    """Read the invoices of one file. Never raises for what is wrong with it: that is in ``findings``.

    ``file`` is the path that origins show (default: the name).
    """
    shown = file or path.name
    where = Origin(file=shown)
    try:
        content = read_bytes(path)
        root = parse_xml(content)
    except OSError as error:
        return EInvoiceFile(
            shown, "", (), (_unreadable(where, say("the file cannot be opened"), error.strerror or ""),)
        )
    except XmlError as error:
        return EInvoiceFile(shown, "", (), (_unreadable(where, str(error), ""),))
    digest = hashlib.sha256(content).hexdigest()
    roots = [e for e in root.iter() if local(e) == "HDon" and child(e, "DLHDon") is not None]
    if not roots:
        message = say("the file is XML, but not an invoice in the structure of Decision 1450/QD-TCT (HDon/DLHDon)")
        return EInvoiceFile(shown, digest, (), (_unreadable(where, message, local(root)),))
    if len(roots) > MOST_INVOICES:
        return EInvoiceFile(
            shown, digest, (), (_unreadable(where, say("too many invoices in one file"), str(len(roots))),)
        )
    readers = [_Reader(e, shown, f"HDon[{n}]" if len(roots) > 1 else "HDon") for n, e in enumerate(roots, 1)]
    invoices = tuple(reader.invoice() for reader in readers)
    return EInvoiceFile(shown, digest, invoices, tuple(f for reader in readers for f in reader.findings))


def _unreadable(where: Origin, message: str, found: str) -> Finding:
    action = say(
        "Take the XML file of the invoice from the supplier's portal or e-mail again (not the PDF, not the picture of "
        "the page), or leave File empty and type the row."
    )
    return FILE(message, where, found=found, action=action)


class _Reader:
    """Reads one invoice and collects what is uncertain."""

    def __init__(self, root: Element, file: str, path: str) -> None:
        self.root, self.file, self.path = root, file, path
        self.findings: list[Finding] = []
        self.general = child(root, "DLHDon", "TTChung")
        self.content = child(root, "DLHDon", "NDHDon")
        self.issued = text(self.general, "NLap")
        self.reactive = False

    def at(self, *steps: str) -> Origin:
        return Origin(file=self.file, cell="/".join((self.path, "DLHDon", *steps)))

    def invoice(self) -> EInvoice:
        own = self._own_fields()
        start, end = self._span(own.get("start", ""), own.get("end", ""), self.at("TTKhac"))
        related = child(self.general, "TTHDLQuan")
        elements = list(enumerate(children(child(self.content, "DSHHDVu"), "HHDVu"), 1))
        lines = [line for number, element in elements for line in self._lines(element, number)]
        form = text(self.general, "KHMSHDon") + text(self.general, "KHHDon")
        total = own.get("total", "")
        return EInvoice(
            number=" ".join(part for part in (form, text(self.general, "SHDon")) if part),
            supplier=text(self.content, "NBan", "Ten"),
            issued=self.issued,
            kind=self._kind(text(related, "TCHDon") if related is not None else ""),
            related=_related(related),
            note=text(related, "GChu"),
            start=start,
            end=end,
            total=self._number(total, "the total", self.at("TTKhac")) if total else None,
            meters=tuple(line for line in lines if isinstance(line, MeterLine)),
            billed=tuple(line for line in lines if isinstance(line, BilledLine)),
            reactive=self.reactive,
            where=self.at("TTChung", "SHDon"),
        )

    def _kind(self, nature: str) -> str:
        if nature not in _KINDS:
            where = self.at("TTChung", "TTHDLQuan", "TCHDon")
            self._questionable(say("the nature of the invoice is neither 1 (replaces) nor 2 (adjusts)"), where, nature)
        return _KINDS.get(nature, ADJUSTMENT)

    def _own_fields(self) -> dict[str, str]:
        """The supplier's fields of the invoice as a whole, wherever it puts them."""
        found: dict[str, str] = {}
        toan = child(self.content, "TToan")
        for parent in (child(self.root, "DLHDon"), self.general, self.content, toan, child(self.content, "NMua")):
            found = {**_fields(parent), **found}
        return found

    def _lines(self, element: Element, number: int) -> Iterator[MeterLine | BilledLine | None]:
        """What a line says: readings, an amount, both (some suppliers write one line for them), or neither."""
        where = self.at("NDHDon", "DSHHDVu", f"HHDVu[{number}]")
        fields = _fields(element)
        meter = self._meter_line(element, fields, where) if "new" in fields else None
        yield meter
        named = names.register_of(fields.get("register", "")) or names.register_in(text(element, "THHDVu"))
        reactive = names.REACTIVE in (named, names.register_in(text(element, "MHHDVu")))
        link = fields.get("link", "") or (meter.link if meter else "")
        self.reactive |= reactive and text(element, "TChat") != _NOTE
        if reactive or not _bills_energy(element, bool(named or link)):
            return
        quantity = self._number(text(element, "SLuong"), "the billed amount", _below(where, "SLuong"))
        if quantity is not None:
            yield BilledLine(named, quantity, text(element, "DVTinh"), link, _below(where, "SLuong"))

    def _meter_line(self, element: Element, fields: dict[str, str], where: Origin) -> MeterLine | None:
        code = fields.get("register", "")
        register = names.register_of(code) or names.register_in(text(element, "THHDVu"))
        if register == names.REACTIVE:
            return None
        if not register:
            self._questionable(say("the register is none of BT, CD, TD, KT, VC, so its line is not read"), where, code)
            return None
        start, end = self._span(fields.get("start", ""), fields.get("end", ""), where)
        numbers = {k: self._number(fields[k], _TOLD[k], where) for k in _TOLD if fields.get(k)}
        return MeterLine(
            fields.get("serial", ""),
            register,
            start,
            end,
            numbers.get("old"),
            numbers.get("new"),
            numbers.get("multiplier"),
            numbers.get("deducted") or 0.0,
            fields.get("link", "") or text(element, "MHHDVu"),
            where,
        )

    def _span(self, start: str, end: str, where: Origin) -> tuple[datetime | None, datetime | None]:
        if not start and not end:
            return None, None
        span = names.span_of(start, end, self.issued)
        if span is None:
            message = say("the first and last day cannot be read with certainty, or do not fit the day of issue")
            self._questionable(
                message, where, say("{start} to {end}, issued {issued}", start=start, end=end, issued=self.issued)
            )
            return None, None
        return span

    def _number(self, written: str, what: str, where: Origin) -> float | None:
        number = names.number_of(written)
        if number is None:
            message = say(
                "{what} is not a number such as 1234.5: it has more than one meaning, or is beyond all sizes", what=what
            )
            self._questionable(message, where, written[:60])
        return number

    def _questionable(self, message: str, where: Origin, found: str) -> None:
        action = say("Type the rows of this invoice as the paper shows them, and leave File empty.")
        self.findings.append(FIELD(message, where, found=found, action=action))


_TOLD = {"old": "the old index", "new": "the new index", "multiplier": "the multiplier", "deducted": "the deduction"}


def _fields(parent: Element | None) -> dict[str, str]:
    """The supplier's fields that are known, by what they mean; of several the first that is not empty."""
    found: dict[str, str] = {}
    for field in children(child(parent, "TTKhac"), "TTin"):
        key, value = names.meaning(text(field, "TTruong")), text(field, "DLieu")
        if key and value:
            found.setdefault(key, value)
    return found


def _related(element: Element | None) -> str:
    if element is None:
        return ""
    form = text(element, "KHMSHDCLQuan") + text(element, "KHHDCLQuan")
    return " ".join(part for part in (form, text(element, "SHDCLQuan")) if part)


def _bills_energy(element: Element, known: bool) -> bool:
    """True for a line that bills an amount in kWh or MWh, or without unit where the line is known to be of a meter."""
    unit = names.folded(text(element, "DVTinh"))
    billed = text(element, "TChat") not in (_DISCOUNT, _NOTE) and bool(text(element, "SLuong"))
    return billed and (unit in ("kwh", "mwh") or (unit == "" and known))


def _below(where: Origin, step: str) -> Origin:
    return replace(where, cell=f"{where.cell}/{step}")
