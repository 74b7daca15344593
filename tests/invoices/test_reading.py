"""Electricity e-invoices: what is read of the samples, what is refused and doubted. Values are typed from the files."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jcm_mrv.findings import Severity
from jcm_mrv.invoices.names import number_of, register_in, register_of, span_of
from jcm_mrv.invoices.reading import read_einvoices
from jcm_mrv.invoices.sets import InvoiceSet, billed
from jcm_mrv.xml_file import MAX_BYTES, MAX_DEPTH

SAMPLES = Path(__file__).parents[1] / "data" / "einvoices"
JUNE = (datetime(2024, 6, 1), datetime(2024, 7, 1))


def read(*files: Path | str) -> InvoiceSet:
    return billed([read_einvoices(SAMPLES / file, Path(file).name) for file in files])


def changed(tmp_path: Path, *pairs: tuple[str, str], sample: str = "three_registers.xml") -> InvoiceSet:
    """What is read of a sample in which some text is replaced, each at its first place."""
    text = (SAMPLES / sample).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "invoice.xml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def field(name: str, value: str) -> str:
    """A supplier's field as the samples write it, from the name to the value."""
    kind = {"StartDate": "date", "EndDate": "date", "TimeOfUse": "string", "IndexId": "string"}.get(name, "numeric")
    return f"<TTruong>{name}</TTruong><KDLieu>{kind}</KDLieu><DLieu>{value}</DLieu>"


def codes(found: InvoiceSet) -> list[str]:
    return [f.code for f in found.findings]


class TestWhatIsRead:
    def test_three_registers(self) -> None:
        found = read("three_registers.xml")
        # (1500.75 - 1000.50) x 40, (550 - 400) x 40, (900.25 - 700.25) x 40; the reactive register is no energy
        assert [(a.register, a.value, a.unit) for a in found.amounts] == [
            ("normal", 20010.0, "kWh"),
            ("peak", 6000.0, "kWh"),
            ("off-peak", 8000.0, "kWh"),
        ]
        assert {(a.invoice, a.supplier, a.serial) for a in found.amounts} == {
            ("1K24TIL 101", "Illustrative Power Company", "IL-0001")
        }
        # 30 June is billed in full
        assert {(a.start, a.end) for a in found.amounts} == {JUNE}
        assert found.findings == ()

    def test_each_amount_knows_its_element(self) -> None:
        amounts = read("three_registers.xml").amounts
        assert str(amounts[1].where) == "three_registers.xml, HDon/DLHDon/NDHDon/DSHHDVu/HHDVu[4]/SLuong"
        line = amounts[1].line
        assert line is not None
        assert (line.old, line.new, line.multiplier) == (400.0, 550.0, 40.0)

    def test_three_cycles_of_a_month_with_days_before_months(self) -> None:
        found = read(*(f"three_cycles/cycle_{n}.xml" for n in (1, 2, 3)))
        assert [(a.start, a.end, a.register, a.value) for a in found.amounts] == [
            (datetime(2024, 7, 1), datetime(2024, 7, 11), "total", 3050.0),
            (datetime(2024, 7, 11), datetime(2024, 7, 21), "total", 3150.0),
            (datetime(2024, 7, 21), datetime(2024, 8, 1), "total", 2825.0),
        ]
        assert found.findings == ()

    def test_a_namespace_changes_nothing(self, tmp_path: Path) -> None:
        found = changed(tmp_path, ("<HDon>", '<HDon xmlns="http://example.invalid/invoice">'))
        assert [a.value for a in found.amounts] == [20010.0, 6000.0, 8000.0]

    def test_an_invoice_without_readings(self, tmp_path: Path) -> None:
        text = (SAMPLES / "three_cycles" / "cycle_1.xml").read_text(encoding="utf-8")
        first, _, rest = text.partition("        <HHDVu>")
        meter, _, rest = rest.partition("        <HHDVu>")
        assert "CHISO_MOI" in meter
        path = tmp_path / "invoice.xml"
        path.write_text(f"{first}        <HHDVu>{rest}", encoding="utf-8")
        [amount] = read(path).amounts
        assert (amount.register, amount.value, amount.serial, amount.start) == ("total", 3050.0, "", None)


