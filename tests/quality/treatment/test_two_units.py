"""A meter that measures for two units at once is treated in both."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from jcm_mrv.claim.correcting import corrected
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import constant, monitored, result
from jcm_mrv.origin import NOWHERE
from jcm_mrv.quality.crosscheck import Contradiction, Pair
from jcm_mrv.quality.treatment.treating import treat
from support.claims import Sketch, rows_of


class TwoUnits(Methodology):
    """ER = EC x 2 t/MWh + H x 1 t/GJ - EC x 1 t/MWh; invented for the test."""

    EC = monitored("electricity", unit="MWh")
    H = monitored("heat", unit="GJ")
    two = constant("2", unit="tCO2e/MWh", label="factor", source="invented for the test")
    one = constant("1", unit="tCO2e/MWh", label="factor", source="invented for the test")
    heat = constant("1", unit="tCO2e/GJ", label="factor", source="invented for the test")
    RE = result(EC * two + H * heat, "reference emissions")
    PE = result(EC * one, "project emissions")
    ER = result(RE - PE, "emission reductions")


def test_the_other_source_takes_the_meters_place_in_both() -> None:
    """12,000 kWh, half to each: EC = 6 MWh, H = 6 MWh x 3.6 = 21.6 GJ: 27.6 t.

    January is 1,000 kWh by the meter and 800 kWh by the other source: EC and H are 0.1 MWh less, 0.1 + 0.36 t.
    """
    card = replace(catalogue().find("VN_AM007").card, number="T", defaults={}, parameters={})
    points = [{"parameter": name, "meter_id": "M1", "sign": "+", "share": 0.5} for name in ("EC", "H")]
    entries = [Entry(card, TwoUnits, "test", "0")]
    sketch = Sketch("T 1", points=points, monthly={"M1": [1000.0] * 12}, entries=entries)
    claim, findings = sketch.build()
    assert findings == [] and {chain.unit for chain in claim.chains} == {"MWh", "GJ"}
    assert claim.evaluate().scalar(claim.total_ER) == pytest.approx(27.6, rel=1e-12)
    january = sketch.timeline.months[0]
    finding = Finding("crosscheck.invoice", Severity.MAJOR, "they differ", effect_tco2e=0.46)
    pair = Pair(january.start, january.end, 1000.0, 800.0, 15.0, NOWHERE)
    given = [Contradiction("M1", "kWh", (pair,), finding)]
    treated, found = treat(claim, sketch.series(), sketch.timeline, sketch.data(), contradictions=given)
    assert [(t.kind, t.unit) for t in treated.treatments] == [("other source", "MWh"), ("other source", "GJ")]
    other = corrected(claim, treated.corrections)
    assert other.evaluate().scalar(other.total_ER) == pytest.approx(27.6 - 0.46, rel=1e-12)
    assert [f.effect_tco2e for f in found] == [pytest.approx(-0.46, rel=1e-9)]


def overridden(value: float, unit: str = "kWh") -> tuple[float, list[Finding], list[dict[str, str]]]:
    """ER, findings and listed overrides of the same claim with another amount for January."""
    card = replace(catalogue().find("VN_AM007").card, number="T", defaults={}, parameters={})
    points = [{"parameter": name, "meter_id": "M1", "sign": "+", "share": 0.5} for name in ("EC", "H")]
    sketch = Sketch("T 1", points=points, monthly={"M1": [1000.0] * 12}, entries=[Entry(card, TwoUnits, "test", "0")])
    claim, _ = sketch.build()
    row = {"meter_id": "M1", "start": datetime(2024, 1, 1), "end": datetime(2024, 2, 1), "value": value, "unit": unit}
    data = replace(sketch.data(), overrides=rows_of("overrides", [{**row, "reason": "proven", "evidence": "D-01"}]))
    treated, found = treat(claim, sketch.series(), sketch.timeline, data)
    other = corrected(claim, treated.corrections)
    return other.evaluate().scalar(other.total_ER), found, list(treated.overrides)


@pytest.mark.parametrize(("value", "severity"), [(800.0, Severity.MINOR), (1200.0, Severity.MAJOR)])
def test_an_override_is_of_the_meter_in_every_unit(value: float, severity: Severity) -> None:
    """200 kWh more or less are 0.1 MWh x 1 t/MWh and 0.36 GJ x 1 t/GJ: 0.46 t; one finding and one row say so."""
    change = (value - 1000.0) / 200 * 0.46
    reductions, [finding], [listed] = overridden(value)
    assert reductions == pytest.approx(27.6 + change, rel=1e-12)
    assert (finding.code, finding.severity) == ("overrides.used", severity)
    assert finding.effect_tco2e == pytest.approx(change, rel=1e-9)
    assert listed["measured"] == "1 MWh; 3.6 GJ" and float(listed["effect_tco2e"]) == pytest.approx(change)


def test_an_override_in_another_unit_is_the_same() -> None:
    assert overridden(0.8, "MWh")[0] == pytest.approx(overridden(2.88, "GJ")[0], rel=1e-12)
    reductions, findings, listed = overridden(0.8, "t")
    assert {f.code for f in findings} == {"overrides.unit"} and listed == [] and reductions == pytest.approx(27.6)
