"""The report on a portfolio as a workbook: a sheet for each group, and sums over them that stay live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from jcm_mrv.portfolio.outcome import MemberResult, PortfolioResult
from jcm_mrv.portfolio.report.sections import KINDS, Amount, Words, sections
from jcm_mrv.portfolio.tonnes import Kind, Totals
from jcm_mrv.reporting.document.blocks import Section, Tabular
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.sheet import Cell, Sheet, clean
from jcm_mrv.reporting.excel.styles import Styles, new_book
from jcm_mrv.workbook.template.styles import CREATED

_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDTHS = (34, 22, 24, 16, 16, 16, 16, 40)
_FIRST = 2
"""The row of headings, counted from 0; the members follow."""
_TONNES = 3
"""The first column of tonnes."""


@dataclass(frozen=True)
class _Group:
    """A sheet: its name, the title of the group in full, and its members with the row of each."""

    sheet: str
    title: str
    members: Sequence[MemberResult]

    def total(self, kind: int) -> str:
        """The cell in which a kind is summed up."""
        return f"{quoted(self.sheet)}!${chr(ord('A') + _TONNES + kind)}${_FIRST + len(self.members) + 2}"


def report_xlsx(result: PortfolioResult, lang: str = "en") -> bytes:
    """The report as a workbook. Raises UnknownLanguageError."""
    w = Words(result, lang)
    buffer = BytesIO()
    book = new_book(buffer)
    book.set_properties({"title": clean(result.portfolio.title), "created": CREATED})
    styles = Styles(book)
    names = _names([w("sums"), *(title for title, _ in _groups(w))])
    first = Sheet(book.add_worksheet(names[0]), names[0], styles, _WIDTHS)
    groups = [_Group(name, title, each) for name, (title, each) in zip(names[1:], _groups(w), strict=True)]
    for group in groups:
        _write_group(Sheet(book.add_worksheet(group.sheet), group.sheet, styles, _WIDTHS), group, w)
    _write_sums(first, groups, w)
    taken = [*names]
    for section in _beside(w):
        taken = _names([*taken, section.title])
        _write_section(Sheet(book.add_worksheet(taken[-1]), taken[-1], styles, _WIDTHS), section)
    for worksheet in book.worksheets():
        worksheet.set_landscape()
        worksheet.set_paper(9)  # A4
        worksheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _beside(w: Words) -> Iterator[Section]:
    """The sections that have sheets of their own: of the members what the sheets of the groups do not say."""
    _, members, *others = sections(w)
    if members.blocks[1:]:
        yield replace(members, blocks=members.blocks[1:])
    yield from others


def _groups(w: Words) -> list[tuple[str, list[MemberResult]]]:
    """Each group with the members that belong to it itself, so that a member stands on one sheet."""
    found: dict[str, list[MemberResult]] = {}
    for one in w.result.members:
        found.setdefault(one.member.group, []).append(one)
    return [(w.titles.get(group, group) or w("none"), members) for group, members in found.items()]


def _names(titles: Sequence[str]) -> list[str]:
    """Names of sheets: 31 letters at most, each once."""
    made: list[str] = []
    for title in titles:
        base = title.translate(_FORBIDDEN).strip()[:27] or "-"
        taken = {name.casefold() for name in made}
        numbers = (f"{base} {n}" for n in range(2, 1000))
        made.append(base if base.casefold() not in taken else next(x for x in numbers if x.casefold() not in taken))
    return made


def _write_group(sheet: Sheet, group: _Group, w: Words) -> None:
    """The members of a group, and a live sum of each kind of tonnes."""
    _heads(sheet, [w("member"), w("outcome"), w("period"), *(w(str(kind)) for kind in KINDS), w("note")], group.title)
    for row, one in enumerate(group.members, _FIRST + 1):
        period = "" if one.period_start is None else f"{one.period_start} – {one.period_end}"
        texts = [w.titles[one.member.name], w.known(str(one.state)), period]
        for column, words in enumerate(texts):
            sheet.text(row, column, words)
        for n, kind in enumerate(KINDS):
            found = getattr(one.totals, kind)
            if found is not None:
                sheet.worksheet.write_number(row, _TONNES + n, found.tonnes, _style(sheet, kind))
        sheet.text(row, _TONNES + len(KINDS), one.member.remark)
        sheet.fit(row, [*texts, *("" for _ in KINDS), one.member.remark])
    last = _FIRST + len(group.members)
    sheet.text(last + 1, 0, w("no_total") if w.result.counted_twice else w("total"), sheet.styles.section)
    if not w.result.counted_twice:
        _sums_below(sheet, last, w.result.totals(group.members))


def _write_sums(sheet: Sheet, groups: Sequence[_Group], w: Words) -> None:
    """The sum of each group from its sheet, and the whole of each kind; no kind is added to another."""
    _heads(sheet, [w("group"), "", "", *(w(str(kind)) for kind in KINDS)], w.result.portfolio.title)
    for row, group in enumerate(groups, _FIRST + 1):
        sheet.text(row, 0, group.title)
        sheet.fit(row, [group.title])
        for n, kind in enumerate(() if w.result.counted_twice else KINDS):
            found = getattr(w.result.totals(group.members), kind)
            value = 0.0 if found is None else float(found.tonnes)
            sheet.formula(row, _TONNES + n, Cell(f"={group.total(n)}", value), _style(sheet, kind))
    last = _FIRST + len(groups)
    sheet.text(last + 1, 0, w("no_total") if w.result.counted_twice else w("total"), sheet.styles.section)
    if not w.result.counted_twice:
        _sums_below(sheet, last, w.result.totals())
    sheet.text(last + 3, 0, w("tonnes_note"), sheet.styles.note)


def _sums_below(sheet: Sheet, last: int, found: Totals) -> None:
    """A live sum of each kind below the last row (counted from 0)."""
    for n, kind in enumerate(KINDS):
        letter, total = chr(ord("A") + _TONNES + n), getattr(found, kind)
        cell = Cell(f"=SUM({letter}{_FIRST + 2}:{letter}{last + 1})", 0.0 if total is None else float(total.tonnes))
        sheet.formula(last + 1, _TONNES + n, cell, _style(sheet, kind))


def _style(sheet: Sheet, kind: Kind) -> object:
    """Whole tonnes where they are credited, else one decimal."""
    return sheet.styles.decimals(0 if kind is Kind.CREDITED else 1)


def _heads(sheet: Sheet, heads: Sequence[str], title: str) -> None:
    sheet.text(0, 0, title, sheet.styles.title)
    for column, head in enumerate(heads):
        sheet.text(_FIRST, column, head, sheet.styles.head)
    sheet.worksheet.freeze_panes(_FIRST + 1, 1)


def _write_section(sheet: Sheet, section: Section) -> None:
    """The tables of a section, one below the other; drawings are in the PDF and on the page."""
    sheet.text(0, 0, section.title, sheet.styles.title)
    row = 2
    for block in section.blocks:
        if isinstance(block, Tabular):
            sheet.text(row, 0, clean(str(block.caption)), sheet.styles.section)
            for column, head in enumerate(block.table.columns):
                sheet.text(row + 1, column, head.head, sheet.styles.head)
            row += 2
            for cells in block.table.rows:
                texts = [clean(str(cell)) for cell in cells]
                for column, cell in enumerate(cells):
                    if isinstance(cell, Amount):
                        sheet.worksheet.write_number(row, column, cell.value, sheet.styles.shown)
                    else:
                        sheet.text(row, column, texts[column])
                sheet.fit(row, texts)
                row += 1
            row += 1
