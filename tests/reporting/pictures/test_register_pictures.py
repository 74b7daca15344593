"""The line diagram and the timeline of meters: all of the register is there, nothing escapes its box."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from xml.etree import ElementTree

import pytest

from jcm_mrv.claim.measuring import Point, Term
from jcm_mrv.origin import Origin
from jcm_mrv.reporting.document.translations import Translator, languages
from jcm_mrv.reporting.pictures.line_diagram import HIGHEST, line_diagrams
from jcm_mrv.reporting.pictures.line_diagram import Words as LineWords
from jcm_mrv.reporting.pictures.meter_timeline import LIGHT, RED, MeterLine, meter_timelines
from jcm_mrv.reporting.pictures.meter_timeline import Words as TimeWords
from jcm_mrv.reporting.pictures.svg import SIZE, cut, hatched, width_of, wrapped
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.rows import MeterRow
from support.claims import record

LINE = LineWords(
    "diagram", "{count} meters", "{count} points", "{count} check meters", "and {count} more", "class {percent}",
    "the claim", "checks {meter}",
)  # fmt: skip
TIME = TimeWords(
    "timeline", "installed", "valid", "passed", "failed", "no valid calibration", "no reading",
    "and {count} more, {questionable} questionable",
)  # fmt: skip
TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), "Asia/Ho_Chi_Minh")


def point(number: int, *terms: tuple[str, float]) -> Point:
    made = tuple(Term(meter, share, Origin()) for meter, share in terms)
    return Point(str(number), "M", "EC_PJ", f"AC-{number}", made, (0,), "MWh")


def meter(name: str, **more: object) -> dict[str, object]:
    return {"meter_id": name, "serial_number": f"S-{name}", "accuracy_class": 0.5, "transformer_factor": 40.0, **more}


def words(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("text")]


def drawn(points: Sequence[Point], rows: Sequence[MeterRow] = (), equipment: Mapping[str, str] | None = None) -> str:
    """The only drawing."""
    (svg,) = line_diagrams(points, rows, equipment or {}, LINE)
    return str(svg)


def times(rows: Sequence[MeterLine]) -> str:
    (svg,) = meter_timelines(rows, TIMELINE, TIME)
    return str(svg)


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """Every text as left, top, right and bottom, as wide as it is at most."""
    found = []
    for e in ElementTree.fromstring(svg).iter():
        if e.tag.endswith("text") and e.text:
            size, x, y = float(e.get("font-size", SIZE)), float(e.get("x", 0)), float(e.get("y", 0))
            wide = width_of(e.text, size, bold=e.get("font-weight") == "bold")
            left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[e.get("text-anchor", "start")]
            found.append((left, y - 0.75 * size, left + wide, y + 0.2 * size))
    return found


def overlapping(svg: str) -> list[tuple[object, object]]:
    found = boxes(svg)
    return [
        (a, b)
        for n, a in enumerate(found)
        for b in found[n + 1 :]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def test_every_meter_stands_in_the_line_diagram_with_sign_and_share() -> None:
    rows = [record("meters", n + 2, meter(name)) for n, name in enumerate(("M-1", "M-2"))]
    rows.append(record("meters", 4, meter("C-1", checks="M-1")))
    said = words(drawn([point(1, ("M-1", 1.0), ("M-2", -0.25))], rows, {"AC-1": "Shop 1"}))
    assert {"M-1", "M-2", "C-1", "+", "− 0.25 ×", "M-1 - 0.25 × M-2", "(1) EC_PJ [MWh]", "AC-1", "Shop 1"} <= set(said)
    assert "class 0.5 · × 40 · S-M-1" in said and "checks M-1 · class 0.5 · × 40 · S-C-1" in said


def test_a_meter_that_was_changed_shows_both_serial_numbers_each_with_its_factor() -> None:
    old, new = meter("M-1"), meter("M-1", serial_number="NEW", transformer_factor=1.0)
    rows = [record("meters", n + 2, row) for n, row in enumerate((old, new))]
    assert "class 0.5 · NEW × 1 · S-M-1 × 40" in words(drawn([point(1, ("M-1", 1.0))], rows))


def test_a_point_of_the_whole_claim_says_so() -> None:
    whole = Point("", "M", "EG", "", (Term("M-1", 1.0, Origin()),), (0,), "MWh")
    assert {"the claim", "EG [MWh]"} <= set(words(drawn([whole])))


def test_many_alike_points_are_one_box_and_the_others_stay() -> None:
    points = [point(n, (f"M-{n}", 1.0)) for n in range(1, 41)] + [point(41, ("P", 1.0), ("L", -1.0))]
    rows = [record("meters", n + 1, meter(f"C-{n}", checks=f"M-{n}")) for n in range(1, 41)]
    said = words(drawn(points, rows))
    assert {"40 meters", "M-1 … M-40", "40 points, (1) … (40)", "AC-1 … AC-40", "P", "L", "−"} <= set(said)
    assert {"C-1 … C-40", "40 check meters"} <= set(said) and len(said) < 24


def test_many_points_of_a_main_meter_minus_a_sub_meter_are_one_box_too() -> None:
    points = [point(n, (f"M-{n}", 1.0), (f"S-{n}", -1.0)) for n in range(1, 31)]
    said = words(drawn(points))
    assert {"M-1 … M-30", "S-1 … S-30", "+", "−", "30 points, (1) … (30)"} <= set(said)


def test_a_point_of_very_many_meters_counts_those_that_are_not_drawn() -> None:
    """Twelve boxes: eleven meters and the nine others."""
    said = words(drawn([point(1, *((f"M-{n}", 1.0) for n in range(1, 21)))]))
    assert "M-11" in said and "M-12" not in said and "and 9 more" in said


def test_drawings_that_would_not_fit_on_a_page_are_continued() -> None:
    pages = line_diagrams([point(n, (f"M-{n}", 1.0)) for n in range(1, 41)], [], {}, LINE)
    assert len(pages) > 1 and [w for page in pages for w in words(str(page)) if w == "M-40"]
    assert all(float(str(page).split('viewBox="0 0 640 ')[1].split('"')[0]) <= HIGHEST + 20 for page in pages)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"&', "メーター" * 20, "x" * 200, "W" * 60, "Ứ" * 60, "a\x01\u202eb"]
)
def test_names_neither_escape_nor_run_out_of_their_box(name: str) -> None:
    svg = drawn([point(1, (name, -0.123456789), ("M", 1.0))], [record("meters", 2, meter(name))], {"AC-1": name})
    assert "<script" not in svg and not overlapping(svg)
    assert all(left >= 0 and right <= 640 for left, _, right, _ in boxes(svg))
    row = MeterLine(name, installed=[((0, TIMELINE.months[6].start), name), ((TIMELINE.months[6].start, 2**62), name)])
    svg = times([row])
    assert "<script" not in svg and not overlapping(svg)


@pytest.mark.parametrize("lang", languages())
def test_the_words_of_no_language_overlap(lang: str) -> None:
    t = Translator(lang)
    keys = ("timeline", "installed", "valid", "passed", "failed", "uncalibrated", "data_gap", "more")
    rows = [MeterLine(f"M-{n}", installed=[((0, 2**62), "S-1")]) for n in range(80)]
    pages = meter_timelines(rows, TIMELINE, TimeWords(*(t(f"register.{key}") for key in keys)))
    for page in pages:
        assert not overlapping(str(page))
        assert all(right <= 640 for _, _, right, _ in boxes(str(page)))


def test_a_cut_text_fits_and_says_that_it_was_cut() -> None:
    assert cut("short", 100) == "short"
    assert cut("a very long name of a meter", 60).endswith("…") and width_of(cut("x" * 90, 60)) <= 60
    assert cut("no room at all", 3) == ""


def test_a_long_formula_is_broken_between_words() -> None:
    formula = "M-1 + M-2 - 0.25 × M-3 + M-4 - M-5"
    lines = wrapped(formula, 60, 9)
    assert " ".join(lines) == formula and all(width_of(line) <= 60 for line in lines) and len(lines) > 2
    assert wrapped(formula, 60, 2)[-1].endswith("…") and wrapped("one", 60, 3) == ["one"]


def test_the_lines_of_a_hatched_rectangle_stay_inside() -> None:
    svg = str(hatched(10, 20, 43, 11, "#000000", LIGHT))
    points = [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", svg)]
    assert len(points) > 10
    assert all(10 <= x <= 53 and 20 <= y <= 31 for x, y in points)


def test_doubtful_spans_lie_where_they_belong() -> None:
    """The second half of 2024 has no valid calibration: from the middle of the drawing to its right end."""
    july = TIMELINE.months[6].start
    row = MeterLine("M-1", installed=[((0, 2**62), "S-1")], uncalibrated=[(july, TIMELINE.months[-1].end)])
    (x, width) = re.findall(
        rf'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="10" fill="{LIGHT}"', times([row])
    )[-1]
    share = (july - TIMELINE.months[0].start) / (TIMELINE.months[-1].end - TIMELINE.months[0].start)
    assert float(x) == pytest.approx(112 + share * 520, abs=0.01)
    assert float(x) + float(width) == pytest.approx(632, abs=0.01)


def test_of_very_many_meters_the_doubtful_ones_are_shown_and_the_rest_counted() -> None:
    rows = [MeterLine(f"M-{n}", installed=[((0, 2**62), "")]) for n in range(100)]
    rows[99].data_gaps.append((TIMELINE.months[3].start, TIMELINE.months[4].start))
    pages = [str(page) for page in meter_timelines(rows, TIMELINE, TIME)]
    said = [word for page in pages for word in words(page)]
    assert len(pages) == 3 and "M-99" in said and "and 25 more, 0 questionable" in said and RED in pages[0]
    for row in rows:
        row.data_gaps = rows[99].data_gaps
    assert "and 25 more, 25 questionable" in words(str(meter_timelines(rows, TIMELINE, TIME)[-1]))


def test_the_same_bytes_twice() -> None:
    row = MeterLine("M-1", installed=[((0, 2**62), "S")], tests=[(TIMELINE.months[2].start, False)])
    assert times([row]) == times([row])


def test_each_installation_is_drawn_with_its_own_factor_and_what_it_hangs_below() -> None:
    rows = [
        record("meters", 2, meter("M-1", serial_number="A", transformer_factor=300.0, below="MAIN")),
        record("meters", 3, meter("M-1", serial_number="B", transformer_factor=400.0, below="MAIN")),
    ]
    (page,) = line_diagrams([point(1, ("M-1", 1.0))], rows, {}, LINE)
    assert "B × 400 · A × 300 · below MAIN" in str(page)
