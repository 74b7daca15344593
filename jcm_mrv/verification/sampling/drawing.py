"""Drawing a sample so that anybody draws the same one again: seed, items, and a hash that every machine has.

Each item has a number between 0 and 1, from the SHA-256 of the seed and its ID. The lowest numbers are drawn; no
random generator is involved whose sequence a later version could change.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jcm_mrv.verification.sampling.population import Item


class Design(StrEnum):
    """How items are drawn."""

    SIMPLE = "simple"
    STRATIFIED = "stratified"
    RISK = "risk"


@dataclass(frozen=True)
class Drawn:
    """An item of the sample. ``certain`` is one that was taken in any case: so much hangs on it, or nobody knows."""

    item: Item
    certain: bool = False


def number_of(seed: str, key: str) -> float:
    """The number of an item, from 0 up to but not 1: the first 52 bits of SHA-256 of ``seed|key``."""
    digest = hashlib.sha256(f"{seed}|{key}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 12) / 2**52


def drawn(items: Sequence[Item], count: int, design: Design, seed: str, interval: float = 0.0) -> tuple[Drawn, ...]:
    """The sample, in the order of the population. ``interval`` [tCO2e] is that of a sample by risk."""
    if design is Design.RISK:
        return _by_risk(items, seed, interval)
    chosen = _stratified(items, count, seed) if design is Design.STRATIFIED else set(_lowest(items, count, seed))
    return tuple(Drawn(item) for item in items if item.id in chosen)


def allocation(sizes: Sequence[int], count: int) -> list[int]:
    """How many of each stratum: in proportion to its size, at least two (one shows no spread), at most all."""
    if not (total := sum(sizes)):
        return [0 for _ in sizes]
    return [min(size, max(2, math.ceil(count * size / total - 1e-9))) for size in sizes]


def strata_of(items: Sequence[Item]) -> dict[str, list[Item]]:
    """The items by stratum, in the order in which the strata come."""
    strata: dict[str, list[Item]] = {}
    for item in items:
        strata.setdefault(item.stratum, []).append(item)
    return strata


def _lowest(items: Sequence[Item], count: int, seed: str) -> list[str]:
    ordered = sorted(items, key=lambda item: (number_of(seed, item.id), item.id))
    return [item.id for item in ordered[:count]]


def _stratified(items: Sequence[Item], count: int, seed: str) -> set[str]:
    strata = strata_of(items)
    counts = allocation([len(own) for own in strata.values()], count)
    return {name for own, n in zip(strata.values(), counts, strict=True) for name in _lowest(own, n, seed)}


def size_of(item: Item) -> float:
    """What hangs on an item, without its sign [tCO2e]; infinite where nobody knows."""
    return math.inf if item.effect is None else abs(item.effect)


def _by_risk(items: Sequence[Item], seed: str, interval: float) -> tuple[Drawn, ...]:
    """Every item that an interval fits into; of the others those on which a hit falls, in an order of the seed.

    Source: systematic selection with probability proportional to size, from a random start.
    """
    if interval <= 0:
        return ()
    certain = {item.id for item in items if size_of(item) >= interval}
    rest = sorted((i for i in items if i.id not in certain), key=lambda item: (number_of(seed, item.id), item.id))
    hits, passed, following = set[str](), 0.0, number_of(seed, "start") * interval
    for item in rest:
        passed += size_of(item)
        if passed > following:
            hits.add(item.id)
            following += interval
    return tuple(Drawn(item, item.id in certain) for item in items if item.id in certain or item.id in hits)
