"""Whether a signature is one of what it lies beside, and by whom: of a manifest or of a PDF alike, offline."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.guard import reading
from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.signing.signer import INSTALL, SigningError, available
from jcm_mrv.words import say

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # What they find is a row of the verification; their log would print it as an error with its traceback besides.
    logging.getLogger(_name).addHandler(logging.NullHandler())

MANIFEST, PDF, WHO = say("signature of the manifest"), "signature of the PDF", "who signed it"
MOST_BYTES = 1_000_000
LEEWAY = 300
"""Seconds by which a signer's clock may be ahead."""
_UNPROVEN = say("the time is the signer's own word")


class _BadSignatureError(JcmMrvError, ValueError):
    """What a library said of a signature."""


@dataclass(frozen=True)
class Trust:
    """What a verifier relies on: certificates of signers or of their issuers, and lists of revoked ones (both DER)."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, certificates: Iterable[Path], crls: Iterable[Path]) -> Trust:
        """From files (PEM or DER). Raises SigningError for one that holds none, and OSError."""
        if not available():
            raise SigningError(
                say("--trust and --crl need pyHanko, which is not installed. {install}", install=INSTALL)
            )
        from asn1crypto import crl, x509

        return cls(
            tuple(der for path in certificates for der in _held(path, x509.Certificate, "certificate")),
            tuple(
                der for path in crls for der in _held(path, crl.CertificateList, say("list of revoked certificates"))
            ),
        )


NOBODY = Trust()


def _held(path: Path, kind: Any, words: str) -> Iterator[bytes]:
    from asn1crypto import pem

    content = path.read_bytes()
    with reading(
        lambda said: SigningError(
            say("{path}: this is no {words} (PEM or DER): {said}", path=path, words=words, said=said)
        )
    ):
        parts = [der for _, _, der in pem.unarmor(content, multiple=True)] if pem.detect(content) else [content]
        for der in parts:
            _ = kind.load(der, strict=True).native
            yield der


@dataclass(frozen=True)
class Signature:
    """A signature as it was found: CMS (DER), what it is one of, and the time that a PDF states beside it."""

    what: str
    where: str
    cms: bytes
    moment: datetime | None = None
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


def signature_checks(
    content: bytes,
    signature: Signature,
    trust: Trust = NOBODY,
    signed_by: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Iterator[Check]:
    """Whether a signature is one of ``content``, by whom, and whether that is who the manifest says (``signed_by``).

    Without a trusted certificate it is said who signed and left to the verifier. Nothing is fetched: what is known of
    revocation is what ``trust`` or the signature bring along.
    """
    what, where = signature.what, signature.where
    if not available():
        yield Check(what, where, Verdict.LEFT_OUT, note=say("pyHanko is not installed. {install}", install=INSTALL))
        return
    try:
        with reading(_BadSignatureError):
            yield from _Checking(content, signature, trust, now or datetime.now(UTC)).checks(signed_by)
    except _BadSignatureError as error:
        yield Check(
            what, where, Verdict.DIFFERS, note=say("it is no signature that can be checked: {error}", error=error)
        )


class _Checking:
    def __init__(self, content: bytes, signature: Signature, trust: Trust, now: datetime) -> None:
        from asn1crypto import cms, crl, x509

        if len(signature.cms) > MOST_BYTES:
            raise _BadSignatureError(say("it is larger than {most_bytes:,} bytes", most_bytes=MOST_BYTES))
        self.content, self.signature, self.now = content, signature, now
        self.cms: Any = cms.ContentInfo.load(signature.cms, strict=False)["content"]
        self.moment = signature.moment or _stated(self.cms)
        self.roots = [x509.Certificate.load(der) for der in trust.certificates]
        brought = [one.chosen for one in self.cms["crls"] if one.name == "certificate_list"] if self.cms["crls"] else []
        self.crls = [*brought, *(crl.CertificateList.load(der) for der in (*trust.crls, *signature.crls))]

    def checks(self, signed_by: Mapping[str, str] | None) -> Iterator[Check]:
        what, where = self.signature.what, self.signature.where
        status = self._status(self.moment or self.now)
        name = status.signing_cert.subject.human_friendly
        if not (status.intact and status.valid):
            why = say("what it signs was changed afterwards, or it was signed with another key than it says")
            yield Check(what, where, Verdict.DIFFERS, name, note=why)
            return
        yield Check(what, where, Verdict.REPRODUCED, name, name)
        yield self._who(status)
        if signed_by is not None:
            named, found = signed_by["certificate_sha256"], status.signing_cert.sha256.hex()
            if named != found:
                yield Check(what, where, Verdict.DIFFERS, found, named, note=say("the manifest names another signer"))

    def _status(self, moment: datetime, mode: str = "soft-fail") -> Any:
        """What pyHanko says at a moment; with ``mode`` require only a proof that nothing was revoked passes."""
        from pyhanko.sign.validation import async_validate_detached_cms
        from pyhanko.sign.validation.settings import KeyUsageConstraints
        from pyhanko_certvalidator import ValidationContext

        context = ValidationContext(
            trust_roots=self.roots,
            allow_fetching=False,
            moment=moment,
            crls=self.crls,
            ocsps=self.signature.ocsps,
            revocation_mode=mode,
            retroactive_revinfo=True,
        )
        # Any key may sign a report: what it is for is not ours to say.
        usage = KeyUsageConstraints(key_usage=set())
        return asyncio.run(
            async_validate_detached_cms(
                self.content, self.cms, signer_validation_context=context, key_usage_settings=usage
            )
        )

    def _who(self, status: Any) -> Check:
        """Whether the certificate was good when it signed, and whether somebody who is trusted stands behind it."""
        certificate = status.signing_cert
        stated = _described(certificate)
        when = self.moment or self.now
        verdict, said = self._revoked(status, when)
        fault = self._untimely(certificate, when)
        if fault or verdict is Verdict.DIFFERS:
            return self._row(Verdict.DIFFERS, stated, fault or said)
        said = say("signed on {when:%Y-%m-%d %H:%M} UTC ({unproven}); {said}", when=when, unproven=_UNPROVEN, said=said)
        if verdict is not Verdict.REPRODUCED:
            return self._row(verdict, stated, said)
        if not self.roots:
            hint = say("compare the certificate with one that you have from the signer, or give it with --trust")
            return self._row(Verdict.LEFT_OUT, stated, f"{hint}; {said}")
        if not status.trusted:
            why = say("none of the certificates given with --trust stands behind it")
            return self._row(Verdict.DIFFERS, stated, why)
        return self._row(Verdict.REPRODUCED, stated, said, "trusted")

    def _row(self, verdict: Verdict, stated: str, note: str, found: str = "") -> Check:
        return Check(WHO, self.signature.where, verdict, stated, found, note=note)

    def _untimely(self, certificate: Any, when: datetime) -> str:
        first, last = certificate.not_valid_before, certificate.not_valid_after
        if not first <= when <= last:
            return say(
                "the certificate is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}, and signed on {when:%Y-%m-%d}",
                first=first,
                last=last,
                when=when,
            )
        if (when - self.now).total_seconds() > LEEWAY:
            return say("it says that it was signed on {when:%Y-%m-%d %H:%M} UTC, which is still to come", when=when)
        return ""

    def _revoked(self, status: Any, when: datetime) -> tuple[Verdict, str]:
        """What is known of revocation, offline: a list that names the certificate counts whoever brought it."""
        certificate = status.signing_cert
        latest = self._status(max(when, min(self.now, certificate.not_valid_after)))
        known = [one.revocation_details.revocation_date for one in (status, latest) if one.revocation_details]
        known += _listed(certificate, self.crls)
        if known:
            since = say("the certificate was revoked on {least_known:%Y-%m-%d}", least_known=min(known))
            if min(known) <= when:
                return Verdict.DIFFERS, say("{since}, and signed on {when:%Y-%m-%d}", since=since, when=when)
            return Verdict.NOT_CHECKED, say(
                "{since}, after the time that it states, which nothing proves: ask the signer", since=since
            )
        own = any(root.sha256 == certificate.sha256 for root in self.roots)
        if status.trusted and not own and self._status(when, "require").trusted:
            return Verdict.REPRODUCED, say("not revoked, by the lists given")
        lists = say("no list given is one of its issuer") if self.crls else say("give its issuer's list with --crl")
        return Verdict.REPRODUCED, say("whether it was revoked is not known: {lists}", lists=lists)


def _described(certificate: Any) -> str:
    """Who a certificate names, and who stands behind that."""
    subject, issuer = certificate.subject.human_friendly, certificate.issuer.human_friendly
    behind = (
        say("issued by itself")
        if certificate.subject == certificate.issuer
        else say("issued by {issuer}", issuer=issuer)
    )
    return f"{subject}, {behind}, SHA-256 {certificate.sha256.hex()}"


def _listed(certificate: Any, crls: Sequence[Any]) -> Iterator[datetime]:
    """When a certificate was revoked, by the lists of its issuer; whether these are genuine is not asked."""
    for one in crls:
        if one.issuer == certificate.issuer:
            for entry in one["tbs_cert_list"]["revoked_certificates"] or ():
                if entry["user_certificate"].native == certificate.serial_number:
                    moment: datetime = entry["revocation_date"].native
                    yield moment


def _stated(content: Any) -> datetime | None:
    """The time of signing that the signature states itself."""
    attributes = content["signer_infos"][0]["signed_attrs"]
    for attribute in attributes:
        if attribute["type"].native == "signing_time":
            moment: datetime = attribute["values"][0].native
            return moment
    return None
