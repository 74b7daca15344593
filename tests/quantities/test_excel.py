"""Formulas: how they are written, and absent, zero and unknown in a spreadsheet as in the engine."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.excel import Formulas
from jcm_mrv.quantities.expression import (
    Defined,
    Expression,
    Input,
    Label,
    Named,
    Number,
    Total,
    choose,
    exp,
    interpolate,
    lookup,
    maximum,
    minimum,
    rounded,
    total,
    where,
)
from jcm_mrv.quantities.graph import of_type
from jcm_mrv.quantities.lowering import prepare
from jcm_mrv.quantities.units import check_units
from support.expressions import CLASS, GROUP_OF_UNIT, UNIT, YEAR, space
from support.grid import Grid
from support.libreoffice import recalculate

EC = Input("EC", "electricity", "MWh", (UNIT, YEAR))
A, B = Input("a", "a", "1"), Input("b", "b", "1")
KIND = Label("kind", "kind", ("A*", 'say "yes"'), ())
LOWER, UPPER, VALUE = (Input(n, n, "1", (CLASS,)) for n in ("lower", "upper", "value"))


class Names:
    """Cells by symbol, for formulas without totals."""

    def cell(self, node: Named, ordinals: tuple[int, ...]) -> str:
        return node.symbol + "".join(map(str, ordinals))

    def column(self, node: Named) -> str:
        return f"{node.symbol}:{node.symbol}"


def formula(expression: Expression) -> str:
    defined = Defined("Z", "result", "1", expression, expression.sets)
    return Formulas(Names(), space()).equation(defined, (0,) * len(defined.sets))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ((A + B) * A, "=(a+b)*a"),
        (A - (B - A), "=a-(b-a)"),
        (A / (B / A), "=a/(b/a)"),
        ((-A) ** 2, "=(-a)^2"),  # Excel takes -a^2 as (-a)^2
        (-(A**2), "=-(a^2)"),
        (A**-1, "=a^(-1)"),
        (exp(-A), "=EXP(-a)"),
        (A - (-3), "=a-(-3)"),
        (A * 0.5, "=a*0.5"),
        (A**0.5, "=IF(a<0,NA(),a^(0.5))"),
        (A**3, "=a^3"),
        (Number(0) ** 2, "=0^2"),
        (Number(-2) ** 2, "=(-2)^2"),
        (A**-2.0, "=a^(-2.0)"),
        (rounded(A, 0), "=ROUND(ROUND(a*1,6),0)/1"),
        (rounded(A + B, 2, "down"), "=INT(ROUND((a+b)*100,6))/100"),
        (rounded(A, -2, "up"), "=-INT(ROUND(-a/100,6))*100"),
        (A - rounded(B, 1, "up"), "=a-(-INT(ROUND(-b*10,6))/10)"),
        (A * rounded(B, 1), "=a*(ROUND(ROUND(b*10,6),0)/10)"),
    ],
)
def test_brackets(expression: Expression, expected: str) -> None:
    assert formula(expression) == expected


def test_min_and_max_do_not_skip_what_is_no_number() -> None:
    for made in (formula(minimum(A, B)), formula(maximum(A, B))):
        assert "COUNT(" in made or "ISNUMBER(" in made
        assert "NA()" in made


def test_a_text_in_a_cell_is_not_compared_with_a_number() -> None:
    """To a spreadsheet every text is larger than any number; of arithmetic with one an error comes by itself."""
    assert formula(where(A > B, A, 0)) == "=IF(IF(AND(ISNUMBER(a),ISNUMBER(b)),a>b,NA()),a,0)"
    assert formula(where(A + 1 > 2, A, 0)) == "=IF(a+1>2,a,0)"
    side = "IF(IF(ISNUMBER(a),a>1,NA()),b,2)"
    assert formula(maximum(where(A > 1, B, 2), 3)) == f"=IF(ISNUMBER({side}),MAX({side},3),NA())"


def test_points_of_a_table_have_to_rise_each_above_the_one_before() -> None:
    """Three points: two comparisons, from the first on; what lies between is taken on the line from the one below."""
    points, values = (Input(n, n, "1", (CLASS,)) for n in ("p", "v"))
    made = formula(interpolate(A, points, values))
    assert "INDEX(p:p,1)<INDEX(p:p,2),INDEX(p:p,2)<INDEX(p:p,3)" in made and "INDEX(p:p,3)<" not in made
    assert "a>=INDEX(p:p,1),a<=INDEX(p:p,3)" in made and "COUNT(p:p)=3" in made
    below = "MIN(SUMPRODUCT(ISNUMBER(p:p)*(p:p<=a)),2)"
    assert f"INDEX(v:v,{below})+(a-INDEX(p:p,{below}))/(INDEX(p:p,{below}+1)-INDEX(p:p,{below}))" in made


def test_quotes_in_a_choice_are_doubled_and_never_a_pattern() -> None:
    made = formula(choose(KIND, {"A*": A, 'say "yes"': B}))
    assert '"say ""yes"""' in made and "SUMIF" not in made


