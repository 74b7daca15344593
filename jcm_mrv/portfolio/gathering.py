"""From the records of members to the result of the portfolio and the rows of the store's tables.

Records are read one after the other, and what the portfolio needs of a member is kept: its tonnes, and why it failed.
All other rows go on to whoever takes them, so that a thousand members need no more memory than ten.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

import numpy as np

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.portfolio.counted_twice import counted_twice
from jcm_mrv.portfolio.definition import REDUCTIONS, Member, Portfolio, Source
from jcm_mrv.portfolio.outcome import FAULTY, MemberResult, MemberYear, PortfolioResult, Row, State
from jcm_mrv.portfolio.park.balances import flow_findings
from jcm_mrv.portfolio.park.criteria import criteria_findings
from jcm_mrv.portfolio.records import Record
from jcm_mrv.portfolio.rows import finding_rows, of_member
from jcm_mrv.portfolio.tables import TONNES_COLUMNS
from jcm_mrv.portfolio.tonnes import Kind, Reported, Tonnes, tonnes_of, totals

Read = Callable[[str], Record | None]
"""The record of a member by its name; None where there is none that holds."""
Take = Callable[[str, Iterable[Row]], None]
"""Takes rows of a table, member after member in the order of the portfolio."""


def leave(table: str, rows: Iterable[Row]) -> None:
    """Where nobody wants the rows."""


def result_of(portfolio: Portfolio, read: Read, take: Take = leave) -> PortfolioResult:
    """The result of a portfolio from the records of its members; one without a record waits to be calculated.

    Only members that share something with another, or have flows, keep their rows: those that are looked at together.
    """
    members: list[MemberResult] = []
    shared = Shared()
    for n, member in enumerate(portfolio.members):
        record = read(member.name)
        one = _member(member, record)
        rows = {} if record is None else record.rows
        shared.add(n, rows.get("identities", ()))
        for table, found in _rows(portfolio, one, rows).items():
            take(table, of_member(found, member.name))
        members.append(one)
    ends = {end for flow in portfolio.flows for end in (flow.from_, flow.to)}
    for n in shared.members() | {n for n, m in enumerate(portfolio.members) if ends & {m.name, m.tenant}}:
        record = read(portfolio.members[n].name)
        members[n] = replace(members[n], rows={} if record is None else record.rows)
    together = (*counted_twice(portfolio, members), *flow_findings(portfolio, members), *criteria_findings(portfolio))
    take("findings", of_member(finding_rows(together), ""))
    return PortfolioResult(portfolio, tuple(members), together)


class Shared:
    """Which members have an identity that another has as well: eight bytes of each are enough to ask further."""

    def __init__(self) -> None:
        self._hashes, self._owners = array("q"), array("q")

    def add(self, member: int, rows: Iterable[Row]) -> None:
        """The identities of a member."""
        for row in rows:
            if row.get("identity"):
                self._hashes.append(hash((row["what"], row["identity"])))
                self._owners.append(member)

    def members(self) -> set[int]:
        """Those that may share something; by chance also one that does not."""
        hashes, owners = (np.array(one, np.int64) for one in (self._hashes, self._owners))
        order = np.lexsort((owners, hashes))
        hashes, owners = hashes[order], owners[order]
        same = (hashes[1:] == hashes[:-1]) & (owners[1:] != owners[:-1])
        return {int(n) for n in np.concatenate((owners[1:][same], owners[:-1][same]))}


def _member(member: Member, record: Record | None) -> MemberResult:
    if member.source is Source.FIGURES:
        return _reported(member)
    if member.source is Source.NONE:
        return MemberResult(member, State.NONE, None, (), (), None, None, (), "", "")
    if record is None:
        return MemberResult(member, State.WAITING, None, (), (), None, None, (), "", "")
    return MemberResult(
        member,
        record.state,
        record.kind,
        tuple(map(_year, record.rows.get("years", ()))),
        record.methodologies,
        _day(record.period_start),
        _day(record.period_end),
        tuple(map(_finding, record.rows.get("findings", ()))) if record.state in FAULTY else (),
        sys.intern("; ".join(f"{name} {version}" for name, version in sorted(record.software.items()))),
        record.result_sha256,
    )


def _reported(member: Member) -> MemberResult:
    years = tuple(
        MemberYear(one.year, None, None, Reported(one.tonnes), source=one.source, evidence=one.evidence)
        for one in member.figures
        if one.tonnes is not None
    )
    return MemberResult(member, State.REPORTED, Kind.REPORTED if years else None, years, (), None, None, (), "", "")


def _year(row: Row) -> MemberYear:
    kind = Kind(str(row["kind"]))
    return MemberYear(
        int(cast(int, row["year"])),
        _day(row.get("start")),
        _day(row.get("end")),
        tonnes_of(kind, float(cast(float, row[TONNES_COLUMNS[kind]]))),
        _number(row.get("reference_tco2e")),
        _number(row.get("project_tco2e")),
        _number(row.get("leakage_tco2e")),
        _number(row.get("unrounded_tco2e")),
        _number(row.get("estimate_tco2e")),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(str(value)[:10])


def _finding(row: Row) -> Finding:
    """A finding of a record; its place is one text."""
    texts = {key: cast(str, row.get(key) or "") for key in ("code", "message", "found", "action")}
    where, effect = Origin(file=str(row.get("origin") or "")), _number(row.get("effect_tco2e"))
    return Finding(
        texts["code"], Severity(str(row["severity"])), texts["message"], where, texts["found"], texts["action"],
        effect_tco2e=effect,
    )  # fmt: skip


# --- tables ----------------------------------------------------------------------


def _rows(portfolio: Portfolio, one: MemberResult, rows: Mapping[str, Sequence[Row]]) -> dict[str, Iterable[Row]]:
    """The rows of a member in every table."""
    return {
        **rows,
        "years": map(_year_row, one.years),
        "members": [_row(portfolio, one)],
        "figures": map(_figure_row, (f for f in one.member.figures if f.what != REDUCTIONS)),
    }


def _row(portfolio: Portfolio, one: MemberResult) -> Row:
    member = one.member
    same = ("title", "tenant", "field", "pilot", "partner", "place", "latitude", "longitude", "file")
    return {
        **{key: getattr(member, key) for key in same},
        "note": member.remark,
        "group_name": member.group,
        "group_path": " / ".join(portfolio.around(member.group)),
        "start": _iso(member.start),
        "end": _iso(member.end),
        "status": str(member.status),
        "source": str(member.source),
        "outcome": str(one.state),
        "kind": None if one.kind is None else str(one.kind),
        "methodologies": "; ".join(one.methodologies),
        "period_start": _iso(one.period_start),
        "period_end": _iso(one.period_end),
        **_tonnes(year.tonnes for year in one.years),
        "result_sha256": one.result_sha256 or None,
        "software": one.software,
    }


def _tonnes(tonnes: Iterable[Tonnes]) -> Row:
    """The columns of tonnes: of each kind that there is its total, the others missing."""
    found = totals(tonnes)
    each = {kind: getattr(found, kind) for kind in Kind}
    return {TONNES_COLUMNS[kind]: None if total is None else total.tonnes for kind, total in each.items()}


def _year_row(year: MemberYear) -> Row:
    same = ("reference", "project", "leakage", "unrounded", "estimate")
    return {
        "year": year.year,
        "start": _iso(year.start),
        "end": _iso(year.end),
        "kind": str(year.tonnes.kind),
        **{f"{key}_tco2e": getattr(year, key) for key in same},
        **_tonnes([year.tonnes]),
        "source": year.source or None,
        "evidence": year.evidence or None,
    }


def _figure_row(figure: Any) -> Row:
    return {key: getattr(figure, key) for key in ("year", "what", "amount", "unit", "source", "evidence")}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
