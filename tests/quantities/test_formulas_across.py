"""Formulas across rows as they are written, by named columns: of each the rows that match, and that all are numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from jcm_mrv.quantities.addresses import Key
from jcm_mrv.quantities.excel import Formulas
from jcm_mrv.quantities.expression import (
    At,
    Defined,
    Expression,
    Input,
    Interpolated,
    Lag,
    Named,
    Running,
    greatest,
    least,
    lookup,
    total,
)
from jcm_mrv.quantities.sets import Mapping, Set, Space
from support.expressions import CLASS, GROUP, GROUP_OF_UNIT, UNIT, YEAR, space

A = Input("a", "a", "1")
U, G = Input("U", "by unit", "1", (UNIT,)), Input("G", "by group", "1", (GROUP,))
E = Input("E", "by unit and year", "1", (UNIT, YEAR))
FROM, TO, VALUE = (Input(n, n, "1", (CLASS,)) for n in ("from", "to", "V"))
BY_UNIT = Input("W", "by class and unit", "1", (CLASS, UNIT))


class Columns:
    """``U1`` is the cell of the second unit, ``U:U`` the column, ``U.i`` its ordinals, ``i1`` the second ordinal."""

    def __init__(self, adjacent: bool = False) -> None:
        self.adjacent = adjacent

    def cell(self, node: Named, ordinals: tuple[int, ...]) -> str:
        return node.symbol + "".join(map(str, ordinals))

    def number_of(self, over: Set, ordinal: int) -> str:
        return f"number of {over.index}{ordinal}"

    def block(self, node: Named, where: Sequence[tuple[Key, int]]) -> str | None:
        found = "".join(f"{key.target.index if isinstance(key, Mapping) else key.index}{n}" for key, n in where)
        return f"{node.symbol}[{found}]" if self.adjacent else None

    def column(self, node: Named) -> str:
        return f"{node.symbol}:{node.symbol}"

    def keys(self, node: Named, key: Key) -> str:
        return f"{node.symbol}.{key.target.index if isinstance(key, Mapping) else key.index}"

    def ordinal(self, the_set: Set, ordinal: int) -> str:
        return f"{the_set.index}{ordinal}"


def formula(root: Expression, *ordinals: int, adjacent: bool = False, known: Space | None = None) -> str:
    defined = Defined("Z", "result", "1", root, root.sets)
    return Formulas(Columns(adjacent), known or space()).equation(defined, ordinals).removeprefix("=")


@pytest.mark.parametrize(
    ("root", "ordinals", "match", "criteria", "name"),
    [
        (total(E, over=UNIT), (1,), "(E.p=p1)*", "E.p,p1", "SUMIFS"),
        (total(E, by=GROUP_OF_UNIT), (1, 0), "(E.p=p1)*(E.g=g0)*", "E.p,p1,E.g,g0", "SUMIFS"),
        (total(U, by=GROUP_OF_UNIT), (1,), "(U.g=g1)*", "U.g,g1", "SUMIFS"),
        (Running(E, YEAR), (3, 1), "(E.p<=p1)*(E.i=i3)*", 'E.p,"<="&p1,E.i,i3', "SUMIFS"),
        (Running(E, YEAR, backward=True), (3, 1), "(E.p>=p1)*(E.i=i3)*", 'E.p,">="&p1,E.i,i3', "SUMIFS"),
        (Running(U, UNIT), (2,), "(U.i<=i2)*", 'U.i,"<="&i2', "SUMIFS"),
    ],
)
def test_a_sum_of_rows_counts_that_each_is_a_number(
    root: Expression, ordinals: tuple[int, ...], match: str, criteria: str, name: str
) -> None:
    column = f"{criteria[0]}:{criteria[0]}"
    complete = f"SUMPRODUCT({match}ISNUMBER({column}))=COUNTIFS({criteria})"
    assert formula(root, *ordinals) == f"IF({complete},{name}({column},{criteria}),NA())"


@pytest.mark.parametrize(
    ("root", "ordinals", "match", "criteria", "name"),
    [
        (least(E, over=UNIT), (1,), "(E.p=p1)*", "E.p,p1", "MINIFS"),
        (greatest(U, by=GROUP_OF_UNIT), (1,), "(U.g=g1)*", "U.g,g1", "MAXIFS"),
        (greatest(E, by=GROUP_OF_UNIT), (1, 0), "(E.p=p1)*(E.g=g0)*", "E.p,p1,E.g,g0", "MAXIFS"),
    ],
)
def test_an_extreme_of_rows_needs_one_at_least(
    root: Expression, ordinals: tuple[int, ...], match: str, criteria: str, name: str
) -> None:
    column, rows = f"{criteria[0]}:{criteria[0]}", f"COUNTIFS({criteria})"
    complete = f"AND({rows}>0,SUMPRODUCT({match}ISNUMBER({column}))={rows})"
    assert formula(root, *ordinals) == f"IF({complete},_xlfn.{name}({column},{criteria}),NA())"


@pytest.mark.parametrize(
    ("root", "ordinals", "block", "name"),
    [
        (greatest(U, over=UNIT), (), "U:U", "MAX"),
        (least(E, over=UNIT), (1,), "E[p1]", "MIN"),
        (greatest(E, by=GROUP_OF_UNIT), (1, 0), "E[p1g0]", "MAX"),
        (total(E, over=UNIT), (1,), "E[p1]", "SUM"),
        (total(E, by=GROUP_OF_UNIT), (1, 0), "E[p1g0]", "SUM"),
    ],
)
def test_rows_side_by_side_are_one_range(root: Expression, ordinals: tuple[int, ...], block: str, name: str) -> None:
    assert formula(root, *ordinals, adjacent=True) == f"IF(COUNT({block})=ROWS({block}),{name}({block}),NA())"


def test_the_total_of_a_whole_column() -> None:
    assert formula(total(U, over=UNIT)) == "IF(COUNT(U:U)=ROWS(U:U),SUM(U:U),NA())"


def test_a_table_by_class_and_unit_is_looked_up_in_the_row_of_both() -> None:
    inside = "ISNUMBER(from:from)*ISNUMBER(to:to)*(from:from<=a)*(a<to:to)"
    row = f"INDEX(from.c,SUMPRODUCT({inside}*(ROW(from:from)-ROW(INDEX(from:from,1))+1)))"
    known = f"SUMPRODUCT((W.c={row})*(W.i=i2)*ISNUMBER(W:W))=1"
    value = f"SUMIFS(W:W,W.c,{row},W.i,i2)"
    assert formula(lookup(A, FROM, TO, BY_UNIT), 2) == (
        f"IF(AND(ISNUMBER(a),SUMPRODUCT({inside})=1),IF({known},{value},NA()),NA())"
    )
    assert "INDEX(V:V,SUMPRODUCT(" in formula(lookup(A, FROM, TO, VALUE)) and "V.c" not in formula(
        lookup(A, FROM, TO, VALUE)
    )


def test_a_line_through_a_single_point_or_none() -> None:
    """Of one point there is no next: its value, at the point itself."""
    alone = space()
    alone.add(CLASS, ["only"])
    below = "MIN(SUMPRODUCT(ISNUMBER(from:from)*(from:from<=a)),1)"
    inside = "ISNUMBER(a),COUNT(from:from)=1,a>=INDEX(from:from,1),a<=INDEX(from:from,1)"
    value = f"INDEX(V:V,{below})"
    assert formula(Interpolated(A, FROM, VALUE), known=alone) == (
        f"IF(AND({inside}),IF(ISNUMBER({value}),{value},NA()),NA())"
    )
    alone.add(CLASS, ["first", "last"])
    assert "-INDEX(V:V,MIN(SUMPRODUCT(ISNUMBER(from:from)*(from:from<=a)),1)))" in formula(
        Interpolated(A, FROM, VALUE), known=alone
    )
    alone.add(CLASS, [])
    assert formula(Interpolated(A, FROM, VALUE), known=alone) == "NA()"


@pytest.mark.parametrize(
    ("root", "ordinal", "said"),
    [
        (Lag(U, UNIT, 1), 2, "U1"), (Lag(U, UNIT, 1), 0, "NA()"), (Lag(U, UNIT, 1, 7), 0, "7"),
        (Lag(U, UNIT, -1), 2, "U3"), (Lag(U, UNIT, -1), 3, "NA()"),
        # u2 is of the second group, u4 of none
        (At(G, GROUP_OF_UNIT), 1, "G1"), (At(G, GROUP_OF_UNIT), 3, "NA()"), (At(G, GROUP_OF_UNIT, 0.0), 3, "0"),
    ],
)  # fmt: skip
def test_a_cell_of_another_row(root: Expression, ordinal: int, said: str) -> None:
    assert formula(root, ordinal) == said