class TestWhichInvoicesCount:
    def test_a_replacement_stands_in_place_of_the_original(self) -> None:
        found = read("three_registers.xml", "replacement.xml")
        # 20,020 of the new one; not 40,030 of both
        assert [(a.invoice, a.value) for a in found.amounts if a.register == "normal"] == [("1K24TIL 117", 20020.0)]
        assert codes(found) == ["invoices.replaced"]
        assert found.findings[0].where.file == "three_registers.xml"

    def test_a_replacement_alone_says_that_the_original_must_not_count(self) -> None:
        found = read("replacement.xml")
        assert sum(a.value for a in found.amounts) == 34020.0
        assert codes(found) == ["invoices.replaced"]
        assert "1K24TIL 101" in found.findings[0].message

    def test_an_adjustment_is_named_and_not_added(self) -> None:
        found = read("three_registers.xml", "adjustment.xml")
        assert sum(a.value for a in found.amounts) == 34010.0  # 20,010 + 6,000 + 8,000, without the -100
        assert codes(found) == ["invoices.adjustment"]
        assert found.findings[0].severity is Severity.MAJOR

    def test_a_nature_that_is_not_known_is_not_added(self, tmp_path: Path) -> None:
        found = changed(tmp_path, ("<TCHDon>1", "<TCHDon>7"), sample="replacement.xml")
        assert found.amounts == ()
        assert set(codes(found)) == {"invoices.field", "invoices.adjustment"}

    def test_the_same_invoice_twice_counts_once(self) -> None:
        found = read("three_registers.xml", "three_registers.xml")
        assert sum(a.value for a in found.amounts) == 34010.0
        assert codes(found) == ["invoices.twice"]


