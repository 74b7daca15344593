"""Reading ``portfolio.toml``: every fault at once, each with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from jcm_mrv.findings import Code, Finding, InputRefusedError, Severity, errors
from jcm_mrv.guard import said
from jcm_mrv.origin import Origin
from jcm_mrv.portfolio.checked import BAD_VALUE, MISSING_KEY, Table
from jcm_mrv.portfolio.definition import (
    REDUCTIONS,
    Criterion,
    Figure,
    Flow,
    Group,
    Member,
    Portfolio,
    Read,
    Source,
    Status,
    Tenant,
)
from jcm_mrv.portfolio.references import reference_findings
from jcm_mrv.portfolio.toml_lines import line_numbers
from jcm_mrv.quantities.units import conversion, same_dimension
from jcm_mrv.words import say
from jcm_mrv.workbook.folder_files import NoSuchFileError, OutsideFolderError, file_inside

UNREADABLE = Code("portfolio.unreadable", Severity.ERROR, "The portfolio cannot be read as TOML")
FILE = Code("portfolio.file", Severity.ERROR, "A file of a member cannot be used")
MISSING = Code("portfolio.missing_file", Severity.MAJOR, "A file of a member is not there")

LARGEST = 50_000_000
"""Bytes of a portfolio; 100,000 members take some 30 million."""
TONNES = "tCO2e"
_SOURCES = ("workbook", "package", "figures", "no_figures")
_ENDS = {"workbook": (".xlsx", ".xlsm"), "package": (".zip",)}


class Placed(Protocol):
    """What has a name and a line."""

    @property
    def where(self) -> Origin:
        """Its line."""


T = TypeVar("T", bound=Placed)


def read_portfolio(path: Path) -> Portfolio:
    """The portfolio of a file. Raises InputRefusedError with everything that is wrong, and OSError.

    A member whose file is not there is one that fails when it is calculated: the others go on.
    """
    read = portfolio_of(path)
    if errors(read.findings):
        raise InputRefusedError(read.findings)
    assert read.portfolio is not None
    return read.portfolio


def portfolio_of(path: Path) -> Read:
    """The portfolio of a file as far as it can be read, and what is wrong with it. Raises OSError."""
    if path.stat().st_size > LARGEST:
        return _unreadable(path, say("it has more than {largest:,} bytes", largest=LARGEST))
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists within lists without end
        return _unreadable(path, said(error))
    findings: list[Finding] = []
    table = Table("portfolio", data, (), line_numbers(text), path.name, findings)
    portfolio = _portfolio(path, table)
    findings += reference_findings(portfolio)
    return Read(portfolio, tuple(sorted(findings, key=lambda f: f.where.line)))


def _unreadable(path: Path, why: str) -> Read:
    action = say("Correct that line; jcm-mrv portfolio new shows how each entry is written. Save it as UTF-8.")
    return Read(None, (UNREADABLE(say("the file is not TOML: {why}", why=why), Origin(file=path.name), action=action),))


def _portfolio(path: Path, table: Table) -> Portfolio:
    table.text("schema")
    name = table.text("name", path.stem)
    return Portfolio(
        folder=path.parent,
        file=path.name,
        name=name,
        title=table.text("title") or name,
        place=table.text("place"),
        partner=table.text("partner"),
        fields=table.texts("fields"),
        note=table.text("note"),
        groups=_all(table.tables("group"), _group),
        tenants=_all(table.tables("tenant"), _tenant),
        members=_all(table.tables("member"), lambda one: _member(one, path.parent)),
        flows=_all(table.tables("flow"), _flow),
        criteria=_all(table.tables("criterion"), _criterion),
    )


def _all(tables: Iterable[Table], read: Callable[[Table], T | None]) -> tuple[T, ...]:
    return tuple(one for one in map(read, tables) if one is not None)


def _place(table: Table) -> dict[str, Any]:
    found = {key: table.number(key) for key in ("latitude", "longitude")}
    given = [key for key in found if key in table.data]
    if len(given) == 1:
        table.fault(
            MISSING_KEY,
            given[0],
            say("{given} stands alone", given=given[0]),
            action=say("Write latitude and longitude, or none."),
        )
    return {"place": table.text("place"), **found}


def _group(table: Table) -> Group:
    name = table.text("name")
    return Group(
        name=name,
        title=table.text("title") or name,
        kind=table.text("kind"),
        part_of=table.text("part_of"),
        **_place(table),
        where=table.where(),
    )


def _tenant(table: Table) -> Tenant:
    name, year, source = table.text("name"), table.year("year"), table.text("source")
    amounts = {key: table.number(key) for key in ("emissions", "energy", "waste")}
    if any(amount is not None for amount in amounts.values()):
        for key in ("year", "source"):
            if key not in table.data:
                table.fault(
                    MISSING_KEY,
                    "",
                    say("the tenant has amounts and no {key}", key=key),
                    action=say("Write {key} = ...", key=key),
                )
    return Tenant(
        name=name,
        title=table.text("title") or name,
        group=table.text("group"),
        activity=table.text("activity"),
        year=year,
        **amounts,
        source=source,
        evidence=table.text("evidence", "unknown"),
        where=table.where(),
    )


def _member(table: Table, folder: Path) -> Member:
    name = table.text("name")
    start, end = _span(table)
    source = _source(table)
    return Member(
        name=name,
        title=table.text("title") or name,
        source=source,
        file=_file(table, source, folder),
        figures=_all(table.tables("figures"), _figure),
        no_figures=table.text("no_figures"),
        group=table.text("group"),
        tenant=table.text("tenant"),
        field=table.text("field"),
        pilot=table.text("pilot"),
        partner=table.text("partner"),
        start=start,
        end=end,
        status=Status(table.text("status", Status.OPERATING)),
        note=table.text("note"),
        **_place(table),
        where=table.where(),
    )


def _span(table: Table) -> tuple[Any, Any]:
    start, end = table.date("start"), table.date("end")
    if start and end and end < start:
        table.fault(BAD_VALUE, "end", say("the end lies before the start"), end, say("Correct one of the two dates."))
    return start, end


def _source(table: Table) -> Source:
    """What the member's figures come from; exactly one is to be stated."""
    given = [key for key in _SOURCES if key in table.data]
    if not given:
        action = say("Write workbook, package, [[member.figures]], or no_figures = the reason why there are none.")
        table.fault(MISSING_KEY, "", say("the member has neither a workbook nor a package nor figures"), action=action)
    elif len(given) > 1:
        action = say("Keep one of them; list the other as a member of its own.")
        table.fault(BAD_VALUE, given[1], say("the member has {given}", given=" and ".join(given)), action=action)
    return Source(given[0]) if given and given[0] != "no_figures" else Source.NONE


