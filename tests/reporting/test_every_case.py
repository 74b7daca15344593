"""Every built-in case through every format, as it is and with troubles in it.

A report that is tested on a few examples ends in a traceback at the first
card of another shape. To keep it affordable: the cases of a family share one
process of LibreOffice, and their equations are not drawn (drawing is most of
a report's time; tests of typesetting draw them), and a PDF is laid out where a
printed page has a kind of element that none before it in the family had.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest
from jsonschema import Draft202012Validator

from jcm_mrv.conformance.cases import Case, read_case
from jcm_mrv.conformance.format_checks import plain_and_troubled, trouble_problems
from jcm_mrv.conformance.official_checks import PROCESS, sheet_problems
from jcm_mrv.reporting.document import equations
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.document.pdf import paper_html, report_pdf
from jcm_mrv.reporting.document.requirements import unprintable
from jcm_mrv.reporting.document.templating import visible_text
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.result_json import result_json, schema_text
from jcm_mrv.result import Result
from support.libreoffice import recalculated_sheets

CASES = sorted((Path(__file__).parents[2] / "methodologies").glob("*/cases/*.toml"))
FAMILIES = sorted({path.parts[-3] for path in CASES})
SCHEMA = Draft202012Validator(json.loads(schema_text()))


def cases(family: str) -> Iterator[Case]:
    for path in CASES:
        if path.parts[-3] == family:
            yield read_case(path.read_text(encoding="utf-8"), path.name)


@pytest.fixture(scope="module", params=FAMILIES)
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Result]:
    """The results of a family's cases, plain and troubled, by a name."""
    folder = tmp_path_factory.mktemp(request.param)
    return {
        f"{n}-{kind}": result
        for n, case in enumerate(cases(request.param))
        for kind, result in plain_and_troubled(case, folder / str(n))
    }


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawing(mathml: str, size: float = 12.0, room: float = 0) -> str:
        assert mathml.startswith("<math")
        return '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"></svg>'

    monkeypatch.setattr(equations, "svg", drawing)


@pytest.mark.usefixtures("undrawn")
def test_json_page_and_workbook(results: Mapping[str, Result], tmp_path: Path) -> None:
    paths = []
    for name, result in results.items():
        assert list(trouble_problems(name, {name.partition("-")[2]: result})) == []
        SCHEMA.validate(json.loads(result_json(result)))
        assert report_page(result).endswith(b"</html>"), name
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(workbook_report(result))
    anew = recalculated_sheets(paths, PROCESS, tmp_path / "anew", timeout=600)
    pairs = zip(results.items(), anew, strict=True)
    assert [problem for (name, r), rows in pairs for problem in sheet_problems(name, r, rows)] == []


class Elements(HTMLParser):
    """The kinds of element of a page: each by the tags and classes that it stands in."""

    VOID: ClassVar[set[str]] = {"meta", "link", "br", "hr", "img", "input", "col"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.path: list[str] = []
        self.found: set[tuple[str, ...]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.path.append(f"{tag}.{dict(attrs).get('class') or ''}")
        self.found.add(tuple(self.path))
        if tag in self.VOID:
            self.path.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.path.pop()

    def handle_endtag(self, tag: str) -> None:
        self.path.pop()


@pytest.mark.usefixtures("undrawn")
def test_pdf(results: Mapping[str, Result]) -> None:
    """The printed page of every case has only letters that there are, and every kind of element is laid out once."""
    laid_out: set[tuple[str, ...]] = set()
    for name, result in reversed(results.items()):
        html = paper_html(result, "en")
        assert unprintable(visible_text(html)) == {}, name
        if not laid_out >= (found := Elements(html).found):
            assert report_pdf(result).startswith(b"%PDF"), name
            laid_out |= found
