"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from support.workbooks import solar_workbook

# How long one example takes says nothing about what it tests, and on a busy machine nothing at all.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A monitoring workbook without a fault."""
    return solar_workbook(tmp_path_factory.mktemp("good") / "monitoring.xlsx").read_bytes()


@pytest.fixture
def good(original: bytes, tmp_path: Path) -> Path:
    """A workbook without a fault, to be spoilt."""
    path = tmp_path / "monitoring.xlsx"
    path.write_bytes(original)
    return path


@pytest.fixture(scope="session", autouse=True)
def _kept_bytecode() -> Iterator[None]:
    """The programs that tests start keep their bytecode, as installed ones do, whatever holds for the tests themselves.

    Otherwise each of them compiles the whole package: a third of the time of a small calculation.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield
