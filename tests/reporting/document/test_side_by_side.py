"""Two languages beside each other: every text in both, every value once."""

from __future__ import annotations

import re
from datetime import date

import pytest

from jcm_mrv.languages import NEW_LINE, said_in
from jcm_mrv.reporting.document.figures import NumberFormat
from jcm_mrv.reporting.document.pdf import paper_html
from jcm_mrv.reporting.document.templating import with_lines
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.write import file_name, plain_name
from jcm_mrv.words import as_words
from support import results


def test_a_label_stands_on_one_line_and_a_sentence_on_two() -> None:
    assert said_in(as_words("Monitoring period"), "vi+ja").count(" / ") <= 1
    assert said_in("M-1", "en+vi") == "M-1"
    sentence = results.solar().findings[0].message
    assert said_in(sentence, "en+vi") == f"{said_in(sentence, 'en')}{NEW_LINE}{said_in(sentence, 'vi')}"


def test_where_there_are_no_lines_a_stroke_stands() -> None:
    assert with_lines(f"<title>a{NEW_LINE}b</title><p title='a{NEW_LINE}b'>a{NEW_LINE}b</p>") == (
        "<title>a / b</title><p title='a / b'>a<br>b</p>"
    )


@pytest.mark.parametrize("first", ["en", "vi"])
def test_the_report_says_all_of_it_in_both_and_each_number_once(first: str) -> None:
    second = {"en": "vi", "vi": "ja"}[first]
    both = paper_html(results.solar(), f"{first}+{second}")
    numbers = {
        lang: re.findall(r'<td class="number">([^<]*)</td>', paper_html(results.solar(), lang)) for lang in [first]
    }
    assert re.findall(r'<td class="number">([^<]*)</td>', both) == numbers[first]
    assert f'<html lang="{first}">' in both
    assert NEW_LINE not in both
    for finding in results.solar().findings:
        for lang in (first, second):
            assert str(finding.said(lang).found).split("\n")[0][:20].replace("&", "&amp;") in both


def test_a_sentence_takes_from_each_value_what_is_in_its_own_language() -> None:
    t, n = Translator("en+vi"), NumberFormat("en+vi", 3)
    level = t("state.level", level=t.known("evidence", "unconfirmed"), count=2)
    assert level == "unconfirmed: 2 / chưa xác nhận: 2"
    days = t("word.from_to", start=n.day(date(2023, 1, 1)), end=n.day(date(2023, 12, 31)))
    assert days.replace(NEW_LINE, " / ") == (
        "January 1, 2023 to December 31, 2023 / ngày 01 tháng 01 năm 2023 đến ngày 31 tháng 12 năm 2023"
    )


def test_its_name_says_which_languages() -> None:
    assert file_name("pdf", "en+vi") == "monitoring_report.en+vi.pdf"
    assert plain_name("monitoring_report.en+vi.pdf") == "monitoring_report.pdf"
