"""The signatures inside a PDF, and what was added with and after them; read by pyHanko in the process of the PDF."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from jcm_mrv.guard import reading
from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.signing.checking import PDF, Signature, Trust, signature_checks
from jcm_mrv.verification.signing.signer import INSTALL, available
from jcm_mrv.words import say

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

MOST = 20
"""Signatures, and lists of revoked certificates, that are read."""
_WIDGET = {"/FT", "/T", "/Type", "/Subtype", "/F", "/Rect", "/P", "/V", "/Lock"}
"""What a signature that shows nothing on its page consists of."""


@dataclass(frozen=True)
class Signed:
    """The signatures of a PDF. ``base`` is where the bytes below them end; ``fault`` why they could not be read."""

    signatures: Sequence[Mapping[str, Any]] = ()
    base: int = 0
    fault: str = ""

    def checks(
        self, content: bytes, where: str, trust: Trust, signed_by: Mapping[str, str] | None = None
    ) -> Iterator[Check]:
        """Each signature, and what was changed around it; where there is none, that one is expected."""
        if self.fault:
            yield Check(
                PDF, where, Verdict.DIFFERS, note=say("its signature cannot be read: {fault}", fault=self.fault)
            )
        elif not self.signatures and signed_by:
            name = signed_by["subject"]
            yield Check(
                PDF, where, Verdict.MISSING, name, note=say("the manifest says that it is signed, and it is not")
            )
        elif not self.signatures and trust.certificates:
            yield Check(PDF, where, Verdict.MISSING, note=say("the PDF is not signed"))
        elif self.signatures and not available():
            yield Check(
                PDF, where, Verdict.NOT_CHECKED, note=say("pyHanko is not installed. {install}", install=INSTALL)
            )
        for one in self.signatures if available() else ():
            if one["changed"]:
                yield Check(PDF, where, Verdict.DIFFERS, one["field"], note=one["changed"])
            yield from signature_checks(_covered(content, one["range"]), _signature(one, where), trust, signed_by)
            signed_by = None  # a second signature is somebody else's


def _covered(content: bytes, reach: Sequence[int]) -> bytes:
    begin, size, again, rest = reach
    return content[begin : begin + size] + content[again : again + rest]


def _signature(one: Mapping[str, Any], where: str) -> Signature:
    lists = (tuple(base64.b64decode(der) for der in one[key]) for key in ("crls", "ocsps"))
    moment = datetime.fromisoformat(one["moment"]) if one["moment"] else None
    return Signature(PDF, where, base64.b64decode(one["cms"]), moment, *lists)


# --- in the process of its own -----------------------------------------------------


def signed_data(content: bytes) -> dict[str, Any]:
    """The fields of a Signed, as plain data."""
    if b"/ByteRange" not in content:
        return {"signatures": [], "base": 0, "fault": ""}
    if not available():
        return {"signatures": [{}], "base": 0, "fault": ""}
    try:
        with reading(ValueError):
            return _signed(content)
    except ValueError as error:
        return {"signatures": [], "base": 0, "fault": str(error)[:200]}


def _signed(content: bytes) -> dict[str, Any]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(content), strict=True)
    found = reader.embedded_signatures
    if not found:
        return {"signatures": [], "base": 0, "fault": say("there is one that belongs to no field")}
    if len(found) > MOST:
        raise ValueError(f"it has {len(found)} signatures")
    lists = {"crls": _lists(reader, "/CRLs"), "ocsps": _lists(reader, "/OCSPs")}
    signatures = [
        {
            "field": str(one.field_name),
            "moment": one.self_reported_timestamp.isoformat() if one.self_reported_timestamp else "",
            "cms": base64.b64encode(one.pkcs7_content).decode("ascii"),
            "range": [int(number) for number in one.byte_range],
            "changed": (_added(reader, one) if n == 0 else "") or _afterwards(one),
            **lists,
        }
        for n, one in enumerate(found)
    ]
    return {"signatures": signatures, "base": reader.xrefs.get_xref_container_info(0).end_location, "fault": ""}


def _lists(reader: PdfFileReader, key: str) -> list[str]:
    """Answers about revocation that somebody put into the PDF."""
    store = reader.root.get("/DSS", {})
    return [base64.b64encode(one.get_object().data).decode("ascii") for one in store.get(key, ())[:MOST]]


def _afterwards(one: Any) -> str:
    """What was changed after it was signed, further signatures and answers about revocation apart."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel

    one.compute_integrity_info(skip_diff=True)
    found = one.evaluate_modifications(DEFAULT_DIFF_POLICY)
    harmless = isinstance(found, DiffResult) and found.modification_level <= ModificationLevel.FORM_FILLING
    return "" if harmless else say("the PDF was changed after it was signed")


def _added(reader: Any, one: Any) -> str:
    """What came into the PDF together with its first signature, besides that signature; '' where nothing did."""
    from pyhanko.sign.diff_analysis import SuspiciousModification
    from pyhanko.sign.diff_analysis.commons import compare_dicts

    if one.signed_revision != 1:
        return say("the PDF was changed before it was signed")
    old, new = reader.get_historical_resolver(0), reader.get_historical_resolver(1)
    page = one.sig_field.raw_get("/P").reference if "/P" in one.sig_field else None
    before = {ref.idnum for ref in old.explicit_refs_in_revision()}
    now = {ref.idnum for ref in (*new.explicit_refs_in_revision(), *new.refs_freed_in_revision())}
    if now & before - {reader.root_ref.idnum, page.idnum if page else 0}:
        return say("with the signature other parts of the PDF were replaced")
    try:
        compare_dicts(old.root, new.root, frozenset({"/AcroForm"}))
        if page is not None:
            compare_dicts(old(page), new(page), frozenset({"/Annots"}))
    except SuspiciousModification as error:
        return say("with the signature the PDF was changed: {error}", error=error)
    if set(one.sig_field) - _WIDGET or any(float(side) for side in one.sig_field.get("/Rect", ())):
        return say("the signature shows or does something on a page: look at what it covers")
    return ""
