"""Copies under another meter that were moved by days or months, or lifted by a constant, and one store named twice.

Values are compared exactly: whole days of hourly values by their steps from hour to hour, and months by amounts that
are written with enough digits. No two real meters have such days or months in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.quality.one_source.hours import last_digit

# Days of a year that are another meter's, and how much a day has to tell: different steps, each many times the last
# digit.
_LEAST_DAYS, _LEAST_STEPS, _TELLING = 3, 8, 20.0
_DIGITS = 4
# Two amounts of a month are equal by chance in fewer than one of a thousand; among forty meters some are. A copy has
# most months in common that both have, and more than one of them.
_LEAST_MONTHS, _CHANCE, _MOST_OF_COPY = 2, 1e-3, 0.8
# Months that differ by one constant, and of how many one may be any other.
_LEAST_LIFTED, _MONTHS_BESIDE_ONE, _EXACT = 5, 8, 1e-9
# How near the ledger of a store and a meter come that measure the same fuel.
_NEAR_STORE = 0.02

Pair = tuple[int, int]


def same_days(profiles: Sequence[Profile]) -> Iterator[tuple[int, int, int, int]]:
    """Pairs of hourly profiles (earlier, later ordinal) that have days in common: by how many days moved, and how many.

    A constant that was added to one of them does not matter.
    """
    first: dict[bytes, list[Pair]] = {}
    found: dict[Pair, Counter[int]] = {}
    for n, profile in enumerate(profiles):
        for day, key in _days(profile):
            for other, at in first.get(key, ()):
                if other != n:
                    found.setdefault((other, n), Counter())[day - at] += 1
            first.setdefault(key, []).append((n, day))
    for (a, b), moved in found.items():
        shift, count = moved.most_common()[0]
        if count >= _LEAST_DAYS:
            yield a, b, shift, count


def _days(profile: Profile) -> Iterator[tuple[int, bytes]]:
    """The days that tell something, by their ordinal, as a digest of the steps from hour to hour."""
    by_day = profile.rates.shape
    whole = (profile.covered.reshape(by_day) >= 1 - 1e-9).all(axis=1)
    # Adding 0 makes -0.0 and 0.0 the same bytes.
    steps = np.round(np.diff(profile.amount.reshape(by_day), axis=1), _DIGITS) + 0.0
    digit = last_digit(steps[whole], _DIGITS)
    telling = np.abs(steps) >= _TELLING * digit
    for day in np.flatnonzero(whole & (telling.sum(axis=1) >= _LEAST_STEPS)).tolist():
        if len(set(steps[day][telling[day]].tolist())) >= _LEAST_STEPS:
            yield day, blake2b(steps[day].tobytes()).digest()


def same_months(amounts: Numbers, blur: Numbers) -> Iterator[tuple[int, int, int, int]]:
    """Pairs of rows of months (earlier, later) that have amounts in common in other months: moved by, and how many.

    ``blur`` is half a unit of the last digit of each amount, as a share of it.
    """
    first: dict[float, list[Pair]] = {}
    found: dict[Pair, dict[int, set[float]]] = {}
    for n, row in enumerate(amounts):
        for month in np.flatnonzero((row > 0) & (blur[n] < _CHANCE / 2)).tolist():
            value = float(f"{row[month]:.9e}")
            for other, at in first.get(value, ()):
                if other != n and month != at:
                    found.setdefault((other, n), {}).setdefault(month - at, set()).add(value)
            first.setdefault(value, []).append((n, month))
    for (a, b), moved in found.items():
        shift = max(moved, key=lambda by: len(moved[by]))
        if len(moved[shift]) >= max(_LEAST_MONTHS, _MOST_OF_COPY * _common(amounts[a], amounts[b], shift)):
            yield a, b, shift, len(moved[shift])


def lifted_months(amounts: Numbers, blur: Numbers) -> Iterator[tuple[int, int, float, int]]:
    """Pairs of rows of months (earlier, later) of which every month differs by the same amount, and in how many.

    To the last digit, in amounts that have enough of them (``blur``, as in :func:`same_months`). Among eight months and
    more one may be any other.
    """
    for b in range(1, len(amounts)):
        telling = (amounts[:b] > 0) & (amounts[b] > 0) & (np.maximum(blur[:b], blur[b]) < _CHANCE / 2)
        apart = np.where(telling, amounts[b] - amounts[:b], np.inf)
        known = telling.sum(axis=1)
        middle = np.take_along_axis(np.sort(apart, axis=1), np.maximum(known - 1, 0)[:, None] // 2, axis=1)
        same = telling & (np.abs(np.where(telling, apart, 0.0) - middle) <= _EXACT * amounts[b])
        enough = same.sum(axis=1) >= np.maximum(known - (known >= _MONTHS_BESIDE_ONE), _LEAST_LIFTED)
        for a in np.flatnonzero(enough).tolist():
            values = np.unique(amounts[b][same[a]])
            if len(values) >= _LEAST_LIFTED and abs(middle[a, 0]) > _EXACT * values[-1]:
                yield a, b, float(middle[a, 0]), int(same[a].sum())


def _common(earlier: Numbers, later: Numbers, shift: int) -> int:
    """The months that both rows have, where the later one is moved by so many."""
    ahead, behind = earlier[max(0, -shift) :], later[max(0, shift) :]
    count = min(len(ahead), len(behind))
    return int(np.count_nonzero((ahead[:count] > 0) & (behind[:count] > 0)))


def same_store(amounts: Mapping[str, Numbers], stores: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of a meter and the ledger of a store, of one monitoring point, that agree in every month (later one first).

    ``amounts`` are those of the point's meters by month in its unit.
    """
    names = list(amounts)
    for n, later in enumerate(names):
        for earlier in names[:n]:
            if (later in stores) == (earlier in stores):
                continue
            a, b = amounts[earlier], amounts[later]
            known = (a > 0) | (b > 0)
            near = np.abs(a - b) <= _NEAR_STORE * np.maximum(a, b)
            if np.count_nonzero(known) >= _LEAST_MONTHS and bool(near[known].all()):
                yield later, earlier
