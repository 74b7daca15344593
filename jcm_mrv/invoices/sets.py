"""Several e-invoices together: which count, and whether their readings follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.invoices.amounts import Amount, amounts_of
from jcm_mrv.invoices.names import folded
from jcm_mrv.invoices.reading import ADJUSTMENT, REPLACEMENT, EInvoice, EInvoiceFile
from jcm_mrv.words import say

REPLACED = Code("invoices.replaced", Severity.NOTE, "An invoice replaces another one, which does not count.")
ADJUSTMENT_FOUND = Code("invoices.adjustment", Severity.MAJOR, "An invoice adjusts another one and is not added.")
TWICE = Code("invoices.twice", Severity.MINOR, "The same electronic invoice is there twice and counts once.")
INDEX_BREAK = Code(
    "invoices.index_break", Severity.MAJOR, "An invoice does not begin with the reading that ended the one before."
)


@dataclass(frozen=True)
class InvoiceSet:
    """What some invoices bill together. ``replaced`` are those that do not count, by their key."""

    amounts: tuple[Amount, ...]
    findings: tuple[Finding, ...]


def billed(files: Sequence[EInvoiceFile]) -> InvoiceSet:
    """The amounts of all invoices that count, in the order of the files, and all that is questionable in them."""
    findings = [finding for file in files for finding in file.findings]
    amounts: list[Amount] = []
    for invoice in _counting([invoice for file in files for invoice in file.invoices], findings):
        found, questionable = amounts_of(invoice)
        amounts += found
        findings += questionable
    findings += index_breaks(amounts)
    return InvoiceSet(tuple(amounts), tuple(findings))


def _key(supplier: str, number: str) -> tuple[str, str, str]:
    form, _, serial = number.rpartition(" ")
    return folded(supplier), folded(form), serial.lstrip("0")


def _counting(invoices: Sequence[EInvoice], findings: list[Finding]) -> Iterator[EInvoice]:
    """Each invoice once, without those that are replaced and those that only adjust."""
    replaced = {_key(i.supplier, i.related): i for i in invoices if i.kind == REPLACEMENT}
    seen: dict[tuple[str, str, str], EInvoice] = {}
    for invoice in invoices:
        key = _key(invoice.supplier, invoice.number)
        first = seen.setdefault(key, invoice)
        if first is not invoice:
            message = say(
                "invoice {invoice_number} is in {file} already and counts once",
                invoice_number=invoice.number,
                file=first.where.file,
            )
            findings.append(TWICE(message, invoice.where, action=say("Remove one of the two files.")))
        elif invoice.kind == ADJUSTMENT:
            findings.append(_adjusts(invoice))
        elif key in replaced:
            by = replaced[key]
            message = say(
                "invoice {invoice_number} does not count: invoice {by_number} replaces it",
                invoice_number=invoice.number,
                by_number=by.number,
            )
            findings.append(
                REPLACED(message, invoice.where, found=str(by.where), action=say("Keep both files as evidence."))
            )
        else:
            if invoice.kind == REPLACEMENT:
                findings += _replaces(invoice, invoices)
            yield invoice


def _replaces(invoice: EInvoice, invoices: Iterable[EInvoice]) -> Iterator[Finding]:
    related = _key(invoice.supplier, invoice.related)
    if all(_key(other.supplier, other.number) != related for other in invoices):
        message = say(
            "invoice {invoice_number} replaces invoice {related}, which is not among the files",
            invoice_number=invoice.number,
            related=invoice.related,
        )
        action = say("Make sure that no row of the sheet Invoices holds invoice {related}.", related=invoice.related)
        yield REPLACED(message, invoice.where, found=invoice.note, action=action)


def _adjusts(invoice: EInvoice) -> Finding:
    return ADJUSTMENT_FOUND(
        say(
            "invoice {invoice_number} adjusts invoice {related}; whether its amounts stand in place of the first or "
            "come on top of it, the file does not say, so it is not added",
            invoice_number=invoice.number,
            related=invoice.related,
        ),
        invoice.where,
        found=invoice.note,
        action=say(
            "Where it changes the energy, type the corrected amount in a row of its own in place of invoice {related}, "
            "leave File empty, and name both as evidence.",
            related=invoice.related,
        ),
    )


def index_breaks(amounts: Iterable[Amount]) -> Iterator[Finding]:
    """Registers of which an invoice begins where the one before ended in time, but with another reading."""
    registers: dict[tuple[str, str], list[Amount]] = {}
    for amount in amounts:
        if amount.line is not None and amount.start and amount.end and amount.serial:
            registers.setdefault((amount.serial, amount.register), []).append(amount)
    for (serial, register), found in registers.items():
        for earlier, later in pairwise(sorted(found, key=lambda a: (str(a.start), a.invoice))):
            before, after = earlier.line, later.line
            if before is None or after is None or earlier.end != later.start:
                continue
            if before.new is not None and after.old is not None and before.new != after.old:
                yield INDEX_BREAK(
                    say(
                        "the register {register} of meter {serial} ended with another reading on invoice {invoice} "
                        "than it begins with on invoice {invoice_2}",
                        register=register,
                        serial=serial,
                        invoice=earlier.invoice,
                        invoice_2=later.invoice,
                    ),
                    later.where,
                    found=say(
                        "{new:.15g} at {where}, then {old:.15g}", new=before.new, where=earlier.where, old=after.old
                    ),
                    action=say(
                        "An invoice was replaced, the meter was changed or read anew: ask the supplier and show it."
                    ),
                    data={"ended": before.new, "begins": after.old},
                )
