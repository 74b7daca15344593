"""What the tests of conformance share."""

from __future__ import annotations

from functools import partial

import pytest

from jcm_mrv.conformance import conformance
from jcm_mrv.conformance.methodology_checks import typeset_problems


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn, and no office program is started."""
    monkeypatch.setattr(conformance, "soffice", lambda: None)
    monkeypatch.setattr(conformance, "typeset_problems", partial(typeset_problems, drawn=False))