def _file(table: Table, source: Source, folder: Path) -> str:
    if source not in (Source.WORKBOOK, Source.PACKAGE) or not (name := table.text(source)):
        return ""
    action = say("Copy the file into the folder of the portfolio or below it, and write its path from there.")
    try:
        path, inside = file_inside(folder, name)
    except OutsideFolderError:
        table.fault(FILE, source, say("the file leads out of the folder of the portfolio"), name, action)
        return ""
    except NoSuchFileError:
        table.fault(MISSING, source, say("the file is not there"), name, say("{action} Capitals count.", action=action))
        path, inside = folder / name, name
    if path.suffix.lower() not in _ENDS[source]:
        table.fault(
            FILE,
            source,
            say("a {source} ends in {ends}", source=source, ends=_ENDS[source][0]),
            name,
            say("Name the right file, or the right key."),
        )
    return inside


def _figure(table: Table) -> Figure | None:
    year, amount, unit, what = table.year("year"), table.number("amount"), table.text("unit"), table.text("what")
    evidence, source = table.text("evidence", "unknown"), table.text("source")
    what = what or REDUCTIONS
    if year is None or amount is None or not unit:
        return None  # a finding says so
    tonnes = None
    if what == REDUCTIONS:
        if not same_dimension(unit, TONNES):
            action = say(
                "Write the unit {tonnes} (ktCO2e, kgCO2e), or say with what = ... which other amount it is.",
                tonnes=TONNES,
            )
            table.fault(BAD_VALUE, "unit", say("reductions are stated in another unit"), unit, action)
            return None
        tonnes = amount * conversion(unit, TONNES)
    return Figure(year, what, amount, unit, tonnes, source, evidence, table.where())


def _flow(table: Table) -> Flow | None:
    start, end = _span(table)
    texts: Sequence[str] = [table.text(k) for k in ("name", "kind", "what", "from", "to", "unit", "document")]
    evidence, meters = table.text("evidence", "unknown"), (table.text("from_meter"), table.text("to_meter"))
    amount, carrier = table.number("amount"), table.text("carrier")
    if carrier and table.text("kind") not in ("", "energy"):
        action = say("Write kind = energy, or take carrier away.")
        table.fault(BAD_VALUE, "carrier", say("only energy has a carrier"), carrier, action)
    if amount is None or start is None or end is None or not all(texts):
        return None  # a finding says so
    name, kind, what, from_, to, unit, document = texts
    return Flow(
        name, kind, what, from_, to, amount, unit, start, end, evidence, document, *meters, carrier, table.where()
    )


def _criterion(table: Table) -> Criterion:
    value, unit = table.number("value"), table.text("unit")
    if value is not None and not unit:
        table.fault(
            MISSING_KEY, "value", say("a value has no unit"), action=say("Write unit = ..., 1 for a plain number.")
        )
    number, met = table.text("number"), table.text("met")
    return Criterion(table.text("group"), number, met, value, unit, table.text("proof"), table.where())
