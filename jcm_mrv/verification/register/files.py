"""``register.xlsx`` and ``register.json``: written from one register, and read back strictly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.findings import Code, Severity
from jcm_mrv.languages import said_in
from jcm_mrv.reporting.excel.columns import Column
from jcm_mrv.reporting.excel.sheet import LONGEST_TEXT, Sheet
from jcm_mrv.reporting.excel.styles import FONT, INPUT_FILL, LINE, Styles, new_book
from jcm_mrv.verification.filled import FilledBook, Row
from jcm_mrv.verification.register.entries import ITEMS, Kind, Register, Request, State
from jcm_mrv.versions.changes import CHANGE_HEADS, change_cells
from jcm_mrv.words import SOURCE, say
from jcm_mrv.workbook.change import Change
from jcm_mrv.workbook.template.styles import CREATED
from jcm_mrv.workbook.wording import choice_of, named, own_name, said_choice

if TYPE_CHECKING:
    from xlsxwriter import Workbook

TWICE = Code("register.twice", Severity.ERROR, "Two requests of a register have one number.")
CLOSING = Code("register.closing", Severity.ERROR, "A request is closed without who closed it and when, or unanswered.")

SHEET, ABOUT, CHANGES = "Register", "About", "Changes"
NAME, JSON_NAME, SCHEMA = "register.xlsx", "register.json", "jcm-mrv-register/1"
PROGRAM, PERSON = False, True

_SAID = {str(word): word for word in (say("open"), say("answered"), say("closed"))}
COLUMNS: tuple[tuple[str, bool, Column[Request]], ...] = (
    ("number", PROGRAM, Column(key=say("No."), width=9, about="its number", cell=lambda r: r.number)),
    ("kind", PERSON, Column(key=say("Kind"), width=7, about="CAR, CL or FAR", cell=lambda r: str(r.kind))),
    ("round", PROGRAM, Column(key=say("Round"), width=7, about=say("when it was raised"), cell=lambda r: r.round)),
    (
        "requirement",
        PERSON,
        Column(key=say("Requirement"), width=24, about=say("what it rests on"), cell=lambda r: r.requirement),
    ),
    ("place", PERSON, Column(key=say("Place"), width=28, about="number or cell", cell=lambda r: r.place)),
    ("question", PERSON, Column(key=say("Question"), width=60, about="what is asked", cell=lambda r: r.question)),
    (
        "raised_by",
        PERSON,
        Column(key=say("Raised by"), width=26, about=say("by what or whom"), cell=lambda r: r.raised_by),
    ),
    (
        "effect",
        PROGRAM,
        Column(key=say("Effect on ER [tCO2e]"), width=12, about=say("where it is known"), cell=lambda r: r.effect),
    ),
    ("answer", PERSON, Column(key=say("Answer"), width=50, about="the proponent's", cell=lambda r: r.answer)),
    ("evidence", PERSON, Column(key=say("Evidence"), width=22, about="documents", cell=lambda r: r.evidence)),
    (
        "state",
        PERSON,
        Column(key=say("State"), width=11, about="open, answered, closed", cell=lambda r: _SAID[r.state]),
    ),
    ("closed_by", PERSON, Column(key=say("Closed by"), width=18, about="who", cell=lambda r: r.closed_by)),
    ("closed_on", PERSON, Column(key=say("Closed on"), width=12, about="when", cell=lambda r: r.closed_on)),
    ("remark", PERSON, Column(key=say("Verifier's remark"), width=40, about="why", cell=lambda r: r.remark)),
    (
        "since",
        PROGRAM,
        Column(key=say("Since the last version"), width=24, about="by the program", cell=lambda r: r.since),
    ),
    ("period", PROGRAM, Column(key=say("Period"), width=24, about="of its raising", cell=lambda r: r.period)),
    (
        "key",
        PROGRAM,
        Column(key=say("Key"), width=18, about=say("what raised it; leave it as it is"), cell=lambda r: r.key),
    ),
)
FACTS = (say("Name"), say("Value"))
HEADS = {name: column.key for name, _, column in COLUMNS}
_GUIDE = say(
    "One file for both sides. The verifier raises requests (a new row without a number is numbered by the program; "
    "write Kind, Question and Raised by), the proponent writes Answer and Evidence and sets State to answered, the "
    "verifier sets it to closed with Closed by and Closed on. Yellow columns are yours; jcm-mrv register carries every "
    "word of them on to the next version of the report, and closes nothing. FAR come back in the next monitoring "
    "period."
)


def register_json(register: Register) -> bytes:
    """The register as UTF-8 JSON text with a final newline."""
    data = {"schema": SCHEMA, **asdict(register)}
    return (json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode("utf-8")


def register_xlsx(register: Register, changed: Sequence[Change] | None = None, lang: str = SOURCE) -> bytes:
    """The register as an .xlsx file, with what changed since another version; text stays text, whatever it "
    "begins with."""
    buffer = BytesIO()
    book = new_book(buffer)
    book.set_properties({"title": said_in(say("Register of requests of a verification"), lang), "created": CREATED})
    styles = Styles(book, lang)
    sheet = Sheet(book.add_worksheet(SHEET), SHEET, styles, [column.width for _, _, column in COLUMNS])
    about = Sheet(book.add_worksheet(ABOUT), ABOUT, styles, (28, 110))
    _write(book, sheet, register)
    about.table([named(head, lang) for head in FACTS], [[named(name, lang), value] for name, value in _about(register)])
    if changed is not None:
        listed = Sheet(book.add_worksheet(CHANGES), CHANGES, styles, (14, 10, 40, 60, 60, 16))
        listed.table(CHANGE_HEADS, [list(change_cells(one)) for one in changed])
    book.close()
    return buffer.getvalue()


