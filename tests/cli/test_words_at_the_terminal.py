"""What commands print in Vietnamese and Japanese holds no English word besides names and what is to be typed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.methodology.catalogue import catalogue
from support import results
from support.english import English, names_of
from support.workbooks import solar_workbook

NAMES = {
    *("credited", "ac_power", "Monte Carlo", "JCGM", "Method", "Nowhere", "[TEXT]", "program methodologies list"),
    "UNFCCC, Guideline: Sampling and surveys for CDM project activities and programmes of activities",
    "CDM-EB67-A06-GUID",
    *(part for e in catalogue().entries for part in (e.card.title.text, e.card.country, *e.card.projects)),
}
COMMANDS = (
    ("check", "{book}"),
    ("trace", "{book}", "ER[2024]"),
    ("trace", "{book}", "credited"),
    ("trace", "{book}", "--from", "M-1"),
    ("uncertainty", "{book}", "--draws", "1000"),
    ("sample", "{book}", "--output", "{folder}/s.xlsx", "--force"),
    ("inspect", "{log}"),
    ("methodologies", "show", "VN_AM007"),
    ("methodologies", "list", "--country", "Viet Nam", "VN016"),
    ("methodologies", "list", "--country", "Nowhere"),
    ("template", "VN_AM999", "{folder}/t.xlsx"),
)
TYPED = re.compile(
    r"--output checks|--[a-z-]+|--open N|jcm-mrv [a-z]+ [a-z]+|\((?:start|end)\)|utf-8|YYYY-MM-DD hh:mm|\bpower\b"
)
"""Options, what stands for a value, whole commands, and words of the workbook that are named to be entered."""


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_no_english_word_is_printed(lang: str, tmp_path: Path, jcm: Any) -> None:
    book = solar_workbook(tmp_path / "monitoring.xlsx")
    names = {*names_of(calculate_file(book), book), *NAMES}
    english = English(lang, names)
    places = {"book": book, "folder": tmp_path, "log": results.EXAMPLES / "rooftop_solar/data/pv_ac_power_15min.csv"}
    left = {}
    for command in COMMANDS:
        done = jcm(*(word.format(**places) for word in command), "--lang", lang)
        assert done.status in (0, 1, 2)
        lines = (TYPED.sub(" ", line.replace(str(tmp_path), " ")) for line in (done.out + done.err).splitlines())
        if found := english.lines(lines):
            left[command] = found
    assert not left, "\n".join(f"{c}: {w} in {line}" for c, lines in left.items() for line, w in lines.items())
