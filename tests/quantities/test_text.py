"""Equations as text, their units as text, and which of them are the same in every row of a table."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from jcm_mrv.quantities.elements import of_one_row
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Constant,
    Defined,
    Expression,
    Input,
    Label,
    Lag,
    Number,
    choose,
    exp,
    ln,
    maximum,
    minimum,
    number_of,
    rounded,
    running,
    total,
    where,
)
from jcm_mrv.quantities.lowering import unit_of
from jcm_mrv.quantities.text import term_text
from jcm_mrv.quantities.with_numbers import numbers_text
from support.expressions import GROUP, UNIT, YEAR, space

A, B = Input("a", "a", "1"), Input("b", "b", "1")
U, V, G = Input("U", "u", "t", (UNIT,)), Input("V", "v", "t", (UNIT, YEAR)), Input("G", "g", "t", (GROUP,))
KIND = Label("kind", "kind", ("grid", "own"), (UNIT,))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (A - 0, "a - 0"),
        (A * 0, "a × 0"),
        (0 / A, "0 / a"),
        (A**-0.5, "a^-0.5"),
        (Number(-2) ** 2, "(-2)^2"),
        (Number(0) ** 2, "0^2"),
        (Number(0.5) ** 2, "0.5^2"),
        (Input("", "without a symbol", "1") * Input("EC_PJ", "e", "1", (UNIT,)), "? × EC_PJ,i"),
        (-A - (B - A), "-a - (b - a)"),
        (A / (B / A), "a / (b / a)"),
        (A / (B * A), "a / (b × a)"),
        ((A / B) / A, "a / b / a"),
        (A * (B / A), "a × b / a"),
        ((A + B) ** 2, "(a + b)^2"),
        (-(A + B), "-(a + b)"),
        (rounded(A, 2), "round(a; 2)"),
        (rounded(A, 0, "down"), "round down(a; 0)"),
        (rounded(A, -1, "up"), "round up(a; -1)"),
        (minimum(A, B), "min(a; b)"),
        (maximum(A, B), "max(a; b)"),
        (ln(A) + exp(B), "ln(a) + exp(b)"),
        (where((A < B) & ~(A > 1), A, B), "where((a < b) and not (a > 1); a; b)"),
        (running(V, YEAR), "Σ_p'≤p (V_i,p)"),
        (Lag(V, YEAR, -1), "lag(V_i,p; p+1)"),
        (Lag(V, YEAR, 2, 0), "lag(V_i,p; p-2; before: 0)"),
    ],
)
def test_terms_with_the_brackets_that_they_need(term: Expression, text: str) -> None:
    assert term_text(term) == text


E, N, P = Input("E", "e", "MWh"), Input("N", "n", "1"), Input("P", "p", "tCO2e/MWh")


@pytest.mark.parametrize(
    ("term", "unit"),
    [
        (E * P, "MWh*(tCO2e/MWh)"),
        (P * E, "tCO2e/MWh*MWh"),
        (E * E, "MWh*MWh"),
        (E * N, "MWh"),
        (N * E, "MWh"),
        (N * P, "tCO2e/MWh"),
        (N * N, "1"),
        (E / P, "MWh/(tCO2e/MWh)"),
        (N / E, "1/(MWh)"),
        (E / N, "MWh"),
        (0 + E, "MWh"),
        (E - 0, "MWh"),
        (maximum(0, E), "MWh"),
        (maximum(1, N), "1"),
        (where(N > 0, 0, E), "MWh"),
        (E**2, "(MWh)**2"),
        (N**2, "1"),
        (exp(N) * E, "MWh"),
        (-E, "MWh"),
        (number_of(YEAR, "a") - 2000, "a"),
        (Constant("c", "44/12", "tCO2/tC", "c") * E, "tCO2/tC*MWh"),
    ],
)
def test_the_unit_of_a_term(term: Expression, unit: str) -> None:
    assert unit_of(term) == unit


@pytest.mark.parametrize(
    ("equation", "same"),
    [
        (U * A, True),
        (where(KIND.equals("grid"), U, A), True),
        (U + 1, True),
        (U * A + Lag(U, UNIT, 1), False),
        (running(U, UNIT), False),
        (total(V, over=YEAR), False),
        (U * number_of(YEAR), False),
    ],
)
def test_an_equation_of_one_row_takes_nothing_from_another(equation: Expression, same: bool) -> None:
    assert of_one_row(Defined("Z", "z", "t", equation, equation.sets)) is same


def test_a_value_of_fewer_sets_is_none_of_the_row() -> None:
    """Of unit and year: what is by unit alone stands in another table."""
    assert not of_one_row(Defined("Z", "z", "t", V * U, (UNIT, YEAR)))
    assert of_one_row(Defined("Z", "z", "t", V * A, (UNIT, YEAR)))


def test_numbers_of_what_is_not_known_and_of_nothing() -> None:
    """Zero has no sign, minus zero has; a condition that is unknown takes no side."""
    values = {A: 0.0, B: math.nan, U: [0.0, -0.0, 1.0, -1.0], KIND: [0, 1, -1, 0]}

    def numbers(root: Expression, *ordinals: int) -> str:
        defined = Defined("Z", "result", "1", root, root.sets)
        return numbers_text(defined, Evaluation([defined], values, space()), ordinals, "{:g}".format)

    assert [numbers(U**2, n) for n in range(4)] == ["0^2", "(-0)^2", "1^2", "(-1)^2"]
    assert numbers((A + 1) ** Fraction(1, 3)) == "(0 + 1)^(1/3)"
    deep = A + total(U, over=UNIT)
    for _ in range(600):
        deep = deep + 1
    assert numbers(deep) == "0 + (0 + (-0) + 1 + (-1))" + " + 1" * 600
    assert numbers(A ** (1 / 3)).startswith("0^0.33") and numbers(A**-2) == "0^(-2)"
    assert numbers(where(B > 1, A, 2)) == "unknown" and numbers(where(A > -1, A, 2)) == "0"
    by_kind = where(KIND.equals("own"), 5, 7)
    assert [numbers(by_kind, n) for n in range(4)] == ["7", "5", "unknown", "7"]
    assert [numbers(choose(KIND, {"grid": A, "own": 7}), n) for n in range(4)] == ["0", "7", "unknown", "0"]
    chosen = choose(KIND, {"grid": A, "own": 7})
    assert np.array_equal(Evaluation([chosen], values, space())[chosen], [0, 7, math.nan, 0], equal_nan=True)
    evaluation = Evaluation([by_kind], values, space())
    assert np.array_equal(evaluation[by_kind], [7, 5, math.nan, 7], equal_nan=True)
    assert by_kind in evaluation and U not in evaluation
