"""Signing a package's manifest and checking it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.signing.checking import MANIFEST as WHAT
from jcm_mrv.verification.signing.checking import NOBODY, WHO, Signature, Trust, signature_checks
from jcm_mrv.verification.signing.signer import NAME, Signer, SigningError
from jcm_mrv.verification.submission import open_submission
from support.certificates import NOW, OTHER_KEY, authority, certificate, der, issued, p12, pem, revoked
from support.command import run
from support.workbooks import solar_workbook

MANIFEST = b'{"schema": "jcm-mrv-manifest/1"}\n'


def signed(folder: Path, one: x509.Certificate, moment: datetime = NOW) -> bytes:
    return Signer.of(p12(folder, one), "secret", moment).manifest(MANIFEST)


def checked(
    content: bytes,
    cms: bytes,
    trusted: Sequence[x509.Certificate] = (),
    now: datetime | None = None,
    crls: tuple[bytes, ...] = (),
) -> Iterator[Check]:
    return signature_checks(content, Signature(WHAT, "p", cms), Trust(tuple(map(der, trusted)), crls), now=now)


def verdicts(checks: Iterator[Check]) -> dict[str, Verdict]:
    return {check.what: check.verdict for check in checks}


def test_a_good_signature_of_somebody_who_is_trusted(tmp_path: Path) -> None:
    """By the certificate itself, and by the one that issued it."""
    own = certificate()
    found = verdicts(checked(MANIFEST, signed(tmp_path, own), [own], NOW))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}
    found = verdicts(checked(MANIFEST, signed(tmp_path, issued()), [authority()], NOW))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}


def test_without_a_certificate_to_compare_it_is_left_to_the_verifier(tmp_path: Path) -> None:
    checks = list(checked(MANIFEST, signed(tmp_path, certificate()), (), NOW))
    assert verdicts(iter(checks)) == {WHAT: Verdict.REPRODUCED, WHO: Verdict.LEFT_OUT}
    assert "Plant (illustrative)" in checks[1].stated
    assert "--trust" in checks[1].note


def test_a_changed_manifest(tmp_path: Path) -> None:
    changed = MANIFEST.replace(b"/1", b"/2")
    assert verdicts(checked(changed, signed(tmp_path, certificate()), (), NOW)) == {WHAT: Verdict.DIFFERS}


def test_another_key_than_the_certificate_says(tmp_path: Path) -> None:
    """A stranger signs with a key of his own, and puts in a certificate of the plant's name."""
    forged = certificate(key=OTHER_KEY)
    signature = Signer.of(p12(tmp_path, forged, OTHER_KEY), "secret", NOW).manifest(MANIFEST)
    found = verdicts(checked(MANIFEST, signature, [certificate()], NOW))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.DIFFERS}


def test_a_certificate_put_in_place_of_the_signers(tmp_path: Path) -> None:
    """The plant's real certificate stands in the signature, but another key made it."""
    from asn1crypto import cms
    from asn1crypto import x509 as asn1

    forged, real = certificate(key=OTHER_KEY), certificate()
    signature = Signer.of(p12(tmp_path, forged, OTHER_KEY), "secret", NOW).manifest(MANIFEST)
    content = cms.ContentInfo.load(signature)
    other = asn1.Certificate.load(der(real))
    content["content"]["certificates"] = [cms.CertificateChoices("certificate", other)]
    sid = cms.IssuerAndSerialNumber({"issuer": other.issuer, "serial_number": other.serial_number})
    content["content"]["signer_infos"][0]["sid"] = cms.SignerIdentifier("issuer_and_serial_number", sid)
    found = verdicts(checked(MANIFEST, content.dump(force=True), [real], NOW))
    assert found[WHAT] is Verdict.DIFFERS


@pytest.mark.parametrize("moment", [NOW + timedelta(days=400), NOW - timedelta(days=400)], ids=["expired", "not yet"])
def test_a_certificate_that_was_not_valid_when_it_signed(moment: datetime, tmp_path: Path) -> None:
    own = certificate()
    later = max(moment, NOW)
    found = verdicts(checked(MANIFEST, signed(tmp_path, own, moment), [own], later))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.DIFFERS}


def test_one_that_expired_since_is_still_good(tmp_path: Path) -> None:
    """Signed within its validity by its own clock; checked years later."""
    own = certificate()
    later = NOW + timedelta(days=2000)
    found = verdicts(checked(MANIFEST, signed(tmp_path, own), [own], later))
    assert found == {WHAT: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}


