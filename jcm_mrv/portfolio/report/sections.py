"""The sections of the report on a portfolio, from its result to blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from jcm_mrv.findings import Finding, errors
from jcm_mrv.languages import said_in
from jcm_mrv.portfolio.definition import Group, Member, Status, Tenant
from jcm_mrv.portfolio.outcome import MemberResult, PortfolioResult
from jcm_mrv.portfolio.park.balances import balances, in_one_unit
from jcm_mrv.portfolio.park.criteria import standings
from jcm_mrv.portfolio.park.thresholds import duties
from jcm_mrv.portfolio.report.drawings import places, sankey
from jcm_mrv.portfolio.tonnes import Kind, Totals
from jcm_mrv.reporting.document.blocks import Block, Figure, Section, Tabular, Text
from jcm_mrv.reporting.document.tables import Cell, Column, table
from jcm_mrv.reporting.document.wording import Wording

KINDS = tuple(Kind)
_REASONS = 3


class Amount(str):
    """An amount as a report prints it, which is a number in a workbook: ``value``."""

    __slots__ = ("value",)
    value: float

    @classmethod
    def of(cls, shown: str, value: float) -> Amount:
        """An amount that is printed as ``shown``."""
        made = cls(shown)
        made.value = value
        return made


@dataclass(frozen=True)
class Words(Wording):
    """A portfolio's result to be written about in one language."""

    result: PortfolioResult
    lang: str

    @property
    def decimals(self) -> int:
        """One: tonnes of many projects."""
        return 1

    def __call__(self, key: str, **values: object) -> str:
        """A word of the report on a portfolio."""
        return self.t(f"portfolio.{key}", **values)

    def said(self, words: str) -> str:
        """A sentence in this language; what a person or a stated package wrote stays as it is."""
        return said_in(words, self.lang)

    def known(self, word: str) -> str:
        """A word of a closed list (outcome, status, kind of flow) in this language."""
        return self.t.known("portfolio_word", word)

    def severity(self, severity: str) -> str:
        """A severity in this language."""
        return self.t.known("severity", severity)

    def level(self, evidence: str) -> str:
        """A level of evidence in this language."""
        return self.t.known("evidence", evidence)

    def amount(self, value: float) -> Amount:
        """An amount with all its digits."""
        return Amount.of(self.n.given(value), value)

    def kinds(self) -> list[Column]:
        """A column for each kind of tonnes."""
        return [Column(self(str(kind)), "number") for kind in KINDS]

    def tonnes(self, found: Totals) -> list[Cell]:
        """The tonnes of each kind, a dash where there are none of it."""
        each = [getattr(found, kind) for kind in KINDS]
        return [
            self.n.fixed(None if one is None else one.tonnes, 0 if kind is Kind.CREDITED else 1)
            for kind, one in zip(KINDS, each, strict=True)
        ]

    def total(self) -> list[Cell]:
        """The last row of a table of tonnes; none where something is counted twice."""
        return [] if self.result.counted_twice else [self("total"), *self.tonnes(self.result.totals())]

    @cached_property
    def titles(self) -> dict[str, str]:
        """What firms, projects and groups are called in full."""
        p = self.result.portfolio
        every: list[Group | Tenant | Member] = [*p.groups, *p.tenants, *p.members]
        return {one.name: one.title or one.name for one in every}


def overview(w: Words) -> Section:
    """Tonnes by group, field and year, each kind by itself."""
    result = w.result
    blocks: list[Block] = [Text(w("tonnes_note"))]
    blocks += [Text(w("no_total"), "warning")] if result.counted_twice else list(_sums(w))
    points = _points(w)
    if points:
        blocks.append(Figure(w("map"), places(points, w("map_alt", count=len(points)))))
    return Section("overview", w("overview"), tuple(blocks))


