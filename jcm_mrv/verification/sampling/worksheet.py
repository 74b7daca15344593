"""``sample.xlsx``: how the sample was drawn, and its items with room for what was found; and reading it back."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.findings import Code, Severity
from jcm_mrv.languages import said_in
from jcm_mrv.reporting.excel.columns import Column
from jcm_mrv.reporting.excel.sheet import Sheet, clean
from jcm_mrv.reporting.excel.styles import FONT, INPUT_FILL, LINE, Styles, new_book
from jcm_mrv.reporting.result_json import result_sha256
from jcm_mrv.result import Result
from jcm_mrv.verification.filled import Filled, FilledBook, Row
from jcm_mrv.verification.sampling.drawing import Design, Drawn
from jcm_mrv.verification.sampling.evaluation import Answer, Outcome
from jcm_mrv.verification.sampling.plan import Plan, Wish, plan
from jcm_mrv.verification.sampling.population import KINDS
from jcm_mrv.words import SOURCE, say
from jcm_mrv.workbook.template.styles import CREATED
from jcm_mrv.workbook.wording import named, own_name, said_choice

if TYPE_CHECKING:
    from xlsxwriter import Workbook

OTHER = Code("sample.other", Severity.ERROR, "A worksheet of a sample does not belong to this report.")

NAME, ITEMS, METHOD = "sample.xlsx", "Sample", "Method"
ITEM, STATED, OUTCOME, FOUND = say("Item"), say("Stated"), say("Result"), say("Found")
NOTE, BY, ON = say("Note"), say("Checked by"), say("Checked on")
FACTS = (say("Name"), say("Value"))
_CHOSEN = {
    str(word): word
    for word in (
        *(say("months"), say("meters"), say("equipment"), say("invoices"), say("documents")),
        *(say("simple"), say("stratified"), say("risk"), say("right"), say("wrong"), say("not seen")),
    )
}
"""Words that a person chooses from, or that say how the sample is drawn, as they can be said in other languages."""


@dataclass(frozen=True)
class _Line:
    number: int
    drawn: Drawn
    answer: Answer | None = None


COLUMNS: tuple[Column[_Line], ...] = (
    Column(key=say("No."), width=6, about=say("number of the row"), cell=lambda line: line.number),
    Column(key=ITEM, width=26, about=say("its name in the report"), cell=lambda line: line.drawn.item.id),
    Column(key=say("What"), width=40, about="what it is", cell=lambda line: line.drawn.item.what),
    Column(key=say("Where"), width=34, about="where it stands", cell=lambda line: line.drawn.item.where),
    Column(key=say("Group"), width=18, about="its stratum", cell=lambda line: line.drawn.item.stratum),
    Column(key=STATED, width=14, about="as stated", cell=lambda line: line.drawn.item.stated),
    Column(key=say("Unit"), width=8, about=say("of Stated and Found"), cell=lambda line: line.drawn.item.unit),
    Column(
        key=say("Hangs on it [tCO2e]"),
        width=16,
        about="derivative times amount",
        cell=lambda line: line.drawn.item.effect,
    ),
    Column(
        key=say("Drawn"),
        width=12,
        about="why",
        cell=lambda line: say("in any case") if line.drawn.certain else say("by its number"),
    ),
)
FILLED: tuple[Column[_Line], ...] = (
    Column(key=OUTCOME, width=12, about=say("right, wrong or not seen"), cell=lambda line: _word(line)),
    Column(
        key=FOUND,
        width=14,
        about=say("what it should be"),
        cell=lambda line: line.answer.found if line.answer else None,
    ),
    Column(
        key=NOTE, width=50, about=say("what was looked at"), cell=lambda line: line.answer.note if line.answer else ""
    ),
    Column(key=BY, width=20, about="who", cell=lambda line: line.answer.by if line.answer else ""),
    Column(key=ON, width=14, about="when", cell=lambda line: line.answer.on if line.answer else ""),
)
_GUIDE = say(
    "Look at each item of the sheet Sample yourself, at its source, and write in the yellow columns: Result (right, "
    "wrong or not seen) and, where it is wrong, Found: what it should be after corrections, in the same unit (of "
    "equipment and documents: how much of it is right, in %). Not seen counts as wrong with all that hangs on it. Then "
    "run: jcm-mrv sample X --evaluate FILE"
)


def _word(line: _Line) -> str:
    return str(line.answer.outcome) if line.answer else ""


def worksheet(result: Result, drawn: Plan, lang: str = SOURCE) -> bytes:
    """The worksheet as an .xlsx file, its headings in English too; text stays text, whatever it begins with."""
    buffer = BytesIO()
    book = new_book(buffer)
    book.set_properties({"title": said_in(say("Sample of a JCM monitoring report"), lang), "created": CREATED})
    styles = Styles(book, lang)
    columns = (*COLUMNS, *FILLED)
    items = Sheet(book.add_worksheet(ITEMS), ITEMS, styles, [column.width for column in columns])
    method = Sheet(book.add_worksheet(METHOD), METHOD, styles, (34, 110))
    _write_items(book, items, drawn)
    method.table(
        [named(head, lang) for head in FACTS], [[named(name, lang), value] for name, value in _facts(result, drawn)]
    )
    book.close()
    return buffer.getvalue()


def _write_items(book: Workbook, sheet: Sheet, drawn: Plan) -> None:
    columns = (*COLUMNS, *FILLED)
    heads = [column.key for column in columns]
    for place, head in enumerate(heads):
        sheet.text(0, place, named(head, sheet.styles.lang), sheet.styles.head)
    box = {
        "font_name": FONT,
        "font_size": 10,
        "valign": "top",
        "bg_color": INPUT_FILL,
        "border": 1,
        "border_color": LINE,
    }
    fill = book.add_format({**box, "text_wrap": True})
    day = book.add_format({**box, "num_format": "yyyy-mm-dd", "align": "left"})
    for row, one in enumerate(drawn.sample, start=1):
        cells = [column.cell(_Line(row, one)) for column in COLUMNS]
        for place, cell in enumerate(cells):
            sheet.value(row, place, cell)
        for place, column in enumerate(FILLED, start=len(COLUMNS)):
            sheet.worksheet.write_blank(row, place, None, day if column.key == ON else fill)
        sheet.fit(row, cells)
    place = heads.index(OUTCOME)
    words = {"validate": "list", "source": [said_choice(outcome, sheet.styles.lang) for outcome in Outcome]}
    sheet.worksheet.data_validation(1, place, max(len(drawn.sample), 1), place, words)
    sheet.worksheet.freeze_panes(1, 2)
    sheet.worksheet.set_landscape()
    sheet.worksheet.set_paper(9)
    sheet.worksheet.fit_to_pages(1, 0)
    sheet.worksheet.repeat_rows(0)


def _facts(result: Result, drawn: Plan) -> list[tuple[str, str | float]]:
    """How the sample was drawn: what is needed to draw it again, and what a reader needs to judge it."""
    wish = drawn.wish
    words = {
        Design.SIMPLE: say("simple random: the items with the lowest numbers"),
        Design.STRATIFIED: say("stratified: of each group in proportion to its size, at least two"),
        Design.RISK: say("by risk: each tonne that hangs on the items has the same chance; larger items in any case"),
    }
    return [
        (say("Project"), clean(result.data.project.title)),
        (say("Monitoring period"), f"{result.start} to {result.end}"),
        (say("SHA-256 of result.json"), result_sha256(result)),
        (say("Sample of"), _CHOSEN[wish.kind]),
        (say("Design"), _CHOSEN[wish.design]),
        (say("Confidence"), wish.confidence),
        (say("Precision"), wish.precision),
        (say("Expected share right"), wish.expected),
        (say("Materiality"), wish.materiality),
        (say("Seed"), wish.seed),
        (say("How items are drawn"), words[wish.design]),
        (say("Number of an item"), say("the first 52 bits of SHA-256 of 'seed|item', as a fraction")),
        (say("Items in all"), len(drawn.items)),
        (say("Items drawn"), len(drawn.sample)),
        (say("Items that cannot be drawn"), drawn.unreachable),
        (say("Size"), drawn.size.items),
        (say("Formula"), drawn.size.formula),
        (say("Source"), drawn.size.source),
        (say("Interval [tCO2e]"), drawn.interval),
        (say("Material [tCO2e]"), drawn.threshold),
        (say("What to do"), _GUIDE),
    ]


def read_worksheet(path: Path, result: Result) -> tuple[Plan, dict[str, Answer]]:
    """The sample of a filled-in worksheet, drawn again from the result, and the answers by the ID of the item.

    Raises InputRefusedError with every fault at once: cells that cannot be used, items without an answer, items that
    are not those that the seed draws. Raises OSError.
    """
    book = FilledBook(path)
    facts = {own_name(row["Name"].text): row["Value"] for row in book.rows(METHOD, FACTS)}
    rows = book.rows(ITEMS, (ITEM, STATED, OUTCOME, FOUND, NOTE, BY, ON))
    book.refuse()
    wish = _wish(book, facts)
    book.refuse()
    assert wish is not None
    again = _again(book, result, wish, facts)
    answers = _answers(book, again, rows)
    book.refuse()
    return again, answers


def _wish(book: FilledBook, facts: dict[str, Filled]) -> Wish | None:
    names = ("Sample of", "Design", "Confidence", "Precision", "Expected share right", "Materiality", "Seed")
    cells = [facts.get(name) for name in names]
    whole = [cell for cell in cells if cell is not None]
    if len(whole) < len(names):
        lost = [name for name, cell in zip(names, cells, strict=True) if cell is None]
        where = next(iter(facts.values())).where if facts else None
        message = say("the sheet {method} has lost: {lost}", method=METHOD, lost=", ".join(lost))
        action = say("Draw the sample again with the same seed, and copy what you filled in into the new file.")
        book.findings.append(OTHER(message, *([where] if where else []), found=say("no such row"), action=action))
        return None
    kind, design = book.one_of(whole[0], KINDS), book.one_of(whole[1], [str(d) for d in Design])
    shares = []
    for cell in whole[2:6]:
        if cell.number is None or not 0 < cell.number <= 1:
            book.fault(cell, say("this is no share"), say("Write the number that stood here, above 0 and at most 1."))
        shares.append(cell.number or 1.0)
    if not (kind and design):
        return None
    return Wish(kind, Design(design), shares[0], shares[1], shares[2], shares[3], whole[6].text)


def _again(book: FilledBook, result: Result, wish: Wish, facts: dict[str, Filled]) -> Plan:
    """The same sample drawn again. Raises PlanError where this result has nothing of the kind."""
    stated = facts.get("SHA-256 of result.json")
    if stated is not None and stated.text != result_sha256(result):
        book.findings.append(
            OTHER(
                say("the sample was drawn from another version of the report"),
                stated.where,
                found=stated.text or say("empty"),
                action=say("Evaluate it with the report that it was drawn from, or draw a new sample from this one."),
            )
        )
        book.refuse()
    return plan(result, wish)


def _answers(book: FilledBook, drawn: Plan, rows: list[Row]) -> dict[str, Answer]:
    known = {clean(one.item.id): one for one in drawn.sample}
    answers: dict[str, Answer] = {}
    for row in rows:
        one = known.get(row[ITEM].text)
        if one is None or one.item.id in answers:
            message = say("this item was not drawn") if one is None else say("this item stands here twice")
            action = say("Take the row away; what else was looked at belongs into the register, not into the sample.")
            book.findings.append(OTHER(message, row[ITEM].where, found=row[ITEM].text or say("empty"), action=action))
            continue
        stated = row[STATED].number
        if stated is None or abs(stated - one.item.stated) > 1e-9 * abs(one.item.stated):
            message = say(
                "{item} is stated as {stated:.15g} {item_unit} in the report",
                item=one.item.id,
                stated=one.item.stated,
                item_unit=one.item.unit,
            )
            action = say("Write the number of the report, or draw the sample again with the same seed.")
            book.findings.append(
                OTHER(message, row[STATED].where, found=row[STATED].text or say("empty"), action=action)
            )
        answers[one.item.id] = _answer(book, row)
    lost = [one.item.id for one in drawn.sample if one.item.id not in answers]
    if lost:
        message = say(
            "{number_of_lost} items of the sample have no row: {lost}{what}",
            number_of_lost=len(lost),
            lost=", ".join(lost[:6]),
            what=" ..." if len(lost) > 6 else "",
        )
        action = say("Draw the sample again with the same seed, and copy what you filled in into the new file.")
        where = rows[0][ITEM].where if rows else None
        book.findings.append(
            OTHER(
                message,
                *([where] if where else []),
                found=say("{number_of_answers} rows", number_of_answers=len(answers)),
                action=action,
            )
        )
    return answers


def _answer(book: FilledBook, row: Row) -> Answer:
    outcome = book.one_of(row[OUTCOME], [str(word) for word in Outcome])
    found = row[FOUND]
    if outcome == Outcome.WRONG and found.number is None:
        book.fault(
            found,
            say("a wrong item needs the value that it should have"),
            say("Write it as a number, in the unit beside it."),
        )
    elif outcome != Outcome.WRONG and found.text and outcome:
        book.fault(
            found,
            say("an item that is {outcome} has no other value", outcome=outcome),
            say("Empty the cell, or write wrong as result."),
        )
    return Answer(
        Outcome(outcome) if outcome else Outcome.NOT_SEEN, found.number if outcome == Outcome.WRONG else None,
        row[NOTE].text, row[BY].text, row[ON].text,
    )  # fmt: skip
