"""Random equation graphs over small sets with a domain, mappings, classes and unknown values; the same for one seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random

import numpy as np

from jcm_mrv.quantities.expression import (
    Add,
    At,
    Choose,
    Compare,
    Condition,
    Constant,
    Defined,
    Divide,
    Exponential,
    Expression,
    GroupTotal,
    Input,
    Interpolated,
    IsLabel,
    Label,
    Lag,
    Logarithm,
    Lookup,
    Maximum,
    Minimum,
    Multiply,
    Named,
    Negative,
    Number,
    NumberOf,
    Peak,
    Power,
    Rounded,
    Running,
    Spread,
    Subtract,
    Total,
    Weighted,
    Where,
    count,
    mean,
)
from jcm_mrv.quantities.nodes import DIRECTIONS
from jcm_mrv.quantities.sets import Mapping, Set, Space

UNIT = Set("unit", "i", "unit")
YEAR = Set("year", "p", "year")
GROUP = Set("group", "g", "group")
CLASS = Set("class", "c", "class")
GROUP_OF_UNIT = Mapping("group of the unit", (UNIT,), GROUP)
GROUP_OF_BOTH = Mapping("group of unit and year", (UNIT, YEAR), GROUP)
LOWER = Input("lower", "lower edge", "1", (CLASS,))
UPPER = Input("upper", "upper edge", "1", (CLASS,))
OF_CLASS = Input("of_class", "value of the class", "1", (CLASS,))
POINT = Set("point", "k", "point")
POINTS = Input("points", "points of a table", "1", (POINT,))
AT_POINT = Input("at_point", "value at the point", "1", (POINT,))
CLASS_BY_GROUP = Input("of_class_g", "value of the class by group", "1", (CLASS, GROUP))
CLASS_BY_POINT = Input("of_class_k", "value by class and point", "1", (POINT, CLASS))
TABLES = (CLASS, POINT)
CHOICES = ("A*", ">5", "ac-1")  # labels that would be patterns to a spreadsheet
SETS = (UNIT, YEAR, GROUP)


def space() -> Space:
    """Four units, two years, two groups; a unit that is absent in a year, one without a group."""
    made = Space()
    made.add(UNIT, ["u1", "u2", "u3", "u4"])
    made.add(YEAR, ["2024", "2025"], [2024, 2025])
    made.add(GROUP, ["g1", "g2"])
    made.add(CLASS, ["low", "middle", "high"])
    made.add(POINT, ["a", "b", "c", "d"])
    made.map(GROUP_OF_UNIT, [0, 1, 0, -1])
    made.map(GROUP_OF_BOTH, [[0, 1], [1, 1], [0, 0], [-1, 1]])
    made.restrict((UNIT, YEAR), [[True, True], [False, True], [True, True], [True, True]])
    return made


class Sampler:
    """Makes random expressions and keeps the values of their inputs in ``values``."""

    def __init__(self, seed: int, unknown: float = 0.02) -> None:
        self.rng, self.unknown, self.space = Random(seed), unknown, space()
        self.values: dict[Named, np.ndarray] = {
            LOWER: np.array([-1e6, -0.5, 1.5]),
            UPPER: np.array([-0.5, 1.5, 1e6]),
            OF_CLASS: np.array([0.7, -1.3, 2.2]),
            POINTS: np.array([-4.0, -0.5, 1.25, 6.0]),
            AT_POINT: np.array([1.5, -0.25, 0.75, 3.0]),
            CLASS_BY_GROUP: np.array([[0.7, 1.1], [-1.3, 0.4], [2.2, math.nan if unknown else -0.6]]),
            CLASS_BY_POINT: np.arange(12.0).reshape(4, 3) ** 1.5 / 8 - 1,
        }
        self._made = 0

    def roots(self, count: int, depth: int = 4) -> list[Defined]:
        """Defined quantities over random sets."""
        made = []
        for n in range(count):
            sets = self._some(SETS)
            made.append(Defined(f"root{n}", "random", "1", self.expression(sets, depth), sets))
        return made

    def _some(self, sets: Sequence[Set]) -> tuple[Set, ...]:
        return tuple(s for s in sets if self.rng.random() < 0.5)

    # --- leaves ---

    def input(self, sets: tuple[Set, ...]) -> Input:
        self._made += 1
        node = Input(f"x{self._made}", "random", "1", sets)
        shape = self.space.shape(sets)
        cells = [self._value() for _ in range(math.prod(shape))]
        self.values[node] = np.array(cells).reshape(shape)
        return node

    def _value(self) -> float:
        return math.nan if self.rng.random() < self.unknown else round(self.rng.uniform(-3, 3), 3)

    def label(self, sets: tuple[Set, ...]) -> Label:
        self._made += 1
        node = Label(f"l{self._made}", "random", CHOICES, sets)
        shape = self.space.shape(sets)
        cells = [-1 if self.rng.random() < self.unknown else self.rng.randrange(3) for _ in range(math.prod(shape))]
        self.values[node] = np.array(cells, dtype=float).reshape(shape)
        return node

    # --- inner nodes ---

    def expression(self, sets: tuple[Set, ...], depth: int) -> Expression:
        """An expression over some of the sets."""
        if depth <= 0 or self.rng.random() < 0.12:
            return self._leaf(sets)
        kinds: list[Callable[[tuple[Set, ...], int], Expression]] = [
            self._arithmetic,
            self._arithmetic,
            self._function,
            self._chosen,
            self._across,
            self._named,
        ]
        return self.rng.choice(kinds)(sets, depth - 1)

    def _leaf(self, sets: tuple[Set, ...]) -> Expression:
        roll = self.rng.random()
        if roll < 0.1:
            return Number(self.rng.choice([1, 2, 0.5, -3, 0, 1e-3]))
        if roll < 0.2:
            self._made += 1
            return Constant(f"c{self._made}", self.rng.choice(["16/12", "44/12", "3.6", "100"]), "1", "constant")
        if roll < 0.3 and YEAR in sets:
            return Divide(NumberOf(YEAR, "1"), Number(1000))
        return self.input(self._some(sets))

    def _arithmetic(self, sets: tuple[Set, ...], depth: int) -> Expression:
        kind = self.rng.choice([Add, Subtract, Multiply, Divide, Weighted])
        return kind(self.expression(sets, depth), self.expression(sets, depth))

    def _function(self, sets: tuple[Set, ...], depth: int) -> Expression:
        arg = self.expression(sets, depth)
        roll = self.rng.randrange(7)
        if roll == 0:
            return Negative(arg)
        if roll == 1:
            return Exponential(Divide(arg, Number(10)))
        if roll == 5:
            return Logarithm(arg if self.rng.random() < 0.3 else Add(Power(arg, 2), Number(0.1)))
        if roll == 6:
            return Rounded(arg, self.rng.choice([-1, 0, 2, 3]), self.rng.choice(DIRECTIONS))
        if roll == 2:
            return Power(arg, self.rng.choice([2, 3, -1, 0.5, 1]))
        kind = Minimum if roll == 3 else Maximum
        return kind(arg, self.expression(sets, depth), *([self.expression(sets, depth)] * self.rng.randrange(2)))

    def _chosen(self, sets: tuple[Set, ...], depth: int) -> Expression:
        roll = self.rng.randrange(5)
        if roll > 2:
            return self._table(sets, depth)
        if roll == 0:
            return Where(self.condition(sets, depth), self.expression(sets, depth), self.expression(sets, depth))
        if roll == 1:
            label = self.label(self._some(sets))
            return Choose(label, {choice: self.expression(sets, depth) for choice in CHOICES})
        return Lookup(self.expression(sets, depth), LOWER, UPPER, OF_CLASS)

    def _table(self, sets: tuple[Set, ...], depth: int) -> Expression:
        """Interpolated; of two numeric keys; of a number and the element of a set."""
        x, roll = self.expression(sets, depth), self.rng.randrange(3)
        if roll == 0:
            return Interpolated(x, POINTS, AT_POINT)
        if roll == 1:
            return Lookup(self.expression(sets, depth), LOWER, UPPER, Interpolated(x, POINTS, CLASS_BY_POINT))
        return Lookup(x, LOWER, UPPER, CLASS_BY_GROUP if GROUP in sets else OF_CLASS)

    def condition(self, sets: tuple[Set, ...], depth: int) -> Condition:
        roll = self.rng.randrange(6)
        if roll == 0:
            return IsLabel(self.label(self._some(sets)), self.rng.choice(CHOICES))
        if roll == 1 and depth > 0:
            return self.condition(sets, depth - 1) & self.condition(sets, depth - 1)
        if roll == 2 and depth > 0:
            return self.condition(sets, depth - 1) | self.condition(sets, depth - 1)
        if roll == 3 and depth > 0:
            return ~self.condition(sets, depth - 1)
        operator = self.rng.choice(["<", "<=", ">", ">="])
        return Compare(operator, self.expression(sets, depth), self.expression(sets, depth))

    def _across(self, sets: tuple[Set, ...], depth: int) -> Expression:
        roll = self.rng.randrange(9)
        if roll > 6:
            return self._peak(sets, depth)
        if roll > 4 and sets:
            return self._in_order(sets, depth)
        if roll == 0 and GROUP in sets and UNIT not in sets:
            return GroupTotal(self._over((*(s for s in sets if s != GROUP), UNIT), (UNIT,), depth), GROUP_OF_UNIT)
        if roll == 1 and sets == (GROUP,):
            return GroupTotal(self._over((UNIT, YEAR), (UNIT, YEAR), depth), GROUP_OF_BOTH)
        if roll == 2 and UNIT in sets:
            rest = tuple(s for s in sets if s not in (UNIT, GROUP))
            return At(self._over((GROUP, *rest), (GROUP,), depth), GROUP_OF_UNIT)
        if roll == 3 and sets:
            return Spread(self.expression(self._some(sets), depth), sets)
        others = [s for s in SETS if s not in sets]
        if not others:
            return self._arithmetic(sets, depth)
        over = self.rng.choice(others)
        term, roll = self._over((*sets, over), (over,), depth), self.rng.randrange(4)
        if roll == 0:
            return mean(term, over=over, weight=self.input((*sets, over)) if self.rng.random() < 0.5 else None)
        if roll == 1:
            return Multiply(count((*sets, over), over=over), self.expression(sets, 0))
        return Total(term, over)

    def _peak(self, sets: tuple[Set, ...], depth: int) -> Expression:
        """The greatest or least over a set, or by group."""
        least = self.rng.random() < 0.5
        if sets == (GROUP,):
            return Peak(self._over((UNIT, YEAR), (UNIT, YEAR), depth), None, GROUP_OF_BOTH, least)
        if GROUP in sets and UNIT not in sets:
            term = self._over((*(s for s in sets if s != GROUP), UNIT), (UNIT,), depth)
            return Peak(term, None, GROUP_OF_UNIT, least)
        others = [s for s in SETS if s not in sets]
        if not others:
            return self._arithmetic(sets, depth)
        over = self.rng.choice(others)
        return Peak(self._over((*sets, over), (over,), depth), over, None, least)

    def _in_order(self, sets: tuple[Set, ...], depth: int) -> Expression:
        """A running sum, or the value of an earlier (a later) element."""
        over = self.rng.choice(sets)
        term = self._over(sets, (over,), depth)
        if self.rng.random() < 0.4:
            return Running(term, over, backward=self.rng.random() < 0.3)
        before = self.expression(sets, 0) if self.rng.random() < 0.7 else None
        return Lag(term, over, self.rng.choice([1, 1, -1, 2]), before)

    def _over(self, sets: tuple[Set, ...], must: tuple[Set, ...], depth: int) -> Expression:
        """An expression that varies over certain sets."""
        return Multiply(self.input(must), self.expression(sets, depth))

    def _named(self, sets: tuple[Set, ...], depth: int) -> Expression:
        self._made += 1
        inner = self.expression(sets, depth)
        return Defined(f"d{self._made}", "intermediate", "1", inner, inner.sets)


def one(value: float) -> np.ndarray:
    return np.array([value])
