"""A package that verifies counts as its inputs do; the tonnes of one that does not stand apart."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from jcm_mrv.portfolio import running
from jcm_mrv.portfolio.outcome import PortfolioResult, State
from jcm_mrv.portfolio.querying import answer_here
from jcm_mrv.portfolio.reading import read_portfolio
from jcm_mrv.portfolio.store import Store
from jcm_mrv.portfolio.tonnes import Credited, Totals, Unverified
from jcm_mrv.portfolio.workers import Inline
from support.command import run
from support.portfolios import member, portfolio_file

NAME = "monitoring_package.zip"


@pytest.fixture(scope="module")
def package(roofs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    run("calculate", roofs / "a" / "monitoring.xlsx", "--output", folder, "--formats", "json,package")
    return folder / NAME


def of_package(folder: Path, content: bytes) -> PortfolioResult:
    (folder / NAME).write_bytes(content)
    path = portfolio_file(folder, member("a", "package", NAME))
    return running.run(read_portfolio(path), Store(folder / "store"), Inline)[0]


def changed(package: Path, folder: Path, old: bytes, new: bytes) -> bytes:
    """The package with other bytes in its result.json."""
    path = folder / "changed.zip"
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry, content.replace(old, new) if entry.filename.endswith("result.json") else content)
    return path.read_bytes()


def test_a_package_that_verifies_is_as_good_as_its_workbook(package: Path, tmp_path: Path) -> None:
    result = of_package(tmp_path, package.read_bytes())
    assert result.totals() == Totals(credited=Credited(180))
    assert not result.faults
    answer = answer_here(Store(tmp_path / "store"), "SELECT identity FROM identities WHERE what = 'meter'")
    assert answer.rows == (("sn-m-a",),)


def test_tonnes_that_do_not_follow_from_the_inputs_stand_apart(package: Path, tmp_path: Path) -> None:
    result = of_package(tmp_path, changed(package, tmp_path, b'"credited": 180', b'"credited": 181'))
    assert result.members[0].state is State.UNVERIFIED
    assert result.totals() == Totals(unverified=Unverified(181.0))
    assert result.members[0].findings[0].code == "portfolio.unverified"
    assert result.faults


def test_a_package_that_cannot_be_read_has_no_tonnes(package: Path, tmp_path: Path) -> None:
    result = of_package(tmp_path, package.read_bytes()[:-2000])
    assert result.members[0].state is State.FAILED
    assert result.totals() == Totals()
