"""Findings for a terminal: grouped by what to do, wrapped to its width."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator

from jcm_mrv.cli.output import plain, width
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.reporting.check.groups import Group, grouped
from jcm_mrv.words import say

HEADINGS = {
    Severity.ERROR: say("ERRORS: nothing can be calculated before these are mended"),
    Severity.MAJOR: say("MAJOR: a verifier does not accept the report before these are answered"),
    Severity.MINOR: say("MINOR: worth putting in order, or a word of explanation"),
    Severity.NOTE: "NOTES: for your information",
}
_NARROWEST, _WIDEST = 60, 100
_INDENT, _ACTIONS = 5, 3


def findings_text(findings: Iterable[Finding], *, headings: bool = False) -> str:
    """Every finding, those that are settled together in one numbered paragraph, the gravest first.

    ``headings`` puts what a severity means above its findings.
    """
    columns = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    paragraphs: list[str] = []
    before: Severity | None = None
    for group in grouped(findings):
        if headings and group.severity is not before:
            paragraphs.append(HEADINGS[group.severity])
        before = group.severity
        paragraphs.append("\n".join(_lines(group, columns)))
    return "\n\n".join(paragraphs)


def _lines(group: Group, columns: int) -> Iterator[str]:
    items, count = group.items, len(group.findings)
    title = plain(group.title) + (say(" ({count} places)", count=count) if count > 1 else "")
    yield from wrapped(f"{group.number:>3}. ", title, columns)
    for n, item in enumerate(items):
        yield from wrapped(_label("" if n else "where:"), _told(item.first, count > 1), columns)
        if item.others:
            yield from wrapped(_label(""), plain(say("likewise {others}", others=item.others)), columns)
    for n, action in enumerate(group.actions[:_ACTIONS]):
        yield from wrapped(_label("" if n else "to do:"), plain(action), columns)
    if len(group.actions) > _ACTIONS:
        yield from wrapped(
            _label(""),
            say("The other {number_of_actions} in the same way.", number_of_actions=len(group.actions) - _ACTIONS),
            columns,
        )
    if group.effect is not None:
        together = say(" added up; together they may come out differently") if count > 1 else ""
        yield from wrapped(_label("effect:"), f"{group.effect:+,.3f} tCO2e{together}", columns)
    yield _label("code:") + group.code


def _label(text: str) -> str:
    return " " * _INDENT + f"{text:<8}"


def _told(finding: Finding, several: bool) -> str:
    place = str(finding.where)
    parts = [f"{place}: {finding.message}" if place else finding.message]
    parts += [say("found: {found}", found=finding.found)] if finding.found else []
    parts += (
        [say("effect: {effect_tco2e:+,.3f} tCO2e", effect_tco2e=finding.effect_tco2e)]
        if several and finding.effect_tco2e is not None
        else []
    )
    return plain("; ".join(parts))


def wrapped(start: str, text: str, columns: int) -> Iterator[str]:
    """A text behind ``start``, its further lines indented to the same column; words are never cut."""
    line, blank = start, " " * len(start)
    used = width(start)
    for word in text.split(" "):
        if used > len(start) and used + 1 + width(word) > columns:
            yield line.rstrip()
            line, used = blank, len(start)
        gap = "" if used == len(start) else " "
        line += gap + word
        used += len(gap) + width(word)
    yield line.rstrip()
