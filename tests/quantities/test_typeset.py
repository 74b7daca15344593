"""Typeset equations: what every operator looks like, legible, and the same each time."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Constant,
    Defined,
    Expression,
    Input,
    Label,
    Lag,
    Number,
    Running,
    choose,
    exp,
    greatest,
    least,
    lookup,
    maximum,
    minimum,
    number_of,
    rounded,
    running,
    total,
    where,
)
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.typeset import choices_in, equation_mathml, numbers_mathml, svg, symbol_mathml
from support.expressions import CLASS, GROUP, GROUP_OF_UNIT, UNIT, YEAR, Sampler, space

EC = Input("EC_PJ", "electricity", "MWh", (UNIT, YEAR))
COP = Input("COP_PJ", "efficiency", "1", (UNIT,))
EF = Input("EF_CO2", "factor", "tCO2e/MWh")
KIND = Label("connection", "connection", ("grid", "own generators, only"), (UNIT,))
LOWER, UPPER, VALUE = (Input(n, n, "1", (CLASS,)) for n in ("from", "to", "COP_RE"))


def plain(mathml: str) -> str:
    """MathML as a linear text: structure in brackets, so that a person sees what is checked."""
    return _plain(ElementTree.fromstring(mathml))


def _plain(element: ElementTree.Element) -> str:
    tag = element.tag.rpartition("}")[2]
    inner = [_plain(child) for child in element]
    forms = {"mfrac": "({}/{})", "msub": "{}_[{}]", "msup": "{}^[{}]", "munder": "{}_[{}]"}
    if tag in forms:
        return forms[tag].format(*inner)
    joined = {"mtable": " \\\\ ", "mtr": " & "}.get(tag, "").join(inner)
    return (element.text or "") + joined


def shown(expression: Expression) -> str:
    return plain(equation_mathml(Defined("Z", "result", "1", expression, expression.sets))).partition("=")[2]


def test_symbols_have_upright_names_and_italic_indexes() -> None:
    assert plain(symbol_mathml(EC)) == "EC_[PJ,i,p]"
    assert plain(symbol_mathml(EF)) == "EF_[CO_[2]]"
    gases = Input("EF_CO2CH4fuel", "factor of both", "1")
    assert plain(symbol_mathml(gases)) == "EF_[CO_[2]CH_[4]fuel]"
    assert "<mtext>PJ</mtext>" in symbol_mathml(EC) and "<mi>i</mi>" in symbol_mathml(EC)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (COP / 2, "(COP_[PJ,i]/2)"),
        ((EF + 1) * EF, "(EF_[CO_[2]]+1)×EF_[CO_[2]]"),
        (EF + (EF + 1), "EF_[CO_[2]]+EF_[CO_[2]]+1"),
        (EF + EF * EF, "EF_[CO_[2]]+EF_[CO_[2]]×EF_[CO_[2]]"),
        (EF - (EF - 1), "EF_[CO_[2]]−(EF_[CO_[2]]−1)"),
        (-(EF + 1), "−(EF_[CO_[2]]+1)"),
        (exp(-EF), "e^[−EF_[CO_[2]]]"),
        ((EF + 1) ** 2, "(EF_[CO_[2]]+1)^[2]"),
        (minimum(EF, 1), "min(EF_[CO_[2]];1)"),
        (maximum(EF, 1), "max(EF_[CO_[2]];1)"),
        (total(EC, over=UNIT), "∑_[i]EC_[PJ,i,p]"),
        (total(COP + 1, over=UNIT), "∑_[i](COP_[PJ,i]+1)"),
        (total(COP, by=GROUP_OF_UNIT), "∑_[i→g]COP_[PJ,i]"),
        (number_of(YEAR) - 2000, "p−2000"),
        (where(COP < 3, 1, 0), "{1 & COP_[PJ,i]<3 \\\\ 0 & COP_[PJ,i]≥3"),
        (where(~(COP < 3), 1, 0), "{1 & ¬(COP_[PJ,i]<3) \\\\ 0 & ¬(¬(COP_[PJ,i]<3))"),
        (where((COP < 3) & (COP > 1), 1, 0), "{1 & (COP_[PJ,i]<3)∧(COP_[PJ,i]>1)"),
        (where((COP < 3) | KIND.equals("grid"), 1, 0), "{1 & (COP_[PJ,i]<3)∨(connection_[i]=1)"),
        (lookup(COP, LOWER, UPPER, VALUE), "COP_[RE,c](COP_[PJ,i])"),
        (Constant("", "44/12", "1", "carbon") * EF, "(44/12)×EF_[CO_[2]]"),
        (EF * -EF, "EF_[CO_[2]]×(−EF_[CO_[2]])"),
        (EF - Number(-2), "EF_[CO_[2]]−(−2)"),
        (EF - Number(0), "EF_[CO_[2]]−0"),
        (EF - Constant("", "-2", "1", "c"), "EF_[CO_[2]]−(−2)"),
        (EF - Constant("", "0", "1", "c"), "EF_[CO_[2]]−0"),
        (EF - Constant("", "0.5", "1", "c"), "EF_[CO_[2]]−0.5"),
        (Constant("GWP", "25", "1", "potential") * EF, "GWP×EF_[CO_[2]]"),
        (Input("", "without a symbol", "1") * EF, "?×EF_[CO_[2]]"),
        (rounded(EF, 2), "round_[2](EF_[CO_[2]])"),
        (rounded(EF, -1, "down"), "⌊EF_[CO_[2]]⌋_[−1]"),
        (rounded(EF, 0, "up"), "⌈EF_[CO_[2]]⌉_[0]"),
        (greatest(COP, over=UNIT), "max_[i](COP_[PJ,i])"),
        (least(COP, by=GROUP_OF_UNIT), "min_[i→g](COP_[PJ,i])"),
        (running(EC, YEAR), "∑_[p^[′]≤p]EC_[PJ,i,p]"),
        (Running(EC, YEAR, backward=True), "∑_[p^[′]≥p]EC_[PJ,i,p]"),
        (Lag(EC, YEAR, 1), "[EC_[PJ,i,p]]_[p−1]"),
        (Lag(EC, YEAR, -2), "[EC_[PJ,i,p]]_[p+2]"),
        (where(KIND.equals("own generators, only"), 1, 0), "{1 & connection_[i]=2 \\\\ 0 & ¬(connection_[i]=2)"),
    ],
)  # fmt: skip
def test_operators(expression: Expression, expected: str) -> None:
    assert shown(expression).startswith(expected)


def test_prose_stays_out_of_equations() -> None:
    """Choices are numbered; what the numbers mean is said beside the equation, in any language."""
    defined = Defined("EF_RE", "factor", "1", choose(KIND, {"grid": EF, "own generators, only": 2 * EF}), (UNIT,))
    text = plain(equation_mathml(defined))
    assert "own" not in text and "connection_[i]=2" in text
    assert choices_in(defined) == [("connection = 1", "grid"), ("connection = 2", "own generators, only")]


def test_numbers_take_the_branch_that_is_taken_and_give_the_value() -> None:
    """By hand: 2 x 0.5 = 1 for the second unit, whose connection is the second one."""
    defined = Defined("EF_RE", "factor", "1", choose(KIND, {"grid": EF, "own generators, only": 2 * EF}), (UNIT,))
    evaluation = Evaluation([defined], {KIND: [0, 1, 0, 0], EF: 0.5}, space())
    text = plain(numbers_mathml(defined, evaluation, (1,), lambda value: f"{value:g}"))
    assert text == "EF_[RE,u2] & =2×0.5 \\\\  & =1"


def test_a_long_total_is_shortened_and_says_by_how_much() -> None:
    sampler = Sampler(1)
    wide = sampler.space
    wide.add(UNIT, [f"u{n}" for n in range(30)])
    wide.domains.clear()
    wide.map(GROUP_OF_UNIT, [0] * 30)
    defined = Defined("Z", "sum", "1", total(COP, over=UNIT), ())
    evaluation = Evaluation([defined], {COP: [float(n) for n in range(30)]}, wide)
    text = plain(numbers_mathml(defined, evaluation, (), lambda value: f"{value:g}"))
    assert "=0+1+2+⋯(26)⋯+29 \\\\" in text, "three first terms and the last are shown of thirty"
    assert text.endswith("=435")
    most = Defined("Y", "most", "1", greatest(COP, over=UNIT), ())
    evaluation = Evaluation([most], {COP: [float(n) for n in range(30)]}, wide)
    text = plain(numbers_mathml(most, evaluation, (), lambda value: f"{value:g}"))
    assert "=max(0;1;2;⋯(26)⋯;29) \\\\" in text and text.endswith("=29")


@pytest.mark.parametrize(
    ("root", "ordinals", "expected"),
    [
        (EF - COP, (1,), "=0.5−(−2) \\\\  & =2.5"),
        (EF - COP, (0,), "=0.5−0 \\\\  & =0.5"),
        (greatest(COP, over=UNIT), (), "=max(0;−2;4;8) \\\\  & =8"),
        (least(COP, by=GROUP_OF_UNIT), (0,), "=min(0;4) \\\\  & =0"),
        (total(COP, over=UNIT), (), "=0+(−2)+4+8 \\\\  & =10"),
        (total(COP, by=GROUP_OF_UNIT), (0,), "=0+4 \\\\  & =4"),
        (number_of(YEAR) - 2000, (1,), "=2025−2000 \\\\  & =25"),
        (COP * 1, (0,), "=0×1 \\\\  & =0"),
        (total(COP, over=UNIT) * 0 + COP, (1,), "=(0+(−2)+4+8)×0+(−2) \\\\  & =−2"),
    ],
)  # fmt: skip
def test_numbers_with_their_signs(root: Expression, ordinals: tuple[int, ...], expected: str) -> None:
    defined = Defined("Z", "z", "1", root, root.sets)
    evaluation = Evaluation([defined], {COP: [0.0, -2.0, 4.0, 8.0], EF: 0.5}, space())
    text = plain(numbers_mathml(defined, evaluation, ordinals, lambda value: f"{value:g}"))
    assert text.partition("& ")[2] == expected


def test_nothing_in_a_group_is_0_and_has_no_extreme() -> None:
    made = space()
    made.map(GROUP_OF_UNIT, [0, 0, 0, -1])
    for root, said in ((total(COP, by=GROUP_OF_UNIT), "=0"), (greatest(COP, by=GROUP_OF_UNIT), "=nan")):
        defined = Defined("Z", "z", "1", root, root.sets)
        evaluation = Evaluation([defined], {COP: [0.0, -2.0, 4.0, 8.0]}, made)
        assert plain(numbers_mathml(defined, evaluation, (1,), lambda value: f"{value:g}")).partition("& ")[2] == said


def test_numbers_run_over_the_domain_only() -> None:
    """The second unit is absent in the first year: three terms."""
    defined = Defined("Z", "sum", "1", total(EC, over=UNIT), (YEAR,))
    values = {EC: [[1.0, 2.0], [math.nan, 3.0], [4.0, 5.0], [6.0, 7.0]]}
    text = plain(numbers_mathml(defined, Evaluation([defined], values, space()), (0,), lambda value: f"{value:g}"))
    assert re.findall(r"\d+", text.partition("&")[2]) == ["1", "4", "6", "11"]


@pytest.mark.parametrize("seed", range(2))
def test_every_graph_can_be_set(seed: int) -> None:
    """Random graphs, symbols and numbers: valid SVG without ids, scripts, links or foreign fonts."""
    sampler = Sampler(100 + seed, unknown=0.0)
    roots = sampler.roots(6, depth=2)
    evaluation = Evaluation(roots, sampler.values, sampler.space)
    for root in roots:
        place = next(iter(sampler.space.tuples(root.sets)))
        for text in (equation_mathml(root), numbers_mathml(root, evaluation, place, lambda value: f"{value:.3g}")):
            drawn = svg(text, size=10)
            tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawn).iter()}
            assert tags <= {
                "svg",
                "path",
                "rect",
                "line",
                "g",
                "symbol",
                "use",
                "circle",
                "ellipse",
                "polygon",
                "polyline",
            }
            outlines = set(re.findall(r' id="([^"]*)"', drawn))
            assert outlines == set(re.findall(r'href="#([^"]*)"', drawn)), "it refers to its own outlines, to all"
            assert drawn.count("href=") == drawn.count('href="#') and "font" not in drawn
        assert svg(text, size=10) == drawn
    assert len(list(walk(roots))) > 20
    assert GROUP in sampler.space.elements
