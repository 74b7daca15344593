"""Findings for a terminal: grouped by what to do, wrapped to its width."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator

from jcm_mrv.cli.output import plain, spoken, width
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.reporting.check.groups import Group, grouped
from jcm_mrv.words import joined, say

HEADINGS: dict[Severity, str] = {
    Severity.ERROR: say("ERRORS: nothing can be calculated before these are mended"),
    Severity.MAJOR: say("MAJOR: a verifier does not accept the report before these are answered"),
    Severity.MINOR: say("MINOR: worth putting in order, or a word of explanation"),
    Severity.NOTE: say("NOTES: for your information"),
}
_NARROWEST, _WIDEST = 60, 100
_INDENT, _ACTIONS = 5, 3
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uff60"
_CLOSING = ",.:;)、。，．・：；？！ー」』）】〉》々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_PIECE = re.compile(rf"[「『（【〈《]*(?:[{_WIDE}]|[^{_WIDE}]+)[{_CLOSING}]*")


def findings_text(findings: Iterable[Finding], *, headings: bool = False) -> str:
    """Every finding, those that are settled together in one numbered paragraph, the gravest first.

    ``headings`` puts what a severity means above its findings.
    """
    columns = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    paragraphs: list[str] = []
    before: Severity | None = None
    for group in grouped(findings, spoken()):
        if headings and group.severity is not before:
            paragraphs.append(plain(HEADINGS[group.severity]))
        before = group.severity
        paragraphs.append("\n".join(_lines(group, columns)))
    return "\n\n".join(paragraphs)


def _lines(group: Group, columns: int) -> Iterator[str]:
    items, count = group.items, len(group.findings)
    title = plain(group.title) + (plain(say(" ({count} places)", count=count)) if count > 1 else "")
    yield from wrapped(f"{group.number:>3}. ", title, columns)
    for n, item in enumerate(items):
        yield from wrapped(_label("" if n else say("where:")), _told(item.first, count > 1), columns)
        if item.others:
            yield from wrapped(_label(""), plain(say("likewise {others}", others=item.others)), columns)
    for n, action in enumerate(group.actions[:_ACTIONS]):
        yield from wrapped(_label("" if n else say("to do:")), plain(action), columns)
    if len(group.actions) > _ACTIONS:
        yield from wrapped(
            _label(""),
            plain(say("The other {count} in the same way.", count=len(group.actions) - _ACTIONS)),
            columns,
        )
    if group.effect is not None:
        together = say(" added up; together they may come out differently") if count > 1 else ""
        yield from wrapped(
            _label(say("effect:")),
            plain(say("{effect:+,.3f} tCO2e{together}", effect=group.effect, together=together)),
            columns,
        )
    yield _label(say("code:")) + group.code


def _label(text: str) -> str:
    said = plain(text)
    return " " * _INDENT + said + " " * max(8 - width(said), 1 if said else 8)


def _told(finding: Finding, several: bool) -> str:
    place = str(finding.where)
    parts: list[str] = [joined(": ", [place, finding.message]) if place else finding.message]
    parts += [say("found: {found}", found=finding.found)] if finding.found else []
    parts += [say("answered: {answer}", answer=finding.answer)] if finding.answer else []
    parts += (
        [say("effect: {effect_tco2e:+,.3f} tCO2e", effect_tco2e=finding.effect_tco2e)]
        if several and finding.effect_tco2e is not None
        else []
    )
    return plain(joined("; ", parts))


def wrapped(start: str, text: str, columns: int) -> Iterator[str]:
    """A text behind ``start``, its further lines indented to the same column; words are never cut.

    Japanese, which has no spaces, is cut between any two characters, save before a mark that ends something.
    """
    begin = width(start)
    line, blank, used = start, " " * begin, begin
    for word in text.split(" "):
        for n, piece in enumerate(_PIECE.findall(word) or [word]):
            gap = "" if n or used == begin else " "
            if used > begin and used + len(gap) + width(piece) > columns:
                yield line.rstrip()
                line, used, gap = blank, begin, ""
            line += gap + piece
            used += len(gap) + width(piece)
    yield line.rstrip()