def _sums(w: Words) -> Iterator[Block]:
    """The tonnes of several members together; nothing of it is said where something would count twice in it."""
    result, p = w.result, w.result.portfolio
    groups = [(one.title or one.name, result.inside(one.name)) for one in p.groups]
    fields = [(one, tuple(m for m in result.members if m.member.field == one)) for one in p.fields]
    for caption, rows in ((w("by_group"), groups), (w("by_field"), fields)):
        if rows:
            lines = [[name, *w.tonnes(result.totals(members))] for name, members in rows]
            yield Tabular(caption, table([Column(""), *w.kinds()], lines, w.total()))
    years = [[str(year), *w.tonnes(found)] for year, found in result.by_year().items()]
    yield Tabular(w("by_year"), table([Column(w("year")), *w.kinds()], years, w.total()))


def _points(w: Words) -> list[tuple[str, float, float]]:
    """The places that are known: groups and members with coordinates, those at one place under one label."""
    found: dict[tuple[float, float], list[str]] = {}
    every: list[Group | Member] = [*w.result.portfolio.groups, *w.result.portfolio.members]
    for one in every:
        if one.latitude is not None and one.longitude is not None:
            found.setdefault((one.latitude, one.longitude), []).append(one.title or one.name)
    return [("; ".join(names), *at) for at, names in found.items()]


def members(w: Words) -> Section:
    """Every member with what became of it."""
    columns = [Column(w("member")), Column(w("group")), Column(w("outcome")), Column(w("period"), "day"), *w.kinds()]
    rows = [
        [
            w.titles[one.member.name],
            w.titles.get(one.member.group, ""),
            w.known(str(one.state)),
            _period(one),
            *w.tonnes(one.totals),
        ]
        for one in w.result.members
    ]
    total = w.total()
    foot = [total[0], "", "", "", *total[1:]] if total else []
    blocks: list[Block] = [Tabular(w("members"), table(columns, rows, foot, w("members_note")))]
    rest = [one for one in w.result.members if one.member.status in (Status.ENDED, Status.NEVER_MEASURED)]
    if rest:
        heads = [Column(w("pilot")), Column(w("member")), Column(w("status")), Column(w("note"))]
        lines = [[m.pilot, w.titles[m.name], w.known(str(m.status)), m.remark] for m in (one.member for one in rest)]
        blocks.append(Tabular(w("ended"), table(heads, lines)))
    blocks += _figures(w)
    return Section("members", w("members"), tuple(blocks))


def _named(w: Words, one: MemberResult) -> tuple[str, str]:
    return w.titles[one.member.name], w.titles.get(one.member.group, "")


def _period(one: MemberResult) -> str:
    return "" if one.period_start is None else f"{one.period_start} – {one.period_end}"


def _figures(w: Words) -> Iterator[Block]:
    """Plain figures, tonnes among them, with their source."""
    heads = [w(key) for key in ("member", "year", "what", "amount", "unit", "source", "evidence")]
    rows = [
        [
            w.titles[one.member.name],
            str(f.year),
            w.known(f.what),
            w.amount(f.amount),
            f.unit,
            f.source,
            w.level(f.evidence),
        ]
        for one in w.result.members
        for f in one.member.figures
    ]
    if rows:
        yield Tabular(w("figures"), table([Column(h, "number" if h == w("amount") else "text") for h in heads], rows))


def flows(w: Words) -> Section | None:
    """What goes from firm to firm: a picture for each thing, the flows with their documents, and the balances."""
    p = w.result.portfolio
    if not p.flows:
        return None
    blocks: list[Block] = []
    for what in dict.fromkeys(flow.what for flow in p.flows):
        same = list(in_one_unit([flow for flow in p.flows if flow.what == what]))
        picture = sankey(same, w.n.given, w.titles, w("sankey_alt", what=what))
        blocks.append(Figure(w("sankey", what=what, unit=same[0][0].unit), picture))
    heads = [w(key) for key in ("flow", "kind_of", "from", "to", "amount", "unit", "period", "document")]
    rows = [
        [f.what, w.known(f.kind), w.titles.get(f.from_, f.from_), w.titles.get(f.to, f.to), w.amount(f.amount), f.unit,
         f"{f.start} – {f.end}", f.document]
        for f in p.flows
    ]  # fmt: skip
    blocks.append(
        Tabular(w("flows"), table([Column(h, "number" if h == w("amount") else "text") for h in heads], rows))
    )
    sides = [w(key) for key in ("what", "tenant", "received", "sent", "difference", "unit")]
    lines = [
        [
            b.what,
            w.titles.get(b.node, b.node),
            w.amount(b.received),
            w.amount(b.sent),
            w.amount(b.received - b.sent),
            b.unit,
        ]
        for b in balances(p)
    ]
    columns = [Column(h, "number" if 2 <= n <= 4 else "text") for n, h in enumerate(sides)]
    blocks.append(Tabular(w("balance"), table(columns, lines, (), w("balance_note"))))
    return Section("flows", w("flows"), tuple(blocks))


