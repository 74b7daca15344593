"""Two meters by month: amounts that are one another's multiple, nearer than chance has it."""

from __future__ import annotations

import numpy as np

from jcm_mrv.arrays import Numbers

# The ratio of two plants or loads varies from month to month by at least one in a hundred, of two meters in series by
# one in a thousand; two real ones agree by chance in fewer than one project in a thousand.
VARIES, VARIES_IN_SERIES = 0.01, 1e-3
_VARIES_AROUND_ONE, _CHANCE, _ALIKE = 0.1, 1e-3, 0.01
# Months of different size that are one another's multiple to the last digit, however few digits they have.
_LEAST_MONTHS, _EXACT = 3, 1e-9


def steady(earlier: Numbers, later: Numbers) -> list[int]:
    """The rows of months whose ratio to one more row hardly moves."""
    both = (earlier > 0) & (later > 0)
    ratios = np.divide(later, earlier, out=np.zeros_like(earlier), where=both)
    highest = np.where(both, ratios, -np.inf).max(axis=1)
    lowest = np.where(both, ratios, np.inf).min(axis=1)
    steady: list[int] = np.flatnonzero(both.any(axis=1) & (highest < lowest * (1 + _ALIKE))).tolist()
    return steady


def same_by_chance(later: Numbers, earlier: Numbers, pairs: float, varies: float) -> float | None:
    """The one ratio of two rows of months, None where two real meters could agree as well by chance.

    How near every month comes to it (no nearer than its digits tell), against how far ratios of real meters vary.
    """
    ratio = float(later.sum() / earlier.sum())
    digits = np.maximum(blur(later), blur(earlier))
    equal = np.maximum(np.abs(later / earlier - 1.0), digits)
    near = np.maximum(np.abs(later / earlier / ratio - 1.0), digits)
    kinds = len(np.unique(np.round(later / later.max(), 6)))  # months that repeat tell nothing new
    one = np.sort(2 * equal / _VARIES_AROUND_ONE)[-kinds:]
    chances = [float(np.prod(one)), float(np.prod(np.sort(2 * near / varies)[-kinds:][1:])) if kinds > 1 else 1.0]
    if chances[0] * pairs <= _CHANCE and float(one.max()) < 1:
        return 1.0
    return ratio if chances[1] * pairs <= _CHANCE and float(2 * near.max() / varies) < 1 else None


def blur(values: Numbers) -> Numbers:
    """Half a unit of the last digit that is not 0, as a share of the value."""
    return np.array([_half_a_digit(float(value)) for value in values])


def _half_a_digit(value: float) -> float:
    digits = f"{abs(value):.9e}".split("e")[0].replace(".", "").rstrip("0")
    return 0.5 / float(digits or "1")


def exact_multiple(later: Numbers, earlier: Numbers) -> float | None:
    """The one ratio of two rows of months to the last digit, where they are three different ones at least.

    Rounded readings agree by chance more easily; that all of them do is a question all the same.
    """
    both = (later > 0) & (earlier > 0)
    if np.count_nonzero(both) != np.count_nonzero((later > 0) | (earlier > 0)):
        return None
    if len(np.unique(np.round(later[both], 9))) < _LEAST_MONTHS:
        return None
    ratio = float(later[both].sum() / earlier[both].sum())
    near = np.abs(later[both] / earlier[both] / ratio - 1) <= _EXACT
    return ratio if bool(near.all()) else None
