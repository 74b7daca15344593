"""The report in a browser: what a click, a key and a filter do. Chromium starts once for all tests here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from jcm_mrv.reporting.document import page
from jcm_mrv.result import Result
from support import results
from support.workbooks import solar_tables

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOSTILE = "</script><script>window.hurt = 1</script><img src=x onerror='window.hurt = 2'>\"'"
TURNED = HOSTILE + "\u202e 321"  # a mark after which 321 is shown as 123, as are the numbers behind it


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system, which never asks a network."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    assert found, "no Chromium: install the package chromium, as scripts/setup.sh test does"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def said() -> list[str]:
    """What the browser complained of: errors, and what the policy forbade."""
    return []


def opened(
    browser: Browser, folder: Path, result: Result, said: list[str], lang: str = "en", width: int = 1200
) -> Page:
    file = folder / "monitoring_report.html"
    file.write_bytes(page.report_page(result, lang))
    shown = browser.new_page(viewport={"width": width, "height": 800})
    shown.set_default_timeout(10_000)
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on("request", lambda one: None if one.url.startswith("file:") else said.append(one.url))
    shown.goto(file.as_uri())
    return shown


def test_the_credited_number_unfolds_down_to_the_cells_of_its_readings(
    browser: Browser, tmp_path: Path, said: list[str]
) -> None:
    """180 t = (100 + 120 + 140) MWh x 0.5 t/MWh; by mouse, by keyboard, and not on paper."""
    shown = opened(browser, tmp_path, results.solar(), said)
    credited = shown.locator(".result .traced")
    credited.click()
    trace = shown.locator(".trace").inner_text()
    assert "Claimed = 180 tCO2e" in trace and "floor(round(180; 6))" in trace and "360 × 0.5" in trace
    for row, reading in ((2, "100,000"), (3, "120,000"), (4, "140,000")):
        assert reading in trace and f"monitoring.xlsx, Readings!E{row}" in trace
    assert "monitoring.xlsx, Fixed values!D3" in trace
    shown.keyboard.press("Escape")
    assert shown.locator(".trace").count() == 0 and credited.get_attribute("aria-expanded") == "false"
    shown.keyboard.press("Enter")
    assert shown.locator(".trace").is_visible() and credited.get_attribute("aria-expanded") == "true"
    shown.emulate_media(media="print")
    assert not shown.locator(".trace").is_visible() and not shown.locator(".controls").first.is_visible()
    assert said == []


def test_a_log_s_reading_is_named_with_its_line_on_a_phone(browser: Browser, tmp_path: Path, said: list[str]) -> None:
    """In Vietnamese, with its decimal mark; nothing is wider than the screen."""
    shown = opened(browser, tmp_path, results.rooftop(), said, "vi", width=390)
    shown.locator(".result .traced").click()
    trace = shown.locator(".trace").inner_text()
    assert "data/pv_ac_power_15min.csv, from line 42" in trace or "data/pv_ac_power_15min.csv, từ dòng 42" in trace
    assert "1.172,37176 × 0,333" in trace
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert said == []


def test_tables_sort_and_filter_and_findings_by_meter(browser: Browser, tmp_path: Path, said: list[str]) -> None:
    shown = opened(browser, tmp_path, results.two_years(), said)
    # 3 t in 2024 and 7 t in 2025, and a total that stays below them.
    years = shown.locator("#result table.data").first
    column = years.locator("thead th").filter(has_text="Emission reductions")
    cells = years.locator("tbody tr td:first-child")
    assert cells.all_inner_texts() == ["2024", "2025", "Total"]
    for _ in range(2):
        column.locator("button").click()
    assert cells.all_inner_texts() == ["2025", "2024", "Total"]
    assert column.get_attribute("aria-sort") == "descending"
    table = shown.locator("figure:has(input[type=search])").first
    rows = table.locator("tbody tr:not(.total)")
    every = rows.count()
    wanted = rows.nth(1).locator("td").first.inner_text()
    table.locator("input").fill(wanted)
    left = [row for row in rows.all() if row.is_visible()]
    assert 0 < len(left) < every and all(wanted.lower() in row.inner_text().lower() for row in left)
    findings = shown.locator(".finding")
    shown.locator("#findings select").nth(1).select_option("M-1")
    seen = [one for one in findings.all() if one.is_visible()]
    assert seen and all("M-1" in one.inner_text() or "Readings!" in one.inner_text() for one in seen)
    shown.locator("#findings select").nth(1).select_option("")
    shown.locator("#findings select").nth(0).select_option("minor")
    assert {one.get_attribute("data-severity") for one in findings.all() if one.is_visible()} == {"minor"}
    assert said == []


def test_words_of_strangers_stay_words(browser: Browser, tmp_path: Path, said: list[str]) -> None:
    tables = solar_tables()
    equipment = [{**row, "equipment_id": HOSTILE} for row in tables["equipment"]]
    meters = [{**row, "meter_id": TURNED} for row in tables["meters"]]
    points = [{**row, "applies_to": HOSTILE, "meter_id": TURNED} for row in tables["points"]]
    readings = [{**row, "meter_id": TURNED} for row in tables["readings"]]
    more = {"equipment": equipment, "meters": meters, "points": points, "readings": readings, "calibrations": []}
    result = results.calculated(project={"title": HOSTILE}, tables=more)
    shown = opened(browser, tmp_path, result, said, width=390)
    shown.locator(".result .traced").click()
    assert shown.locator("h1").inner_text().endswith(HOSTILE)
    assert HOSTILE in shown.locator(".trace").inner_text()
    # A mark that turns what follows is seen, not obeyed; a meter is found by it all the same.
    assert "\u202e" not in shown.content() and HOSTILE + "[U+202E] 321" in shown.locator("#meter-view").inner_text()
    shown.locator("#findings select").nth(1).select_option(index=1)
    assert any("[U+202E]" in one.inner_text() for one in shown.locator(".finding").all() if one.is_visible())
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert shown.evaluate("window.hurt") is None and shown.locator("img").count() == 0
    assert said == []


def test_what_has_no_room_is_left_out_and_said(
    browser: Browser, tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_BYTES", 1000)
    shown = opened(browser, tmp_path, results.solar(), said)
    assert shown.locator(".traced").count() == 0 and "do not unfold" in shown.locator("nav .warning").first.inner_text()
    assert "shortened here as on paper" in shown.locator("nav .warning").last.inner_text()
    assert said == []


def test_a_meter_s_own_view_has_its_curve_its_gap_and_what_was_found(
    browser: Browser, tmp_path: Path, said: list[str]
) -> None:
    """100 MWh in January, nothing in February, 140 MWh in March; nothing for axe."""
    shown = opened(browser, tmp_path, results.solar_with_hole(), said)
    assert [one["id"] for one in Axe().run(shown).response["violations"]] == []
    view = shown.locator("#meter-view")
    plot = view.locator(".plot")
    plot.focus()
    shown.keyboard.press("ArrowRight")
    assert plot.locator(".legend").inner_text() == "2024-01-01 00:00: 100,000 kWh"
    for _ in range(3):
        shown.keyboard.press("ArrowRight")
    assert "140,000 kWh" in plot.locator(".legend").inner_text()
    assert "no reading" in plot.locator(".keys").inner_text()
    captions = view.locator("figcaption").all_inner_texts()
    assert {"Data gaps", "Treatments"} <= set(captions) and any("by meter and month" in one for one in captions)
    gap = view.locator("figure:has(> figcaption:text-is('Data gaps')) tbody td").all_inner_texts()
    assert [cell[:16] for cell in gap[:3]] == ["M-1", "2024-02-01 00:00", "2024-03-01 00:00"]
    assert view.locator(".finding").count() > 0
    # An amount unfolds there as well; the meter's name anywhere leads to its view.
    view.locator(".traced").first.click()
    assert view.locator(".trace").is_visible()
    shown.locator("#monitoring button.to-meter").first.click()
    assert shown.evaluate("document.activeElement.tagName") == "SELECT"
    assert said == []


def test_tables_are_whole_and_shown_in_pages_and_numbers_of_all_sections_unfold(
    browser: Browser, tmp_path: Path, said: list[str]
) -> None:
    """Forty air conditioners and a check meter: paper draws them together, the filter of the page finds each."""
    shown = opened(browser, tmp_path, results.units(), said)
    register = shown.locator("figure:has(> figcaption:text-is('Meters'))").first
    names = list(results.units().meters)
    assert len(names) == 41
    register.locator("input[type=search]").fill(names[37])
    assert register.locator("tbody tr").count() == 1 and names[37] in register.locator("tbody").inner_text()
    for section in ("parameters", "findings"):
        number = shown.locator(f"#{section} .traced").first
        number.click()
        assert shown.locator(f"#{section} .trace .where").count() > 0
    shown.locator("figure.charted .plot").first.focus()
    shown.keyboard.press("ArrowRight")
    assert shown.locator("figure.charted .plot .legend").first.inner_text().startswith("20")
    bridge, by_year = (shown.locator("#result figure.charted .plot").nth(n) for n in (0, 1))
    bridge.focus()
    for _ in range(2):
        shown.keyboard.press("ArrowRight")
    years = results.units().years
    project = sum(year.project for year in years)
    assert bridge.locator(".legend").inner_text() == f"Project emissions: -{project:.6f} tCO₂e"
    by_year.hover(position={"x": 650, "y": 100})
    assert by_year.locator(".legend").inner_text() == (
        f"{years[1].year}: Credited {years[1].credited} tCO₂e; Ex ante estimate {years[1].estimate:g} tCO₂e"
    )
    shown.emulate_media(media="print")
    assert register.locator(".on-paper").count() == 0 or register.locator(".on-paper").is_visible()
    assert not shown.locator("#meters").is_visible() and not shown.locator(".plot").first.is_visible()
    assert said == []


def test_days_are_sorted_by_time_in_vietnamese(browser: Browser, tmp_path: Path, said: list[str]) -> None:
    """20 December 2023 is before 19 January 2024, whatever their first digits say."""
    (row, *_) = solar_tables()["calibrations"]
    rows = [{**row, "date": day} for day in (datetime(2024, 1, 19), datetime(2023, 12, 20))]
    shown = opened(browser, tmp_path, results.calculated(tables={"calibrations": rows}), said, "vi")
    table = shown.locator("#monitoring figure:has(th:has-text('Hiệu lực')) table").last
    days = table.locator("tbody td:nth-child(3)")
    table.locator("th:nth-child(3) button").click()
    assert ["2023" in day for day in days.all_inner_texts()] == [True, False]
    assert said == []
