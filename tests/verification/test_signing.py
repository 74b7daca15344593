"""Signing a package's manifest and checking it, with certificates that the tests make themselves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.signing import NAME, WHAT, WHO, Signer, SigningError, signature_checks
from jcm_mrv.verification.submission import open_submission
from support.command import run
from support.workbooks import solar_workbook

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
MANIFEST = b'{"schema": "jcm-mrv-manifest/1"}\n'
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


def signed(folder: Path, one: x509.Certificate, moment: datetime = NOW) -> bytes:
    return Signer.of(p12(folder, one), "secret", moment).signature(MANIFEST)


def verdicts(checks: Iterator[Check]) -> dict[str, Verdict]:
    return {check.what: check.verdict for check in checks}


def test_a_good_signature_of_somebody_who_is_trusted(tmp_path: Path) -> None:
    """By the certificate itself, and by the one that issued it."""
    own = certificate()
    found = verdicts(signature_checks(MANIFEST, signed(tmp_path, own), "p", [pem(own)], NOW))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}
    authority = certificate("Authority (illustrative)", OTHER_KEY, ca=True)
    issued = certificate(issuer="Authority (illustrative)", issued_with=OTHER_KEY)
    found = verdicts(signature_checks(MANIFEST, signed(tmp_path, issued), "p", [pem(authority)], NOW))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}


def test_without_a_certificate_to_compare_it_is_left_to_the_verifier(tmp_path: Path) -> None:
    checks = list(signature_checks(MANIFEST, signed(tmp_path, certificate()), "p", (), NOW))
    assert verdicts(iter(checks)) == {WHAT: Verdict.REPRODUCED, WHO: Verdict.LEFT_OUT}
    assert "Plant (illustrative)" in checks[1].stated
    assert "--trust" in checks[1].note


def test_a_changed_manifest(tmp_path: Path) -> None:
    changed = MANIFEST.replace(b"/1", b"/2")
    assert verdicts(signature_checks(changed, signed(tmp_path, certificate()), "p", (), NOW)) == {WHAT: Verdict.DIFFERS}


def test_another_key_than_the_certificate_says(tmp_path: Path) -> None:
    """A stranger signs with a key of his own, and puts in a certificate of the plant's name."""
    forged = certificate(key=OTHER_KEY)
    signature = Signer.of(p12(tmp_path, forged, OTHER_KEY), "secret", NOW).signature(MANIFEST)
    found = verdicts(signature_checks(MANIFEST, signature, "p", [pem(certificate())], NOW))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.DIFFERS}


def test_a_certificate_put_in_place_of_the_signers(tmp_path: Path) -> None:
    """The plant's real certificate stands in the signature, but another key made it."""
    from asn1crypto import cms
    from asn1crypto import x509 as asn1

    forged, real = certificate(key=OTHER_KEY), certificate()
    signature = Signer.of(p12(tmp_path, forged, OTHER_KEY), "secret", NOW).signature(MANIFEST)
    content = cms.ContentInfo.load(signature)
    der = asn1.Certificate.load(real.public_bytes(serialization.Encoding.DER))
    content["content"]["certificates"] = [cms.CertificateChoices("certificate", der)]
    sid = cms.IssuerAndSerialNumber({"issuer": der.issuer, "serial_number": der.serial_number})
    content["content"]["signer_infos"][0]["sid"] = cms.SignerIdentifier("issuer_and_serial_number", sid)
    found = verdicts(signature_checks(MANIFEST, content.dump(force=True), "p", [pem(real)], NOW))
    assert found[WHAT] is Verdict.DIFFERS


@pytest.mark.parametrize("moment", [NOW + timedelta(days=400), NOW - timedelta(days=400)], ids=["expired", "not yet"])
def test_a_certificate_that_was_not_valid_when_it_signed(moment: datetime, tmp_path: Path) -> None:
    own = certificate()
    later = max(moment, NOW)
    found = verdicts(signature_checks(MANIFEST, signed(tmp_path, own, moment), "p", [pem(own)], later))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.DIFFERS}


def test_one_that_expired_since_is_still_good(tmp_path: Path) -> None:
    """Signed within its validity by its own clock; checked years later."""
    own = certificate()
    later = NOW + timedelta(days=2000)
    found = verdicts(signature_checks(MANIFEST, signed(tmp_path, own), "p", [pem(own)], later))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}


def test_a_time_that_is_still_to_come(tmp_path: Path) -> None:
    own = certificate()
    signature = signed(tmp_path, own, NOW + timedelta(days=30))
    assert verdicts(signature_checks(MANIFEST, signature, "p", [pem(own)], NOW))[WHO] is Verdict.DIFFERS


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x30\x80" * 500, b"\x30\x82\xff\xff" + b"\x00" * 70_000])
def test_what_is_no_signature(junk: bytes) -> None:
    assert verdicts(signature_checks(MANIFEST, junk, "p", (), NOW)) == {WHAT: Verdict.DIFFERS}


def test_a_wrong_passphrase_and_a_file_that_is_no_key(tmp_path: Path) -> None:
    file = p12(tmp_path, certificate())
    with pytest.raises(SigningError, match="passphrase"):
        Signer.of(file, "wrong")
    file.write_bytes(b"no key")
    with pytest.raises(SigningError):
        Signer.of(file, "secret")


def test_a_signed_package_is_the_unsigned_one_and_a_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JCM_MRV_PASSPHRASE", "secret")
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    last = datetime.now(UTC) + timedelta(days=30)
    own = certificate(last=last)
    key = p12(tmp_path, own)
    asked = ("calculate", report, "--formats", "json,package", "--output")
    assert run(*asked, tmp_path / "plain").status == 0
    done = run(*asked, tmp_path / "signed", "--sign", key)
    assert done.status == 0, done.err
    archives = [zipfile.ZipFile(tmp_path / name / "monitoring_package.zip") for name in ("plain", "signed")]
    unsigned, whole = ({name: one.read(name) for name in one.namelist()} for one in archives)
    signature = whole.pop(NAME)
    assert whole == unsigned
    package = tmp_path / "signed" / "monitoring_package.zip"
    checks = verdicts(signature_checks(unsigned["manifest.json"], signature, "p", [pem(own)]))
    assert checks == {WHAT: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}
    signed_by = {c.what: c.verdict for c in open_submission(package, tmp_path / "a", [pem(own)]).checks}
    assert (signed_by[WHAT], signed_by[WHO]) == (Verdict.REPRODUCED, Verdict.REPRODUCED)
    plain = open_submission(tmp_path / "plain" / "monitoring_package.zip", tmp_path / "b", [pem(own)]).checks
    assert {c.what: c.verdict for c in plain}[WHAT] is Verdict.MISSING
    trust = tmp_path / "own.pem"
    trust.write_bytes(pem(own))
    assert run("verify", package, "--trust", trust).status == 0
    forged = tmp_path / "forged.zip"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {**unsigned, NAME: signature}.items():
            archive.writestr(name, content + b"\n" if name == "manifest.json" else content)
    forged.write_bytes(buffer.getvalue())
    found = {c.what: c.verdict for c in open_submission(forged, tmp_path / "c", [pem(own)]).checks}
    assert found[WHAT] is Verdict.DIFFERS


def test_signing_needs_a_package(tmp_path: Path) -> None:
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    assert run("calculate", report, "--formats", "json", "--sign", p12(tmp_path, certificate())).status == 2
