"""Write docs/methodologies.md from the built-in cards: write_methodologies_docs.py FILE."""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from jcm_mrv.methodology.card import EVIDENCE, STATUSES, Card
from jcm_mrv.methodology.catalogue import BUILT_IN, Entry, catalogue

HEAD = """# Methodologies

Generated from the cards by `make docs`; a test fails when it is not current. For one methodology:
`jcm-mrv methodologies show VN_AM007`; for some: `jcm-mrv methodologies list --country VN chiller`.

**Status.** `computable`: calculated, with credited tonnes. `pattern`: calculated with the general form of its family;
indicative, without a monitoring report sheet and without credited tonnes, until the project confirms equation and
defaults against the approved document. `catalogued`: not calculated; `show` says why not and what comes nearest.

**Evidence** of title, equation and the defaults that the card gives. `approved`: read in the approved document itself.
`summary`: stated in the official summary on the JCM site, or in a filed JCM document. `secondary`: stated by another
public source. `unconfirmed`: the family's general form, or what is known from practice; no source could be read.
Defaults without a value are entered by the project with its document: see `show`.
"""
APPROVED = re.compile(r"[A-Z]{2}_AM\d{3}")
# Numbers and versions of each status on 24 November 2026, before the evidence of each card was read anew, and the cards
# that it had called computable since: what these cite states less than they needed.
BEFORE = {"computable": (22, 24), "pattern": (61, 70), "catalogued": (10, 11)}
LOWERED = (
    "ID_AM020 1.0",
    "MM_AM005 1.0",
    "MN_AM001 1.0",
    "MN_AM003 3.0",
    "PH_AM001 1.0",
    "TH_AM001 2.0",
    "TH_AM016 1.0",
)
PROJECTS = """## Registered projects

Registered projects (register of June 2026) that apply a version catalogued here. A project that applies several
methodologies counts under the least of them.

"""


def built_in() -> list[Entry]:
    """The cards that jcm-mrv ships, by country, number and version."""
    return sorted(
        (e for e in catalogue().entries if e.package == BUILT_IN), key=lambda e: (e.card.country, e.card.order)
    )


def page() -> str:
    """The whole page."""
    entries = built_in()
    parts = [HEAD, _counted(entries), _projects(entries), _families(entries), "## By country\n"]
    for country, cards in groupby(entries, key=lambda e: e.card.country):
        parts.append(f"### {country}\n\n" + _cards(cards))
    return "\n".join(parts)


def _counted(entries: list[Entry]) -> str:
    approved = [e for e in entries if APPROVED.fullmatch(e.card.number)]
    numbers = best(approved)
    rows: list[list[object]] = [
        [s, sum(v == s for v in numbers.values()), sum(e.card.status == s for e in approved), *BEFORE[s]]
        for s in STATUSES
    ]
    rows.append(
        ["**all**", len(numbers), len(approved), *(sum(column) for column in zip(*BEFORE.values(), strict=True))]
    )
    drafts = ", ".join(e.card.id for e in entries if e not in approved)
    text = f"\nNot counted, as no Joint Committee has approved them: {drafts}.\n" if drafts else ""
    return (
        "## In figures\n\nA number counts under its best version.\n\n"
        + _table(["status", "numbers", "versions", "numbers before", "versions before"], rows)
        + _lowered(approved)
        + text
    )


def _lowered(entries: list[Entry]) -> str:
    status = {e.card.id: e.card.status for e in entries}
    return (
        "\nBefore: on 24 November 2026. Since then each card says what its source states: "
        + ", ".join(f"{card} ({status[card]})" for card in LOWERED)
        + " were computable. Fewer computable with true evidence is better than more.\n"
    )


def best(entries: Iterable[Entry]) -> dict[str, str]:
    """The best status of each number."""
    found: dict[str, str] = {}
    for entry in entries:
        known = found.get(entry.card.number, STATUSES[-1])
        found[entry.card.number] = min(known, entry.card.status, key=STATUSES.index)
    return found


def applied(entries: Iterable[Entry]) -> dict[str, str]:
    """The status of each registered project: that of the worst card among those that it applies."""
    found: dict[str, str] = {}
    for entry in entries:
        for project in entry.card.projects:
            known = found.get(project, STATUSES[0])
            found[project] = max(known, entry.card.status, key=STATUSES.index)
    return found


def _projects(entries: list[Entry]) -> str:
    by_country: defaultdict[str, Counter[str]] = defaultdict(Counter)
    countries = {project: e.card.country for e in entries for project in e.card.projects}
    for project, status in applied(entries).items():
        by_country[countries[project]][status] += 1
    rows = [[c, *(n[s] for s in STATUSES), n.total()] for c, n in sorted(by_country.items())]
    total: Counter[str] = sum(by_country.values(), Counter())
    rows.append(["**all**", *(total[s] for s in STATUSES), total.total()])
    return PROJECTS + _table(["country", *STATUSES, "all"], rows)


def _families(entries: list[Entry]) -> str:
    rows: list[list[object]] = []
    for family in sorted({e.card.family for e in entries}):
        own = [e for e in entries if e.card.family == family]
        states = Counter(e.card.status for e in own)
        numbers = ", ".join(sorted({e.card.number for e in own}))
        rows.append([family, *(states[s] or "" for s in STATUSES), numbers])
    return "## By family\n\nVersions by status.\n\n" + _table(["family", *STATUSES, "numbers"], rows)


def _cards(entries: Iterable[Entry]) -> str:
    heads = [
        "number",
        "version",
        "title",
        "family",
        "status",
        "title is",
        "equation is",
        "defaults are",
        "adopted",
        "projects",
        "source",
    ]
    rows = [
        [c.number, c.version, c.title.text, c.family, c.status, c.title.evidence, c.equation.evidence, _defaults(c),
         c.adopted, " ".join(c.projects), c.title.source]
        for c in (e.card for e in entries)
    ]  # fmt: skip
    return _table(heads, rows)


def _defaults(card: Card) -> str:
    """The defaults that the card gives, by evidence level; those without a value are entered by the project."""
    given = {s: d.evidence for s, d in card.defaults.items() if d.value is not None or d.classes or d.by_name}
    parts = [
        f"{level}: {', '.join(s for s in given if given[s] == level)}" for level in EVIDENCE if level in given.values()
    ]
    return "; ".join(parts)


def _table(heads: list[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(c).replace("|", "\\|") for c in line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
