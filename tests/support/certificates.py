"""Keys and certificates that the tests make themselves, valid around a fixed day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def certificate(
    name: str = "Plant (illustrative)",
    key: ec.EllipticCurvePrivateKey = KEY,
    issuer: str = "",
    issued_with: ec.EllipticCurvePrivateKey | None = None,
    last: datetime = NOW + timedelta(days=365),
    ca: bool = False,
) -> x509.Certificate:
    """A certificate valid from a year before NOW; signed by itself where no issuer is named."""
    builder = x509.CertificateBuilder(named(issuer or name), named(name), key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(NOW - timedelta(days=365)).not_valid_after(last)
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    return builder.sign(issued_with or key, hashes.SHA256())


def pem(one: x509.Certificate) -> bytes:
    return one.public_bytes(serialization.Encoding.PEM)


def p12(
    folder: Path, one: x509.Certificate, key: ec.EllipticCurvePrivateKey = KEY, passphrase: bytes = b"secret"
) -> Path:
    file = folder / "key.p12"
    hidden = serialization.BestAvailableEncryption(passphrase)
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"key", key, one, None, hidden))
    return file


def der(one: x509.Certificate) -> bytes:
    return one.public_bytes(serialization.Encoding.DER)


def authority() -> x509.Certificate:
    """Who issues certificates with OTHER_KEY."""
    return certificate("Authority (illustrative)", OTHER_KEY, ca=True)


def issued(last: datetime = NOW + timedelta(days=365)) -> x509.Certificate:
    """A certificate of KEY that the authority issued."""
    return certificate(issuer="Authority (illustrative)", issued_with=OTHER_KEY, last=last)


def revoked(ones: Sequence[x509.Certificate], since: datetime, made: datetime = NOW) -> bytes:
    """The authority's list of revoked certificates, as DER."""
    builder = x509.CertificateRevocationListBuilder(named("Authority (illustrative)"))
    builder = builder.last_update(made).next_update(made + timedelta(days=30))
    for one in ones:
        entry = x509.RevokedCertificateBuilder(one.serial_number, since).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(OTHER_KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
