"""E-invoices as rows that a person copies to the sheet Invoices, each with its origin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.findings import Finding, refuse_on_error
from jcm_mrv.invoices.amounts import Amount
from jcm_mrv.invoices.reading import read_einvoices
from jcm_mrv.invoices.sets import billed
from jcm_mrv.words import say
from jcm_mrv.workbook.rows_workbook import Notes, write_rows
from jcm_mrv.workbook.schema import names_einvoice
from jcm_mrv.workbook.template.sheets import Plain, Row

MOST_FILES = 2_000
"""Files that are read at once."""


class NoInvoicesError(JcmMrvError, FileNotFoundError):
    """Nothing that could be an invoice lies where it was looked for."""


@dataclass(frozen=True)
class InvoiceRows:
    """The amounts in the order of meter, time and tariff, and the findings (none of them an error)."""

    amounts: tuple[Amount, ...]
    findings: tuple[Finding, ...]
    files: int


def invoice_files(places: Iterable[Path]) -> list[Path]:
    """The files named, and every .xml file in or below the folders named, each once.

    Raises NoInvoicesError where there is none, or more than ``MOST_FILES``.
    """
    found: list[Path] = []
    for place in places:
        below = (p for p in place.rglob("*") if names_einvoice(p.name) and p.is_file()) if place.is_dir() else ()
        found += sorted(below) if place.is_dir() else [place]
    files = list({path.resolve(): path for path in found}.values())
    if not files:
        raise NoInvoicesError(
            say("there is no .xml file. Take the XML files of the invoices from the supplier's portal.")
        )
    if len(files) > MOST_FILES:
        raise NoInvoicesError(
            say("more than {most_files} .xml files. Name the folder of the invoices alone.", most_files=MOST_FILES)
        )
    return files


def read_invoice_rows(files: Sequence[Path], folder: Path) -> InvoiceRows:
    """What the invoices bill; their paths are shown from ``folder``. Raises InputRefusedError with every reason."""
    found = billed([read_einvoices(path, _shown(path, folder)) for path in files])
    refuse_on_error(found.findings)
    order = sorted(found.amounts, key=lambda a: (a.serial, str(a.start), a.invoice, _ORDER.index(a.register)))
    return InvoiceRows(tuple(order), found.findings, len(files))


_ORDER = ("total", "normal", "peak", "off-peak")


def _shown(path: Path, folder: Path) -> str:
    """A path from the folder with forward slashes; the name alone of a file that lies elsewhere."""
    whole, home = path.resolve(), folder.resolve()
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else path.name


def sheet_rows(found: InvoiceRows) -> list[Row]:
    """Rows of the sheet Invoices. The meter's ID stays empty: the reader finds it by the serial number."""
    return [
        {
            "invoice_no": a.invoice,
            "supplier": a.supplier,
            "start": a.start,
            "end": a.end,
            "value": a.value,
            "unit": a.unit,
            "register": a.register,
            "file": a.where.file,
            "comment": say("meter number {serial}", serial=a.serial) if a.serial else None,
        }
        for a in found.amounts
    ]


_HEADINGS = (
    *("Row", "File", "Element", "Invoice no.", "Meter number", "Register", "Old index", "New index"),
    *("Multiplier", "Billed", "Unit", "Finding"),
)


def write_invoice_rows(path: Path | BinaryIO, found: InvoiceRows) -> None:
    """Write the workbook: the rows, and on a second sheet where each comes from and what was found."""
    lines = [_origin(number, amount) for number, amount in enumerate(found.amounts, 2)]
    lines += [_finding(finding) for finding in found.findings]
    notes = Notes("Where from", _HEADINGS, (6, 28, 48, 22, 18, 12, 12, 12, 12, 12, 8, 80), tuple(lines))
    write_rows(path, "invoices", sheet_rows(found), notes)


def _finding(finding: Finding) -> tuple[Plain, ...]:
    told = f"{finding.severity}: {finding.message}. {finding.action} [{finding.code}]"
    return (None, finding.where.file, finding.where.cell, *[None] * 8, told)


def _origin(number: int, amount: Amount) -> tuple[Plain, ...]:
    line = amount.line
    shown = (line.old, line.new, line.multiplier) if line else (None, None, None)
    where = (amount.where.file, amount.where.cell, amount.invoice, amount.serial, amount.register)
    return (number, *where, *shown, amount.value, amount.unit)