class TestReadingsAgainstAmounts:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            (field("NewValue", "550.00"), field("NewValue", "560.00"), "= 6400, billed 6000 kWh"),
            ("<SLuong>6000<", "<SLuong>6001<", "= 6000, billed 6001 kWh"),
            (field("Coefficient", "40"), field("Coefficient", "400"), "= 200100, billed 20010 kWh"),
        ],
        ids=["reading", "amount", "multiplier"],
    )
    def test_an_amount_that_the_readings_do_not_give(self, tmp_path: Path, old: str, new: str, told: str) -> None:
        found = changed(tmp_path, (old, new))
        assert codes(found) == ["invoices.index"]
        assert told in found.findings[0].found

    def test_amounts_are_rounded_to_whole_kilowatt_hours(self, tmp_path: Path) -> None:
        # (550.01 - 400) x 40 = 6000.4
        assert codes(changed(tmp_path, (field("NewValue", "550.00"), field("NewValue", "550.01")))) == []

    def test_a_register_that_goes_backwards(self, tmp_path: Path) -> None:
        found = changed(tmp_path, (field("NewValue", "550.00"), field("NewValue", "50.00")))
        assert codes(found) == ["invoices.index"]
        assert "backwards" in found.findings[0].message

    @pytest.mark.parametrize("deducted", ["5", "200"], ids=["as index", "as energy"])
    def test_what_the_supplier_deducts(self, tmp_path: Path, deducted: str) -> None:
        # 6000 - 200 = 5800 = (550 - 400 - 5) x 40
        text = (SAMPLES / "three_registers.xml").read_text(encoding="utf-8")
        head, tail = text.split(field("NewValue", "550.00"))
        tail = tail.replace(field("MinusIndex", "0"), field("MinusIndex", deducted), 1).replace(">6000<", ">5800<", 1)
        path = tmp_path / "invoice.xml"
        path.write_text(head + field("NewValue", "550.00") + tail, encoding="utf-8")
        found = read(path)
        assert codes(found) == []
        assert found.amounts[1].value == 5800.0

    def test_registers_that_do_not_add_up_to_the_stated_total(self, tmp_path: Path) -> None:
        found = changed(tmp_path, ("<DLieu>3050<", "<DLieu>3500<"), sample="three_cycles/cycle_1.xml")
        assert codes(found) == ["invoices.registers"]
        assert found.findings[0].found == "total 3500 kWh, registers 3050 kWh"

    def test_a_reading_that_is_read_but_not_billed(self, tmp_path: Path) -> None:
        found = changed(tmp_path, (field("IndexId", "9002"), field("IndexId", "9999")))
        assert [a.register for a in found.amounts] == ["normal", "off-peak"]
        assert codes(found) == ["invoices.line", "invoices.line"]  # the billed line, and the register

    def test_a_register_that_is_there_twice(self, tmp_path: Path) -> None:
        # the peak register becomes a second normal one: import and export?
        found = changed(tmp_path, (field("TimeOfUse", "CD"), field("TimeOfUse", "BT")))
        assert [a.register for a in found.amounts] == ["off-peak"]
        assert codes(found) == ["invoices.line", "invoices.line"]

    def test_an_invoice_that_begins_with_another_reading(self, tmp_path: Path) -> None:
        text = (SAMPLES / "three_cycles" / "cycle_2.xml").read_text(encoding="utf-8")
        later = tmp_path / "later.xml"
        # 262.00 - 231.50 = 30.50: a hundredfold is 3050
        later.write_text(text.replace(">230.50<", ">231.50<").replace(">3150<", ">3050<"), encoding="utf-8")
        found = read("three_cycles/cycle_1.xml", later)
        assert codes(found) == ["invoices.index_break"]
        assert found.findings[0].data == {"ended": 230.5, "begins": 231.5}

    def test_an_invoice_of_something_else(self, tmp_path: Path) -> None:
        text = (SAMPLES / "adjustment.xml").read_text(encoding="utf-8")
        head, _, tail = text.partition("      <TTHDLQuan>")
        path = tmp_path / "invoice.xml"
        path.write_text(head + tail.partition("</TTHDLQuan>")[2].replace("kWh", "m3"), encoding="utf-8")
        assert codes(read(path)) == ["invoices.no_energy"]

    def test_an_invoice_of_reactive_energy_alone(self, tmp_path: Path) -> None:
        # the readings of the active registers stand on it as well, but it bills the power factor only
        text = (SAMPLES / "three_registers.xml").read_text(encoding="utf-8")
        path = tmp_path / "invoice.xml"
        path.write_text(text.replace("<MHHDVu>TD<", "<MHHDVu>CSPK<"), encoding="utf-8")
        found = read(path)
        assert found.amounts == ()
        assert [(f.code, f.severity) for f in found.findings] == [("invoices.no_energy", Severity.NOTE)]


class TestNothingIsGuessed:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (field("NewValue", "550.00"), "<TTruong>NewValue</TTruong><KDLieu>string</KDLieu><DLieu>1.550,00</DLieu>"),
            ("<SLuong>6000<", "<SLuong>6,000<"),
            (field("TimeOfUse", "CD"), field("TimeOfUse", "XX")),
            (field("EndDate", "2024-06-30"), field("EndDate", "2024-05-30")),
            (field("EndDate", "2024-06-30"), field("EndDate", "30.6.24")),
        ],
        ids=["comma", "thousands", "register", "reversed", "short year"],
    )
    def test_a_field_that_is_not_certain(self, tmp_path: Path, old: str, new: str) -> None:
        found = changed(tmp_path, (old, new), ("Chỉ số công tơ - giờ cao điểm", "Chỉ số công tơ"))
        assert "invoices.field" in codes(found)
        assert next(f for f in found.findings if f.code == "invoices.field").severity is Severity.ERROR

    def test_dates_with_strokes(self) -> None:
        july = (datetime(2024, 7, 1), datetime(2024, 7, 11))
        assert span_of("01/07/2024", "10/07/2024", "2024-07-11") == july
        assert span_of("07/01/2024", "07/10/2024", "2024-07-11") == july  # as 7 January to 7 October it is no cycle
        # 3 to 4 May, or 5 March to 5 April
        assert span_of("03/05/2024", "04/05/2024", "2024-06-01") is None

    def test_days_and_instants(self) -> None:
        assert span_of("2024-06-01T00:00:00", "2024-06-30T00:00:00", "") == JUNE
        noon = datetime(2024, 6, 30, 12)
        assert span_of("2024-06-01T00:00:00", "2024-06-30T12:00:00", "") == (JUNE[0], noon)
        assert span_of("2024-05-31T17:00:00Z", "2024-06-30T17:00:00Z", "") is None  # not in the local time of Viet Nam
        assert span_of("2024-06-01", "", "") is None

    def test_words(self) -> None:
        assert [register_of(c) for c in ("BT", "cd", "TĐ", "KT", "VC", "?")] == [
            *("normal", "peak", "off-peak", "total", "reactive", "")
        ]
        assert register_in("Điện năng giờ cao điểm") == "peak"
        assert register_in("Từ giờ bình thường đến cao điểm") == ""
        assert [number_of(t) for t in ("12", "-1.5", "1,5", "1.234.5", "", "NaN", "1e5", "１２")] == [
            *(12.0, -1.5, None, None, None, None, None, None)
        ]


