"""What a run knows of each member: its tonnes by year, of one kind, and the rows that go into the store's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from jcm_mrv.findings import Finding, errors
from jcm_mrv.portfolio.definition import Member, Portfolio
from jcm_mrv.portfolio.tonnes import Kind, Tonnes, Totals, totals

Value = str | float | int | None
Row = Mapping[str, Value]
"""A row of a table, by column; dates in ISO form."""


class State(StrEnum):
    """What became of a member."""

    CALCULATED = "calculated"
    UNVERIFIED = "unverified"  # a package that does not verify
    REPORTED = "reported"  # plain figures
    NONE = "none"  # no figures, and the portfolio says why
    FAILED = "failed"  # refused: its findings say why
    WAITING = "waiting"  # not calculated yet


FAULTY = (State.FAILED, State.UNVERIFIED)
"""Of these there are no figures that can be relied on."""


@dataclass(frozen=True)
class MemberYear:
    """A calendar year of a member [tCO2e]; ``tonnes`` are of the kind of its type, None where a source has none.

    Reference, project and leakage are None where a source states reductions alone. ``source`` and ``evidence`` are
    those of reported tonnes, else "".
    """

    year: int
    start: date | None
    end: date | None
    tonnes: Tonnes
    reference: float | None = None
    project: float | None = None
    leakage: float | None = None
    unrounded: float | None = None
    estimate: float | None = None
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class MemberResult:
    """A member and what is known of it.

    ``kind`` is None where it has no tonnes at all. ``findings`` are those of a faulty one: they say why. ``rows`` are
    those of its record where it is looked at together with others, empty elsewhere. ``software`` is what calculated it.
    """

    member: Member
    state: State
    kind: Kind | None
    years: tuple[MemberYear, ...]
    methodologies: tuple[str, ...]
    period_start: date | None
    period_end: date | None
    findings: tuple[Finding, ...]
    software: str
    result_sha256: str
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    @property
    def totals(self) -> Totals:
        """Its tonnes over all years, in the place of their kind."""
        return totals(year.tonnes for year in self.years)


@dataclass(frozen=True)
class PortfolioResult:
    """A portfolio with what is known of each member, in the order of the file.

    ``findings`` are about members together (counted twice) and the run itself; while one of them is an error, totals
    of the whole may count something twice.
    """

    portfolio: Portfolio
    members: tuple[MemberResult, ...]
    findings: tuple[Finding, ...]

    @property
    def counted_twice(self) -> bool:
        """Whether members claim the same thing, so that a total would count it twice."""
        return bool(errors(self.findings))

    @property
    def faulty(self) -> tuple[MemberResult, ...]:
        """The members without figures that can be relied on: they failed, or their packages do not verify."""
        return tuple(one for one in self.members if one.state in FAULTY)

    @property
    def faults(self) -> bool:
        """Whether anything has to be mended."""
        return self.counted_twice or bool(self.faulty)

    def totals(self, members: Iterable[MemberResult] | None = None) -> Totals:
        """Each kind of tonnes of these members (all where none are given) added up by itself."""
        chosen = self.members if members is None else members
        return totals(year.tonnes for one in chosen for year in one.years)

    def inside(self, group: str) -> tuple[MemberResult, ...]:
        """The results of the members of a group and of the groups in it."""
        return tuple(one for one in self.members if group in self.portfolio.around(one.member.group))

    def by_year(self, members: Iterable[MemberResult] | None = None) -> dict[int, Totals]:
        """The same for each calendar year, in order."""
        chosen = list(self.members if members is None else members)
        years = sorted({year.year for one in chosen for year in one.years})
        return {y: totals(year.tonnes for one in chosen for year in one.years if year.year == y) for y in years}
