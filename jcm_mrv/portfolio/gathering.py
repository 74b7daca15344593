"""From the records of members to the result of the portfolio, and from that to the rows of the store's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.portfolio.counted_twice import counted_twice
from jcm_mrv.portfolio.definition import REDUCTIONS, Member, Portfolio, Source
from jcm_mrv.portfolio.outcome import MemberResult, MemberYear, PortfolioResult, Row, State
from jcm_mrv.portfolio.park.balances import flow_findings
from jcm_mrv.portfolio.park.criteria import criteria_findings
from jcm_mrv.portfolio.records import Record
from jcm_mrv.portfolio.rows import finding_rows, of_member
from jcm_mrv.portfolio.tables import TABLES, TONNES_COLUMNS
from jcm_mrv.portfolio.tonnes import Kind, Reported, Tonnes, tonnes_of, totals


def result_of(portfolio: Portfolio, records: Mapping[str, Record]) -> PortfolioResult:
    """The result of a portfolio from the records of its members; one without a record waits to be calculated."""
    members = tuple(_member(member, records.get(member.name)) for member in portfolio.members)
    together = (*counted_twice(portfolio, members), *flow_findings(portfolio, members), *criteria_findings(portfolio))
    return PortfolioResult(portfolio, members, together)


def _member(member: Member, record: Record | None) -> MemberResult:
    if member.source is Source.FIGURES:
        return _reported(member)
    if member.source is Source.NONE:
        return MemberResult(member, State.NONE, None, (), (), None, None, (), {}, "")
    if record is None:
        return MemberResult(member, State.WAITING, None, (), (), None, None, (), {}, "")
    return MemberResult(
        member,
        record.state,
        record.kind,
        tuple(map(_year, record.rows.get("years", ()))),
        record.methodologies,
        _day(record.period_start),
        _day(record.period_end),
        tuple(map(_finding, record.rows.get("findings", ()))),
        record.software,
        record.result_sha256,
        {name: rows for name, rows in record.rows.items() if name != "years"},
    )


def _reported(member: Member) -> MemberResult:
    years = tuple(
        MemberYear(one.year, None, None, Reported(one.tonnes), source=one.source, evidence=one.evidence)
        for one in member.figures
        if one.tonnes is not None
    )
    return MemberResult(member, State.REPORTED, Kind.REPORTED if years else None, years, (), None, None, (), {}, "")


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
    texts = {key: str(row.get(key) or "") for key in ("code", "message", "found", "action")}
    where, effect = Origin(file=str(row.get("origin") or "")), _number(row.get("effect_tco2e"))
    return Finding(
        texts["code"], Severity(str(row["severity"])), texts["message"], where, texts["found"], texts["action"],
        effect_tco2e=effect,
    )  # fmt: skip


# --- tables ----------------------------------------------------------------------


def tables_of(result: PortfolioResult) -> dict[str, list[Row]]:
    """The rows of every table, in the order of the portfolio."""
    tables: dict[str, list[Row]] = {name: [] for name in TABLES}
    for one in result.members:
        rows: dict[str, Iterable[Row]] = {
            **one.rows,
            "years": map(_year_row, one.years),
            "members": [_row(result, one)],
        }
        rows["figures"] = map(_figure_row, (f for f in one.member.figures if f.what != REDUCTIONS))
        for name, found in rows.items():
            tables[name] += of_member(found, one.member.name)
    tables["findings"] += of_member(finding_rows(result.findings), "")
    return tables


def _row(result: PortfolioResult, one: MemberResult) -> Row:
    member, portfolio = one.member, result.portfolio
    same = ("title", "tenant", "field", "pilot", "partner", "place", "latitude", "longitude", "file", "note")
    return {
        **{key: getattr(member, key) for key in same},
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
        "software": "; ".join(f"{name} {version}" for name, version in sorted(one.software.items())),
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
