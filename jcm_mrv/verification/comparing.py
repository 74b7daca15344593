"""Two versions of one report side by side: every difference with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from jcm_mrv.reporting.result_json import canonical_sha256
from jcm_mrv.verification.books import Book, CellRead, SheetRead
from jcm_mrv.verification.checks import Check, Verdict, compared
from jcm_mrv.verification.pdf_reading import Pdf
from jcm_mrv.versions.values import shown
from jcm_mrv.words import say

MOST_LINES = 2_000  # or entries, that are held against each other one by one
_NOTHING = "nothing"
_NUMBER = re.compile(r"[-+−]?\d[\d,.]*%?")
_CHAPTER = re.compile(r"\b(\d{1,2})(?=[^\W\d_]{2})")
"""The number of a chapter that stands close to its title: whether there is a space between them is the font's."""
_Placed = Sequence[tuple[str, str]]  # lines with the section or page on which they stand

# --- result.json ---------------------------------------------------------------------


def json_differences(stated: Any, found: Any, file: str, path: str = "") -> Iterator[Check]:
    """Every value that differs, by its path such as ``emission_reductions.by_year[0].credited``."""
    if isinstance(stated, dict) and isinstance(found, dict):
        for key in dict.fromkeys((*found, *stated)):
            inner = f"{path}.{key}" if path else str(key)
            if key not in stated or key not in found:
                yield _only(file, inner, stated.get(key), found.get(key), there=key in stated)
            else:
                yield from json_differences(stated[key], found[key], file, inner)
    elif isinstance(stated, list) and isinstance(found, list):
        yield from _lists(stated, found, file, path)
    elif (check := compared(path, f"{file}: {path}", stated, found)).verdict is not Verdict.REPRODUCED:
        yield check


def _only(file: str, path: str, stated: Any, found: Any, *, there: bool) -> Check:
    note = say("it does not follow from the inputs") if there else say("it is left out of what was stated")
    texts = (_short(stated), _NOTHING) if there else (_NOTHING, _short(found))
    return Check(path, f"{file}: {path}", Verdict.DIFFERS, *texts, note=note)


def _name(value: Any) -> str:
    """What an entry of a list is about: its file, meter or quantity."""
    keys = ("path", "code", "meter_id", "symbol")
    return next((str(value[key]) for key in keys if value.get(key)), "") if isinstance(value, dict) else ""


def _short(value: Any) -> str:
    """A whole entry in a few words: a finding by its code and message, else as it is."""
    if isinstance(value, dict):
        words = [
            str(value[key]) for key in ("code", "severity", "message", "meter_id", "month", "symbol") if key in value
        ]
        return shown(", ".join(words) or str(value))
    return shown(value)


def _lists(stated: Sequence[Any], found: Sequence[Any], file: str, path: str) -> Iterator[Check]:
    if len(stated) == len(found):
        for n, (one, other) in enumerate(zip(stated, found, strict=True)):
            named = _name(one)
            for check in json_differences(one, other, file, f"{path}[{n}]"):
                yield replace(check, note=check.note or named)
        return
    if max(len(stated), len(found)) > MOST_LINES:
        yield compared(path, f"{file}: {path}", len(stated), len(found), say("entries; too many to be told apart"))
        return
    mine, theirs = [canonical_sha256(one) for one in stated], [canonical_sha256(one) for one in found]
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for n in range(a, b):
            yield _only(file, f"{path}[{n}]", stated[n], None, there=True)
        for n in range(c, d):
            yield _only(file, f"{path}[{n}]", None, found[n], there=False)


# --- the workbook --------------------------------------------------------------------


def book_differences(stated: Book, found: Book) -> Iterator[Check]:
    """Every cell, row, sheet and part that is not as it was written."""
    mine, theirs = stated.sheets, found.sheets
    if list(mine) != list(theirs):
        yield Check(say("sheets"), stated.name, Verdict.DIFFERS, shown(", ".join(mine)), shown(", ".join(theirs)))
    for title in theirs:
        if title in mine:
            yield from _sheets(stated.name, title, mine[title], theirs[title])
    sheets = ("xl/worksheets/", "xl/sharedStrings.xml")
    for part in sorted(stated.names ^ found.names):
        there = part in stated.names
        note = say("a part that no report has") if there else say("a part of the report is left out")
        yield Check(part, f"{stated.name}, {part}", Verdict.DIFFERS, note=note)
    for part in sorted(stated.names & found.names):
        if stated.parts.get(part) != found.parts.get(part) and not part.startswith(sheets):
            yield Check(
                part, f"{stated.name}, {part}", Verdict.DIFFERS, note=say("looks, names or set-up of the workbook")
            )


