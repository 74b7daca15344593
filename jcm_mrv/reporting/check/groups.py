"""Findings put together by what to do: the order in which a person works through them.

The command line, ``check.xlsx`` and ``check.json`` all follow this order:
severity first; then what moves the emission reductions most; then as found.
Findings of one kind whose action differs at most in names and numbers are one
group, because one piece of work settles them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jcm_mrv.findings import CODES, Finding, Severity
from jcm_mrv.origin import Origin, column_and_row
from jcm_mrv.words import SOURCE, Words, joined, say

# So many findings that differ only in names and numbers share one line.
LEAST_ALIKE = 3
# Of so many, each one's names and numbers are shown; of more only where they are.
MOST_DETAILS = 40
_SHOWN, _LONGEST = 5, 60
# Words, and what stands in quotation marks as one; every text is read in one go, however long a word is.
_WORD = re.compile(r"(?<!\w)'[^']{1,200}'(?!\w)|“[^”]{1,200}”|[^\s'“]+|\S")
_WIDE_MARKS = re.compile("[、。，：；（）「」]")


@dataclass(frozen=True)
class Item:
    """One finding, or several of one sheet that differ in names and numbers only: a line below a group."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that is told in full."""
        return self.findings[0]

    @property
    def others(self) -> str:
        """Where the further ones stand, with what is different there: ``E3 (M-2, 2024-02), E4 (M-2, 2024-03)``."""
        rest = self.findings[1:]
        if not rest:
            return ""
        if len(rest) > MOST_DETAILS:
            return say(
                "{number_of_rest} more, in all {place_text}",
                number_of_rest=len(rest),
                place_text=place_text(self.findings),
            )
        details = _differences(self.findings)[1:]
        places = [_short_place(f) for f in rest]
        if not any(details) and any(places):
            return place_text(rest, short=True)
        told = [joined("", (p, " (", d, ")")) if p and d else p or d for p, d in zip(places, details, strict=True)]
        return joined(", ", filter(None, told)) or say("{number_of_rest} more", number_of_rest=len(rest))


@dataclass(frozen=True)
class Group:
    """Findings of one kind that one piece of work settles. ``number`` counts from 1 over all severities."""

    number: int
    severity: Severity
    code: str
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """What this kind of finding is, as declared."""
        declared = CODES.get(self.code)
        return declared.title.rstrip(".") if declared else self.code

    @property
    def actions(self) -> list[str]:
        """What to do, each thing once."""
        return list(dict.fromkeys(f.action for f in self.findings if f.action))

    @property
    def effect(self) -> float | None:
        """The effects on ER added up [tCO2e]; None where none is known. Together they may come out differently."""
        return _sum(self.findings)

    @property
    def items(self) -> list[Item]:
        """The lines below the group."""
        alike: dict[tuple[str, str, str], list[Finding]] = {}
        for finding in self.findings:
            key = (finding.where.file, finding.where.sheet, skeleton(finding.message))
            alike.setdefault(key, []).append(finding)
        items: list[Item] = []
        for found in alike.values():
            items += [Item(tuple(found))] if len(found) >= LEAST_ALIKE else [Item((f,)) for f in found]
        return items


def grouped(findings: Iterable[Finding], lang: str = SOURCE) -> list[Group]:
    """All findings in groups, in the order in which to work through them, each told in ``lang``.

    The groups are the same in every language.
    """
    groups: dict[tuple[Severity, str, str], list[Finding]] = {}
    for finding in findings:
        key = finding.severity, finding.code, _work(finding.action)
        groups.setdefault(key, []).append(finding.said(lang))
    weight = {severity: n for n, severity in enumerate(Severity)}
    ordered = sorted(groups.items(), key=lambda item: (weight[item[0][0]], -abs(_sum(item[1]) or 0.0)))
    return [Group(n, key[0], key[1], tuple(found)) for n, (key, found) in enumerate(ordered, start=1)]


def _sum(findings: Sequence[Finding]) -> float | None:
    effects = [f.effect_tco2e for f in findings if f.effect_tco2e is not None]
    return sum(effects) if effects else None


