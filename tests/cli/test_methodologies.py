"""``jcm-mrv methodologies list`` and ``show``: what is found, how it is told, what is said where nothing is known."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from jcm_mrv.cli import describe as described
from jcm_mrv.cli.describe_text import as_text
from jcm_mrv.methodology.card import CardDefault, DefaultClass
from jcm_mrv.methodology.catalogue import Catalogue, Failure, catalogue

CALCULATED = [e for e in catalogue().entries if e.card.computes]
CATALOGUED = [e for e in catalogue().entries if not e.card.computes]


def ids(jcm: Any, *arguments: str) -> list[str]:
    """Number and version of what ``list`` finds."""
    done = jcm("methodologies", "list", "--format", "json", *arguments)
    assert (done.status, done.err) == (0, "")
    return [f"{row['number']} {row['version']}" for row in json.loads(done.out)]


class TestMethodologies:
    def test_list_names_every_card_with_status(self, jcm: Any) -> None:
        done = jcm("methodologies", "list")
        assert (done.status, done.err) == (0, "")
        for entry in catalogue().entries:
            (line,) = [x for x in done.out.splitlines() if x.split()[:2] == [entry.card.number, entry.card.version]]
            assert entry.card.status in line and entry.card.title.text in line

    @pytest.mark.parametrize("words", ["bơm", "bom", "BƠM", "ポンプ", "pump"])
    def test_a_word_is_found_in_every_language(self, words: str, jcm: Any) -> None:
        """VN_AM013 is that of water pumps; no card is one of anything that has no name."""
        assert "VN_AM013 1.0" in ids(jcm, words)
        assert ids(jcm, f"{words} zzz") == []

    def test_list_for_programs(self, jcm: Any) -> None:
        as_json = json.loads(jcm("methodologies", "list", "--format", "json").out)
        as_csv = list(csv.DictReader(io.StringIO(jcm("methodologies", "list", "--format", "csv").out)))
        assert as_json == as_csv
        assert {"VN_AM007", "ID_AM004"} <= {row["number"] for row in as_json}

    @pytest.mark.parametrize("entry", CALCULATED, ids=lambda e: e.card.id)
    def test_show_tells_all_that_the_card_says(self, entry: Any, jcm: Any) -> None:
        card = entry.card
        text = jcm("methodologies", "show", card.id).out
        flat = " ".join(text.split())
        assert " ".join(card.title.text.split()) in flat and f"status: {card.status}" in flat
        for criterion in card.criteria:
            assert " ".join(criterion.text.split()) in flat
        for default in card.defaults.values():
            if default.symbol in flat:
                assert " ".join(f"{default.evidence}: {default.source}".split()) in flat
        # A methodology may deduct for uncertainty.
        assert re.search(r"ER_p = (RE_p - PE_p|\(RE_p - PE_p\) × \(one - Ud\)) \[tCO2e\]", flat)
        assert max(len(line) for line in text.splitlines()) <= 120

    def test_show_makes_the_cards_choices(self, jcm: Any) -> None:
        text = jcm("methodologies", "show", "ID_AM004").out
        assert "grid and captive: min(EF_grid,s; EF_cap,s,p)" in text
        assert "weighted" not in text and "EI_grid" not in text
        assert "electricity_rule: lower of both" in text

    def test_show_values_with_evidence_and_source(self, jcm: Any) -> None:
        flat = " ".join(jcm("methodologies", "show", "ID_AM004").out.split())
        assert "= 0.8 (unconfirmed: default for diesel generators up to 15 MW, as known from practice)" in flat
        assert "= 3.6 (by definition)" in flat

    def test_show_for_programs(self, jcm: Any) -> None:
        shown = json.loads(jcm("methodologies", "show", "VN_AM007@1.0", "--format", "json").out)
        assert (shown["number"], shown["status"]) == ("VN_AM007", "computable")
        rows = list(csv.DictReader(io.StringIO(jcm("methodologies", "show", "VN_AM007", "--format", "csv").out)))
        assert rows == shown["parameters"]

    def test_a_table_by_class_is_shown_with_its_classes(self) -> None:
        entry = catalogue().find("ID_AM004")
        classes = (DefaultClass(0.0, 5.0, 3.0, "below 5"), DefaultClass(5.0, 10.0, 2.5, "5 to 10"))
        default = CardDefault("COP_RE", "1", "invented for the test", "unconfirmed", None, classes)
        entry = replace(entry, card=replace(entry.card, defaults={**entry.card.defaults, "COP_RE": default}))
        text = as_text(described.describe(entry))
        assert "below 5: 3; 5 to 10: 2.5 (unconfirmed: invented for the test)" in " ".join(text.split())
        assert "COP_RE_from" not in text

    def test_an_unknown_one(self, jcm: Any) -> None:
        done = jcm("methodologies", "show", "ID_AM04")
        assert done.status == 1
        assert "Did you mean" in done.err and "ID_AM004 2.0" in done.err

    def test_csv_never_begins_a_formula(self) -> None:
        text = described.as_csv(["a"], [{"a": "=1+1"}, {"a": "@x"}, {"a": "-x"}, {"a": "plain"}])
        assert text.splitlines() == ["a", "'=1+1", "'@x", "'-x", "plain"]


class TestList:
    """What the options find, checked against the list of approved methodologies of June 2026."""

    def test_the_country_by_its_letters_its_name_and_as_people_write_it(self, jcm: Any) -> None:
        numbers = {i.split()[0] for i in ids(jcm, "--country", "VN")}
        assert {n for n in numbers if re.fullmatch(r"VN_AM\d{3}", n)} == {f"VN_AM{n:03d}" for n in range(1, 16)}
        for written in ("vn", "Viet Nam", "vietnam", "Việt Nam", "VIET-NAM"):
            assert ids(jcm, "--country", written) == ids(jcm, "--country", "VN")

    def test_a_family(self, jcm: Any) -> None:
        # The chillers of the register; TH_AM003 1.0 is applied beside version 2.0 of October 2023.
        found = ids(jcm, "--family", "chiller")
        assert {i.split()[0] for i in found} == {
            *("ID_AM002", "TH_AM003", "TH_AM005", "TH_AM013", "BD_AM001", "KH_AM003", "CR_AM002"),
        }
        assert ids(jcm, "--family", "Motor-driven equipment") == ids(jcm, "--family", "motor_driven_equipment")

    def test_a_scope_by_number_and_by_name(self, jcm: Any) -> None:
        assert ids(jcm, "--scope", "14") == ids(jcm, "--scope", "forest") == ["KH_AM004 1.1", "LA_AM004 1.0"]
        assert "MM_AM001 1.0" in ids(jcm, "--scope", "1") and "MM_AM001 1.0" in ids(jcm, "--scope", "13")
        assert not {i for i in ids(jcm, "--scope", "1") if i in ids(jcm, "--scope", "14")}, "1 is not the 1 of 14"

    def test_words_whatever_their_capitals_and_accents(self, jcm: Any) -> None:
        assert ids(jcm, "TACHOGRAPH") == ids(jcm, "táchögraph") == ["VN_AM001 2.0"]
        assert ids(jcm, "lens", "second") == ["VN_AM012 1.0"]

    def test_words_of_the_other_languages(self, jcm: Any) -> None:
        pumps = {i for i in ids(jcm, "pump") if i in ids(jcm, "--family", "motor_driven_equipment")}
        assert "KH_AM005 1.0" in pumps and pumps <= set(ids(jcm, "máy bơm")) and pumps <= set(ids(jcm, "ポンプ"))
        assert set(ids(jcm, "may bom")) == set(ids(jcm, "máy bơm"))
        assert set(ids(jcm, "chiếu sáng")) >= set(ids(jcm, "--family", "lighting")) != set()
        assert ids(jcm, "lò hơi hiệu suất") == ids(jcm, "hiệu suất", "lò hơi") != [], "words in another order"

    def test_a_project_finds_what_it_applies(self, jcm: Any) -> None:
        assert ids(jcm, "VN011") == ["VN_AM011 1.0", "VN_AM012 1.0"]
        assert ids(jcm, "ID006") == ["ID_AM004 2.0", "ID_AM005 2.0", "ID_AM008 2.0"]

    def test_options_narrow_together(self, jcm: Any) -> None:
        both = set(ids(jcm, "--country", "TH")) & set(ids(jcm, "--family", "solar_pv"))
        assert set(ids(jcm, "--country", "TH", "--family", "solar_pv")) == both
        assert both == {"TH_AM001 1.0", "TH_AM001 2.0", "TH_AM001 3.0"}
        assert ids(jcm, "--country", "TH", "--family", "solar_pv", "--status", "catalogued") == []

    def test_the_table_ends_with_what_was_counted(self, jcm: Any) -> None:
        done = jcm("methodologies", "list", "--country", "LA", "forest")
        assert done.out.splitlines()[-1].startswith("1 of ")
        assert done.out.splitlines()[-1].endswith(" numbers: 1 catalogued")
        nothing = jcm("methodologies", "list", "no such thing")
        assert nothing.status == 0
        assert nothing.out.startswith("0 of ") and nothing.out.count("\n") == 1

    @pytest.mark.parametrize(
        ("option", "wanted", "said"),
        [
            ("--family", "chilers", "did you mean chiller"),
            ("--family", "quux", "rice_paddy"),
            ("--country", "Viet Man", "did you mean Viet Nam"),
            ("--country", "XX", "Viet Nam"),
        ],
    )
    def test_a_family_or_country_that_nobody_has_is_wrong_usage(
        self, option: str, wanted: str, said: str, jcm: Any
    ) -> None:
        done = jcm("methodologies", "list", option, wanted)
        assert (done.status, done.out) == (2, "")
        assert said in done.err and wanted in done.err

    def test_the_same_bytes_twice(self, jcm: Any) -> None:
        for form in ("table", "csv", "json"):
            once = jcm("methodologies", "list", "--format", form)
            catalogue.cache_clear()
            assert jcm("methodologies", "list", "--format", form) == once

    def test_what_a_card_from_outside_says_does_no_harm(self, jcm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither as a formula in a spreadsheet nor as a command to the terminal."""
        entry = CATALOGUED[0]
        title = replace(entry.card.title, text='=HYPERLINK("http://x.example")\x1b[2J')
        strange = replace(entry, card=replace(entry.card, number="XX_AM001", title=title))
        monkeypatch.setattr("jcm_mrv.methodology.catalogue.catalogue", lambda number="": Catalogue((strange,), ()))
        monkeypatch.setattr("jcm_mrv.cli.describe.catalogue", lambda: Catalogue((strange,), ()))
        (row,) = csv.DictReader(io.StringIO(jcm("methodologies", "list", "--format", "csv").out))
        assert row["title"].startswith("'=HYPERLINK")
        for arguments in (("list",), ("show", "XX_AM001"), ("list", "--format", "json")):
            assert "\x1b" not in jcm("methodologies", *arguments).out

    def test_what_did_not_load_is_named_and_the_rest_is_listed(self, jcm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        failures = (Failure("other: lamps/cards/XX_AM001_1.0.toml", "default P has no source\x1b[2J"),)
        broken = Catalogue(catalogue().entries, failures)
        monkeypatch.setattr("jcm_mrv.methodology.catalogue.catalogue", lambda number="": broken)
        done = jcm("methodologies", "list", "VN011")
        assert done.status == 0 and "VN_AM012" in done.out
        assert "Not loaded: other: lamps/cards/XX_AM001_1.0.toml: default P has no source" in done.err
        assert "\x1b" not in done.err
        unknown = jcm("methodologies", "show", "XX_AM001")
        assert unknown.status == 1
        assert "XX_AM001 did not load" in unknown.err and "default P has no source" in unknown.err


class TestShow:
    @pytest.mark.parametrize("entry", CATALOGUED, ids=lambda e: e.card.id)
    def test_a_card_that_is_only_catalogued(self, entry: Any, jcm: Any) -> None:
        card = entry.card
        flat = " ".join(jcm("methodologies", "show", card.number, card.version).out.split())
        assert "status: catalogued" in flat and " ".join(card.not_calculated.split()) in flat
        for statement in (card.title, card.equation, card.monitored):
            assert " ".join(statement.text.split()) in flat
        for statement in (card.equation, card.monitored):
            assert f"({statement.evidence}: {statement.source})" in flat
        assert all(project in flat for project in card.projects)
        assert "ER_p = RE_p - PE_p [tCO2e]" not in flat, "it has no equations that are calculated"

    def test_the_newest_version_and_the_names_of_the_others(self, jcm: Any) -> None:
        newest = jcm("methodologies", "show", "TH_AM001")
        assert newest.out.startswith("TH_AM001 3.0  ")
        assert re.search(r"Other versions: TH_AM001 1\.0 \(\w+\), TH_AM001 2\.0 \(\w+\)\n", newest.out)
        for written in (("TH_AM001", "2.0"), ("th_am001@2.0",), ("TH_AM001 ver2.0",), ("TH_AM001", "ver 2.0")):
            assert jcm("methodologies", "show", *written).out.startswith("TH_AM001 2.0  ")

    def test_a_version_that_is_not_there(self, jcm: Any) -> None:
        done = jcm("methodologies", "show", "TH_AM001", "9.0")
        assert done.status == 1
        assert "this number is there as TH_AM001 1.0, TH_AM001 2.0, TH_AM001 3.0" in done.err

    def test_what_is_confirmed_stands_apart_from_what_is_not(self, jcm: Any) -> None:
        lines = jcm("methodologies", "show", "VN_AM007").out.splitlines()
        levels = {line[:38].strip(): line[38:] for line in lines if line.startswith("  ") and len(line) > 38}
        assert levels["Read in the approved document"] == "nothing"
        assert levels["Official summary or filed document"] == "title, scope, equation"
        assert levels["Another public source"] == "nothing"
        assert levels["NOT CONFIRMED"] == "default EF_RE_grid, default EF_RE_cap, how EG is monitored"

    def test_an_unknown_version_is_not_confirmed(self, jcm: Any) -> None:
        (line,) = [x for x in jcm("methodologies", "show", "TH_AM014").out.splitlines() if "NOT CONFIRMED" in x]
        assert "version" in line and "equation" in line
