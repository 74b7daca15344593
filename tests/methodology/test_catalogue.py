"""The catalogue is complete: every approved number of June 2026, with what is known of it and where that is from.

The expected numbers, versions and projects are typed from the list of approved methodologies and the project register.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from jcm_mrv.methodology.card import EVIDENCE
from jcm_mrv.methodology.catalogue import CataloguedError, Entry, catalogue
from support.scripts import load_script

ROOT = Path(__file__).parents[2]

# Country, the letters of its numbers, and which numbers are approved.
APPROVED: dict[str, tuple[str, list[int]]] = {
    "Viet Nam": ("VN", [*range(1, 16)]),
    "Indonesia": ("ID", [*range(1, 29)]),
    "Thailand": ("TH", [*range(1, 18)]),
    "Mongolia": ("MN", [1, 2, 3, 4]),
    "Bangladesh": ("BD", [1, 2, 3]),
    "Kenya": ("KE", [1, 2]),
    "Maldives": ("MV", [1, 2]),
    "Laos": ("LA", [1, 2, 3, 4]),
    "Cambodia": ("KH", [1, 2, 3, 4, 5]),
    "Myanmar": ("MM", [1, 2, 5]),
    "Philippines": ("PH", [1, 2, 4]),
    "Chile": ("CL", [1, 3]),
    "Costa Rica": ("CR", [1, 2, 3]),
    "Palau": ("PW", [1]),
    "Saudi Arabia": ("SA", [1]),
}
NUMBERS = {f"{letters}_AM{n:03d}": country for country, (letters, given) in APPROVED.items() for n in given}

# Registered projects by country (147), numbered without a hole.
REGISTERED = {
    "VN": 20,
    "ID": 40,
    "TH": 34,
    "PH": 10,
    "CL": 8,
    "MN": 7,
    "KH": 5,
    "LA": 5,
    "PW": 5,
    "BD": 4,
    "KE": 2,
    "MM": 2,
    "CR": 2,
    "MV": 2,
    "SA": 1,
}

# What each registered project in Viet Nam applies.
VIET_NAM = {
    "VN001": "VN_AM001 2.0",
    "VN002": "VN_AM002 1.0",
    "VN003": "VN_AM003 1.0",
    "VN004": "VN_AM005 1.0",
    "VN005": "VN_AM006 1.0",
    "VN006": "VN_AM008 1.0",
    "VN007": "VN_AM007 1.0",
    "VN008": "VN_AM005 1.0",
    "VN009": "VN_AM006 1.0",
    "VN010": "VN_AM009 1.1",
    "VN011": "VN_AM011 1.0, VN_AM012 1.0",
    "VN012": "VN_AM013 1.0",
    "VN013": "VN_AM005 1.0",
    "VN014": "VN_AM014 1.0",
    "VN015": "VN_AM015 1.0",
    "VN016": "VN_AM010 1.0",
    "VN017": "VN_AM007 1.0",
    "VN018": "VN_AM005 1.0",
    "VN019": "VN_AM007 1.0",
    "VN020": "VN_AM007 1.0",
}

# Several versions of one number that projects apply, or that are known to exist.
VERSIONS = {
    "ID_AM002": ["1.0", "2.0"],
    "ID_AM006": ["2.0", "2.1"],
    "ID_AM007": ["1.0", "1.1"],
    "ID_AM009": ["1.0", "3.0"],
    "ID_AM023": ["1.0", "1.1"],
    "TH_AM001": ["1.0", "2.0", "3.0"],
    "TH_AM003": ["1.0", "2.0"],
    "TH_AM005": ["2.0", "3.0"],
    "MN_AM003": ["2.0", "3.0"],
    "BD_AM001": ["1.0", "2.0"],
    "CL_AM001": ["1.0", "2.0"],
}


def built_in() -> list[Entry]:
    return [e for e in catalogue().entries if e.package == "jcm-mrv"]


def approved() -> list[Entry]:
    return [e for e in built_in() if re.fullmatch(r"[A-Z]{2}_AM\d{3}", e.card.number)]


def applied() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in approved():
        for project in entry.card.projects:
            found.setdefault(project, []).append(entry.card.id)
    return found


def test_each_of_the_93_numbers_is_there_under_its_country() -> None:
    assert len(NUMBERS) == 93
    assert {e.card.number: e.card.country for e in approved()} == NUMBERS
    assert not catalogue().failures


@pytest.mark.parametrize("number", VERSIONS)
def test_each_version_that_is_known(number: str) -> None:
    assert [e.card.version for e in catalogue().versions(number)] == VERSIONS[number]


def test_other_numbers_have_one_version() -> None:
    counted = {n: len(catalogue().versions(n)) for n in NUMBERS if n not in VERSIONS}
    assert set(counted.values()) == {1}


@pytest.mark.parametrize("entry", built_in(), ids=lambda e: e.card.id)
def test_each_says_what_it_is_and_where_that_was_read(entry: Entry) -> None:
    card = entry.card
    for statement in (card.title, card.equation, *([card.monitored] if card.monitored else [])):
        assert statement.text.strip() and statement.source.strip() and statement.evidence in EVIDENCE
    assert entry.file.endswith(f"/cards/{card.number}_{card.version}.toml")
    said = f"{card.title.text} {card.scope}"
    assert not re.search(r"to be confirmed|inferred", said), "a doubt is an evidence level, never part of a text"
    assert card.scope == "not known" or re.match(r"\d+\. \w", card.scope)
    assert card.scope != "not known" or card.scope_evidence == "unconfirmed"
    assert card.computes or card.monitored is not None


def test_every_registered_project_finds_what_it_applies() -> None:
    expected = {f"{letters}{n:03d}" for letters, count in REGISTERED.items() for n in range(1, count + 1)}
    assert len(expected) == 147
    assert set(applied()) == expected


def test_each_project_in_viet_nam() -> None:
    found = {project: ", ".join(cards) for project, cards in applied().items() if project.startswith("VN")}
    assert found == VIET_NAM


@pytest.mark.parametrize(
    ("project", "cards"),
    [
        ("ID006", ["ID_AM004 2.0", "ID_AM005 2.0", "ID_AM008 2.0"]),
        ("TH013", ["TH_AM005 2.0", "TH_AM009 1.0"]),
        ("TH022", ["TH_AM001 2.0", "TH_AM011 1.0"]),
        ("KH003", ["KH_AM002 1.0", "KH_AM003 1.0"]),
        ("CR002", ["CR_AM002 1.0", "CR_AM003 1.0"]),
        ("BD002", ["BD_AM001 1.0"]),
        ("BD001", ["BD_AM001 2.0"]),
        ("CL001", ["CL_AM001 1.0"]),
        ("CL007", ["CL_AM001 2.0"]),
        ("TH034", ["TH_AM001 3.0"]),
    ],
)
def test_projects_that_apply_several_or_one_of_several_versions(project: str, cards: list[str]) -> None:
    assert applied()[project] == cards


@pytest.mark.parametrize(
    ("card", "adopted"),
    [
        ("VN_AM003 1.0", "2015-01-14"),
        ("VN_AM007 1.0", "2017-10-10"),
        ("ID_AM006 2.1", "2019-05-09"),
        ("TH_AM003 2.0", "2023-10-11"),
        ("TH_AM014", "2021-09-20"),
        ("MN_AM003 3.0", "2024-08-04"),
        ("KH_AM004 1.1", "2021-02-27"),
    ],
)
def test_dates_of_adoption_that_are_known(card: str, adopted: str) -> None:
    assert catalogue().find(card).card.adopted == adopted


def test_viet_nam_is_calculated_but_for_the_two_texts_of_the_lens_factory_and_digestion() -> None:
    status = {e.card.number: e.card.status for e in approved() if e.card.country == "Viet Nam"}
    assert status["VN_AM011"] == status["VN_AM012"] == "catalogued"
    rest = {n: s for n, s in status.items() if n not in ("VN_AM011", "VN_AM012", "VN_AM004")}
    assert len(rest) == 12 and set(rest.values()) <= {"computable", "pattern"}


def test_what_nobody_could_read_is_not_computable() -> None:
    for entry in built_in():
        if entry.card.status == "computable":
            assert entry.card.equation.evidence in ("approved", "summary"), entry.card.id


def test_forest_is_catalogued_only() -> None:
    assert {e.card.id for e in built_in() if e.card.family == "forest"} == {"KH_AM004 1.1", "LA_AM004 1.0"}
    assert all(not e.card.computes for e in built_in() if e.card.family == "forest")


@pytest.mark.parametrize(
    ("card", "nearest"),
    [
        # its family in its country, though others are confirmed elsewhere
        ("TH_AM014", ["TH_AM011 1.0", "ID_AM003 1.0", "MM_AM002 1.0"]),
        # its family in another country
        ("TH_AM017", ["MN_AM001 1.0"]),
        ("KH_AM004", []),
    ],
)
def test_what_comes_nearest(card: str, nearest: list[str]) -> None:
    assert [e.card.id for e in catalogue().nearest(catalogue().find(card))] == nearest


def test_other_versions_of_a_number_come_before_its_family() -> None:
    entry = catalogue().find("MN_AM003 2.0")
    unknown = replace(entry, card=replace(entry.card, version="9.0", status="catalogued"), declared=None)
    near = [e.card.id for e in catalogue().nearest(unknown)]
    assert set(near[:2]) == {"MN_AM003 2.0", "MN_AM003 3.0"}
    assert len(near) == 3 and not near[2].startswith("MN_AM003"), "then solar PV in other countries"


def test_a_catalogued_card_has_no_equations_and_says_so() -> None:
    entry = catalogue().find("TH_AM017")
    with pytest.raises(CataloguedError, match=r"TH_AM017 1\.0 is catalogued only: .* because .*MN_AM001 1\.0"):
        _ = entry.methodology


def test_the_page_of_methodologies_is_current() -> None:
    page = (ROOT / "docs" / "methodologies.md").read_text(encoding="utf-8")
    assert page == load_script("write_methodologies_docs").page(), "run make docs"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "scripts/write_methodologies_docs.py docs/methodologies.md" in makefile
