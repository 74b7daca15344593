"""Every case of every family: the expectation computed without the engine, then the engine on a real workbook."""

from __future__ import annotations

import ast
import math
import operator
import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.monitoring.template import write_workbook
from jcm_mrv.result import Result
from jcm_mrv.workbook_template import template_methods

FAMILIES = Path(__file__).parents[2] / "methodologies"
FILES = sorted(FAMILIES.glob("*/cases/*.toml"))
Case = Mapping[str, Any]


def load(path: Path) -> Case:
    with path.open("rb") as file:
        return tomllib.load(file)


CASES = pytest.mark.parametrize("case", [load(p) for p in FILES], ids=[p.stem for p in FILES])

# --- arithmetic as a person writes it, without the engine ------------------------------

OPERATORS: Mapping[type[ast.AST], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def arithmetic(text: str) -> Fraction:
    """``1000 x min(0.333, 0.533)`` as an exact fraction; only numbers, + - x / ( ), min and max."""
    return _value(ast.parse(text.replace(" x ", " * "), mode="eval").body, text)


def _value(node: ast.expr, text: str) -> Fraction:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return Fraction(ast.get_source_segment(text.replace(" x ", " * "), node) or "")
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left, text), _value(node.right, text))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        values = [_value(argument, text) for argument in node.args]
        return min(values) if node.func.id == "min" else max(values)
    raise ValueError(f"{text!r} is more than arithmetic")


# --- a case as a monitoring workbook ---------------------------------------------------


def calculate(case: Case, folder: Path) -> Result:
    meters, points, readings = [], [], []
    for n, row in enumerate(case["monitored"], 1):
        meter = f"M-{n}"
        meters.append({"meter_id": meter, "unit": row["unit"], "transformer_factor": 1})
        points.append({"parameter": row["parameter"], "applies_to": row["applies_to"], "meter_id": meter, "sign": "+"})
        for year, amount in row["by_year"].items():
            span = {"start": datetime(int(year), 1, 1), "end": datetime(int(year) + 1, 1, 1)}
            readings.append({"meter_id": meter, "kind": "energy", **span, "value": amount, "unit": row["unit"]})
    project = {
        "title": f"{case['title']} (illustrative)",
        "country": catalogue().find(case["card"]).card.country,
        "period_start": case["first_day"],
        "period_end": case["last_day"],
        "time_zone": "Asia/Bangkok",
        "report_date": case["last_day"],
    }
    tables = {
        "equipment": case["equipment"],
        "meters": meters,
        "points": points,
        "readings": readings,
        "evidence": [{"document_id": "D-1", "title": "illustrative"}],
        "fixed": case.get("fixed", []),
    }
    path = folder / "monitoring.xlsx"
    write_workbook(path, template_methods([case["card"]]), project, tables)
    return calculate_file(path)


@CASES
def test_the_expectation_agrees_with_itself(case: Case) -> None:
    """ER = RE - PE and the credited tonnes follow from it, in exact arithmetic."""
    for year in case["expected"]:
        reductions = arithmetic(year["reductions"])
        # A methodology may deduct for uncertainty in its own equation.
        difference = arithmetic(year["reference"]) - arithmetic(year["project"])
        assert difference * arithmetic(year.get("deduction", "1")) == reductions
        if "credited" in year:
            assert math.floor(reductions) == year["credited"]


@CASES
def test_the_engine_reaches_the_expectation(case: Case, tmp_path: Path) -> None:
    result = calculate(case, tmp_path)
    expected = case["expected"]
    assert [y.year for y in result.years] == [e["year"] for e in expected]
    for year, wanted in zip(result.years, expected, strict=True):
        for name in ("reference", "project", "reductions"):
            # Absolute as well: 0 is 0.
            assert getattr(year, name) == pytest.approx(float(arithmetic(wanted[name])), rel=1e-12, abs=1e-12), name
        assert year.credited == wanted.get("credited")
    assert result.indicative is (result.credited is None)


@pytest.mark.parametrize("entry", catalogue().entries, ids=lambda e: e.card.id)
def test_every_card_has_a_case(entry: Any) -> None:
    assert entry.card.status == "catalogued" or entry.card.id in {load(p)["card"] for p in FILES}


@pytest.mark.parametrize("family", sorted(p.parent for p in FAMILIES.glob("*/cards")), ids=lambda p: p.name)
def test_every_family_has_a_readme_that_names_its_cards(family: Path) -> None:
    text = (family / "README.md").read_text()
    for card in (family / "cards").glob("*.toml"):
        number, version = card.stem.rsplit("_", 1)
        assert f"{number} {version}" in text


# --- figures of the facts --------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "symbol", "arithmetic_of_it"),
    [
        ("VN_AM007 1.0", "EF_RE_cap", "3.6 x 0.0726 / 0.49"),
        ("MN_AM003 2.0", "EF_RE_cap", "3.6 x 0.0726 / 0.49"),
        ("TH_AM001 1.0", "EF_RE_cap", "3.6 x 0.0726 / 0.49"),
        ("KE_AM002 1.0", "EF_RE_cap", "3.6 x 0.0726 / 0.49"),
        ("TH_AM001 1.0", "EF_RE_grid", "3.6 x 0.0543 / 0.613"),
    ],
)
def test_a_default_is_its_derivation_at_three_decimals(card: str, symbol: str, arithmetic_of_it: str) -> None:
    default = catalogue().find(card).card.defaults[symbol]
    assert default.value == round(float(arithmetic(arithmetic_of_it)), 3)
    assert arithmetic_of_it in default.source.replace(" tCO2/GJ", "")


def test_arithmetic_refuses_anything_else() -> None:
    for text in ("__import__('os')", "x", "2 ** 9", "(1).real"):
        with pytest.raises(ValueError, match="more than arithmetic"):
            arithmetic(text)
