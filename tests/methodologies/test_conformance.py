"""``jcm-mrv methodologies test``: the built-ins pass it, and each check can fail, be skipped, and says why."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner

from jcm_mrv.cli import program
from jcm_mrv.conformance import conformance
from jcm_mrv.conformance.cases import Case, CaseError, cases_of, package_cases, read_case
from jcm_mrv.conformance.conformance import Outcome, examine
from jcm_mrv.conformance.methodology_checks import card_problems, typeset_problems, unused_problems
from jcm_mrv.libreoffice import LibreOfficeError, recalculate
from jcm_mrv.methodology.base import Methodology
from jcm_mrv.methodology.catalogue import Catalogue, Entry, catalogue
from jcm_mrv.methodology.declare import default, equipment, monitored, result
from jcm_mrv.quantities.expression import total

CHECKS = [
    "units are consistent",
    "every quantity is used",
    "the card is complete",
    "equations are typeset",
    "there is a README",
    "the arithmetic of its cases is right",
    "the engine reaches its cases",
    "LibreOffice reaches the same tonnes",
    "no activity gives no reductions",
    "reductions move as the card says",
    "twice the equipment, twice the reductions",
    "RE, PE and LE have their signs in ER",
    "years stand apart",
    "a part of a year gives its part",
    "the rule for electricity is cautious",
    "shared equations reach their cases",
    "the card's equation is that of the class",
    "limits lie on the cautious side",
    "every branch and value is taken",
    "only a second source can tell",
]
CASE = """
card = "ID_AM005 2.0"
title = "t"
source = "s"
first_day = 2024-01-01
last_day = 2024-12-31
[[equipment]]
equipment_id = "L-1"
[[expected]]
year = 2024
reference = "3"
project = "2"
reductions = "1"
"""
READ = '[[monitored]]\nparameter = "P"\napplies_to = "L-1"\nunit = "t"\nby_year = '


@pytest.fixture
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor are equations drawn, which takes a while."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(conformance, "typeset_problems", partial(typeset_problems, drawn=False))


@pytest.fixture
def lamps() -> Entry:
    return catalogue().find("ID_AM005")


def examined(entry: Entry) -> dict[str, Outcome]:
    return {outcome.check: outcome for outcome in examine(entry)}


def test_a_built_in_passes_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "typeset_problems", partial(typeset_problems, drawn=False))
    done = CliRunner().invoke(program, ["methodologies", "test", "ID_AM005", "2.0"])
    lines = done.output.splitlines()
    assert done.exit_code == 0, done.output
    assert lines[0].startswith("ID_AM005 2.0  ") and lines[-1] == "Everything holds."
    assert [line[11:52].strip() for line in lines[1:-1] if line[2:9].strip()] == CHECKS
    shown = [line for line in lines[1:-1] if line[2:9].strip()]
    assert {line[2:9] for line in shown[:-1]} == {"pass   "} and shown[-1][2:9] == "named  "
    assert any("constants of the class: " in line and "GWP_CO2 1" in line for line in lines)


@pytest.mark.usefixtures("without_libreoffice")
class TestWithoutLibreOffice:
    def test_it_is_said_and_nothing_fails(self, lamps: Entry) -> None:
        told: list[str] = []
        outcomes = {outcome.check: outcome for outcome in examine(lamps, progress=told.append)}
        (case, *_) = cases_of(lamps)
        assert told[0].startswith(f"  calculating: {case.name} (1 of ")
        assert any(text.startswith(f"  reductions move as the card says: {case.name} (1 of ") for text in told)
        outcome = outcomes["LibreOffice reaches the same tonnes"]
        assert outcome.status == "skipped" and "was not found" in outcome.reasons[0]
        with pytest.raises(LibreOfficeError, match="not installed"):
            recalculate(Path("report.xlsx"), Path())

    def test_a_failed_check_ends_with_1_and_says_what_was_found(
        self, lamps: Entry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        guides = {"EC_PJ": replace(lamps.card.parameters["EC_PJ"], reductions="fall", method="")}
        wrong = replace(lamps, card=replace(lamps.card, parameters=guides))
        monkeypatch.setattr("jcm_mrv.methodology.catalogue.catalogue", lambda number="": Catalogue((wrong,), ()))
        done = CliRunner().invoke(program, ["methodologies", "test", "ID_AM005"])
        failed = [line for line in done.output.splitlines() if line.startswith("  fail")]
        assert done.exit_code == 1
        assert len(failed) == 2 and "needs method and frequency" in failed[0] and "must fall" in failed[1]
        assert done.output.endswith("2 of the checks failed.\n")

    def test_a_wrong_case(self, lamps: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
        (case,) = [c for c in package_cases(lamps) if c.card == "ID_AM005 2.0"]
        expected = replace(case.expected[0], reductions="24 x (120 / 80 - 1) x 0.81")
        wrong = replace(case, expected=(expected,))
        stray = replace(case, name="stray.toml", card="ID_AM005 9.9")
        monkeypatch.setattr(conformance, "package_cases", lambda entry: [wrong, stray])
        outcomes = examined(lamps)
        arithmetic, engine = (outcomes[check] for check in CHECKS[5:7])
        assert (arithmetic.status, engine.status) == ("fail", "fail")
        assert arithmetic.reasons[0] == "stray.toml: there is no card 'ID_AM005 9.9'"
        unversioned = replace(case, name="stray.toml", card="ID_AM005")
        monkeypatch.setattr(conformance, "package_cases", lambda entry: [unversioned])
        (said, none) = examined(lamps)[CHECKS[5]].reasons
        assert said == "stray.toml: there is no card 'ID_AM005'; write number and version: 'ID_AM005 2.0'"
        assert "no file in the folder cases is for this card" in none
        assert "reductions are 9.72, RE and PE give 9.6" in arithmetic.reasons[1]
        assert engine.reasons[0].endswith(", expected 9.72")

    def test_a_case_that_is_refused(self, lamps: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
        (case,) = [c for c in package_cases(lamps) if c.card == "ID_AM005 2.0"]
        dark = replace(case, equipment=({**case.equipment[0], "eta_PJ": 0.0},))
        monkeypatch.setattr(conformance, "package_cases", lambda entry: [dark])
        outcomes = examined(lamps)
        assert outcomes["the engine reaches its cases"].status == "fail"
        assert "is refused" in outcomes["the engine reaches its cases"].reasons[0]
        assert {outcomes[check].reasons for check in CHECKS[8:-1]} == {("no case could be calculated",)}

    def test_a_case_with_a_column_that_the_workbook_does_not_have(
        self, lamps: Entry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (case,) = [c for c in package_cases(lamps) if c.card == "ID_AM005 2.0"]
        strange = replace(case, equipment=({**case.equipment[0], "colour": "red"},))
        monkeypatch.setattr(conformance, "package_cases", lambda entry: [strange])
        outcome = examined(lamps)["the engine reaches its cases"]
        assert outcome.status == "fail" and "no column 'colour'" in outcome.reasons[0]

    def test_no_case(self, lamps: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(conformance, "package_cases", lambda entry: [])
        outcomes = examined(lamps)
        assert outcomes[CHECKS[5]].status == "fail"
        assert {outcomes[check].status for check in CHECKS[6:-1]} == {"skipped"}


def test_what_is_only_catalogued_is_refused_with_its_reason() -> None:
    done = CliRunner().invoke(program, ["methodologies", "test", "VN_AM012"])
    assert done.exit_code == 1
    assert "catalogued only" in done.output


class Idle(Methodology):
    """A quantity that is added to a loaded class is noticed too."""

    EC_PJ = monitored("electricity", unit="MWh", per=equipment)
    SEC = default("emissions", unit="tCO2e/MWh")
    RE = result(total(EC_PJ, over=equipment) * SEC, "reference emissions")
    PE = result(total(EC_PJ, over=equipment) * SEC, "project emissions")
    ER = result(RE - PE, "emission reductions")
    linear: ClassVar[bool] = True


def test_unused_quantities_and_incomplete_cards(lamps: Entry) -> None:
    card = replace(lamps.card, defaults={"W_RE": lamps.card.defaults["eta_RE"]}, parameters={}, choices={})
    bare = Entry(replace(card, status="computable"), Idle, "p", "1")
    assert [p.text for p in unused_problems(bare)] == ["the card's default W_RE is in no equation, its choices made"]
    texts = [p.text for p in card_problems(bare)]
    assert len(texts) == 3
    assert any("[defaults.SEC]" in t for t in texts) and any("[parameters.EC_PJ]" in t for t in texts)
    assert any("unconfirmed: it is a pattern" in t for t in texts)
    Idle.late = default("never used", unit="1", symbol="late")  # type: ignore[attr-defined]
    assert unused_problems(bare)[0].text == "late is declared and used by no equation"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("first_day = 2024-01-01", 'first_day = "1 January"'), "first_day is no date"),
        (('equipment_id = "L-1"', 'name = "L-1"'), "equipment 1 has no equipment_id"),
        (('reference = "3"', 'reference = "three"'), "expected 2024: 'three' is more than arithmetic"),
        (('reference = "3"', 'refernce = "3"'), "expected 1 has no reference"),
        (("[[equipment]]", "[equipment]"), "equipment is not written as [[equipment]]"),
        (("[[equipment]]", '[[monitored]]\nparameter = "P"\n[[equipment]]'), "monitored 1 has no by_year"),
        (("year = 2024", "year = 2024\nextra = 1"), "unexpected keyword argument 'extra'"),
        (("year = 2024", 'year = "2024"'), "year and credited are whole numbers"),
        (('reference = "3"', "reference = 3"), "reference is 3, not arithmetic as text"),
        (('"L-1"', '"L-1"\nW_PJ = [40]'), "equipment 1: W_PJ is [40], which no cell holds"),
        (("[[equipment]]", f"{READ}{{ 2024 = true }}\n[[equipment]]"), "monitored 1: by_year is not written as"),
        (("[[equipment]]", f"{READ}{{ 2024 = inf }}\n[[equipment]]"), "monitored 1: by_year is not written as"),
        (("[[equipment]]", f"{READ}{{ 2024 = [{'1, ' * 5001}] }}\n[[equipment]]"), "by_year is not written as"),
        (("2024-01-01", "2024-01-01T00:00:00Z"), "first_day is no date"),
        (('"L-1"', '"L-1"\nW_PJ = nan'), "equipment 1: W_PJ is nan, which no cell holds"),
        (("year = 2024", f"year = {'9' * 5000}"), "is not readable as TOML"),
        (('title = "t"', f"title = {'[' * 5000}"), "is not readable as TOML"),
        (("[[equipment]]", f"{READ}{{ 20244 = 1.0 }}\n[[equipment]]"), "monitored 1: by_year is not written as"),
    ],
)
def test_a_case_says_what_is_wrong_with_it(wrong: tuple[str, str], said: str) -> None:
    assert isinstance(read_case(CASE, "case.toml"), Case)
    with pytest.raises(CaseError) as error:
        read_case(CASE.replace(*wrong), "case.toml")
    assert said in str(error.value)


@pytest.mark.usefixtures("without_libreoffice")
def test_a_case_that_cannot_be_read_fails_the_methodology(lamps: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(entry: Entry) -> Any:
        raise CaseError("case.toml", ["has no title", "has no source"])

    monkeypatch.setattr(conformance, "package_cases", broken)
    outcomes = {o.check: o for o in examine(lamps)}
    assert outcomes[CHECKS[5]].reasons == ("case.toml: has no title", "case.toml: has no source")
