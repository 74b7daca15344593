"""Random equation graphs: LibreOffice, finite differences and samples in a box against the engine."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from jcm_mrv.quantities import expression as language
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient, jumps
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Defined, Expression, Input, Label, Named, Rounded, Total
from jcm_mrv.quantities.graph import of_type, walk
from jcm_mrv.quantities.lowering import prepare
from jcm_mrv.quantities.required import required
from support.expressions import CLASS, POINTS, SETS, Sampler
from support.grid import STALE, Grid
from support.libreoffice import recalculate

COUNT = 300

OPERATORS = {
    "Add", "Subtract", "Multiply", "Divide", "Negative", "Power", "Exponential", "Minimum", "Maximum", "Compare",
    "IsLabel", "Both", "Either", "Not", "Where", "Choose", "Lookup", "Total", "GroupTotal", "At", "Spread", "Number",
    "NumberOf", "Constant", "Input", "Label", "Defined", "Logarithm", "Rounded", "Interpolated", "Running", "Lag",
    "Peak", "Weighted",
}  # fmt: skip
# What others are built on, and what arises in derivatives.
INTERNAL = {
    "Node", "Expression", "Condition", "Named", "Unary", "Binary", "Extreme", "Across", "Sum", "Table",
}  # fmt: skip


def test_the_list_of_operators_is_complete() -> None:
    kinds = {n for n, c in vars(language).items() if isinstance(c, type) and issubclass(c, language.Node)}
    assert kinds - INTERNAL == OPERATORS


def largest(root: Expression, evaluation: Evaluation) -> float:
    """The largest intermediate of a root; infinite where one overflows or a division by zero arises."""
    biggest = 1.0
    for node in walk([root]):
        array = np.abs(evaluation[node])
        if np.isinf(array).any():
            return math.inf
        if array.size and not np.isnan(array).all():
            biggest = max(biggest, float(np.nanmax(array)))
    return biggest


@pytest.mark.parametrize(("seed", "adjacent"), [(1, True), (2, False)])
def test_libreoffice_computes_what_numpy_computes(seed: int, adjacent: bool, tmp_path: Path) -> None:
    """One workbook in which every formula carries a stale value; tolerance 1e-12 of the largest intermediate."""
    sampler = Sampler(seed)
    roots = sampler.roots(COUNT)
    seen = Counter(type(node).__name__ for node in walk(roots))
    assert set(seen) >= OPERATORS, f"never drawn: {OPERATORS - set(seen)}"
    evaluation = Evaluation(roots, sampler.values, sampler.space)
    lowered = prepare(roots)
    grid = Grid(lowered, sampler.space, adjacent)
    path = tmp_path / "random.xlsx"
    grid.write(path, sampler.values)
    computed = grid.read(recalculate(path, tmp_path / "anew"))

    compared = unknown = 0
    for root, low in zip(roots, lowered, strict=True):
        scale = largest(root, evaluation)
        if math.isinf(scale):
            continue
        exists = sampler.space.exists(root.sets)
        expected, found = evaluation[root][exists], computed[low][exists]
        assert not (found == STALE).any(), "a stale value was kept"
        assert np.array_equal(np.isnan(expected), np.isnan(found)), f"{root.symbol}: unknown in one engine only"
        known = ~np.isnan(expected)
        assert np.abs(expected[known] - found[known]).max(initial=0.0) <= 1e-12 * scale, root.symbol
        compared += 1
        unknown += int((~known).any())
    assert compared >= 0.9 * COUNT
    assert unknown >= 10, "unknown values were never met"


def scalar(root: Defined) -> Expression:
    """The sum of a root over its sets, on the domain."""
    total: Expression = root
    for one in root.sets:
        total = Total(total, one)
    return total


@pytest.mark.parametrize("seed", [3, 4])
def test_the_derivative_agrees_with_finite_differences(seed: int) -> None:
    """Central differences; at a kink or jump the two one-sided ones differ and the point is left out."""
    sampler = Sampler(seed, unknown=0.0)
    checked = 0
    for root in sampler.roots(COUNT, depth=3):
        total = scalar(root)
        inputs = [n for n in of_type([total], Input) if n.sets in {(), *((s,) for s in SETS)}]
        inputs = [n for n in inputs if not any(isinstance(jump, Rounded) for jump in jumps(total, [n]))]
        if not inputs or math.isinf(largest(total, Evaluation([total], sampler.values, sampler.space))):
            continue
        node = sampler.rng.choice(inputs)
        if node.sets and node.sets[0] not in SETS:
            continue
        place = tuple(sampler.rng.randrange(n) for n in sampler.space.shape(node.sets))
        checked += compare_with_differences(total, node, place, sampler)
    assert checked >= 60


def compare_with_differences(total: Expression, node: Input, place: tuple[int, ...], sampler: Sampler) -> bool:
    def at(step: float) -> float:
        moved = sampler.values[node].copy()
        moved[place] += step
        return Evaluation([total], {**sampler.values, node: moved}, sampler.space).scalar(total)

    step = 1e-6
    here, up, down = at(0.0), at(step), at(-step)
    slope = gradient(total, [node])[node]
    derivative = float(Evaluation([slope], sampler.values, sampler.space)[slope][place])
    rising, falling = (up - here) / step, (here - down) / step
    size = max(abs(rising), abs(falling), abs(here), 1.0)
    if not all(map(math.isfinite, (here, up, down))) or abs(rising - falling) > 1e-3 * size or size > 1e5:
        return False
    assert derivative == pytest.approx((up - down) / (2 * step), rel=1e-4, abs=1e-4 * size)
    return True


@pytest.mark.parametrize("seed", [7, 8])
def test_what_is_not_required_may_stay_blank(seed: int) -> None:
    """Everything that is not asked for is made unknown: no value changes, and none becomes unknown."""
    sampler = Sampler(seed)
    roots = sampler.roots(COUNT)
    evaluation = Evaluation(roots, sampler.values, sampler.space)
    masks = required(roots, evaluation)
    assert 0.05 < np.mean([mask.mean() for mask in masks.values()]) < 0.999
    blank = {
        node: np.where(masks[node], values, -1.0 if isinstance(node, Label) else math.nan) if node in masks else values
        for node, values in sampler.values.items()
    }
    again = Evaluation(roots, blank, sampler.space)
    for root in roots:
        exists = sampler.space.exists(root.sets)
        assert np.array_equal(evaluation[root][exists], again[root][exists], equal_nan=True), root.symbol


@pytest.mark.parametrize("seed", [5, 6])
def test_bounds_contain_every_sampled_value(seed: int) -> None:
    sampler = Sampler(seed, unknown=0.01)
    roots = sampler.roots(COUNT, depth=3)
    inputs = [n for n in of_type(roots, Input) if n.sets != (CLASS,) and n is not POINTS]
    generator = np.random.default_rng(seed)
    width: dict[Named, np.ndarray] = {
        n: generator.choice([0.0, 0.1, 2.0], size=np.shape(sampler.values[n])) for n in inputs
    }
    lower = {**sampler.values, **{n: sampler.values[n] - width[n] for n in inputs}}
    upper = {**sampler.values, **{n: sampler.values[n] + width[n] for n in inputs}}
    bounds = Bounds(roots, lower, upper, sampler.space)
    for _ in range(40):
        moved: dict[Named, np.ndarray] = {}
        for n in inputs:
            share = generator.choice([0.0, 1.0, generator.random()])
            moved[n] = np.clip(lower[n] + (upper[n] - lower[n]) * share, lower[n], upper[n])
        evaluation = Evaluation(roots, {**sampler.values, **moved}, sampler.space)
        for root in roots:
            exists = sampler.space.exists(root.sets)
            low, high = (side[exists] for side in bounds[root])
            value = evaluation[root][exists]
            known = ~np.isnan(value)
            # Bounds are unknown (NaN) where a side that may be taken is: they then promise nothing.
            assert not ((low[known] > value[known]) | (value[known] > high[known])).any(), root.symbol
    narrow = [r for r in roots if np.isfinite(bounds[r][0]).all() and np.isfinite(bounds[r][1]).all()]
    assert len(narrow) > COUNT / 2, "bounds that are infinite everywhere say nothing"
