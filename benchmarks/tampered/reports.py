"""The reports themselves: a cell, a formula, a row, a line, a page, an attachment."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, FloatObject, NameObject

from jcm_mrv.reporting.document import pdf as pdf_module
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.verification.books import read_book
from tampered.base import HTML, PDF, XLSX, NotHereError, Tampered, kind

Parts = dict[str, bytes]


def in_book(name: str) -> Callable[[Callable[[Parts, random.Random], str]], Callable[[Parts, random.Random], str]]:
    """A change of the parts of the workbook report, which returns words that have to be said."""

    def register(change: Callable[[Parts, random.Random], str]) -> Callable[[Parts, random.Random], str]:
        def tamper(t: Tampered, chance: random.Random) -> str:
            with zipfile.ZipFile(io.BytesIO(t.files[XLSX])) as book:
                parts = {part: book.read(part) for part in book.namelist()}
            place = change(parts, chance)
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
                for part, data in parts.items():
                    book.writestr(part, data)
            t.files[XLSX] = out.getvalue()
            return place

        kind(f"workbook: {name}", ("json", "xlsx"))(tamper)
        return change

    return register


FORMULA = rb'<c r="([A-Z]+\d+)"([^>]*)><f>([^<]*)</f><v>([^<]*)</v></c>'
NUMBER = rb'<c r="([A-Z]+\d+)"([^>t]*)><v>([^<]*)</v></c>'
TEXT = rb'<c r="([A-Z]+\d+)"([^>]*) t="s"><v>([^<]*)</v></c>'


def some(parts: Parts, pattern: bytes, chance: random.Random) -> tuple[str, re.Match[bytes]]:
    """One match in one of the sheets."""
    found = [
        (part, match)
        for part, data in parts.items()
        if part.startswith("xl/worksheets/sheet")
        for match in re.finditer(pattern, data)
    ]
    if not found:
        raise NotHereError("no such cell")
    return chance.choice(found)


def put(parts: Parts, part: str, match: re.Match[bytes], data: bytes) -> None:
    parts[part] = parts[part][: match.start()] + data + parts[part][match.end() :]


def title(parts: Parts, part: str) -> str:
    """The title of a sheet by its part: they are written in order."""
    titles = re.findall(rb'<sheet name="([^"]*)"', parts["xl/workbook.xml"])
    number = int(re.findall(r"\d+", part)[-1])
    return titles[number - 1].decode().replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")


def at(parts: Parts, part: str, match: re.Match[bytes]) -> str:
    return f"{title(parts, part)}!{match[1].decode()}"


@in_book("a formula made a number")
def _frozen(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, FORMULA, chance)
    put(parts, part, match, b'<c r="%s"%s><v>%s</v></c>' % (match[1], match[2].replace(b' t="str"', b""), b"1"))
    return at(parts, part, match)


@in_book("another formula of the same value")
def _formula(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, FORMULA, chance)
    put(parts, part, match, match[0].replace(b"<f>" + match[3], b"<f>(" + match[3] + b")", 1))
    return at(parts, part, match)


@in_book("a cached value")
def _cached(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, FORMULA, chance)
    put(parts, part, match, b'<c r="%s"%s><f>%s</f><v>%s</v></c>' % (*match.groups()[:3], b"7777"))
    return at(parts, part, match)


@in_book("a number")
def _number(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, NUMBER, chance)
    put(parts, part, match, b'<c r="%s"%s><v>%s</v></c>' % (match[1], match[2], repr(float(match[3]) + 1).encode()))
    return at(parts, part, match)


@in_book("a text")
def _text(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, TEXT, chance)
    other = b"0" if match[3] != b"0" else b"1"
    put(parts, part, match, b'<c r="%s"%s t="s"><v>%s</v></c>' % (match[1], match[2], other))
    return at(parts, part, match)


@in_book("a text wherever it stands")
def _shared(parts: Parts, chance: random.Random) -> str:
    texts = list(re.finditer(rb"<t[^>]*>([^<]{3,})</t>", parts["xl/sharedStrings.xml"]))
    match = chance.choice(texts)
    put(parts, "xl/sharedStrings.xml", match, b"<t>other words</t>")
    return "monitoring_report.xlsx, "


@in_book("a severity")
def _severity(parts: Parts, chance: random.Random) -> str:
    match = chance.choice(list(re.finditer(rb"<t>(major|minor|note)</t>", parts["xl/sharedStrings.xml"])))
    put(parts, "xl/sharedStrings.xml", match, b"<t>none</t>")
    return "Findings!"


@in_book("a hidden row")
def _hidden(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, rb'<row r="(\d+)"', chance)
    put(parts, part, match, match[0] + b' hidden="1"')
    return f"{title(parts, part)}, row {match[1].decode()}"


@in_book("a row left out")
def _no_row(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, rb'<row r="(\d+)"[^>]*>(?:(?!</row>).)*<c r="([A-Z]+\d+)"[^>]*>.*?</row>', chance)
    address = re.search(rb'<c r="([A-Z]+\d+)"[^>]*><', match[0])
    if address is None:
        raise NotHereError("a filled row")
    put(parts, part, match, b"")
    return f"{title(parts, part)}!{address[1].decode()}"


@in_book("a hidden sheet")
def _hidden_sheet(parts: Parts, chance: random.Random) -> str:
    name = chance.choice(re.findall(rb'<sheet name="([^"]*)"', parts["xl/workbook.xml"]))
    old = b'<sheet name="' + name + b'"'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(old, old + b' state="hidden"')
    return ", visibility"


@in_book("a hidden column")
def _hidden_column(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, rb'<col min="(\d+)"', chance)
    put(parts, part, match, b'<col hidden="1" min="' + match[1] + b'"')
    return f"{title(parts, part)}, cols"


@in_book("letters in white")
def _white(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, rb'<c r="([A-Z]+\d+)" s="(\d+)"', chance)
    put(parts, part, match, b'<c r="%s" s="%d"' % (match[1], int(match[2]) - 1 if match[2] != b"0" else 1))
    return at(parts, part, match)


@in_book("other styles")
def _styles(parts: Parts, chance: random.Random) -> str:
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b'<color theme="1"/>', b'<color rgb="FFFFFFFF"/>')
    parts["xl/styles.xml"] += b" "
    return "xl/styles.xml"


@in_book("a link to another workbook")
def _link(parts: Parts, chance: random.Random) -> str:
    part, match = some(parts, FORMULA, chance)
    put(parts, part, match, match[0].replace(b"<f>" + match[3], b"<f>[1]Other!A1+" + match[3], 1))
    return at(parts, part, match)


@in_book("a macro")
def _macro(parts: Parts, chance: random.Random) -> str:
    parts["xl/vbaProject.bin"] = b"\xd0\xcf"
    return "xl/vbaProject.bin"


@in_book("a drawing over the cells")
def _drawing(parts: Parts, chance: random.Random) -> str:
    parts["xl/drawings/drawing9.xml"] = b"<a/>"
    return "xl/drawings/drawing9.xml"


@kind("workbook: saved anew in another program", ("json", "xlsx"))
def _saved(t: Tampered, chance: random.Random) -> str:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(t.files[XLSX]))
    out = io.BytesIO()
    book.save(out)
    t.files[XLSX] = out.getvalue()
    read_book(t.files[XLSX], XLSX)
    return "monitoring_report.xlsx"


# --- the page --------------------------------------------------------------------------


def in_page(name: str) -> Callable[[Callable[[str, random.Random], tuple[str, str]]], None]:
    """A change of the HTML report."""

    def register(change: Callable[[str, random.Random], tuple[str, str]]) -> None:
        def tamper(t: Tampered, chance: random.Random) -> str:
            text, place = change(t.files[HTML].decode(), chance)
            t.files[HTML] = text.encode()
            return place

        kind(f"page: {name}", ("json", "html"))(tamper)

    return register


def swapped(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


@in_page("a number")
def _page_number(text: str, chance: random.Random) -> tuple[str, str]:
    begin = text.index("<main>")
    match = chance.choice([m for m in re.finditer(r">(\d[\d,.]*\d)<", text) if m.start() > begin])
    return swapped(text, match, ">9999<"), "monitoring_report.html, section"


@in_page("the figure of the cover")
def _page_figure(text: str, chance: random.Random) -> tuple[str, str]:
    match = re.search(r'<span class="amount">[^<]*', text)
    assert match
    return swapped(text, match, '<span class="amount">1,000,000'), "section cover"


@in_page("a finding hidden by its style")
def _page_hidden(text: str, chance: random.Random) -> tuple[str, str]:
    begin = text.index('<section id="findings"')
    match = re.search(r"<tr>", text[begin:])
    if not match:
        raise NotHereError("a row of findings")
    at = begin + match.start()
    return text[:at] + '<tr style="display:none">' + text[at + 4 :], "section findings"


@in_page("a paragraph left out")
def _page_less(text: str, chance: random.Random) -> tuple[str, str]:
    match = chance.choice(list(re.finditer(r'<p class="note">.*?</p>', text)))
    return swapped(text, match, ""), "monitoring_report.html"


@in_page("a script")
def _page_script(text: str, chance: random.Random) -> tuple[str, str]:
    return text.replace("</body>", "<script>document.title='x'</script></body>"), "monitoring_report.html"


@in_page("a comment")
def _page_comment(text: str, chance: random.Random) -> tuple[str, str]:
    return text.replace("<main>", "<main><!-- approved -->"), "monitoring_report.html"


@in_page("the result that is attached")
def _page_attached(text: str, chance: random.Random) -> tuple[str, str]:
    match = re.search(r"base64,([A-Za-z0-9+/=]{100,})", text)
    assert match
    return swapped(text, match, "base64,e30="), "monitoring_report.html, download result.json"


# --- the PDF ---------------------------------------------------------------------------

WITH_PDF = ("json", "pdf")


def drawn(t: Tampered, html: str, data: bytes) -> None:
    """The PDF written from another page or with another attachment."""
    enclosed = pdf_module.Enclosure(pdf_module.ATTACHMENT, data, "The result as data")
    t.files[PDF] = pdf_module._written(html, [enclosed], pdf_module.moment_of(t.result))


@kind("PDF: one number of its text", WITH_PDF)
def _pdf_number(t: Tampered, chance: random.Random) -> str:
    html = pdf_module.paper_html(t.result, "en")
    begin = html.index("<main>")
    match = chance.choice([m for m in re.finditer(r">(\d[\d,]*\.\d\d+)<", html) if m.start() > begin])
    drawn(t, swapped(html, match, ">" + match[1][:-1] + str((int(match[1][-1]) + 1) % 10) + "<"), result_json(t.result))
    return "monitoring_report.pdf, page"


@kind("PDF: the figure of the cover", WITH_PDF)
def _pdf_figure(t: Tampered, chance: random.Random) -> str:
    html = pdf_module.paper_html(t.result, "en")
    match = re.search(r'<span class="amount">[^<]*', html)
    assert match
    drawn(t, swapped(html, match, '<span class="amount">1,000'), result_json(t.result))
    return "monitoring_report.pdf, page 1"


@kind("PDF: another result attached", WITH_PDF)
def _pdf_attached(t: Tampered, chance: random.Random) -> str:
    data = result_json(t.result).replace(b'"severity": "', b'"severity": "major", "was": "', 1)
    data = data.replace(b'"severity": "major", "was": "major"', b'"severity": "minor"')
    data = re.sub(rb'"severity": "major", "was": "\w+"', b'"severity": "major"', data)
    drawn(t, pdf_module.paper_html(t.result, "en"), data)
    return "attachment result.json: findings["


def rewritten(t: Tampered, change: Callable[[PdfWriter], None]) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(t.files[PDF])))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    t.files[PDF] = out.getvalue()


@kind("PDF: a note laid over a number", WITH_PDF)
def _pdf_note(t: Tampered, chance: random.Random) -> str:
    page = chance.randrange(len(PdfReader(io.BytesIO(t.files[PDF])).pages))
    note = FreeText(text="999,999", rect=(50, 50, 200, 100))
    rewritten(t, lambda writer: writer.add_annotation(page, note) and None)
    return f"monitoring_report.pdf, page {page + 1}"


@kind("PDF: a note laid over a number, and another program named", WITH_PDF)
def _pdf_note_elsewhere(t: Tampered, chance: random.Random) -> str:
    def change(writer: PdfWriter) -> None:
        writer.add_annotation(0, FreeText(text="999,999", rect=(50, 50, 200, 100)))
        writer.add_metadata({"/Producer": "WeasyPrint 1.0"})

    rewritten(t, change)
    return "/FreeText on page 1"


@kind("PDF: a page cut to a part", WITH_PDF)
def _pdf_cut(t: Tampered, chance: random.Random) -> str:
    page = chance.randrange(len(PdfReader(io.BytesIO(t.files[PDF])).pages))
    rewritten(t, lambda writer: writer.pages[page].cropbox.__setitem__(1, FloatObject(400)))
    return f"monitoring_report.pdf, page {page + 1}"


@kind("PDF: letters of a font exchanged", WITH_PDF)
def _pdf_letters(t: Tampered, chance: random.Random) -> str:
    """The font file stays, and what is read from its letters with it; which of them are shown does not."""

    def change(writer: PdfWriter) -> None:
        fonts = writer.pages[0]["/Resources"]["/Font"].values()
        inner = next(iter(fonts)).get_object()["/DescendantFonts"][0].get_object()
        table = DecodedStreamObject()
        table.set_data(b"".join((n + 1).to_bytes(2, "big") for n in range(500)))
        inner[NameObject("/CIDToGIDMap")] = writer._add_object(table)

    rewritten(t, change)
    return "monitoring_report.pdf, page 1"


@kind("PDF: a page left out", WITH_PDF)
def _pdf_page(t: Tampered, chance: random.Random) -> str:
    count = len(PdfReader(io.BytesIO(t.files[PDF])).pages)
    rewritten(t, lambda writer: writer.remove_page(chance.randrange(1, count)))
    return "pages"


@kind("PDF: a script", WITH_PDF)
def _pdf_script(t: Tampered, chance: random.Random) -> str:
    rewritten(t, lambda writer: writer.add_open_action(JavaScript("app.alert('x')")))
    return "/JavaScript"


@kind("PDF: a second attachment", WITH_PDF)
def _pdf_second(t: Tampered, chance: random.Random) -> str:
    rewritten(t, lambda writer: writer.add_attachment("approval.json", b"{}") and None)
    return "attachment approval.json"


@kind("PDF: written anew, all the same", WITH_PDF)
def _pdf_anew(t: Tampered, chance: random.Random) -> str:
    rewritten(t, lambda writer: writer.add_metadata({"/Producer": "WeasyPrint 70.0"}))
    return "monitoring_report.pdf"
