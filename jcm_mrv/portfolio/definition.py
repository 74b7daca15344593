"""A portfolio as its file states it: members, the groups and tenants they belong to, and flows between tenants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from jcm_mrv.findings import Finding
from jcm_mrv.origin import Origin


class Status(StrEnum):
    """Where a project stands; one that ended, or was never measured, stays listed."""

    PLANNED = "planned"
    OPERATING = "operating"
    ENDED = "ended"
    NEVER_MEASURED = "never measured"


class Source(StrEnum):
    """What a member's figures come from."""

    WORKBOOK = "workbook"
    PACKAGE = "package"
    FIGURES = "figures"
    NONE = "none"


@dataclass(frozen=True)
class Group:
    """A park, a city, a programme: ``part_of`` names the group around it, "" where there is none."""

    name: str
    title: str
    kind: str
    part_of: str
    place: str
    latitude: float | None
    longitude: float | None
    where: Origin


@dataclass(frozen=True)
class Tenant:
    """A firm of a park, also one without any project; per year [tCO2e], [TOE], [t], None where unknown."""

    name: str
    title: str
    group: str
    activity: str
    year: int | None
    emissions: float | None
    energy: float | None
    waste: float | None
    source: str
    evidence: str
    where: Origin


REDUCTIONS = "reductions"
"""What a plain figure is about when it may stand among tonnes; any other ``what`` is only listed."""


@dataclass(frozen=True)
class Figure:
    """A plain figure of a year with its source; ``tonnes`` [tCO2e] where it is one of reductions, else None."""

    year: int
    what: str
    amount: float
    unit: str
    tonnes: float | None
    source: str
    evidence: str
    where: Origin


@dataclass(frozen=True)
class Member:
    """A project of the portfolio.

    ``file`` is its workbook or package, relative to the folder of the portfolio with forward slashes, "" where its
    figures are plain ones or it has none; then ``no_figures`` says why.
    """

    name: str
    title: str
    source: Source
    file: str
    figures: tuple[Figure, ...]
    no_figures: str
    group: str
    tenant: str
    place: str
    field: str
    pilot: str
    partner: str
    start: date | None
    end: date | None
    status: Status
    latitude: float | None
    longitude: float | None
    note: str
    where: Origin

    @property
    def remark(self) -> str:
        """Why there are no figures, and its note."""
        return "; ".join(text for text in (self.no_figures, self.note) if text)


ELECTRICITY = "electricity"


@dataclass(frozen=True)
class Flow:
    """Something that goes from a tenant or member to another in a span.

    ``carrier`` is what carries a flow of energy, "" where nobody said. ``from_meter`` and
    ``to_meter`` are Meter IDs of workbooks of the two, "" where no meter is named.
    """

    name: str
    kind: str
    what: str
    from_: str
    to: str
    amount: float
    unit: str
    start: date
    end: date
    evidence: str
    document: str
    from_meter: str
    to_meter: str
    carrier: str
    where: Origin


@dataclass(frozen=True)
class Criterion:
    """What a group states about one of the criteria of eco-industrial parks; ``met`` is yes, no or open."""

    group: str
    number: str
    met: str
    value: float | None
    unit: str
    proof: str
    where: Origin


@dataclass(frozen=True)
class Portfolio:
    """Everything that ``portfolio.toml`` states. ``file`` is its name, ``folder`` where it and its members lie."""

    folder: Path
    file: str
    name: str
    title: str
    place: str
    partner: str
    fields: tuple[str, ...]
    note: str
    groups: tuple[Group, ...]
    tenants: tuple[Tenant, ...]
    members: tuple[Member, ...]
    flows: tuple[Flow, ...]
    criteria: tuple[Criterion, ...]

    def path(self, member: Member) -> Path:
        """Where a member's workbook or package lies."""
        return self.folder / member.file

    def around(self, group: str) -> tuple[str, ...]:
        """A group and those around it, the outermost first; () for "" (no group)."""
        parents = {one.name: one.part_of for one in self.groups}
        found: list[str] = []
        while group and group not in found:
            found.append(group)
            group = parents.get(group, "")
        return tuple(reversed(found))

    def inside(self, group: str) -> Iterator[Member]:
        """The members of a group and of the groups in it."""
        return (member for member in self.members if group in self.around(member.group))


@dataclass(frozen=True)
class Read:
    """A portfolio as far as it could be read, None where not at all, and everything that is wrong with its file."""

    portfolio: Portfolio | None
    findings: tuple[Finding, ...]
