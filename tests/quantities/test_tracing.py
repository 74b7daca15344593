"""Traces: a value as a person would write it down, to where each number was given."""

from __future__ import annotations

import math
import re

import pytest

from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Constant,
    Defined,
    Expression,
    Input,
    Interpolated,
    Label,
    Named,
    at,
    choose,
    exp,
    lookup,
    maximum,
    minimum,
    number_of,
    total,
    where,
)
from jcm_mrv.quantities.tracing import trace, trace_text
from jcm_mrv.quantities.with_numbers import numbers_text
from support.expressions import CLASS, GROUP, GROUP_OF_UNIT, UNIT, YEAR, space

EC = Input("EC_PJ", "electricity", "MWh", (UNIT, YEAR))
SHARE = Input("c", "share", "1", (UNIT,))
EF = Input("EF", "factor", "tCO2e/MWh")
OF_GROUP = Input("G", "of a group", "1", (GROUP,))
KIND = Label("kind", "kind of supply", ("grid", "own"), (UNIT,))
LOWER, UPPER, VALUE = (Input(n, n, "1", (CLASS,)) for n in ("from", "to", "COP"))
PE = Defined("PE", "project emissions", "tCO2e", total(EC * EF, over=UNIT), (YEAR,))
RE = Defined("RE", "reference emissions", "tCO2e", PE * Constant("r", "3/2", "1", "ratio"), (YEAR,))
ER = Defined("ER", "emission reductions", "tCO2e", RE - PE, (YEAR,))

VALUES: dict[Named, object] = {
    EC: [[10.0, 1.0], [math.nan, 2.0], [20.0, 3.0], [30.0, 4.0]],  # the second unit is absent in 2024
    SHARE: [0.5, -2.0, 1.0, 3.0],
    EF: 0.5,
    OF_GROUP: [7.0, 8.0],
    KIND: [0, 1, 0, -1],
    LOWER: [0.0, 1.0, 2.0],
    UPPER: [1.0, 2.0, 9.0],
    VALUE: [3.0, 4.0, 5.0],
}


def origin(node: Named, ordinals: tuple[int, ...]) -> str:
    return f"Fixed values!D{4 + sum(ordinals)}" if node is EF else ""


def test_a_trace_reads_like_a_calculation_by_hand() -> None:
    """Project: (10 + 20 + 30) MWh x 0.5 = 30; reference: 30 x 3/2 = 45."""
    text = trace_text(trace(ER, Evaluation([ER], VALUES, space()), (0,), origin=origin))
    assert text.splitlines() == [
        "ER[2024] = RE_p - PE_p",
        "         = 45 - 30",
        "         = 15 tCO2e",
        "  RE[2024] = PE_p × r",
        "           = 30 × 1.5",
        "           = 45 tCO2e",
        "    PE[2024] = Σ_i (EC_PJ,i,p × EF)",
        "             = 10 × 0.5 + 20 × 0.5 + 30 × 0.5",
        "             = 30 tCO2e",
        "      EC_PJ[u1, 2024] = 10 MWh",
        "      EF = 0.5 tCO2e/MWh   (Fixed values!D4)",
        "      EC_PJ[u3, 2024] = 20 MWh",
        "      EC_PJ[u4, 2024] = 30 MWh",
        "    r = 1.5   (3/2)",
        "  PE[2024] = 30 tCO2e   (see above)",
    ]


def test_depth_and_parts_are_limited_and_what_is_left_out_is_counted() -> None:
    evaluation = Evaluation([ER], VALUES, space())
    assert trace_text(trace(ER, evaluation, (0,), depth=1)).splitlines()[-1] == "  … 2 more"
    lines = trace_text(trace(PE, evaluation, (0,), most_parts=2)).splitlines()
    assert lines[-2:] == ["  EC_PJ[u4, 2024] = 30 MWh", "  … 2 more"]


def test_a_condition_shows_what_it_asks_and_the_side_that_is_taken() -> None:
    chosen = Defined("F", "factor", "1", where(SHARE > 0, EF, SHARE), (UNIT,))
    evaluation = Evaluation([chosen], VALUES, space())
    lines = trace_text(trace(chosen, evaluation, (0,))).splitlines()
    assert lines[1:] == ["      = 0.5", "  c[u1] = 0.5", "  EF = 0.5 tCO2e/MWh"]


def test_a_line_through_one_point_is_made_from_that_point() -> None:
    alone = space()
    alone.add(CLASS, ["only"])
    line = Defined("L", "line", "1", Interpolated(EF, LOWER, VALUE), ())
    evaluation = Evaluation([line], {EF: 0.5, LOWER: [0.5], VALUE: [3.0]}, alone)
    lines = trace_text(trace(line, evaluation, ())).splitlines()
    assert lines[1:] == ["  = 3", "  EF = 0.5 tCO2e/MWh", "  COP[only] = 3"]


def test_each_quantity_deeper_is_one_less_to_go() -> None:
    lines = trace_text(trace(ER, Evaluation([ER], VALUES, space()), (0,), depth=3)).splitlines()
    assert "    r = 1.5   (3/2)" in lines and "    PE[2024] = Σ_i (EC_PJ,i,p × EF)" in lines
    assert "      … 4 more" in lines and not any(line.startswith("      EC") for line in lines)


