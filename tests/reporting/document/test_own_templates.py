"""Templates of one's own: the example of the documentation works, and what a stranger may try is refused."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from jcm_mrv.reporting.document import blocks, tables
from jcm_mrv.reporting.document.own_templates import OwnTemplatesError, own_templates, read_templates
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.document.pdf import paper_html
from jcm_mrv.verification.verifying import verify
from support import results
from support.command import run
from support.pages import write_files
from support.workbooks import solar_workbook

PAGE = Path(__file__).parents[3] / "docs" / "templates.md"
COVER = "{% macro cover(document, t) %}BODY{% endmacro %}"


def test_the_example_of_the_documentation_gives_colour_logo_and_first_page(tmp_path: Path) -> None:
    write_files(PAGE, tmp_path)
    with own_templates(read_templates(tmp_path)):
        html, paper = report_page(results.solar()).decode(), paper_html(results.solar(), "en")
    for text in (html, paper):
        assert "#0b5d3b" in text and 'class="logo"' in text
        assert re.search(r'<p class="ours">.*?: (<span[^>]*>)?180(</span>)? tCO2e</p>', text)
    assert "default-src 'none'" in html
    assert 'class="ours"' not in report_page(results.solar()).decode()


def test_the_page_names_every_field_that_a_template_receives() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE))
    kinds = [c for m in (blocks, tables) for c in vars(m).values() if is_dataclass(c) and c.__module__ == m.__name__]
    found = {c.__name__: ", ".join(f"`{f.name}`" for f in fields(c)) for c in kinds}
    assert {name: rows.get(name) for name in found} == found


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("own.css", "h1 { color: red }\nh2 { background: url(http://x/y) }", "line 2"),
        ("own.css", "</style><script>1</script>", "not allowed"),
        ("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "script"),
        ("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "onload"),
        ("logo.svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", "no drawing"),
        ("cover.html.jinja", "{% macro cover(document, t) %}\n{% if %}", "line 2"),
        ("screen.html.jinja", "x", "holds only"),
    ],
)
def test_what_could_do_harm_is_refused_before_it_is_used(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(OwnTemplatesError, match=re.escape(said)):
        read_templates(tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        "{{ document.__class__.__mro__ }}",
        "{% include '/etc/passwd' %}",
        "{% include '../setup.cfg' %}",
        "{{ t.__init__.__globals__ }}",
        "{{ document.nothing }}",
    ],
)
def test_a_template_sees_the_document_alone(tmp_path: Path, body: str) -> None:
    (tmp_path / "cover.html.jinja").write_text(COVER.replace("BODY", body))
    with own_templates(read_templates(tmp_path)), pytest.raises(OwnTemplatesError):
        report_page(results.solar())


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (tmp_path / "secret").write_text("x")
    (own / "own.css").symlink_to(tmp_path / "secret")
    with pytest.raises(OwnTemplatesError, match="not a link"):
        read_templates(own)


def test_words_of_strangers_are_escaped_in_a_template_of_one_s_own(tmp_path: Path) -> None:
    (tmp_path / "cover.html.jinja").write_text(COVER.replace("BODY", "{{ document.title }}"))
    with own_templates(read_templates(tmp_path)):
        html = report_page(results.calculated(project={"title": "<b>bold</b>"})).decode()
    assert "&lt;b&gt;bold" in html and "<b>bold" not in html


def test_a_package_stands_beside_what_is_drawn_with_them_and_verifies(tmp_path: Path) -> None:
    """What a template adds is in the drawing of one's own alone, which says that it is one."""
    own, out = tmp_path / "own", tmp_path / "out"
    own.mkdir()
    (own / "cover.html.jinja").write_text(COVER.replace("BODY", "<p>1,000,000 tCO2e</p>"))
    book = solar_workbook(tmp_path / "monitoring.xlsx")
    asked = ("calculate", book, "--output", out, "--templates", own)
    done = run(*asked, "--formats", "json,html,package")
    assert done.status == 0, done.err
    drawn = [(out / f"monitoring_report{name}.html").read_text(encoding="utf-8") for name in ("", ".own")]
    assert ["1,000,000" in text for text in drawn] == ["own-drawing" in text for text in drawn] == [False, True]
    assert verify(out / "monitoring_package.zip", second_engine=False).reproduced
    assert verify(out, second_engine=False).reproduced
    assert run(*asked, "--formats", "json,html").status == 0
    assert {path.name for path in out.iterdir()} >= {"monitoring_report.own.html", "result.json"}
    assert run(*asked, "--formats", "json,xlsx").status == 2
