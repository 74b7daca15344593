"""A methodology in an outside package, really installed, appears without touching the project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = """
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, default, monitored, result


class Outside(Methodology):
    EG = monitored("electricity generated", unit="MWh")
    EF = default("emission factor", unit="tCO2e/MWh")
    RE = result(EG * EF, "reference emissions")
    PE_zero = constant("0", unit="tCO2e", label="none", source="test")
    PE = result(PE_zero, "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Outside
"""

CARD = """
number = "ZZ_AM001"
version = "0.1"
family = "outside"
country = "Nowhere"
scope = "1"
status = "pattern"
[title]
text = "A methodology from outside"
evidence = "unconfirmed"
source = "invented for the test"
[equation]
text = "RE = EG x EF"
evidence = "unconfirmed"
source = "invented for the test"
"""

SETUP = """
[metadata]
name = outside-methodology
version = 0.1
[options]
packages = outside_methodology
[options.package_data]
outside_methodology = cards/*.toml
[options.entry_points]
jcm_mrv.methodologies =
    outside = outside_methodology
    broken = outside_methodology.broken
"""

LIST = """
from jcm_mrv.methodology.catalogue import catalogue
found = catalogue()
print([e.card.id for e in found.entries])
print(found.failures)
"""


def install(folder: Path) -> Path:
    """Build and install the package into a folder of its own."""
    source = folder / "source"
    cards = source / "outside_methodology" / "cards"
    cards.mkdir(parents=True)
    (source / "outside_methodology" / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    (source / "outside_methodology" / "broken.py").write_text("import not_there_at_all\n", encoding="utf-8")
    (cards / "ZZ_AM001_0.1.toml").write_text(CARD, encoding="utf-8")
    (source / "setup.cfg").write_text(SETUP, encoding="utf-8")
    (source / "setup.py").write_text("from setuptools import setup\nsetup()\n", encoding="utf-8")
    target = folder / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*command, str(target), str(source)], check=True, capture_output=True)
    return target


def test_an_outside_package_is_listed_and_a_broken_one_is_named(tmp_path: Path) -> None:
    target = install(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(target)}
    done = subprocess.run(
        [sys.executable, "-c", LIST], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "ZZ_AM001 0.1" in done.stdout
    assert "VN_AM007 1.0" in done.stdout, "the rest still works"
    assert "outside_methodology.broken" in done.stdout and "not_there_at_all" in done.stdout