def _sheets(file: str, title: str, mine: SheetRead, theirs: SheetRead) -> Iterator[Check]:
    for address in dict.fromkeys((*theirs.cells, *mine.cells)):
        one, other = mine.cells.get(address), theirs.cells.get(address)
        if one != other:
            yield _cells(f"{title}!{address}", file, one, other)
    for name in dict.fromkeys((*theirs.rest, *mine.rest)):
        one_rest, other_rest = mine.rest.get(name, _NOTHING), theirs.rest.get(name, _NOTHING)
        if one_rest != other_rest:
            place = f"{title}, {name}"
            yield Check(place, f"{file}, {place}", Verdict.DIFFERS, shown(one_rest), shown(other_rest))


def _cells(place: str, file: str, mine: CellRead | None, theirs: CellRead | None) -> Check:
    blank = CellRead("", "", "")
    one, other = mine or blank, theirs or blank
    where = f"{file}, {place}"
    if one.formula != other.formula:
        texts = (shown(_formula(one)), shown(_formula(other)))
        return Check(place, where, Verdict.DIFFERS, *texts, note=say("the formula is another one"))
    if one.value != other.value or type(one.value) is not type(other.value):
        return compared(place, where, one.value, other.value, "the cached value" if one.formula else "")
    return Check(place, where, Verdict.DIFFERS, shown(one.value), shown(other.value), note="it looks different")


def _formula(cell: CellRead) -> str:
    return (
        say("={formula}", formula=cell.formula)
        if cell.formula
        else say("{cell_value} (no formula)", cell_value=cell.value)
    )


def recalculated_differences(cached: Book, anew: Book, tolerance: float = 1e-9) -> tuple[list[Check], float]:
    """Formulas whose cached value is not what a second engine makes of them; the largest relative difference."""
    found: list[Check] = []
    largest = 0.0
    for title, sheet in cached.sheets.items():
        others: Mapping[str, CellRead] = anew.sheets[title].cells if title in anew.sheets else {}
        for address, cell in sheet.cells.items():
            if not cell.formula:
                continue
            other = others[address].value if address in others else ""
            apart = _apart(cell.value, other)
            largest = max(largest, min(apart, 1.0))
            if apart > tolerance:
                place = f"{title}!{address}"
                check = compared(
                    place, f"{cached.name}, {place}", cell.value, other, say("recalculated by LibreOffice")
                )
                found.append(check)
    return found, largest


def _apart(one: object, other: object) -> float:
    if isinstance(one, bool) or isinstance(other, bool):
        return 0.0 if float(bool(one)) == float(bool(other)) else 1.0
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) / max(abs(one), abs(other), 1.0)
    return 0.0 if one == other else 1.0


# --- pages -------------------------------------------------------------------------


_PIECE = re.compile(r"<[^<>]*>|[^<>]+|[<>]")
_SECTION = re.compile(r'<section id="([^"]*)"')
_ATTACHED = re.compile(r'href="data:[^"]*"')


def page_lines(html: str) -> list[tuple[str, str]]:
    """Section and text of each line of an HTML page, its tags included, without what is attached to it.

    Cut at every tag in one pass, as a parser of HTML takes a time that grows with the square of what is built to be
    hard for it.
    """
    lines: list[tuple[str, str]] = []
    section = "cover"
    for piece in _PIECE.findall(html):
        if piece.startswith("<"):
            found = _SECTION.match(piece)
            section = found[1] if found else section
            lines.append((section, _ATTACHED.sub('href="data:"', piece)))
        else:
            lines += [(section, unescape(line.strip())) for line in piece.splitlines() if line.strip()]
    return lines


