"""The criteria and thresholds of ``rules.toml``: data with source and evidence, as the decrees have them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jcm_mrv.words import Words, as_words


@dataclass(frozen=True)
class Rule:
    """A criterion of eco-industrial parks; ``at_least`` is None where it is no number."""

    number: str
    text: str
    source: str
    evidence: str
    at_least: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Threshold:
    """From how much a year on a facility reports; ``amount`` is emissions, energy or waste of a tenant."""

    amount: str
    at_least: float
    unit: str
    source: str
    evidence: str


@cache
def rules() -> tuple[tuple[Rule, ...], tuple[Threshold, ...]]:
    """The criteria and the thresholds, in their order."""
    text = (files("jcm_mrv.portfolio.park") / "rules.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    said = {table: [{**one, **_said(one)} for one in data[table]] for table in ("criterion", "threshold")}
    return tuple(Rule(**one) for one in said["criterion"]), tuple(Threshold(**one) for one in said["threshold"])


def _said(one: Mapping[str, Any]) -> dict[str, Words]:
    """Its texts as such that can be said in another language."""
    return {key: as_words(one[key]) for key in ("text", "source") if key in one}
