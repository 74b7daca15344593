"""What is asked of the monitoring points and of the meters that none of them names."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.methodology.declare import Monitored
from jcm_mrv.quality.records.points import point_findings
from support.boiler import boiler, boiler_tables
from support.claims import rows_of, solar
from support.records import cell, changed, findings, only

POINT = {
    "point_no": "1",
    "parameter": "EG",
    "applies_to": "PV-1",
    "meter_id": "M-1",
    "sign": "+",
    "option": "C",
    "frequency": "monthly",
    "responsible": "a person",
}


def of_points(*rows: dict[str, Any]) -> list[Finding]:
    """By rows of Monitoring points, of which no meter stands on Meters."""
    data = replace(solar().data(), points=rows_of("points", [{**POINT, **row} for row in rows]))
    return list(point_findings(None, data))


def test_what_is_complete_is_no_question() -> None:
    assert of_points({}) == of_points({"share": 1.0, "other_loads": "no"}) == []


@pytest.mark.parametrize(
    ("row", "name", "blank", "key"),
    [
        (
            {"frequency": None, "responsible": " "},
            "monitoring point 1 (EG, PV-1)",
            "Frequency, Responsible",
            "frequency",
        ),
        ({"option": "", "point_no": " "}, "the monitoring point of EG, PV-1", "Option", "option"),
        ({"responsible": "", "applies_to": " "}, "monitoring point 1 (EG)", "Responsible", "responsible"),
    ],
)
def test_how_a_point_is_measured_is_said(row: dict[str, Any], name: str, blank: str, key: str) -> None:
    (finding,) = of_points(row)
    assert (finding.code, finding.message) == ("points.undescribed", f"{name} leaves open: {blank}")
    assert finding.severity == "minor" and finding.where.cell == cell("points", key, 2)


def test_of_the_rows_of_one_point_the_first_describes_it() -> None:
    open_row = {"option": "", "meter_id": "M-2"}
    assert of_points({}, open_row) == of_points({}, {**open_row, "parameter": " EG "}) == []
    assert [f.where.cell for f in of_points(open_row, {})] == [cell("points", "option", 2)]
    for other in ({"applies_to": "PV-2"}, {"methodology": "X"}, {"parameter": "W"}):
        assert [f.where.cell for f in of_points({}, {**open_row, **other})] == [cell("points", "option", 3)]


@pytest.mark.parametrize(
    ("share", "basis", "told"),
    [(0.25, " ", True), (0.25, "by capacity", False), (1.0, "", False), (0.0, "", False), (None, "", False)],
)
def test_a_share_has_a_basis(share: float | None, basis: str, told: bool) -> None:
    said = of_points({"share": share, "share_basis": basis})
    assert [(f.code, f.message, f.found, f.where.cell) for f in said] == [
        (
            "points.share_basis",
            "monitoring point 1 (EG, PV-1) takes a share of meter M-1, and nothing says why this share is right",
            "share 0.25",
            cell("points", "share_basis", 2),
        )
    ] * told


def test_other_loads_that_nothing_subtracts() -> None:
    (finding,) = of_points({"other_loads": "yes"}, {"meter_id": "M-2"})
    assert finding.message == (
        "meter M-1 of monitoring point 1 (EG, PV-1) also counts what does not belong to the project and no row "
        "subtracts it"
    )
    assert finding.severity == "major" and finding.action.startswith("Meter the other load and add a row with Sign -")
    assert finding.where.cell == cell("points", "other_loads", 2)


@pytest.mark.parametrize(
    ("sign", "effect", "found"),
    [("+", 399.6, "yes; ER is lower by the effect if that is the worst part of it"), ("-", None, "yes")],
)
def test_what_hangs_on_other_loads(sign: str, effect: float | None, found: str) -> None:
    """1,200 MWh at 0.333 t/MWh, all of which may be others'; with a load of nothing subtracted it is a minor one."""
    sketch = solar(monthly={"M1": [100_000.0] * 12, "M2": [0.0] * 12})
    sketch.points = [{**sketch.points[0], "other_loads": "yes"}, {**sketch.points[0], "meter_id": "M2", "sign": sign}]
    (said,) = only(list(point_findings(sketch.build()[0], sketch.data())), "points.other_loads")
    assert said.effect_tco2e == (None if effect is None else pytest.approx(effect)) and said.found == found


def test_other_loads_of_what_lowers_er_cost_nothing() -> None:
    """The auxiliaries of a boiler: ER would be higher with a part of them."""
    fuel, power = boiler_tables()["points"]
    result = boiler(tables={"points": [fuel, {**power, "other_loads": "yes"}]})
    (finding,) = only(list(result.findings), "points.other_loads")
    assert (finding.severity, finding.effect_tco2e, finding.found) == ("major", 0.0, "yes")


def test_other_loads_of_which_something_is_subtracted() -> None:
    minus = {"sign": "-"}
    (finding,) = of_points({"other_loads": "yes"}, {**minus, "meter_id": "M-2"}, {**minus, "meter_id": "M-3"})
    assert finding.message.endswith("belong to the project, although M-2, M-3 is subtracted")
    assert finding.severity == "minor" and finding.action == "If what is subtracted covers all of it, write no."
    (other,) = of_points({"other_loads": "yes"}, {**minus, "meter_id": "M-2", "applies_to": "PV-2"})
    assert other.severity == "major", "it is subtracted from another point"


def test_a_meter_that_nothing_names_is_told_in_the_result(tmp_path: Path) -> None:
    meter = changed("meters")[0]
    others = [{**meter, "meter_id": f"M-{n}", "serial_number": f"KWH-{n}"} for n in (8, 9)]
    found = findings(tmp_path, meters=[meter, others[0], {**others[1], "checks": "M-1"}])
    assert [f.message for f in only(found, "points.meter_unused")] == [
        "meter M-8 is in no monitoring point, checks no other meter and has no reading"
    ]


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
