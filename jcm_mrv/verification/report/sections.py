"""The sections of the draft, in the order of a verification report of the JCM."""

from __future__ import annotations

from jcm_mrv.reporting.document.blocks import Block, Facts, Figure, Heading, Section, Tabular, Text
from jcm_mrv.reporting.document.sections.cover import period_text, report_date
from jcm_mrv.reporting.document.tables import Cell, Column
from jcm_mrv.reporting.document.tables import table as made
from jcm_mrv.verification.checks import PASSING
from jcm_mrv.verification.register.entries import Kind, Request
from jcm_mrv.verification.report.writeup import Words
from jcm_mrv.verification.sampling.text import tonnes
from jcm_mrv.verification.uncertainty.text import chart

EMPTY_ROWS = 4
_MOST = 60


def general(w: Words) -> Section:
    """A.1: what is verified, and by whom."""
    return Section("general", w.t("verification.general"), (Facts(general_facts(w)),))


def general_facts(w: Words) -> tuple[tuple[str, Cell], ...]:
    """Title, number, period and dates from the report; entity, contract and date of this report are blank."""
    c, t = w.context, w.t
    return (
        (t("field.title"), c.text("title")),
        (t("field.reference_number"), c.text("reference_number") or t("word.not_stated")),
        (t("field.period"), period_text(c)),
        (t("field.report_date"), report_date(c)),
        (t("field.third_party_entity"), c.text("third_party_entity") or w.blank),
        (t("verification.contracted_by"), w.blank),
        (t("verification.date"), w.blank),
    )


def conclusion(w: Words) -> Section:
    """A.2: the four forms, none of them chosen."""
    t = w.t
    forms = tuple((t(f"verification.{f}"), w.blank) for f in ("unqualified", "qualified", "adverse", "disclaimer"))
    rows: tuple[tuple[Cell, Cell], ...] = (*forms, (t("verification.reasons"), w.blank))
    return Section("conclusion", t("verification.conclusion"), (Text(t("verification.conclusion_note")), Facts(rows)))


def overview(w: Words) -> Section:
    """A.3: each item with what is not closed."""
    t, rows = w.t, list[list[Cell]]()
    for item, requests in w.writeup.by_item():
        waiting = [sum(r.kind is kind and r.state != "closed" for r in requests) for kind in Kind]
        rows.append([w.item(item), " / ".join(map(str, waiting)), w.blank])
    table = w.table(("item", "open_requests", "judged"), rows, t("verification.overview_note"))
    blocks: list[Block] = [Tabular(t("verification.overview_table"), table)]
    if not w.writeup.given:
        blocks.append(Text(t("verification.no_register"), "note"))
    return Section("overview", t("verification.overview"), tuple(blocks))


def team(w: Words) -> Section:
    """B: who verified."""
    rows: list[list[Cell]] = [[w.blank, w.blank, w.blank] for _ in range(EMPTY_ROWS)]
    title = w.t("verification.team")
    return Section("team", title, (Tabular(title, w.table(("name", "role", "organisation"), rows)),))


def findings(w: Words) -> Section:
    """C: the requests by item, and what they rest on: recomputation, samples, uncertainty."""
    t, blocks = w.t, list[Block]()
    for item, requests in w.writeup.by_item():
        rows = [_asked(w, one) for one in requests]
        table = w.table(("number", "place", "question", "state", "since"), rows)
        blocks.append(Heading(w.item(item)))
        blocks.append(Tabular(w.item(item), table) if rows else Text(t("verification.no_requests"), "note"))
    blocks += [*_recomputation(w), *_samples(w), *_uncertainty(w)]
    return Section("findings", t("verification.findings"), tuple(blocks))


def _asked(w: Words, one: Request) -> list[Cell]:
    effect = f" ({one.effect} tCO2e)" if one.effect else ""
    return [one.number, one.place, one.question + effect, w.t.known("request_state", one.state), one.since]


def _recomputation(w: Words) -> list[Block]:
    t, verification = w.t, w.writeup.verification
    blocks: list[Block] = [Heading(t("verification.recomputation"))]
    if verification is None:
        return [*blocks, Text(t("verification.not_handed_in"))]
    checks = verification.checks
    blocks.append(Text(t("verification.recomputed", count=w.n.whole(len(checks)))))
    bad = [c for c in checks if c.verdict not in PASSING]
    if not bad:
        return [*blocks, Text(t("verification.all_reproduced"))]
    rows: list[list[Cell]] = [
        [c.what, c.where, c.stated, c.recomputed, t.known("verdict", c.verdict)] for c in bad[:_MOST]
    ]
    if len(bad) > _MOST:
        rows.append(["…", "", "", "", w.n.whole(len(bad))])
    table = w.table(("what", "place", "stated", "recomputed_column", "verdict"), rows)
    return [*blocks, Tabular(t("verification.not_reproduced"), table)]


