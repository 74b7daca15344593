"""Packages that an earlier version wrote: what a later one says otherwise is named, and is no alarm."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import tampering
from jcm_mrv.verification.checks import Verdict
from tampered.base import Tampered

STORED = sorted((Path(__file__).parents[1] / "data" / "stored_packages").glob("*.zip"))
# What the version that wrote them gave; a later one that gives anything else changes past reports.
CREDITED = {"air_conditioners": "67", "boiler": "null", "compost": "79", "solar": "352", "transformers": "2"}
ALARMS = (Verdict.REFUSED, Verdict.MISSING, Verdict.DIFFERS, Verdict.NOT_CHECKED)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_later_version_verifies_it(path: Path) -> None:
    checks = tampering.verified(path.read_bytes()).checks
    assert [c for c in checks if c.verdict in ALARMS] == []
    assert [c.recomputed for c in checks if c.what.startswith("credited total")] == [CREDITED[path.stem]]
    assert "jcm-mrv 0.1.0.dev0" in [c.what for c in checks if c.verdict is Verdict.VERSION]


def test_a_setting_that_a_version_lacked_is_named_and_a_tonne_more_is_an_alarm() -> None:
    with zipfile.ZipFile(next(path for path in STORED if path.stem == "solar")) as archive:
        package = Tampered({name: archive.read(name) for name in archive.namelist()}, None)
    result, manifest = package.data(), package.data("manifest.json")
    name = next(iter(manifest["settings"]))
    del result["settings"][name], manifest["settings"][name]
    package.put(result)
    package.put(manifest, "manifest.json")
    checks = tampering.verified(package.content()).checks
    assert [c for c in checks if c.verdict in ALARMS] == []
    found = {c.where for c in checks if c.verdict is Verdict.VERSION and name in c.what}
    assert found == {f"{file}: settings.{name}" for file in ("manifest.json", "reports/result.json")}
    result["emission_reductions"]["credited"] += 1
    package.put(result)
    alarms = [c.where for c in tampering.verified(package.content()).checks if c.verdict in ALARMS]
    assert "reports/result.json: credited" in alarms
