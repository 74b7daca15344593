"""Sets, mappings between sets, and the space that gives both their elements.

A quantity varies over *sets* (pieces of equipment, years, waste types); each
set has an index letter that appears as subscript in a typeset equation. A
*mapping* sends every element of one set (or tuple of sets) to an element of
another: the year of a month, the meter of a reading, the power supply of a
piece of equipment.

The declarations know no elements. A :class:`Space` binds them: which elements
there are, which number an element stands for (2024 for the year "2024"),
where a mapping sends each element, and which index tuples exist at all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Flags, Numbers, Ordinals
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.words import as_words

A = TypeVar("A", Numbers, Flags, Ordinals)
T = TypeVar("T")


@dataclass(frozen=True)
class Set:
    """A named set that quantities vary over.

    ``index`` is the subscript that the methodology document uses (``i``).
    ``namespace`` keeps the equipment of two methodologies in one claim apart.
    """

    name: str
    index: str
    label: str
    namespace: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", as_words(self.label))

    def __hash__(self) -> int:
        return hash(self.name)  # sets are looked up all the time, and hardly any two share a name

    def __str__(self) -> str:
        return f"{self.namespace}.{self.name}" if self.namespace else self.name


@dataclass(frozen=True)
class Mapping:
    """Sends every element of ``source`` to an element of ``target``, or to none."""

    name: str
    source: tuple[Set, ...]
    target: Set

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Numbered(Sequence[str]):
    """The labels #1, #2, ... of so many elements, each made when somebody asks for it."""

    size: int

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, n: int) -> str: ...
    @overload
    def __getitem__(self, n: slice) -> tuple[str, ...]: ...
    def __getitem__(self, n: int | slice) -> str | tuple[str, ...]:
        ordinals = range(1, self.size + 1)[n]
        return f"#{ordinals}" if isinstance(ordinals, int) else tuple(f"#{one}" for one in ordinals)


@dataclass
class Space:
    """The elements of sets, their numbers, the mappings and the domains.

    ``elements[s]`` are labels, unique within a set. ``numbers[s]`` holds what
    an element counts as (a calendar year). ``positions[m]`` has the shape of
    the sources of ``m`` and holds ordinals of the target, -1 where the source
    element maps to nothing. ``domains[(s, t)]`` says which index tuples exist:
    a unit installed in 2024 has no row in 2023. A tuple of sets without an
    entry exists wherever the entries for its parts do.
    """

    elements: dict[Set, Sequence[str]] = field(default_factory=dict)
    numbers: dict[Set, Numbers] = field(default_factory=dict)
    positions: dict[Mapping, Ordinals] = field(default_factory=dict)
    domains: dict[tuple[Set, ...], Flags] = field(default_factory=dict)
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def kept(self, key: Hashable, made: Callable[[], T]) -> T:
        """What follows from this space alone, made once for a key until something is added."""
        if key not in self._kept:
            self._kept[key] = made()
        found: T = self._kept[key]
        return found

    def copy(self) -> Space:
        """A space to add to, with everything that this one holds."""
        return Space(dict(self.elements), dict(self.numbers), dict(self.positions), dict(self.domains))

    def add(self, the_set: Set, elements: Sequence[str], numbers: Sequence[float] | None = None) -> None:
        """Give a set its elements.

        Raises SpaceError when two elements have the same label or when the
        numbers do not match the elements in count.
        """
        self._kept.clear()
        if not isinstance(elements, Numbered) and len(set(elements)) != len(elements):
            doubled = sorted({e for e in elements if list(elements).count(e) > 1})
            raise SpaceError(f"the set {the_set} has elements twice: {', '.join(doubled)}")
        self.elements[the_set] = elements if isinstance(elements, Numbered) else tuple(elements)
        if numbers is not None:
            if len(numbers) != len(elements):
                raise SpaceError(f"the set {the_set} has {len(elements)} elements but {len(numbers)} numbers")
            self.numbers[the_set] = np.asarray(numbers, dtype=np.float64)

    def map(self, mapping: Mapping, positions: npt.ArrayLike) -> None:
        """Say where a mapping sends each source element (ordinals, -1 for none).

        Raises SpaceError when the shape or an ordinal does not fit the sets.
        """
        self._kept.clear()
        where = np.asarray(positions, dtype=np.int64)
        if where.shape != self.shape(mapping.source):
            raise SpaceError(f"mapping {mapping} has shape {where.shape}, its sources {self.shape(mapping.source)}")
        if where.size and (where.max() >= self.size(mapping.target) or where.min() < -1):
            raise SpaceError(f"mapping {mapping} points outside the set {mapping.target}")
        self.positions[mapping] = where

    def restrict(self, sets: tuple[Set, ...], exists: npt.ArrayLike) -> None:
        """Say which index tuples over ``sets`` exist."""
        self._kept.clear()
        mask = np.asarray(exists, dtype=np.bool_)
        if mask.shape != self.shape(sets):
            raise SpaceError(f"the domain over {names(sets)} has shape {mask.shape}, expected {self.shape(sets)}")
        self.domains[sets] = mask

    def size(self, the_set: Set) -> int:
        """Number of elements. Raises SpaceError for a set that was not bound."""
        try:
            return len(self.elements[the_set])
        except KeyError:
            raise SpaceError(f"the set {the_set} has no elements bound to it") from None

    def shape(self, sets: Sequence[Set]) -> tuple[int, ...]:
        """The shape of an array over ``sets``."""
        return tuple(self.size(s) for s in sets)

    def exists(self, sets: Sequence[Set]) -> Flags:
        """Which index tuples over ``sets`` exist: every domain over a part of them holds."""
        return self.kept(("exists", *sets), lambda: self._exists(sets))

    def _exists(self, sets: Sequence[Set]) -> Flags:
        mask = np.ones(self.shape(sets), dtype=np.bool_)
        for over, part in self.domains.items():
            if set(over) <= set(sets):
                mask &= align(part, over, sets)
        mask.flags.writeable = False
        return mask

    def has(self, sets: Sequence[Set], row: MappingOf[Set, int]) -> bool:
        """Whether the index tuple over ``sets`` exists that a row names."""
        parts = ((over, part) for over, part in self.domains.items() if set(over) <= set(sets))
        return all(part[tuple(row[s] for s in over)] for over, part in parts)

    def tuples(self, sets: Sequence[Set]) -> Iterator[tuple[int, ...]]:
        """The ordinals of the existing index tuples, the last set running fastest."""
        mask = self.exists(sets)
        for ordinals in product(*(range(n) for n in mask.shape)):
            if mask[ordinals]:
                yield ordinals

    def labels(self, sets: Sequence[Set], ordinals: Sequence[int]) -> tuple[str, ...]:
        """The element labels of one index tuple."""
        return tuple(self.elements[s][n] for s, n in zip(sets, ordinals, strict=True))


def names(sets: Sequence[Set]) -> str:
    """The sets as they are named to a person."""
    return ", ".join(str(s) for s in sets) or "no set"


def align(array: A, have: Sequence[Set], want: Sequence[Set]) -> A:
    """View an array over ``have`` as broadcastable over ``want``, a superset in any order."""
    order = sorted(range(len(have)), key=lambda axis: want.index(have[axis]))
    moved = array.transpose(order)
    kept = set(have)
    return moved[tuple(slice(None) if s in kept else np.newaxis for s in want)]
