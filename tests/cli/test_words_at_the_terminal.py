"""What commands print in Vietnamese and Japanese holds no English word besides names and what is to be typed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.cli import speaking
from jcm_mrv.cli.methodologies_compare import report
from jcm_mrv.cli.methodologies_test import lines
from jcm_mrv.cli.output import plain
from jcm_mrv.conformance import conformance
from jcm_mrv.conformance.conformance import examine
from jcm_mrv.conformance.official_compare import Comparison
from jcm_mrv.conformance.official_defaults import compare_defaults
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.card import EVIDENCE, KEYS, STATUSES, CardError
from jcm_mrv.methodology.card_file import read_card
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.official.reading import read_spreadsheet
from support import results
from support.english import English, names_of
from support.official_spreadsheet import DEFAULTS, official_spreadsheet
from support.workbooks import solar_workbook

NAMES = {
    *("CAR", "CL", "FAR", "pumps", "pip install -e", "no_name_"),
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
    ("verify", "{book}", "--format", "xlsx", "--output", "{folder}/v.xlsx"),
    ("register", "{book}", "--file", "{folder}/register.xlsx"),
    ("methodologies", "new", "XX_AM001", "--output", "{folder}/XX_AM001"),
    ("methodologies", "new", "no_name_", "--output", "{folder}/other"),
    ("methodologies", "new", "XX_AM001", "--family", "pumps", "--output", "{folder}/other"),
    ("methodologies", "show", "VN_AM007"),
    ("methodologies", "list", "--country", "Viet Nam", "VN016"),
    ("methodologies", "list", "--country", "Nowhere"),
    ("template", "VN_AM999", "{folder}/t.xlsx"),
)
TYPED = re.compile(
    r"--output checks|--[a-z-]+|--open N|jcm-mrv [a-z]+ [a-z]+|\((?:start|end)\)|utf-8|YYYY-MM-DD hh:mm|\bpower\b"
)
"""Options, what stands for a value, whole commands, and words of the workbook that are named to be entered."""

WORDS_OF_CARDS = {
    *(
        "XX",
        "maybe",
        "colour",
        "Oct",
        "sure",
        "many",
        "ok ok",
        "faulty.toml",
        "criterion",
        "default",
        "EF",
        "one",
        "None",
        "README",
    ),
    *("MPS", "soffice", "LE"),
    *(key for keys in KEYS.values() for key in keys),
}
"""Of the card below, and of what its file is made of."""
FAULTY = """
number = "XX"
version = "x"
status = "maybe"
colour = 1
adopted = "10 Oct 17"
projects = 3
criteria = [{ text = "one" }, { number = "2", text = "ok ok", evidence = "sure" }]
[rounding]
digits = 99
[title]
text = "T"
[defaults.EF]
unit = "1"
source = "s"
evidence = "unconfirmed"
value = "many"
classes = [{ lower = 2, upper = 1, value = 1 }]
"""


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


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_no_english_word_is_printed_of_checks_comparisons_and_faults_of_cards(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ``methodologies test`` and ``compare`` print, without LibreOffice; and a card with every kind of fault."""
    monkeypatch.setattr(conformance, "soffice", lambda: None)
    monkeypatch.setattr(speaking, "_LANGUAGE", [lang])
    entry = catalogue().find("VN_AM007")
    read = read_spreadsheet(official_spreadsheet(tmp_path / "official.xlsx", defaults=DEFAULTS[:1]))
    compared = report(Comparison(entry, read, tuple(compare_defaults(bind(entry), read, {}))))
    with pytest.raises(CardError) as refused:
        read_card(FAULTY, "faulty.toml")
    text = "\n".join([*(lines(outcome) for outcome in examine(entry)), compared, plain(str(refused.value))])
    names = {*NAMES, *WORDS_OF_CARDS, *EVIDENCE, *STATUSES, entry.card.scope, *(n.symbol for n in bind(entry).nodes)}
    left = English(lang, names).lines(TYPED.sub(" ", line) for line in text.splitlines())
    assert not left, left
