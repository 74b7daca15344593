"""What the tests of quantities share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest


@pytest.fixture
def quiet() -> Iterator[None]:
    """As the bounds of a graph are computed: what is undefined is no warning."""
    with np.errstate(all="ignore"):
        yield