def _samples(w: Words) -> list[Block]:
    t, rows = w.t, list[list[Cell]]()
    for plan, found in w.writeup.samples:
        low, high = found.rate_interval
        least, most = found.interval
        rows.append([
            f"{plan.wish.kind} ({plan.wish.design}, {plan.wish.seed})", f"{len(plan.sample)} / {len(plan.items)}",
            str(found.wrong), f"{found.rate:.1%} ({low:.1%}; {high:.1%})",
            f"{tonnes(found.misstatement)} ({tonnes(least)}; {tonnes(most)})", w.n.tonnes(found.threshold),
        ])  # fmt: skip
    heads = ("what", "sample_drawn", "sample_wrong", "sample_rate", "sample_misstatement", "sample_material")
    title = t("verification.sampling")
    body: Block = Tabular(title, w.table(heads, rows)) if rows else Text(t("verification.no_sample"), "note")
    return [Heading(title), body]


def _uncertainty(w: Words) -> list[Block]:
    t, budget = w.t, w.writeup.budget
    if budget is None:
        return []
    mc, n = budget.monte_carlo, w.n
    words = t(
        "verification.uncertainty_sentence",
        expanded=n.tonnes(budget.expanded),
        draws=n.whole(mc.draws),
        deviation=n.tonnes(mc.deviation),
        first=n.tonnes(budget.uncertainty),
    )
    caption = t("verification.uncertainty_chart")
    return [
        Heading(t("verification.uncertainty")),
        Text(words),
        Text(t("verification.uncertainty_limits"), "note"),
        Figure(caption, chart(budget, n, caption)),
    ]


def answers(w: Words) -> Section:
    """D: what was answered to each request, and what the verifier made of it."""
    rows: list[list[Cell]] = [
        [
            one.number, one.answer, one.evidence, one.remark or w.blank,
            ", ".join(part for part in (one.closed_by, one.closed_on) if part) or w.blank,
        ]
        for one in w.writeup.register.requests
    ]  # fmt: skip
    title = w.t("verification.answers")
    return Section(
        "answers", title, (Tabular(title, w.table(("number", "answer", "evidence", "remark", "closed"), rows)),)
    )


def reductions(w: Words) -> Section:
    """E: by year what was stated, what follows from the inputs, and room for what is verified."""
    t, n, writeup = w.t, w.n, w.writeup
    stated = (
        {y["year"]: y["reductions"] for y in writeup.stated["emission_reductions"]["by_year"]} if writeup.stated else {}
    )
    rows: list[list[Cell]] = [
        [str(y.year), n.tonnes(stated.get(y.year)), n.tonnes(y.reductions), n.whole(y.credited), w.blank]
        for y in writeup.result.years
    ]
    total = sum(stated.values()) if stated else None
    rows.append(
        [
            t("word.total"),
            n.tonnes(total),
            n.tonnes(writeup.result.reductions),
            n.whole(writeup.result.credited),
            w.blank,
        ]
    )
    heads = ("stated", "recomputed_column", "credited_column", "verified")
    columns = [Column(t("column.year")), *(Column(t(f"verification.{head}"), "number") for head in heads)]
    table = made(columns, rows, note=t("verification.reductions_note"))
    title = t("verification.reductions")
    return Section("reductions", title, (Tabular(title, table),))


def interviews(w: Words) -> Section:
    """F: rooms for interviews and the site visit, and the documents and files as they are known."""
    t, result = w.t, w.writeup.result
    empty: list[list[Cell]] = [[w.blank] * 4 for _ in range(EMPTY_ROWS)]
    visit: list[list[Cell]] = [[w.blank] * 3 for _ in range(2)]
    documents: list[list[Cell]] = [[row.document_id, row.title, row.proves, w.blank] for row in result.data.evidence]
    files: list[list[Cell]] = [[path, sha256] for path, sha256 in dict.fromkeys(result.inputs)]
    people = w.table(("name", "role", "organisation", "topic"), empty)
    blocks = (
        Tabular(t("verification.interviews_table"), people),
        Tabular(
            t("verification.site_visit"), w.table(("day", "place", "name"), visit, t("verification.site_visit_note"))
        ),
        Tabular(t("verification.documents"), w.table(("number", "name", "proves", "judged"), documents)),
        Tabular(t("verification.files"), w.table(("name", "evidence"), files)),
    )
    return Section("interviews", t("verification.interviews"), blocks)


SECTIONS = (general, conclusion, overview, team, findings, answers, reductions, interviews)
