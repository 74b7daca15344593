"""Packages to be verified."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.command import run
from support.workbooks import solar_workbook


@pytest.fixture(scope="session")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with monitoring.xlsx and out/, the reports without the PDF and their package."""
    folder = tmp_path_factory.mktemp("plant")
    solar_workbook(folder / "monitoring.xlsx")
    done = run(
        "calculate", folder / "monitoring.xlsx", "--output", folder / "out", "--formats", "json,xlsx,html,package"
    )
    assert done.status == 0
    return folder


@pytest.fixture
def handed_in(plant: Path, tmp_path: Path) -> Path:
    """A copy of the folder of reports, to be spoilt."""
    return Path(shutil.copytree(plant / "out", tmp_path / "handed_in"))
