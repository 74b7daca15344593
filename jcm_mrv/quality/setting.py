"""A setting: a limit of a rule with its default, unit and meaning, declared next to the rule that reads it.

``LEAST_HOURS = Setting("stuck.least_hours", 6.0, "h", "…")`` at the top level
of a module of ``jcm_mrv.quality`` is all that a new limit takes: the table of
settings, the page ``docs/settings.md``, what a project may write on the sheet
Settings and what the result records follow from it. A rule reads it as
``settings[LEAST_HOURS]``, never from a number of its own.

Defaults without a source in a comment are this project's choice: wide enough
to stay silent on sound data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

from jcm_mrv.words import say

V = TypeVar("V", float, str, covariant=True)

LEAST = 0.01
"""The least multiple of a capacity that may be written: by 0 nothing can be compared."""


@dataclass(frozen=True)
class Setting(Generic[V]):
    """One limit. A number between ``least`` and ``most`` (inclusive), or one of ``choices``."""

    key: str
    default: V
    unit: str
    meaning: str
    least: float = 0.0
    most: float = math.inf
    whole: bool = False
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What may be written, in words."""
        if self.choices:
            return say("one of {choices}", choices=", ".join(self.choices))
        kind = say("a whole number") if self.whole else say("a number")
        if math.isinf(self.most):
            return say("{kind} from {least:g}", kind=kind, least=self.least)
        return say("{kind} from {least:g} to {most:g}", kind=kind, least=self.least, most=self.most)

    def shown(self, value: float | str) -> str:
        """A value with its unit, for people."""
        unit = "" if self.unit in ("", "1") else f" {self.unit}"
        return value if isinstance(value, str) else f"{value:.6g}{unit}"
