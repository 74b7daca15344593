"""What the tests of portfolios share."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from support.portfolios import Write, portfolio_file


@pytest.fixture
def portfolio(tmp_path: Path) -> Write:
    """Writes portfolio.toml with some tables below its head."""
    return partial(portfolio_file, tmp_path)