def test_a_quantity_that_is_another_one_shows_its_number_once() -> None:
    same = Defined("D", "the same", "tCO2e", PE, (YEAR,))
    lines = trace_text(trace(same, Evaluation([same], VALUES, space()), (0,))).splitlines()
    assert lines[:2] == ["D[2024] = PE_p", "        = 30 tCO2e"] and lines[2].startswith("  PE[2024]")


def test_what_is_unknown_is_called_so() -> None:
    """In 2025 the second unit exists; without its reading nothing is known."""
    values = {**VALUES, EC: [[10.0, 1.0], [math.nan, math.nan], [20.0, 3.0], [30.0, 4.0]]}
    lines = trace_text(trace(PE, Evaluation([PE], values, space()), (1,))).splitlines()
    assert lines[1] == "         = 1 × 0.5 + unknown × 0.5 + 3 × 0.5 + 4 × 0.5"
    assert lines[2] == "         = unknown tCO2e"
    assert "  EC_PJ[u2, 2025] = unknown MWh" in lines


def test_a_choice_shows_what_decides_and_the_side_that_is_taken() -> None:
    own = Defined("own", "own generators", "1", EF * 2, ())
    chosen = Defined("F", "factor", "1", choose(KIND, {"grid": EF, "own": own}), (UNIT,))
    evaluation = Evaluation([chosen], VALUES, space())
    lines = trace_text(trace(chosen, evaluation, (1,))).splitlines()
    assert lines[:3] == ["F[u2] = choose(kind_i | grid: EF; own: own)", "      = 1", "  kind[u2] = own"]
    assert "  own = EF × 2" in lines
    assert not any(
        line.startswith("  EF") for line in trace_text(trace(chosen, evaluation, (1,), depth=2)).splitlines()
    )
    assert "  kind[u4] = unknown" in trace_text(trace(chosen, evaluation, (3,))).splitlines()


def numbers(expression: Expression, *ordinals: int) -> str:
    defined = Defined("Z", "result", "1", expression, expression.sets)
    return numbers_text(defined, Evaluation([defined], VALUES, space()), ordinals, "{:g}".format)


@pytest.mark.parametrize(
    ("expression", "ordinals", "expected"),
    [
        (SHARE + EF, (0,), "0.5 + 0.5"),
        (EF - SHARE, (1,), "0.5 - (-2)"),
        (SHARE * EF, (1,), "-2 × 0.5"),
        (EF / (SHARE * EF), (0,), "0.5 / (0.5 × 0.5)"),
        (EF - (EF - 1), (), "0.5 - (0.5 - 1)"),
        (-(EF + 1), (), "-(0.5 + 1)"),
        (SHARE**2, (1,), "(-2)^2"),
        ((EF + 1) ** 0.5, (), "(0.5 + 1)^0.5"),
        (EF**-1, (), "0.5^(-1)"),
        (exp(-SHARE), (1,), "exp(-(-2))"),
        (minimum(SHARE, EF, 1), (3,), "min(3; 0.5; 1)"),
        (maximum(SHARE, EF), (3,), "max(3; 0.5)"),
        (number_of(YEAR) - 2000, (1,), "2025 - 2000"),
        (where(SHARE < 0, 0, SHARE) * 2, (1,), "0 × 2"),
        (where(SHARE < 0, 0, SHARE + 1) * 2, (0,), "(0.5 + 1) × 2"),
        (choose(KIND, {"grid": EF, "own": SHARE}), (3,), "unknown"),
        (lookup(EF * 4, LOWER, UPPER, VALUE) * EF, (), "5 × 0.5"),
        (at(OF_GROUP, GROUP_OF_UNIT) * SHARE, (1,), "8 × (-2)"),
        (at(OF_GROUP, GROUP_OF_UNIT), (3,), "unknown"),  # the fourth unit is in no group
        (total(SHARE, by=GROUP_OF_UNIT), (0,), "0.5 + 1"),
        (total(SHARE, over=UNIT) * EF, (), "(0.5 + (-2) + 1 + 3) × 0.5"),
    ],
)
def test_numbers_of_every_operator(expression: Expression, ordinals: tuple[int, ...], expected: str) -> None:
    assert numbers(expression, *ordinals) == expected


def test_a_total_of_many_terms_is_shortened_and_says_by_how_much() -> None:
    wide = space()
    wide.add(UNIT, [f"u{n}" for n in range(30)])
    wide.domains.clear()
    wide.map(GROUP_OF_UNIT, [0] * 30)
    defined = Defined("Z", "sum", "1", total(SHARE, over=UNIT), ())
    evaluation = Evaluation([defined], {SHARE: [float(n) for n in range(30)]}, wide)
    assert numbers_text(defined, evaluation, (), "{:g}".format) == "0 + 1 + 2 + … (26) … + 29"


def test_the_numbers_of_a_whole_equation_give_its_value() -> None:
    """Only + - × / ( ) and numbers: what the line says, computed by hand rules, is the engine's value."""
    equation = (SHARE + EF) / (EF - SHARE * 3) - (EF - SHARE) * -SHARE
    for unit in range(4):
        defined = Defined("Z", "result", "1", equation, (UNIT,))
        evaluation = Evaluation([defined], VALUES, space())
        line = numbers_text(defined, evaluation, (unit,), "{!r}".format)
        assert re.fullmatch(r"[0-9.×/() +-]+", line)
        python = compile(line.replace("×", "*"), "line", "eval")
        value = eval(python, {"__builtins__": {}})  # noqa: S307
        assert value == pytest.approx(float(evaluation[defined][unit]), rel=1e-12)
