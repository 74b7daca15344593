"""``jcm-mrv methodologies new``: what it writes holds what every methodology must, and it writes over nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jcm_mrv.cli import program
from jcm_mrv.conformance import conformance
from jcm_mrv.conformance.cases import calculate_case, cases_of
from jcm_mrv.conformance.methodology_checks import typeset_problems
from jcm_mrv.methodology.catalogue import catalogue
from support.packages import installed


def new(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["methodologies", "new", *(str(a) for a in arguments)])


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("family", ["", "lighting", "rice_paddy", "commercial_building", "boiler"])
def test_it_holds_what_every_methodology_must(family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "soffice", lambda: None)
    monkeypatch.setattr(conformance, "typeset_problems", partial(typeset_problems, drawn=False))
    number = f"XX_KIT_{family or 'none'}"
    folder = tmp_path / number.lower()
    done = new(number, "--family", family, "--output", folder)
    assert done.exit_code == 0, done.output
    assert f"jcm-mrv methodologies test {number}" in done.output
    package = number.lower()
    assert set(tree(folder)) == {
        "pyproject.toml",
        f"{package}/__init__.py",
        f"{package}/README.md",
        f"{package}/cards/{number}_0.1.toml",
        f"{package}/cases/{number}_0.1.toml",
        f"tests/test_{package}.py",
    }
    with installed(folder):
        assert catalogue().failures == ()
        entry = catalogue().find(number)
        outcomes = {o.check: o for o in conformance.examine(entry)}
        skipped = [o.check for o in outcomes.values() if o.status == "skipped"]
        assert [o for o in outcomes.values() if o.status == "fail"] == []
        assert skipped == ["LibreOffice reaches the same tonnes"]
        assert entry.card.family == (family or package)


def test_the_example_by_hand_and_nothing_is_credited(tmp_path: Path) -> None:
    """1000 t x 0.5 MWh/t x 0.8 = 400 t, 350 MWh x 0.8 = 280 t: 120 t, not credited as the equation is unconfirmed."""
    new("XX_KIT_HAND", "--output", tmp_path / "xx_kit_hand")
    with installed(tmp_path / "xx_kit_hand"):
        (case,) = cases_of(catalogue().find("XX_KIT_HAND"))
        result = calculate_case(case, tmp_path)
    assert (result.reference, result.project, result.reductions) == pytest.approx((400.0, 280.0, 120.0))
    assert (result.indicative, result.credited) == (True, None)


def test_of_a_family_nothing_is_taken_over_as_confirmed(tmp_path: Path) -> None:
    new("XX_KIT_SUN", "--family", "solar_pv", "--output", tmp_path / "xx_kit_sun")
    with installed(tmp_path / "xx_kit_sun"):
        card = catalogue().find("XX_KIT_SUN").card
    assert (card.status, card.projects, card.adopted) == ("pattern", (), "")
    statements = [card.title, card.equation, *card.defaults.values(), *card.choices.values()]
    assert len(statements) > 3
    assert {s.evidence for s in statements} == {"unconfirmed"}
    assert all("to be read in the document" in s.source for s in statements)


def test_nothing_is_overwritten_and_the_same_bytes_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "work.txt").write_text("work")
    done = new("XX_AM901", "--output", folder)
    assert done.exit_code == 1 and "exists already" in done.output
    assert tree(tmp_path) == {"mine/work.txt": b"work"}
    for name in ("one", "two"):
        assert new("XX_AM901", "--family", "chiller", "--output", tmp_path / name).exit_code == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


@pytest.mark.parametrize(
    ("name", "family", "said"),
    [
        ("../XX", "", "is no name"),
        ("XX AM001", "", "is no name"),
        ("1XX", "", "is no name"),
        ("XX__AM001", "", "is no name"),
        ("class", "", "is no name"),
        ("ÄÖ_AM001", "", "is no name"),
        ("NumPy", "", "a Python package of the name numpy is there already"),
        ("JSON", "", "a Python package of the name json is there already"),
        ("XX_AM001", "chilers", "did you mean chiller"),
        ("XX_AM001", "forest", "no family forest is calculated; there are absorption_chiller"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(name: str, family: str, said: str, tmp_path: Path) -> None:
    done = new(name, "--family", family, "--output", tmp_path / "new")
    assert done.exit_code == 1
    assert said in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_number_that_is_there_in_this_version_is_refused(tmp_path: Path) -> None:
    new("XX_KIT_TWICE", "--output", tmp_path / "xx_kit_twice")
    with installed(tmp_path / "xx_kit_twice"):
        done = new("xx_kit_TWICE", "--output", tmp_path / "again")
    assert done.exit_code == 1 and "XX_KIT_TWICE 0.1 is in the catalogue already" in done.output


def test_a_class_in_a_module_of_its_own_has_its_cases_beside_the_package(tmp_path: Path) -> None:
    new("XX_KIT_DEEP", "--output", tmp_path / "xx_kit_deep")
    inside = tmp_path / "xx_kit_deep" / "xx_kit_deep"
    (inside / "__init__.py").rename(inside / "equations.py")
    (inside / "__init__.py").write_text("from xx_kit_deep.equations import METHODOLOGY as METHODOLOGY\n")
    with installed(tmp_path / "xx_kit_deep"):
        assert [c.card for c in cases_of(catalogue().find("XX_KIT_DEEP"))] == ["XX_KIT_DEEP 0.1"]


def test_a_class_that_does_not_load_is_named_with_its_term_by_the_test_command(tmp_path: Path) -> None:
    new("XX_KIT_KWH", "--output", tmp_path / "xx_kit_kwh")
    equations = tmp_path / "xx_kit_kwh" / "xx_kit_kwh" / "__init__.py"
    text = equations.read_text(encoding="utf-8")
    assert '"electricity consumption of the project machine", unit="MWh"' in text
    equations.write_text(text.replace('project machine", unit="MWh"', 'project machine", unit="kWh"'), encoding="utf-8")
    with installed(tmp_path / "xx_kit_kwh"):
        done = CliRunner().invoke(program, ["methodologies", "test", "XX_KIT_KWH"])
        other = CliRunner().invoke(program, ["methodologies", "test", "VN_AM07"]).output
    assert other.index("It may be in what did not load") < other.index("Did you mean VN_AM007 1.0")
    assert done.exit_code == 1
    assert "XX_KIT_KWH did not load: " in done.output and "id you mean" not in done.output
    assert "PE: in Σ_i (EC_PJ,i,p × EF), the equation gives 0.001 tCO2e where tCO2e is declared" in done.output


def test_a_set_of_its_own_that_no_sheet_knows_fails_the_case_and_ends_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conformance, "soffice", lambda: None)
    monkeypatch.setattr(conformance, "typeset_problems", partial(typeset_problems, drawn=False))
    new("XX_KIT_SETS", "--output", tmp_path / "xx_kit_sets")
    equations = tmp_path / "xx_kit_sets" / "xx_kit_sets" / "__init__.py"
    text = equations.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("SEC_RE = "))
    own = line.replace('unit="MWh/t"', 'unit="MWh/t", per=Set("route", "r", "route")')
    text = text.replace(line, own).replace(
        "by_output(P, SEC_RE)", 'by_output(P, total(SEC_RE, over=Set("route", "r", "route")))'
    )
    equations.write_text(
        text.replace(
            "from jcm_mrv.quantities.expression",
            "from jcm_mrv.quantities.sets import Set\nfrom jcm_mrv.quantities.expression",
            1,
        ),
        encoding="utf-8",
    )
    with installed(tmp_path / "xx_kit_sets"):
        outcomes = {o.check: o for o in conformance.examine(catalogue().find("XX_KIT_SETS"))}
    reached = outcomes["the engine reaches its cases"]
    assert reached.status == "fail" and "route" in reached.reasons[0]