def _write(book: Workbook, sheet: Sheet, register: Register) -> None:
    heads = [column.key for _, _, column in COLUMNS]
    for place, head in enumerate(heads):
        sheet.text(0, place, named(head, sheet.styles.lang), sheet.styles.head)
    box = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True}
    fill = book.add_format({**box, "bg_color": INPUT_FILL, "border": 1, "border_color": LINE})
    for row, one in enumerate(register.requests, start=1):
        cells = [column.cell(one) for _, _, column in COLUMNS]
        for place, ((_, person, _), cell) in enumerate(zip(COLUMNS, cells, strict=True)):
            if person:
                sheet.text(row, place, cell if isinstance(cell, str) else "", fill)
            else:
                sheet.value(row, place, cell)
        sheet.fit(row, cells)
    last = len(register.requests) + 200
    for name, words in (("kind", list(Kind)), ("state", list(State)), ("requirement", ITEMS)):
        place = heads.index(HEADS[name])
        rule = {
            "validate": "list",
            "source": [said_choice(str(word), sheet.styles.lang) for word in words],
            "error_type": "warning",
        }
        sheet.worksheet.data_validation(1, place, last, place, rule)
    sheet.worksheet.autofilter(0, 0, max(len(register.requests), 1), len(COLUMNS) - 1)
    sheet.worksheet.freeze_panes(1, 1)
    sheet.worksheet.set_landscape()
    sheet.worksheet.set_paper(8)
    sheet.worksheet.fit_to_pages(1, 0)
    sheet.worksheet.repeat_rows(0)


def _about(register: Register) -> list[tuple[str, str | float]]:
    return [
        (say("Project"), register.project),
        (say("Monitoring period"), register.period),
        (say("Round"), register.round),
        (say("SHA-256 of result.json"), register.report),
        (say("What to do"), _GUIDE),
    ]


def read_register(path: Path) -> Register:
    """A register as both sides left it.

    Raises InputRefusedError with every fault at once, by sheet and cell, and OSError. Nothing is left out in silence.
    """
    book = FilledBook(path)
    facts = {own_name(row["Name"].text): row["Value"] for row in book.rows(ABOUT, FACTS)}
    rows = book.rows(SHEET, list(HEADS.values()))
    requests = [_request(book, row) for row in rows]
    _once(book, rows)
    book.refuse()
    texts = {name: facts[name].text if name in facts else "" for name in ("SHA-256 of result.json", "Project")}
    period = facts["Monitoring period"].text if "Monitoring period" in facts else ""
    number = facts["Round"].number if "Round" in facts else None
    highest = max([int(number or 0), *(one.round for one in requests)])
    return Register(highest, texts["SHA-256 of result.json"], texts["Project"], period, tuple(requests))


def _request(book: FilledBook, row: Row) -> Request:
    kind = book.one_of(row[HEADS["kind"]], [str(k) for k in Kind])
    state = book.one_of(row[HEADS["state"]], [str(s) for s in State], blank=True)
    cell = row[HEADS["round"]]
    number = cell.number if cell.number is not None else 0.0
    if (cell.text and cell.number is None) or number != int(number) or not 0 <= number < 1000:
        book.fault(
            cell,
            say("a round is a whole number"),
            say("Write the number that stood here, or leave it empty in a new row."),
        )
        number = 0.0
    if not row[HEADS["question"]].text:
        book.fault(
            row[HEADS["question"]], say("a request asks something"), say("Write the question, or empty the whole row.")
        )
    for one in row.values():
        if len(one.text) > LONGEST_TEXT:
            book.fault(
                one,
                say("a cell holds at most {longest_text:,d} letters", longest_text=LONGEST_TEXT),
                say("Put the text into a document and name it."),
            )
    _check_state(book, row, state)
    texts = {f.name: row[HEADS[f.name]].text for f in fields(Request) if f.name not in ("kind", "round", "state")}
    texts["requirement"] = choice_of(ITEMS, texts["requirement"]) or texts["requirement"]
    return Request(kind=Kind(kind or "CL"), round=int(number), state=State(state or "open"), **texts)


def _check_state(book: FilledBook, row: Row, state: str) -> None:
    """A request is closed by somebody on a day, and answered with an answer."""
    answer, by, on = (row[HEADS[name]] for name in ("answer", "closed_by", "closed_on"))
    if state == State.CLOSED:
        if not by.text:
            book.findings.append(
                CLOSING(
                    say("a closed request names who closed it"),
                    by.where,
                    found=say("empty"),
                    action=say("Write the name."),
                )
            )
        if not isinstance(on.value, date) and not _is_day(on.text):
            action = say("Write the day as a date, such as 2025-03-31.")
            book.findings.append(
                CLOSING(say("a closed request names the day"), on.where, found=on.text or say("empty"), action=action)
            )
    elif state == State.ANSWERED and not answer.text:
        action = say("Write the answer, or set the state to open.")
        book.findings.append(
            CLOSING(say("an answered request has an answer"), answer.where, found=say("empty"), action=action)
        )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _once(book: FilledBook, rows: list[Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        number = row[HEADS["number"]]
        if number.text and number.text in seen:
            message = say("{number} stands here twice", number=number.text)
            action = say("Leave the number of the newer row empty: the program numbers it on.")
            book.findings.append(TWICE(message, number.where, found=number.text, action=action))
        seen.add(number.text)