def criteria(w: Words) -> Section | None:
    """How each park stands to the criteria of eco-industrial parks, and which firms have to report."""
    p = w.result.portfolio
    blocks: list[Block] = []
    for group in dict.fromkeys(one.group for one in p.criteria):
        heads = [w(key) for key in ("criterion", "asked", "stated", "met", "proof", "source", "evidence")]
        rows = [
            [f"{s.rule.number} {w.said(s.rule.text)}", _at_least(w, s.rule.at_least, s.rule.unit), _stated(w, s.stated),
             w(s.met), "" if s.stated is None else s.stated.proof, w.said(s.rule.source), w.level(s.rule.evidence)]
            for s in standings(p, group)
        ]  # fmt: skip
        caption = w("criteria", group=w.titles.get(group, group))
        blocks.append(Tabular(caption, table([Column(h) for h in heads], rows, (), w("criteria_note"))))
    found = duties(p)
    if found:
        heads = [w(key) for key in ("tenant", "year", "amount", "asked", "has_to", "source", "duty")]
        rows = [
            [w.titles[d.tenant.name], str(d.tenant.year or ""), _at_least(w, d.amount, d.threshold.unit),
             _at_least(w, d.threshold.at_least, d.threshold.unit), w(d.answer), d.tenant.source,
             w.said(d.threshold.source)]
            for d in found
        ]  # fmt: skip
        blocks.append(Tabular(w("duties"), table([Column(h) for h in heads], rows, (), w("duties_note"))))
    return Section("criteria", w("criteria", group=p.title), tuple(blocks)) if blocks else None


def _at_least(w: Words, value: float | None, unit: str) -> str:
    return "" if value is None else f"{w.n.given(value)} {'' if unit == '1' else unit}".strip()


def _stated(w: Words, stated: object) -> str:
    value, unit = getattr(stated, "value", None), getattr(stated, "unit", "")
    return _at_least(w, value, unit)


def faults(w: Words) -> Section:
    """What is to be mended: what members count twice, and members that failed."""
    rows = [
        [w.severity(str(f.severity)), w.said(f.message), w.said(f.found), str(f.where), w.said(f.action)]
        for f in w.result.findings
    ]
    heads = ["", w("what"), w("amount"), w("place"), w("note")]
    blocks: list[Block] = []
    if rows:
        blocks.append(Tabular(w("findings"), table([Column(h) for h in heads], rows)))
    lines = [
        [w.titles[one.member.name], w.known(str(one.state)), w.said(f.message), str(f.where), w.said(f.action)]
        for one in w.result.faulty
        for f in _first(one)
    ]
    if lines:
        named = [w("member"), w("outcome"), w("reason"), w("place"), w("note")]
        blocks.append(Tabular(w("faults"), table([Column(h) for h in named], lines)))
    return Section("findings", w("findings"), tuple(blocks) or (Text(w("nothing")),))


def _first(one: MemberResult) -> Sequence[Finding]:
    return (errors(one.findings) or list(one.findings))[:_REASONS]


SECTIONS: tuple[Callable[[Words], Section | None], ...] = (overview, members, flows, criteria, faults)


def sections(w: Words) -> tuple[Section, ...]:
    """All sections that have something to say, in order."""
    return tuple(_there(section(w) for section in SECTIONS))


def _there(found: Iterable[Section | None]) -> Iterator[Section]:
    return (section for section in found if section is not None)