def html_differences(stated: str, found: str, file: str) -> Iterator[Check]:
    """Lines that differ, by the section in which they stand."""
    mine, theirs = page_lines(stated), page_lines(found)
    yield from _line_differences(
        mine, theirs, lambda section: say("{file}, section {section}", file=file, section=section)
    )


def pdf_differences(stated: Pdf, found: Pdf, file: str) -> Iterator[Check]:
    """Words and drawings that differ, by page; attachments and what acts by itself."""
    for key in (one for one in stated.active if one not in found.active):
        note = say("it acts by itself, asks for input or lies over a page, and is nothing of the report")
        yield Check(key, file, Verdict.DIFFERS, note=note)
    if stated.drawn_by != found.drawn_by:
        yield from _words_apart(stated, found, file)
        return
    if len(stated.pages) != len(found.pages):
        yield compared(say("pages"), file, len(stated.pages), len(found.pages))
    mine = [(str(n), line) for n, page in enumerate(stated.pages, 1) for line in page.text.splitlines()]
    theirs = [(str(n), line) for n, page in enumerate(found.pages, 1) for line in page.text.splitlines()]
    words = list(_line_differences(mine, theirs, lambda page: say("{file}, page {page}", file=file, page=page)))
    yield from words
    spoken = {check.where for check in words}
    for n, (one, other) in enumerate(zip(stated.pages, found.pages, strict=False), 1):
        where = say("{file}, page {n}", file=file, n=n)
        if one.sha256 != other.sha256 and where not in spoken:
            yield Check(
                say("drawing"), where, Verdict.DIFFERS, note=say("what is drawn on the page or laid over it differs")
            )


def _words_apart(stated: Pdf, found: Pdf, file: str) -> Iterator[Check]:
    """Words and numbers that only one of two PDFs has which other fonts or software drew, by page.

    Lines and pages may break elsewhere, so that numbers of pages are left out, and words may be divided; numbers not.
    """
    mine, theirs = _words(stated), _words(found)
    whole = {id(words): "".join(words) for words in (mine, theirs)}
    for one, other, named in ((mine, theirs, "stated"), (theirs, mine, "recomputed")):
        for word, page in one.items():
            if word not in other and (_NUMBER.fullmatch(word) or word not in whole[id(other)]):
                texts = (word, _NOTHING) if named == "stated" else (_NOTHING, word)
                yield Check(say("text"), say("{file}, page {page}", file=file, page=page), Verdict.DIFFERS, *texts)
    note = say("words and numbers are compared; other fonts or another WeasyPrint drew them, so the drawing is not")
    yield Check(say("drawing"), file, Verdict.LEFT_OUT, stated.made_by, found.made_by, note=note)


def _words(pdf: Pdf) -> dict[str, int]:
    """The words of a PDF, each with the first page on which it stands."""
    words: dict[str, int] = {}
    most = max(len(pdf.pages), 1) + 20
    for n, page in enumerate(pdf.pages, 1):
        text = _CHAPTER.sub(r"\1 ", page.text.replace("-\n", "-"))
        for word in text.split():
            if not (word.isdecimal() and int(word[:9]) <= most):
                words.setdefault(word, n)
    return words


def _line_differences(mine: _Placed, theirs: _Placed, where: Callable[[str], str]) -> Iterator[Check]:
    begin = 0
    while begin < min(len(mine), len(theirs)) and mine[begin] == theirs[begin]:
        begin += 1
    end = 0
    while end < min(len(mine), len(theirs)) - begin and mine[-1 - end] == theirs[-1 - end]:
        end += 1
    one, other = mine[begin : len(mine) - end], theirs[begin : len(theirs) - end]
    if len(one) != len(other) and max(len(one), len(other)) > MOST_LINES:
        yield _lines(one[:1], other[:1], where)
        return
    if len(one) == len(other):
        yield from (_lines([a], [b], where) for a, b in zip(one, other, strict=True) if a != b)
        return
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _lines(one[a:b], other[c:d], where)


def _lines(one: _Placed, other: _Placed, where: Callable[[str], str]) -> Check:
    texts = [" / ".join(line for _, line in many[:3]) or _NOTHING for many in (one, other)]
    place = where((one or other)[0][0])
    return Check(say("text"), place, Verdict.DIFFERS, shown(texts[0]), shown(texts[1]))
