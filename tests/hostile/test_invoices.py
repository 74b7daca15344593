"""Electronic invoices made to break a reader: refused with their place. All are made for the purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.command import run

SOUND = Path(__file__).parents[1] / "data" / "einvoices" / "three_registers.xml"
pytestmark = pytest.mark.timeout(60)


@pytest.mark.parametrize("size", ["1" + "0" * 308, "9" * 5_000, "1" + "0" * 16])
def test_amounts_beyond_all_sizes(size: str, tmp_path: Path) -> None:
    text = SOUND.read_text(encoding="utf-8")
    start = text.index("<SLuong>") + len("<SLuong>")
    path = tmp_path / "bill.xml"
    path.write_text(text[:start] + size + text[text.index("</SLuong>") :], encoding="utf-8")
    done = run("invoices", path)
    said = " ".join((done.out + done.err).split())
    assert "beyond all sizes" in said and "bill.xml" in said and size[:15] in said and len(said) < 2_000


@pytest.mark.parametrize("encoding", ["utf-7", "utf-32", "rot13", "klingon", "idna"])
def test_encodings_that_no_invoice_has(encoding: str, tmp_path: Path) -> None:
    text = SOUND.read_text(encoding="utf-8").partition("?>")[2]
    path = tmp_path / "bill.xml"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>{text}', encoding="utf-8")
    done = run("invoices", path)
    assert done.status == 1 and "bill.xml" in done.err and "code:   invoices.file" in done.err


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "31/12/9999", "2024-02-30"])
def test_dates_at_the_end_of_the_calendar(date: str, tmp_path: Path) -> None:
    text = SOUND.read_text(encoding="utf-8")
    start = text.index("<NLap>") + len("<NLap>")
    path = tmp_path / "bill.xml"
    path.write_text(text[:start] + date + text[text.index("</NLap>") :], encoding="utf-8")
    done = run("invoices", path)
    assert "bill.xml" in done.out + done.err
