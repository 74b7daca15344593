"""``verification_report.xlsx`` and ``verification_report.pdf``: one draft, in a workbook to write in and on paper."""

from __future__ import annotations

from io import BytesIO

from markupsafe import Markup

from jcm_mrv.reporting.document.blocks import Cover, Document, Facts, Heading, Section, Tabular, Text
from jcm_mrv.reporting.document.pdf import Enclosure, moment_of, paper_look, printed
from jcm_mrv.reporting.document.requirements import refuse_without
from jcm_mrv.reporting.document.sections.cover import period_text
from jcm_mrv.reporting.document.tables import Cell
from jcm_mrv.reporting.document.templating import render
from jcm_mrv.reporting.excel.sheet import Sheet, clean
from jcm_mrv.reporting.excel.styles import FONT, INPUT_FILL, LINE, Styles, new_book
from jcm_mrv.verification.register.files import JSON_NAME, register_json
from jcm_mrv.verification.report.sections import SECTIONS, general_facts
from jcm_mrv.verification.report.writeup import Words, Writeup
from jcm_mrv.words import say
from jcm_mrv.workbook.template.styles import CREATED

NAMES = {"xlsx": "verification_report.xlsx", "pdf": "verification_report.pdf"}
_WIDTHS = (34, 34, 44, 30, 30, 26)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def document(writeup: Writeup, lang: str) -> Document:
    """The draft in blocks. Raises UnknownLanguageError."""
    w = Words(writeup, lang)
    t, c = w.t, w.context
    front = Cover(
        title=c.text("title"),
        facts=general_facts(w),
        heading=t("verification.draft"),
        figure="",
        explanation=t("verification.draft_explained", blank=w.blank),
    )
    return Document(
        lang=lang,
        title=c.text("title"),
        subject=f"{t('verification.kind')}, {period_text(c)}",
        banner=t("verification.draft"),
        reference=c.text("reference_number"),
        date="",
        author="",
        cover=front,
        sections=tuple(section(w) for section in SECTIONS),
    )


def report_pdf(writeup: Writeup, lang: str = "en") -> bytes:
    """The draft as a PDF with the register inside. Raises UnknownLanguageError and RequirementError."""
    refuse_without(("pdf",), lang)
    html = render("verification.html.jinja", document(writeup, lang), paper_look(writeup.result, lang))
    enclosed = Enclosure(JSON_NAME, register_json(writeup.register), JSON_NAME)
    return printed(html, lang, enclosed, moment=moment_of(writeup.result))


def report_xlsx(writeup: Writeup, lang: str = "en") -> bytes:
    """The draft as a workbook, a sheet for each section; what is the verifier's stands in yellow cells."""
    made = document(writeup, lang)
    buffer = BytesIO()
    book = new_book(buffer)
    book.set_properties({"title": say("Draft of a JCM verification report"), "created": CREATED})
    styles = Styles(book)
    box = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True, "border": 1, "border_color": LINE}
    fill = book.add_format({**box, "bg_color": INPUT_FILL})
    blank = Words(writeup, lang).blank
    for number, section in enumerate(made.sections, start=1):
        name = f"{number} {section.title.translate(_FORBIDDEN)}"[:31].strip()
        _Writer(Sheet(book.add_worksheet(name), name, styles, _WIDTHS), blank, fill).section(section, made.banner)
    book.close()
    return buffer.getvalue()


class _Writer:
    """Writes the blocks of a section one below the other."""

    def __init__(self, sheet: Sheet, blank: str, fill: object) -> None:
        self.sheet, self.blank, self.fill = sheet, blank, fill

    def section(self, section: Section, banner: str) -> None:
        """A section with the note that it is a draft; drawings are in the PDF."""
        self.sheet.title(section.title, banner)
        for block in section.blocks:
            if isinstance(block, Facts):
                self._rows([[name, value] for name, value in block.rows])
            elif isinstance(block, Tabular):
                self._line(block.caption, self.sheet.styles.section)
                heads = [column.head for column in block.table.columns]
                for place, head in enumerate(heads):
                    self.sheet.text(self.sheet.row, place, head, self.sheet.styles.head)
                self.sheet.row += 1
                self._rows(block.table.rows)
                if block.table.note:
                    self._line(block.table.note, self.sheet.styles.note)
            elif isinstance(block, Heading):
                self._line(block.words, self.sheet.styles.section)
            elif isinstance(block, Text):
                self._line(block.words, self.sheet.styles.note)

    def _line(self, words: Cell, style: object) -> None:
        self.sheet.text(self.sheet.row, 0, plain(words), style)
        self.sheet.row += 1

    def _rows(self, rows: object) -> None:
        assert isinstance(rows, list | tuple)
        for row in rows:
            texts = [plain(cell) for cell in row]
            for place, text in enumerate(texts):
                self.sheet.text(self.sheet.row, place, text, self.fill if text == self.blank else None)
            self.sheet.fit(self.sheet.row, texts)
            self.sheet.row += 1
        self.sheet.row += 1


def plain(words: Cell) -> str:
    """A cell of a document as plain text."""
    return clean(words.striptags() if isinstance(words, Markup) else words)
