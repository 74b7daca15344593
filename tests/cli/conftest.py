"""The command line, run as a person runs it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.command import Run, run


@pytest.fixture
def jcm() -> Callable[..., Run]:
    """Run ``jcm-mrv`` with these arguments."""
    return run
