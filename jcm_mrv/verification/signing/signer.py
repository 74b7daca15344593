"""Signing with a person's key through pyHanko: the manifest (CMS, detached) and the PDF (PAdES).

The manifest holds the checksum of every file of the package, so that its signature is one of them all; the PDF carries
its own, as it is also handed on alone. pyHanko is the optional extra ``jcm-mrv[sign]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.guard import reading
from jcm_mrv.versions import archive
from jcm_mrv.words import say

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

NAME = archive.SIGNATURE
INSTALL = say('Install it: pip install "jcm-mrv[sign]"')
FIELD = "JcmMrv"
"""The name of the field that holds the signature of a PDF."""


class SigningError(JcmMrvError, ValueError):
    """Nothing can be signed with what was given; the text says what to do."""


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
        now = datetime.now(UTC).replace(microsecond=0)
        first, last = signer.signing_cert.not_valid_before, signer.signing_cert.not_valid_after
        if moment is None and not first <= now <= last:
            raise SigningError(
                say(
                    "{file}: its certificate is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}, and today is "
                    "{now:%Y-%m-%d}: no verification would accept the signature. Use a key with a valid certificate",
                    file=file,
                    first=first,
                    last=last,
                    now=now,
                )
            )
        return cls(signer, moment or now)

    @property
    def about(self) -> dict[str, str]:
        """Who signs, as the manifest states it."""
        certificate: Any = self.signer.signing_cert
        return {"subject": certificate.subject.human_friendly, "certificate_sha256": certificate.sha256.hex()}

    def manifest(self, content: bytes) -> bytes:
        """The detached signature of a manifest, as DER."""
        import asyncio

        from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

        attributes = PdfCMSSignedAttributes(signing_time=self.moment)
        made = asyncio.run(
            self.signer.async_sign_general_data(content, "sha256", detached=True, signed_attr_settings=attributes)
        )
        return bytes(made.dump())

    def pdf(self, content: bytes) -> bytes:
        """A PDF with its signature (PAdES, baseline B-B) below it: not a byte of ``content`` changes."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign.fields import SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

        moment = self.moment

        class _Writer(IncrementalPdfFileWriter):  # type: ignore[misc,unused-ignore]
            def _update_meta(self) -> None:
                """The metadata stay those of the report, PDF/A among them; the time stands in the signature."""

        class _Signer(PdfSigner):  # type: ignore[misc,unused-ignore]
            def register_extensions(self, *given: Any, **named: Any) -> None:
                """The report stays of its version of PDF."""

            def init_signing_session(self, *given: Any, **named: Any) -> Any:
                session = super().init_signing_session(*given, **named)
                session.system_time = moment
                return session

        about = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
        signed: BytesIO = _Signer(about, self.signer).sign_pdf(_Writer(BytesIO(content)))
        return signed.getvalue()


def available() -> bool:
    """Whether pyHanko is installed."""
    return find_spec("pyhanko") is not None