def test_a_time_that_is_still_to_come(tmp_path: Path) -> None:
    own = certificate()
    signature = signed(tmp_path, own, NOW + timedelta(days=30))
    assert verdicts(checked(MANIFEST, signature, [own], NOW))[WHO] is Verdict.DIFFERS


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x30\x80" * 500, b"\x30\x82\xff\xff" + b"\x00" * 70_000])
def test_what_is_no_signature(junk: bytes) -> None:
    assert verdicts(checked(MANIFEST, junk, (), NOW)) == {WHAT: Verdict.DIFFERS}


def test_another_signer_than_the_manifest_names(tmp_path: Path) -> None:
    found = Signature(WHAT, "p", signed(tmp_path, certificate()))
    named = {"subject": "Plant", "certificate_sha256": "0" * 64}
    notes = [
        c.note for c in signature_checks(MANIFEST, found, signed_by=named, now=NOW) if c.verdict is Verdict.DIFFERS
    ]
    assert notes == ["the manifest names another signer"]


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
    about = json.loads(whole["manifest.json"])
    assert about.pop("signed_by")["subject"] == "Common Name: Plant (illustrative)"
    assert about == json.loads(unsigned["manifest.json"])
    assert {**whole, "manifest.json": unsigned["manifest.json"]} == unsigned
    package = tmp_path / "signed" / "monitoring_package.zip"
    checks = verdicts(checked(whole["manifest.json"], signature, [own]))
    assert checks == {WHAT: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}
    signed_by = {c.what: c.verdict for c in open_submission(package, tmp_path / "a", Trust((der(own),))).checks}
    assert (signed_by[WHAT], signed_by[WHO]) == (Verdict.REPRODUCED, Verdict.REPRODUCED)
    plain = open_submission(tmp_path / "plain" / "monitoring_package.zip", tmp_path / "b", Trust((der(own),))).checks
    assert {c.what: c.verdict for c in plain}[WHAT] is Verdict.MISSING
    trust = tmp_path / "own.pem"
    trust.write_bytes(pem(own))
    assert run("verify", package, "--trust", trust).status == 0
    forged = tmp_path / "forged.zip"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {**whole, NAME: signature}.items():
            archive.writestr(name, content + b"\n" if name == "manifest.json" else content)
    forged.write_bytes(buffer.getvalue())
    found = {c.what: c.verdict for c in open_submission(forged, tmp_path / "c", Trust((der(own),))).checks}
    assert found[WHAT] is Verdict.DIFFERS
    unsigned_again = tmp_path / "unsigned.zip"
    with zipfile.ZipFile(unsigned_again, "w") as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    found = {c.what: c.verdict for c in open_submission(unsigned_again, tmp_path / "d").checks}
    assert found[WHAT] is Verdict.MISSING


@pytest.mark.parametrize(
    ("since", "verdict", "says"),
    [
        (NOW - timedelta(days=1), Verdict.DIFFERS, "was revoked on 2025-05-31, and signed on 2025-06-01"),
        (NOW + timedelta(days=1), Verdict.NOT_CHECKED, "was revoked on 2025-06-02, after the time that it states"),
        (None, Verdict.REPRODUCED, "not revoked, by the lists given"),
    ],
    ids=["before", "after", "never"],
)
def test_a_list_of_revoked_certificates(since: datetime | None, verdict: Verdict, says: str, tmp_path: Path) -> None:
    own, later = issued(), NOW + timedelta(days=10)
    crl = revoked([own] if since else [], since or NOW, made=NOW + timedelta(days=5))
    checks = list(checked(MANIFEST, signed(tmp_path, own), [authority()], later, (crl,)))
    assert (checks[1].verdict, says in checks[1].note) == (verdict, True), checks
    # A list of somebody else says nothing of it.
    other = certificate()
    checks = list(checked(MANIFEST, signed(tmp_path, other), [other], later, (crl,)))
    assert "whether it was revoked is not known" in checks[1].note


def test_files_that_hold_no_certificate_or_list(tmp_path: Path) -> None:
    junk, own, crl = tmp_path / "junk", tmp_path / "own.pem", tmp_path / "a.crl"
    junk.write_bytes(b"junk")
    own.write_bytes(pem(certificate()))
    crl.write_bytes(revoked([], NOW))
    assert Trust.of([own], [crl]) != NOBODY
    for given in (([junk], []), ([], [junk]), ([crl], [])):
        with pytest.raises(SigningError, match="this is no"):
            Trust.of(*given)


def test_a_key_whose_certificate_has_expired_signs_nothing(tmp_path: Path) -> None:
    file = p12(tmp_path, certificate(last=NOW))
    with pytest.raises(SigningError, match="valid from 2024-06-01 to 2025-06-01"):
        Signer.of(file, "secret")


def test_signing_needs_a_package(tmp_path: Path) -> None:
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    assert run("calculate", report, "--formats", "json", "--sign", p12(tmp_path, certificate())).status == 2