class TestFilesOfStrangers:
    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "not XML"),
            (b"%PDF-1.7", "not XML"),
            (b"<HDon><DLHDon></HDon>", "not XML"),
            (b"<HOADON DIEN_TTHU='5'/>", "Decision 1450"),
            (b"<!DOCTYPE HDon [<!ENTITY a 'aa'>]><HDon><DLHDon>&a;</DLHDon></HDon>", "document type"),
            (b"<!DOCTYPE HDon SYSTEM 'file:///etc/hostname'><HDon/>", "document type"),
            (b"<?xml version='1.0' encoding='no-such'?><HDon/>", "encoding"),
            (b"<HDon>" * 5_000 + b"</HDon>" * 5_000, "deep"),
            (b"<HDon>" + b" " * MAX_BYTES + b"</HDon>", "larger"),
            (b"<all>" + b"<HDon><DLHDon/></HDon>" * 1_001 + b"</all>", "too many"),
        ],
        ids=["empty", "pdf", "broken", "old format", "entity", "external", "encoding", "deep", "large", "many"],
    )
    def test_refused(self, content: bytes, told: str, tmp_path: Path) -> None:
        path = tmp_path / "invoice.xml"
        path.write_bytes(content)
        found = read_einvoices(path)
        assert [f.code for f in found.findings] == ["invoices.file"]
        assert told in found.findings[0].message
        assert found.invoices == ()

    def test_a_document_type_in_another_encoding_is_found(self, tmp_path: Path) -> None:
        path = tmp_path / "invoice.xml"
        text = "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a [<!ENTITY b 'c'>]><HDon><DLHDon>&b;</DLHDon></HDon>"
        path.write_bytes(text.encode("utf-16"))
        assert [f.code for f in read_einvoices(path).findings] == ["invoices.file"]

    def test_a_folder_or_missing_file(self, tmp_path: Path) -> None:
        assert [f.code for f in read_einvoices(tmp_path).findings] == ["invoices.file"]
        assert [f.code for f in read_einvoices(tmp_path / "none.xml").findings] == ["invoices.file"]

    def test_the_depth_of_a_signed_invoice_is_allowed(self) -> None:
        assert MAX_DEPTH > 15

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_a_damaged_file_is_a_finding_and_never_an_exception(self, data: st.DataObject) -> None:
        content = bytearray((SAMPLES / "three_registers.xml").read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(content) - 1))
            width = data.draw(st.integers(0, 200))
            content[place : place + width] = data.draw(st.binary(max_size=6) | st.sampled_from([b"<", b"&#0;", b"&x;"]))
        with TemporaryDirectory() as folder:
            path = Path(folder) / "invoice.xml"
            path.write_bytes(bytes(content))
            found = read(path)
        assert all(math.isfinite(a.value) for a in found.amounts)

    @given(st.sampled_from(["1500.75", "20010", "40", "9002"]), st.text(max_size=12))
    def test_no_text_becomes_another_number(self, old: str, new: str) -> None:
        number = number_of(new)
        assert number is None or (new.isascii() and float(new) == number)
        assert number_of(old) == float(old)
