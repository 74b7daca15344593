"""Emissions that come to no number are refused with a finding, never rounded or printed."""

from __future__ import annotations

import numpy as np
import pytest

from jcm_mrv.origin import Origin
from jcm_mrv.quality.plausible import not_finite

WHERE = Origin(file="monitoring.xlsx", sheet="Project", cell="B5")


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_what_is_no_number_is_refused(value: float) -> None:
    emissions = {"reference emissions": np.array([1.0, value]), "project emissions": np.array([1.0, 2.0])}
    (finding,) = not_finite(emissions, WHERE)
    assert finding.code == "result.not_finite" and finding.where == WHERE
    assert "reference emissions" in finding.message and f"{value:g}" in finding.found


def test_numbers_pass() -> None:
    assert list(not_finite({"emission reductions": np.array([0.0, -1.0, 1e15])}, WHERE)) == []
