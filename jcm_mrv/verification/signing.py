"""A detached signature (CMS) of a package's manifest, made and checked through pyHanko.

The manifest holds the checksum of every file of the package, so that its signature is one of them all. pyHanko is the
optional extra ``jcm-mrv[sign]``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.guard import reading
from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.words import say

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

NAME = "manifest.json.p7s"
WHAT, WHO = say("signature of the manifest"), "who signed it"
MOST_BYTES = 1_000_000
INSTALL = say('Install it: pip install "jcm-mrv[sign]"')
LEEWAY = 300
"""Seconds by which a signer's clock may be ahead."""


class SigningError(JcmMrvError, ValueError):
    """Nothing can be signed with what was given; the text says what to do."""


class _BadSignatureError(JcmMrvError, ValueError):
    """What a library said of a signature."""


@dataclass(frozen=True)
class Signer:
    """A key with its certificate, and the moment that its signatures state."""

    signer: SimpleSigner
    moment: datetime

    @classmethod
    def of(cls, file: Path, passphrase: str, moment: datetime | None = None) -> Signer:
        """The key of a .p12 file. Raises SigningError where it cannot be used, and OSError."""
        if not available():
            raise SigningError(say("--sign needs pyHanko, which is not installed. {install}", install=INSTALL))
        from pyhanko.sign.signers import SimpleSigner

        content = file.read_bytes()
        with reading(
            lambda said: SigningError(
                say("{file}: the key cannot be read ({said}); is the passphrase right?", file=file, said=said)
            )
        ):
            signer = SimpleSigner.load_pkcs12_data(content, [], passphrase=passphrase.encode() if passphrase else None)
        if signer is None or signer.signing_cert is None:
            raise SigningError(
                say("{file}: it holds no key with a certificate, or its passphrase is another one", file=file)
            )
        return cls(signer, moment or datetime.now(UTC).replace(microsecond=0))

    def signature(self, manifest: bytes) -> bytes:
        """The detached signature of a manifest, as DER."""
        from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

        attributes = PdfCMSSignedAttributes(signing_time=self.moment)
        made = asyncio.run(
            self.signer.async_sign_general_data(manifest, "sha256", detached=True, signed_attr_settings=attributes)
        )
        return bytes(made.dump())


def available() -> bool:
    """Whether pyHanko is installed."""
    return find_spec("pyhanko") is not None


def signature_checks(
    manifest: bytes, signature: bytes, where: str, trusted: Sequence[bytes] = (), now: datetime | None = None
) -> Iterator[Check]:
    """Whether a signature is one of this manifest, and by whom.

    ``trusted`` are certificates (PEM or DER) of those whose signatures, or whose issuing, the verifier relies on;
    without any it is said who signed and left to the verifier. Revocation is not looked up: nothing is fetched.
    """
    if not available():
        yield Check(WHAT, where, Verdict.LEFT_OUT, note=say("pyHanko is not installed. {install}", install=INSTALL))
        return
    try:
        with reading(_BadSignatureError):
            yield from _checked(manifest, signature, where, trusted, now or datetime.now(UTC))
    except _BadSignatureError as error:
        yield Check(
            WHAT, where, Verdict.DIFFERS, note=say("it is no signature that can be checked: {error}", error=error)
        )


def _checked(manifest: bytes, signature: bytes, where: str, trusted: Sequence[bytes], now: datetime) -> Iterator[Check]:
    from asn1crypto import cms
    from pyhanko.sign.validation import async_validate_detached_cms
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    if len(signature) > MOST_BYTES:
        raise _BadSignatureError(say("it is larger than {most_bytes:,} bytes", most_bytes=MOST_BYTES))
    content = cms.ContentInfo.load(signature, strict=True)["content"]
    roots = list(_certificates(trusted))
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=_stated(content) or now)
    # Any key may sign a manifest: what it is for is not ours to say.
    status: Any = asyncio.run(
        async_validate_detached_cms(
            manifest,
            content,
            signer_validation_context=context,
            key_usage_settings=KeyUsageConstraints(key_usage=set()),
        )
    )
    certificate = status.signing_cert
    name = certificate.subject.human_friendly
    if not (status.intact and status.valid):
        why = say("the manifest was changed after it was signed, or it was signed with another key than it says")
        yield Check(WHAT, where, Verdict.DIFFERS, name, note=why)
        return
    yield Check(WHAT, where, Verdict.REPRODUCED, name, name)
    yield _who(status, where, roots=bool(roots), moment=_stated(content), now=now)


def _who(status: Any, where: str, *, roots: bool, moment: datetime | None, now: datetime) -> Check:
    """Whether the certificate was good when it signed, and whether somebody who is trusted stands behind it."""
    certificate = status.signing_cert
    stated = f"{certificate.subject.human_friendly}, SHA-256 {certificate.sha256.hex()}"
    first, last = certificate.not_valid_before, certificate.not_valid_after
    when = moment or now
    if not first <= when <= last:
        note = say(
            "the certificate is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}, and signed on {when:%Y-%m-%d}",
            first=first,
            last=last,
            when=when,
        )
        return Check(WHO, where, Verdict.DIFFERS, stated, note=note)
    if (when - now).total_seconds() > LEEWAY:
        note = say("it says that it was signed on {when:%Y-%m-%d %H:%M} UTC, which is still to come", when=when)
        return Check(WHO, where, Verdict.DIFFERS, stated, note=note)
    said = say(
        "signed on {when:%Y-%m-%d %H:%M} UTC by the signer's own clock; whether it was revoked is not looked up",
        when=when,
    )
    if not roots:
        note = say(
            "compare the certificate with one that you have from the signer, or give it with --trust; {said}", said=said
        )
        return Check(WHO, where, Verdict.LEFT_OUT, stated, note=note)
    if status.trusted:
        return Check(WHO, where, Verdict.REPRODUCED, stated, "trusted", note=said)
    return Check(
        WHO, where, Verdict.DIFFERS, stated, note=say("none of the certificates given with --trust stands behind it")
    )


def _stated(content: Any) -> datetime | None:
    """The time of signing that the signature states itself."""
    attributes = content["signer_infos"][0]["signed_attrs"]
    for attribute in attributes:
        if attribute["type"].native == "signing_time":
            moment: datetime = attribute["values"][0].native
            return moment
    return None


def _certificates(trusted: Sequence[bytes]) -> Iterator[Any]:
    from asn1crypto import pem, x509

    for content in trusted:
        if not pem.detect(content):
            yield x509.Certificate.load(content, strict=True)
            continue
        for _, _, der in pem.unarmor(content, multiple=True):
            yield x509.Certificate.load(der, strict=True)
