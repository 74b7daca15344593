"""The report for a browser: one file, no request, no script but its own."""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from importlib.resources import files

import pytest

from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.result_json import result_json
from support import results


@pytest.mark.parametrize("lang", ["en", "vi", "ja"])
def test_it_refers_to_nothing_outside_itself(lang: str) -> None:
    html = report_page(results.solar(), lang).decode("utf-8")
    assert "default-src 'none'" in html
    assert "@import" not in html and "url(" not in html and " src=" not in html
    links = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert all(link.startswith(("#", "data:application/json;base64,")) for link in links)


@pytest.mark.parametrize("tag", ["style", "script"])
def test_its_style_and_script_are_those_that_the_policy_allows(tag: str) -> None:
    html = report_page(results.solar()).decode("utf-8")
    (found,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    allowed = re.search(rf"{tag}-src 'sha256-([^']+)'", html)
    assert allowed is not None
    assert base64.b64encode(hashlib.sha256(found.encode()).digest()).decode() == allowed[1].replace("&#43;", "+")


def test_it_carries_the_result() -> None:
    html = report_page(results.solar()).decode("utf-8")
    data = re.search(r"data:application/json;base64,([A-Za-z0-9+/=]+)", html)
    assert data is not None and base64.b64decode(data[1]) == result_json(results.solar())


def test_words_of_strangers_stay_words() -> None:
    title = "<script>alert(1)</script>"
    html = report_page(results.calculated(project={"title": title})).decode("utf-8")
    assert html.count("<script") == 2 and "&lt;script&gt;alert(1)" in html


def test_an_indicative_figure_has_a_banner() -> None:
    assert 'class="banner"' in report_page(results.indicative()).decode("utf-8")
    assert 'class="banner"' not in report_page(results.solar()).decode("utf-8")


def test_the_library_for_charts_is_the_one_that_is_named_and_its_licence_goes_with_it() -> None:
    folder = files("jcm_mrv.templates") / "vendor" / "uplot"
    stated = tomllib.loads((folder / "VERSION.toml").read_text(encoding="utf-8"))
    held = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != "VERSION.toml"}
    assert held == stated["sha256"]
    html = report_page(results.solar()).decode("utf-8")
    assert "Permission is hereby granted" in html and (folder / "uPlot.iife.min.js").read_text("utf-8") in html
