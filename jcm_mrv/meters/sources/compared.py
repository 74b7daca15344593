"""On which spans two curves are compared: those that the coarser of them states, never on a part divided by time."""

from __future__ import annotations

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.meters.coverage import without
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.time.dividing import Runs


def shared_spans(one: Curve, other: Curve, months: Instants) -> list[tuple[int, int]]:
    """The spans over which both curves are known, from one instant that both know to the next.

    Of the instants within one month only the first is taken: a last digit is no difference. ``months`` are the
    limits of the months.
    """
    common = np.intersect1d(one.at, other.at)
    month = np.searchsorted(months, common, side="right")
    kept = np.union1d(common[np.unique(month, return_index=True)[1]], common[-1:])
    return exact_spans(one, other, kept[:-1], kept[1:])


def exact_spans(one: Curve, other: Curve, start: Instants, end: Instants) -> list[tuple[int, int]]:
    """Those of some spans over which both curves are exact."""
    both = one.between(start, end).exact & other.between(start, end).exact
    return [(int(a), int(b)) for a, b in zip(start[both], end[both], strict=True)]


def known_spans(curve: Curve, months: Instants) -> list[tuple[int, int]]:
    """The spans over which a curve is exact: the months for which it is, and all else that it states, joined.

    A cycle of reading or billing that cuts every month cuts what another meter states by month; all of it does not.
    ``months`` are the limits of the months.
    """
    known = exact_spans(curve, curve, months[:-1], months[1:])
    others = [span for stated in Runs.of(*curve.stated).spans for span in without(stated, known)]
    return sorted([*known, *others])
