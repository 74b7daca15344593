"""What the tests of portfolios share."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from support.portfolios import Write, portfolio_file, roof


@pytest.fixture
def portfolio(tmp_path: Path) -> Write:
    """Writes portfolio.toml with some tables below its head."""
    return partial(portfolio_file, tmp_path)


@pytest.fixture(scope="session")
def roofs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three solar roofs of 180 t, each with meters of its own: 360 MWh x 0.5 t/MWh."""
    folder = tmp_path_factory.mktemp("roofs")
    for name in ("a", "b", "c"):
        roof(folder, name)
    return folder


@pytest.fixture
def three(tmp_path: Path, roofs: Path) -> Path:
    """A folder with the three roofs, to be spoilt."""
    shutil.copytree(roofs, tmp_path, dirs_exist_ok=True)
    return tmp_path
