"""Drawing equations: as ziamath draws them, without its work that doubles with each row inside a row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ziamath.nodes import mnode
from ziamath.nodes.mrow import Mrow

from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.named import bind
from jcm_mrv.quantities.drawing import Row, drawn
from jcm_mrv.quantities.mathml import bracketed, cases, mrow, sign, table, whole
from jcm_mrv.quantities.typeset import equation_mathml

A, B = "<mi>a</mi>", "<mfrac><mi>b</mi><mi>c</mi></mfrac>"
POWER = f"<msup>{bracketed(mrow(A, sign('+'), B))}<mn>2</mn></msup>"
EQUATIONS = {
    "no bracket": mrow(A, sign("="), B),
    "brackets in brackets": bracketed(mrow(A, sign("×"), bracketed(mrow(bracketed(B), sign("+"), A)))),
    "power of a bracket": mrow(POWER, sign("−"), bracketed(POWER)),
    "cases in a bracket": bracketed(cases([(B, A), (bracketed(POWER), A)])),
    "lines": table([(A, sign("=") + bracketed(B)), ("", sign("=") + A)]),
    "brackets without rows between": "<msub><mo>(</mo><mi>a</mi></msub><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>|</mo>",
    "a bracket in an index": "<msub><mo>(</mo><mi>a</mi></msub><mfrac><mi>a</mi><mi>b</mi></mfrac>",
    "a bracket that does not stretch": f'<mo stretchy="false">(</mo>{B}<mo>)</mo>',
}


@pytest.fixture
def by_the_library(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    def draw(mathml: str) -> str:
        with monkeypatch.context() as patch:
            patch.setitem(mnode._node_classes, "mrow", Mrow)
            return drawn(mathml, 13)

    return draw


@pytest.mark.parametrize("name", EQUATIONS)
def test_the_drawing_is_that_of_the_library(name: str, by_the_library: Callable[[str], str]) -> None:
    mathml = whole(EQUATIONS[name])
    assert drawn(mathml, 13) == by_the_library(mathml)


def test_nor_does_the_drawing_of_a_methodology_change(by_the_library: Callable[[str], str]) -> None:
    for name in ("VN_AM007 1.0", "ID_AM004 2.0"):
        for defined in bind(catalogue().find(name)).equations:
            mathml = equation_mathml(defined)
            assert drawn(mathml, 13) == by_the_library(mathml)


@pytest.mark.parametrize("depth", [2, 10, 20])
def test_work_grows_with_length_not_with_depth(depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """20 brackets inside each other would be a million rows; each is set twice at most by each row that stretches."""
    inner = A
    for _ in range(depth):
        inner = bracketed(mrow(inner, sign("+"), B))
    count = 0
    setup = Row._setup

    def counted(row: Row, **kwargs: object) -> None:
        nonlocal count
        count += 1
        setup(row, **kwargs)

    monkeypatch.setattr(Row, "_setup", counted)
    drawn(whole(inner), 13)
    rows = 2 * depth + 2
    assert rows <= count <= rows * (depth + 1)
