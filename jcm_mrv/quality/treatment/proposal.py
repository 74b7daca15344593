"""What a treatment proposes for a meter's month, and what became of it: proposal, decision, treatment.

Every kind of treatment (override, other source, bridge, data gap, questionable data, calibration
overdue) is a subclass of :class:`Proposal` that knows its own rule and correction, and a
:class:`Method` that finds such proposals and reports them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from jcm_mrv.claim.corrections import Correction
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Finding
from jcm_mrv.origin import Origin
from jcm_mrv.result import Direction, Treatment
from jcm_mrv.time.zones import HOUR, Span

if TYPE_CHECKING:
    from jcm_mrv.quality.settings import Settings
    from jcm_mrv.quality.treatment.context import ChainContext

P = TypeVar("P", bound="Proposal")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class End(Enum):
    """Which amount of a proposal's interval is taken."""

    LOWEST = auto()
    HIGHEST = auto()
    BETWEEN = auto()


@dataclass(frozen=True)
class Decision:
    """The correction that is taken, and its effect on ER [tCO2e] (ER less ER without it).

    ``direction`` is how ER moves with the amount, None where that is undecided and nothing is left open; ``effect`` is
    None where ER has no value without it.
    """

    amount: float
    end: End
    direction: Direction | None
    effect: float | None


@dataclass(frozen=True)
class Proposal:
    """A proposed correction of a meter's month in a chain (``slice`` is its ordinal there).

    It is about the ``spans`` (instants) of that month, in which the meter
    measured ``measured``. The correction lies between ``lowest`` and
    ``highest``, None where nothing bounds it. Amounts are in the chain's unit.
    """

    kind: ClassVar[str]
    sets_aside: ClassVar[bool] = False
    """True where what was measured does not count any more, so that nothing else corrects it besides."""

    chain: Chain
    slice: int
    meter_id: str
    month: int
    spans: tuple[Span, ...]
    measured: float
    lowest: float | None
    highest: float | None
    where: Origin

    @property
    def hours(self) -> float:
        """Length of the spans together."""
        return sum(b - a for a, b in self.spans) / HOUR

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most; a bound that is not known is no correction."""
        return self.lowest or 0.0, self.highest or 0.0

    @property
    def untreated(self) -> float:
        """The amount without this treatment, from which its effect counts: none."""
        return 0.0

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What is done, in words."""
        raise NotImplementedError

    def correction(self, amount: float, raw: float, label: str) -> Correction:
        """The row of the graph; ``raw`` is what the meter measured in the whole month."""
        return Correction(self.chain.unit, self.slice, *self._terms(amount, raw), label, self.where)

    def _terms(self, amount: float, raw: float) -> tuple[float, float, float]:
        """Share of the month's measured amount, its relative change, and what is added. Here: all is added."""
        return 0.0, 0.0, amount


@dataclass(frozen=True)
class Replaced(Proposal):
    """What was measured, and a ``value`` that is certain to take its place: nothing is left open."""

    sets_aside = True
    value: float

    def _terms(self, amount: float, raw: float) -> tuple[float, float, float]:
        """What was measured is taken out, the value added."""
        return self.measured / raw if raw else 0.0, -1.0, self.value


@dataclass(frozen=True)
class Outcome:
    """A proposal, what was decided about it, and the treatment as the result lists it."""

    proposal: Proposal
    decision: Decision
    treatment: Treatment


class Method(Protocol):
    """One kind of treatment: what it proposes for a chain, and what it reports of what was done."""

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """Its proposals, after those that take precedence, and what stands in the way of some."""
        ...

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """The findings of what was done, from the outcomes of all methods."""
        ...


def spans_by_meter(proposals: Iterable[Proposal]) -> dict[str, list[Span]]:
    """The spans that proposals are about, by meter."""
    found: dict[str, list[Span]] = {}
    for one in proposals:
        found.setdefault(one.meter_id, []).extend(one.spans)
    return found


def outcomes_of(kind: type[P], outcomes: Iterable[Outcome]) -> list[tuple[P, Treatment]]:
    """The proposals of one kind with their treatments."""
    return [(one.proposal, one.treatment) for one in outcomes if isinstance(one.proposal, kind)]


def by_cause(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """What was done, grouped by the key of what it was done for."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def total_effect(effects: Iterable[float | None]) -> float | None:
    """What some treatments add to ER [tCO2e]; None where that of one is not known."""
    found = list(effects)
    known = [effect for effect in found if effect is not None]
    return sum(known) if len(known) == len(found) else None
