"""Loads of which some days are multiplied by a factor, and such steps themselves."""

from __future__ import annotations

import numpy as np

from jcm_mrv.quality.values.scaling import Slip
from jcm_mrv.quality.values.step import Step


def days_of(count: int, noise: float = 0.0) -> np.ndarray:
    """A day from 60 to 120 kW, each so much more or less than the one before; shape (days, 24)."""
    daily = 1 + noise * np.resize([0, 1, -1, 2, -2], count)
    return np.linspace(60.0, 120.0, 24) * daily[:, None]


def load(days: int = 70, noise: float = 0.0) -> np.ndarray:
    """The same, hour after hour."""
    return days_of(days, noise).ravel()


def stepped(factor: float, first: int = 30, days: int = 10, *, noise: float = 0.01, hours: int = 24) -> np.ndarray:
    """Seventy days of it, of which some are multiplied in so many of their hours."""
    power = days_of(70, noise)
    power[first : first + days, :hours] *= factor
    return power.ravel()


def step(factor: float, day: int, end: int, words: str = "the factor") -> Step:
    """From a day to before another the values are so many times those around."""
    return Step(day, end, Slip(factor, words), factor)
