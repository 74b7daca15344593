"""What the rules on values say of a load of so many days."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from jcm_mrv.findings import Finding
from jcm_mrv.quality.values.rules import of_meter
from support.values import profile_of, subject_of, timeline_of

PER_DAY = 96  # quarters of an hour
Load = Callable[[int, np.random.Generator], np.ndarray]


def check(power: np.ndarray, *, minutes: int = 15, **stated: object) -> list[Finding]:
    timeline = timeline_of(len(power) * minutes // 1440)
    return of_meter(subject_of(profile_of(power, timeline, minutes), timeline, **stated))


def only(found: list[Finding], code: str) -> Finding:
    assert [f.code for f in found] == [code], [str(f) for f in found]
    return found[0]


def load(kind: Load, days: int = 90, seed: int = 3) -> np.ndarray:
    return kind(days, np.random.default_rng(seed))
