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
_MONTHS_BESIDE_ONE = 8
NEARLY_EXACT = 4 * _EXACT
"""By how much ratios of months differ at most where each is the one ratio to the last digit."""


def steady(earlier: Numbers, later: Numbers, alike: float = _ALIKE) -> list[int]:
    """The rows of months whose ratio to one more row moves by at most ``alike``; of many months one is left aside."""
    both = (earlier > 0) & (later > 0)
    ratios = np.divide(later, earlier, out=np.zeros_like(earlier), where=both)
    rising = np.sort(np.where(both, ratios, np.inf), axis=1)
    falling = -np.sort(np.where(both, -ratios, np.inf), axis=1)
    near = falling[:, 0] < rising[:, 0] * (1 + alike)
    many = np.count_nonzero(both, axis=1) >= _MONTHS_BESIDE_ONE
    if many.any():
        one_aside = (falling[:, 1] < rising[:, 0] * (1 + alike)) | (falling[:, 0] < rising[:, 1] * (1 + alike))
        near |= one_aside & many
    steady: list[int] = np.flatnonzero(both.any(axis=1) & near).tolist()
    return steady


def same_by_chance(
    later: Numbers, earlier: Numbers, digits: tuple[Numbers, Numbers], pairs: float, varies: Numbers
) -> dict[int, float]:
    """The one ratio of a row of months to each of other rows, by their numbers, but where two real meters could agree.

    How near every month that both have comes to it (no nearer than its digits, which :func:`blur` tells, the
    later row's first), against how far ratios of real meters vary: ``varies``, of each row. Among eight months and more
    one may be any other: whoever changes a single month of a copy has not made a second meter.
    """
    found: dict[int, float] = {}
    masks, group = np.unique((earlier > 0) & (later > 0), axis=0, return_inverse=True)
    for n, both in enumerate(masks):
        rows = np.flatnonzero(group.ravel() == n)
        of, own = np.ix_(rows, np.flatnonzero(both)), later[both]
        blurred = np.maximum(digits[0][both], digits[1][of])
        ratios = _ratios(own, earlier[of], blurred, pairs, varies[rows])
        for row in np.flatnonzero(np.isnan(ratios)) if len(own) >= _MONTHS_BESIDE_ONE else ():
            ratios[row] = _ratio_beside_one(own, earlier[of][row], blurred[row], pairs, varies[rows[row]])
        found |= {int(row): float(ratio) for row, ratio in zip(rows, ratios, strict=True) if not np.isnan(ratio)}
    return dict(sorted(found.items()))


def _ratio_beside_one(later: Numbers, earlier: Numbers, digits: Numbers, pairs: float, varies: float) -> float:
    """The ratio of all months but the one that is farthest from it; any of them could have been that one."""
    shares = later / earlier
    far = np.abs(shares / np.median(shares) - 1.0)
    keep = np.arange(len(far)) != np.argmax(far)
    of, one = earlier[keep][None, :], np.array([varies])
    return float(_ratios(later[keep], of, digits[keep][None, :], pairs * len(far), one)[0])


def _ratios(later: Numbers, earlier: Numbers, digits: Numbers, pairs: float, varies: Numbers) -> Numbers:
    """The ratio to each row; NaN where chance may have it."""
    ratio = later.sum() / earlier.sum(axis=1)
    shares = later / earlier
    equal, near = np.abs(shares - 1.0), np.abs(shares / ratio[:, None] - 1.0)
    kinds = len(np.unique(np.round(later / later.max(), 6)))  # months that repeat tell nothing new
    # Nor does a round number; it does not speak against the others either.
    one, some = (
        np.sort(np.minimum(2 * np.maximum(apart, digits) / spread, 1.0), axis=1)[:, -kinds:]
        for apart, spread in ((equal, _VARIES_AROUND_ONE), (near, varies[:, None]))
    )
    same = (one.prod(axis=1) * pairs <= _CHANCE) & (2 * equal < _VARIES_AROUND_ONE).all(axis=1)
    multiple = (some[:, 1:].prod(axis=1) * pairs <= _CHANCE) & (2 * near < varies[:, None]).all(axis=1)
    ratios: Numbers = np.where(same, 1.0, np.where(multiple, ratio, np.nan))
    return ratios


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
    known = (later > 0) | (earlier > 0)
    later, earlier = later[known], earlier[known]
    if earlier.sum() <= 0 or len(np.unique(np.round(later, 9))) < _LEAST_MONTHS:
        return None
    ratio = float(later.sum() / earlier.sum())
    near = np.abs(later - ratio * earlier) <= _EXACT * ratio * earlier
    return ratio if bool(near.all()) else None
