"""The line diagram and the timeline of meters: all of the register is there, nothing escapes its box."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from jcm_mrv.measuring import Point, Term
from jcm_mrv.monitoring.timeline import Timeline
from jcm_mrv.origin import Origin
from jcm_mrv.reporting.line_diagram import Words as LineWords
from jcm_mrv.reporting.line_diagram import line_diagram
from jcm_mrv.reporting.meter_timeline import AMBER, RED, MeterRow, meter_timeline
from jcm_mrv.reporting.meter_timeline import Words as TimeWords
from jcm_mrv.reporting.svg import cut, width_of
from support.claims import record

LINE = LineWords("diagram", "{count} meters", "class {percent}", "the claim", "checks")
TIME = TimeWords("timeline", "installed", "valid", "passed", "failed", "not proven", "no reading", "and {count} more")
TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), "Asia/Ho_Chi_Minh")


def point(number: int, *terms: tuple[str, float]) -> Point:
    made = tuple(Term(meter, share, Origin()) for meter, share in terms)
    return Point(str(number), "M", "EC_PJ", f"AC-{number}", made, (0,), "MWh")


def meter(name: str, **more: object) -> dict[str, object]:
    return {"meter_id": name, "serial_number": f"S-{name}", "accuracy_class": 0.5, "transformer_factor": 40.0, **more}


def words(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("text")]


def test_every_meter_stands_in_the_line_diagram_with_sign_and_share() -> None:
    rows = [record("meters", n + 2, meter(name)) for n, name in enumerate(("M-1", "M-2"))]
    rows.append(record("meters", 4, meter("C-1", checks="M-1")))
    said = words(line_diagram([point(1, ("M-1", 1.0), ("M-2", -0.25))], rows, LINE))
    assert {"M-1", "M-2", "C-1", "+", "− 0.25 ×", "checks M-1", "M-1 - 0.25 × M-2"} <= set(said)
    assert "S-M-1 · class 0.5 · × 40" in said


def test_many_alike_points_are_one_box_and_the_others_stay() -> None:
    points = [point(n, (f"M-{n}", 1.0)) for n in range(1, 41)] + [point(41, ("P", 1.0), ("L", -1.0))]
    said = words(line_diagram(points, [], LINE))
    assert "40 meters" in said and "M-1 … M-40" in said and {"P", "L"} <= set(said)
    assert len(said) < 20


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"&', "メーター" * 20, "x" * 200])
def test_names_neither_escape_nor_run_out_of_their_box(name: str) -> None:
    svg = str(line_diagram([point(1, (name, 1.0))], [record("meters", 2, meter(name))], LINE))
    assert "<script" not in svg
    assert all(width_of(said) <= 300 for said in words(svg))


def test_a_cut_text_fits_and_says_that_it_was_cut() -> None:
    assert cut("short", 100) == "short"
    assert cut("a very long name of a meter", 60).endswith("…") and width_of(cut("x" * 90, 60)) <= 60


def test_doubtful_spans_lie_where_they_belong() -> None:
    """The second half of 2024 is not proven: from the middle of the drawing to its right end."""
    july = TIMELINE.months[6].start
    row = MeterRow("M-1", installed=[((0, 2**62), "S-1")], unproven=[(july, TIMELINE.months[-1].end)])
    svg = str(meter_timeline([row], TIMELINE, TIME))
    (x, width) = re.search(rf'<rect x="([\d.]+)" y="37" width="([\d.]+)" height="11" fill="{AMBER}"', svg).groups()  # type: ignore[union-attr]
    share = (july - TIMELINE.months[0].start) / (TIMELINE.months[-1].end - TIMELINE.months[0].start)
    assert float(x) == pytest.approx(104 + share * 528, abs=0.01)
    assert float(x) + float(width) == pytest.approx(632, abs=0.01)


def test_of_many_meters_the_doubtful_ones_are_shown_first_and_the_rest_counted() -> None:
    rows = [MeterRow(f"M-{n}", installed=[((0, 2**62), "")]) for n in range(50)]
    rows[49].holes.append((TIMELINE.months[3].start, TIMELINE.months[4].start))
    svg = str(meter_timeline(rows, TIMELINE, TIME))
    said = words(svg)
    assert "M-49" in said and "and 20 more" in said and RED in svg


def test_the_same_bytes_twice() -> None:
    row = MeterRow("M-1", installed=[((0, 2**62), "S")], tests=[(TIMELINE.months[2].start, False)])
    assert meter_timeline([row], TIMELINE, TIME) == meter_timeline([row], TIMELINE, TIME)
