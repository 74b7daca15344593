"""The public version: what is confidential is nowhere in it, and the full one says what that is."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, StreamObject, TextStringObject

from jcm_mrv.reporting.document.pdf import paper_html, public_pdf
from jcm_mrv.reporting.document.templating import visible_text
from jcm_mrv.reporting.redaction import HIDDEN, RedactionError, secrets_of
from jcm_mrv.reporting.result_json import canonical_sha256
from jcm_mrv.result import Result
from jcm_mrv.versions.schemas import RESULT, schema_faults
from support import results

SECRETS = ("Lê Thị Ánh", "KWH-77-0042", "KWH-77", "Lot 9 & 10, <Dyke> Road", "Plant Beta")
"""A person, a serial number in drawings and its beginning, an address like HTML, a word of title and bookmarks."""


@cache
def marked() -> Result:
    """A report whose every corner holds a secret; the readings lack a month, so that findings speak of them too."""
    project = {
        "title": "Solar roof of Plant Beta (illustrative), with a title that is long enough to be cut in the header",
        "prepared_by": "LÊ THỊ  ÁNH",
        "location": "Lot 9 & 10, <Dyke> Road",
        "confidential": "Team!Name; Meters!Serial number; Project!Location; Plant Beta",
    }
    base = results.solar().data
    meters = [{key: cell.value for key, cell in row.cells.items() if cell.value is not None} for row in base.meters]
    calibrations = [{k: c.value for k, c in row.cells.items() if c.value is not None} for row in base.calibrations]
    for row in (*meters, *calibrations):
        row["serial_number"] = "KWH-77-0042"
    meters[0]["description"] = "meter KWH-77-0042 of Plant Beta"
    team = [{"role": "Plant manager", "name": "Lê Thị Ánh", "organisation": "Plant Beta", "responsibility": "all"}]
    tables: dict[str, Any] = {"meters": meters, "calibrations": calibrations, "team": team}
    return results.calculated(project=project, tables=tables)


@cache
def public() -> bytes:
    return public_pdf(marked())


def forms(secret: str) -> set[bytes]:
    """A text as a PDF may hold it: in each encoding and normal form, and as digits of hexadecimal strings."""
    texts = {unicodedata.normalize(form, case) for form in ("NFC", "NFD") for case in (secret, secret.upper())}
    raw = {t.encode(e, "ignore") for t in texts for e in ("utf-8", "utf-16-be", "utf-16-le", "latin-1")}
    return raw | {one.hex().encode() for one in raw} | {one.hex().upper().encode() for one in raw}


def objects(one: Any) -> Iterator[bytes]:
    """Every string of an object as it is stored."""
    if isinstance(one, TextStringObject):
        yield str(one).encode("utf-8")
    elif isinstance(one, ByteStringObject):
        yield bytes(one)
    elif isinstance(one, ArrayObject):
        for part in one:
            yield from objects(part)
    elif isinstance(one, DictionaryObject):
        for part in one.values():
            yield from objects(part)
        if isinstance(one, StreamObject):
            yield one.get_data()


def recovered(pdf: bytes) -> list[bytes]:
    """Everything in a PDF: the file itself, every string, every stream after decompression, the text of its pages."""
    reader = PdfReader(BytesIO(pdf))
    found = [pdf, *(p.extract_text().encode("utf-8") for p in reader.pages)]
    numbers = {n for generation in reader.xref.values() for n in generation} | set(reader.xref_objStm)
    for number in sorted(numbers):
        found += objects(reader.get_object(number))
    return found


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_can_be_recovered(secret: str) -> None:
    everything = recovered(public())
    tight = [re.sub(rb"\s+", b"", one) for one in everything]
    for form in forms(secret):
        assert not any(form in one for one in everything), f"{secret!r} as {form!r}"
        bare = re.sub(rb"\s+", b"", form)
        assert len(bare) < 6 or not any(bare in one for one in tight), f"{secret!r} without white space"


def test_the_search_would_find_what_is_there() -> None:
    """The full version holds every secret: the same search finds each of them in it."""
    from jcm_mrv.reporting.document.pdf import report_pdf

    tight = [re.sub(rb"\s+", b"", one) for one in recovered(report_pdf(marked()))]
    for secret in SECRETS:
        bare = {re.sub(rb"\s+", b"", form) for form in forms(secret)}
        assert any(form in one for form in bare for one in tight), secret


def test_it_is_blacked_out_and_the_full_version_names_it() -> None:
    reader = PdfReader(BytesIO(public()))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert HIDDEN in text and "Public version" in re.sub(r"\s+", " ", text)
    assert reader.metadata is not None and HIDDEN in str(reader.metadata.title)
    full = re.sub(r"\s+", " ", visible_text(paper_html(marked(), "en")))
    assert "blacked out in the public version" in full and "Team!Name, Meters!Serial number" in full


def test_its_numbers_are_the_same_and_its_checksum_is_that_of_what_it_carries() -> None:
    reader = PdfReader(BytesIO(public()))
    [data] = reader.attachments["result.json"]
    carried = json.loads(data)
    assert carried["emission_reductions"]["reductions"] == marked().reductions
    front = re.sub(r"\s+", "", reader.pages[0].extract_text())
    assert canonical_sha256(carried) in front


def test_no_checksum_lets_a_guess_be_confirmed() -> None:
    """The workbook holds what is blacked out: with its checksum, who guesses it could see that the guess is right."""
    reader = PdfReader(BytesIO(public()))
    assert list(reader.attachments) == ["result.json"]
    carried = json.loads(reader.attachments["result.json"][0])
    assert not list(schema_faults(carried, RESULT)) and {one["sha256"] for one in carried["inputs"]} == {HIDDEN}
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    own = canonical_sha256(carried)
    assert own in text and all(sha256 not in text and sha256 != own for _, sha256 in marked().inputs)


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("", "nothing is marked"),
        ("Meters!Meter ID", "only columns of text"),
        ("Readings!Value", "only columns of text"),
        ("Meter!Serial number", "no sheet of that name"),
        ("Nobody Anywhere", "no such text"),
        ("PV", "too short"),
    ],
)
def test_what_cannot_be_taken_out_is_refused(stated: str, reason: str) -> None:
    from dataclasses import replace

    data = results.solar().data
    cells = dict(data.project.cells)
    cells["confidential"] = replace(cells["confidential"], value=stated)
    with pytest.raises(RedactionError, match=reason):
        secrets_of(replace(data, project=replace(data.project, cells=cells)))


def test_the_command_writes_it_beside_the_report_or_says_what_is_missing(good: Path, tmp_path: Path) -> None:
    from support.command import run

    done = run("calculate", good, "--redact", "--formats", "json", "--output", tmp_path / "out")
    assert done.status == 1 and "nothing is marked as confidential" in done.err
    assert not (tmp_path / "out").exists()