def test_a_graph_that_was_not_lowered_is_refused() -> None:
    with pytest.raises(EquationError):
        formula(total(EC * 2, over=UNIT))


def test_terms_under_totals_become_columns_with_unit_and_sets() -> None:
    factor = Input("EF", "factor", "tCO2e/MWh")
    root = Defined("PE", "project emissions", "tCO2e", total(EC * factor, over=UNIT), (YEAR,))
    [lowered] = prepare([root])
    [summed] = of_type([lowered], Total)
    helper = summed.arg
    assert isinstance(helper, Defined)
    assert (helper.symbol, helper.label, helper.sets) == ("PE [1]", "EC_i,p × EF", (UNIT, YEAR))
    check_units([lowered])


# --- three kinds of nothing, through LibreOffice ---------------------------------------

PER_UNIT = Defined("T", "total over years", "MWh", total(EC, over=YEAR), (UNIT,))
BY_GROUP = Defined("G", "total by group", "MWh", total(PER_UNIT, by=GROUP_OF_UNIT), (GROUP_OF_UNIT.target,))
LEAST = Defined("M", "least of two", "MWh", minimum(EC, Input("cap", "cap", "MWh")), (UNIT, YEAR))
CHOSEN = Defined("C", "only the side taken", "MWh", where(A > 0, EC, LEAST), (UNIT, YEAR))
CLASSED = Defined("L", "class", "1", lookup(A, LOWER, UPPER, VALUE), ())
[CAP] = [n for n in of_type([LEAST], Input) if n.symbol == "cap"]
ROOTS = [BY_GROUP, LEAST, CHOSEN, CLASSED]


@pytest.mark.parametrize(
    ("second", "cap", "a", "adjacent"),
    [
        (0.0, 5.0, 1.0, True),  # a zero reading
        (math.nan, 5.0, 1.0, True),  # an unknown one, under SUM
        (math.nan, 5.0, 1.0, False),  # and under SUMIFS
        (2.0, math.nan, 1.0, False),  # an unknown cap, on the side that is not taken
        (2.0, 5.0, math.nan, True),  # what decides is unknown
        (2.0, 5.0, 9.0, False),  # outside every class
    ],
)
def test_absent_zero_and_unknown_in_a_spreadsheet(
    second: float, cap: float, a: float, adjacent: bool, tmp_path: Path
) -> None:
    """The second unit is absent in the first year; the first unit's reading of the second year changes."""
    values: dict[Named, object] = {
        EC: [[1.0, second], [math.nan, 3.0], [4.0, 5.0], [6.0, 7.0]],
        CAP: cap,
        A: a,
        LOWER: [0.0, 2.0, 3.0],
        UPPER: [2.0, 3.0, 4.0],
        VALUE: [10.0, 20.0, 30.0],
    }
    lowered = prepare(ROOTS)
    grid = Grid(lowered, space(), adjacent)
    path = tmp_path / "nothing.xlsx"
    grid.write(path, values)
    computed = grid.read(recalculate(path, tmp_path / "anew"))
    groups, least, chosen, classed = (computed[root] for root in lowered)
    # By hand: the first group holds the units 1 and 3, the second the unit 2; unit 4 is in none.
    np.testing.assert_equal(groups, [1.0 + second + 4.0 + 5.0, 3.0])
    assert np.isnan(least[0, 1]) == (math.isnan(second) or math.isnan(cap))
    assert chosen[0, 1] == second or math.isnan(second) or math.isnan(a)
    assert math.isnan(a) == np.isnan(chosen[0, 0])
    np.testing.assert_equal(float(classed), {1.0: 10.0}.get(a, math.nan))
    evaluation = Evaluation(ROOTS, values, space())
    for root, low in zip(ROOTS, lowered, strict=True):
        exists = space().exists(root.sets)
        np.testing.assert_equal(computed[low][exists], evaluation[root][exists], root.symbol)