def skeleton(text: str) -> str:
    """A text without what names a thing in it: numbers, cells, IDs with digits, words in quotation marks."""
    return " ".join("#" if _is_name(word) else word for word in _WORD.findall(text))


def _work(action: str) -> str:
    """What there is to do, without what names a thing: of a sentence that remembers them, its values of one word."""
    if not isinstance(action, Words):
        return skeleton(action)
    if action.parts:
        return " ".join(map(_work, action.parts))
    texts = (value for value in action.values.values() if isinstance(value, str))
    return " ".join([action.template, *(_work(text) for text in texts if " " in text)])


@lru_cache(maxsize=1 << 16)
def _is_name(word: str) -> bool:
    return (word[0] in "'“" and len(word) > 1) or any(character.isdigit() for character in word)


def _differences(findings: Sequence[Finding]) -> list[str]:
    """Of each finding what its message, what stands there and its effect have that not all of them have."""
    words = [[_bare(w) for w in _WORD.findall(f.message) if _is_name(w)] for f in findings]
    # A text may hold the mark itself: then words cannot be told by their place.
    alike = len({len(own) for own in words}) == 1
    differ = [n for n, column in enumerate(zip(*words, strict=True)) if len(set(column)) > 1] if alike else []
    found = len({f.found for f in findings}) > 1
    details = []
    for finding, own in zip(findings, words, strict=True):
        parts = [own[n] for n in differ]
        shows = found and finding.found not in parts
        # what stands there at length would be cut off before it says anything
        parts += [finding.found] if shows and len(", ".join([*parts, finding.found])) <= _LONGEST else []
        effect = round(finding.effect_tco2e or 0.0, 3)
        parts += [f"{effect:+,.3f} t"] if effect else []
        text = ", ".join(dict.fromkeys(part for part in parts if part))
        details.append(text if len(text) <= _LONGEST else text[: _LONGEST - 2] + " …")
    return details


def _bare(word: str) -> str:
    """A name without the marks around it, and without what follows one where words are not parted by spaces."""
    bare = word.strip("().,:;'“”")
    return next((part for part in _WIDE_MARKS.split(bare) if part and _is_name(part)), bare)


def _short_place(finding: Finding) -> str:
    where = finding.where
    return where.cell or (say("line {line}", line=where.line) if where.line else where.document)


# --- places --------------------------------------------------------------------------


def place_text(findings: Sequence[Finding], *, short: bool = False) -> str:
    """Where findings of one file and sheet stand: ``m.xlsx, Readings!E2 to E9, F3``, ``log.csv, lines 4 to 9``.

    ``short`` leaves out the file and the sheet.
    """
    first = Origin() if short else findings[0].where
    cells = _ranges([f.where.cell for f in findings if f.where.cell])
    lines = _spans(sorted({f.where.line for f in findings if f.where.line}))
    place = joined("!", filter(None, (first.sheet, cells)))
    spans = (str(a) if a == b else say("{first} to {last}", first=str(a), last=str(b)) for a, b in lines)
    numbers = say("lines {spans}", spans=joined(", ", spans)) if lines else ""
    documents = list(dict.fromkeys(f.where.document for f in findings if f.where.document))
    shown = joined(", ", documents[:_SHOWN]) + (" …" if len(documents) > _SHOWN else "")
    return joined(", ", (part for part in (first.file, place, numbers, shown) if part))


def _ranges(cells: Sequence[str]) -> str:
    """Cells with neighbours in a column drawn together, columns in the order in which they come."""
    columns: dict[str, list[int]] = {}
    other: list[str] = []
    for cell in dict.fromkeys(cells):
        if place := column_and_row(cell):
            columns.setdefault(place[0], []).append(place[1])
        else:
            other.append(cell)
    found = [
        f"{column}{a}" if a == b else say("{first} to {last}", first=f"{column}{a}", last=f"{column}{b}")
        for column, rows in columns.items()
        for a, b in _spans(sorted(rows))
    ]
    return joined(", ", found + other)


def _spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of successive numbers, as first and last."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans
