"""What is asked of the monitoring points and of the meters that none of them names."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.methodology.declare import Monitored
from jcm_mrv.quality.records.points import point_findings
from support.boiler import boiler, boiler_tables
from support.claims import solar
from support.records import cell, changed, findings, only
from support.workbooks import months, solar_tables


class TestPoints:
    def test_undescribed(self, tmp_path: Path) -> None:
        points = changed("points", frequency=None, responsible=" ")
        [finding] = only(findings(tmp_path, points=points), "points.undescribed")
        assert finding.message == "monitoring point 1 (EG, PV-1) leaves open: Frequency, Responsible"
        assert finding.severity == "minor" and finding.where.sheet == "Monitoring points"
        assert finding.where.cell == cell("points", "frequency", 2), "the first that is blank"

    @pytest.mark.parametrize(
        ("share", "basis", "count"), [(0.25, None, 1), (0.25, "by rated capacity", 0), (1.0, None, 0), (None, None, 0)]
    )
    def test_basis_of_a_share(self, share: float | None, basis: str | None, count: int, tmp_path: Path) -> None:
        found = findings(tmp_path, points=changed("points", share=share, share_basis=basis))
        assert [f.found for f in only(found, "points.share_basis")] == ["share 0.25"] * count

    def test_other_loads(self, tmp_path: Path) -> None:
        [finding] = only(findings(tmp_path, points=changed("points", other_loads="yes")), "points.other_loads")
        assert finding.severity == "major" and "Sign -" in finding.action
        assert finding.effect_tco2e == pytest.approx(180.0), "nobody knows how much of it is the project's"
        assert only(findings(tmp_path, points=changed("points", other_loads="no")), "points.other_loads") == []

    def test_other_loads_of_what_lowers_er_cost_nothing(self) -> None:
        """The auxiliaries of a boiler: ER would be higher with a part of them."""
        fuel, power = boiler_tables()["points"]
        result = boiler(tables={"points": [fuel, {**power, "other_loads": "yes"}]})
        [finding] = only(list(result.findings), "points.other_loads")
        assert (finding.severity, finding.effect_tco2e, finding.found) == ("major", 0.0, "yes")

    def test_other_loads_of_which_something_is_subtracted(self, tmp_path: Path) -> None:
        point = solar_tables()["points"][0]
        edges = months((2024, 1), 3)
        found = findings(
            tmp_path,
            meters=[{**solar_tables()["meters"][0], "meter_id": f"M-{n}", "serial_number": f"KWH-{n}"} for n in (1, 2)],
            points=[{**point, "other_loads": "yes"}, {**point, "meter_id": "M-2", "sign": "-"}],
            readings=[
                {"meter_id": m, "kind": "energy", "start": a, "end": b, "value": v, "unit": "kWh"}
                for m, v in (("M-1", 1e5), ("M-2", 1e4))
                for a, b in pairwise(edges)
            ],
        )
        [finding] = only(found, "points.other_loads")
        assert finding.severity == "minor" and "M-2 is subtracted" in finding.message
        assert finding.action == "If what is subtracted covers all of it, write no."


class TestUnusedMeter:
    def unused(self, folder: Path, **cells: Any) -> list[str]:
        meter = solar_tables()["meters"][0]
        other = {**meter, "meter_id": "M-9", "serial_number": "KWH-9", **cells}
        return [f.message for f in only(findings(folder, meters=[meter, other]), "points.meter_unused")]

    def test_a_meter_that_nothing_names(self, tmp_path: Path) -> None:
        [message] = self.unused(tmp_path)
        assert message.startswith("meter M-9 is in no monitoring point")

    def test_a_check_meter_has_its_use(self, tmp_path: Path) -> None:
        assert self.unused(tmp_path, checks="M-1") == []


@pytest.mark.parametrize(("said", "severity"), [(None, "minor"), ("counted", "major"), ("none", ""), ("left out", "")])
def test_rejected_product_is_asked_for_where_output_is_counted(said: str | None, severity: str) -> None:
    """The label of the parameter says that it is an output; the plant stands in for one that makes something."""
    sketch = solar()
    sketch.points = [{**sketch.points[0], "rejects": said}]
    claim, _ = sketch.build()
    assert not [f for f in point_findings(claim, sketch.data()) if f.code == "points.rejects"]
    (parameter,) = claim.parameters
    relabel = replace(parameter, declared=relabelled(parameter.declared, "good output by type of product"))
    claim = replace(claim, parameters=(relabel,))
    found = [f for f in point_findings(claim, sketch.data()) if f.code == "points.rejects"]
    assert [str(f.severity) for f in found] == ([severity] if severity else [])
    words = "rejected and reworked product is counted as output" if said else "it is not said whether rejected"
    assert all(words in f.message and f.found == (said or "empty") for f in found)


def relabelled(node: Monitored, label: str) -> Monitored:
    again = copy(node)
    again.label = label
    return again
