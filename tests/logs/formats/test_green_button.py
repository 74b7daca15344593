"""Green Button files (ESPI); all are made for the purpose, all sums by a plain loop."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding, errors
from jcm_mrv.logs.formats.green_button import MOST_BYTES
from jcm_mrv.logs.inspection.inspection import inspect_log
from jcm_mrv.logs.inspection.rows import log_rows
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import log_row, parts_of

ZONE = "UTC+07:00"
FIRST = int(datetime(2024, 1, 31, 17, tzinfo=UTC).timestamp())  # midnight of 1 February there
HOURS = 240
VALUES = [100 + n * 37 % 500 for n in range(HOURS)]  # Wh
HOME = "https://example.com/espi/1_1/resource"


def entry(link: str, content: str, up: str = "", related: str = "") -> str:
    links = [f'<link rel="self" href="{HOME}/{link}"/>']
    links += [f'<link rel="up" href="{HOME}/{up}"/>'] if up else []
    links += [f'<link rel="related" href="{HOME}/{related}"/>'] if related else []
    return f"<entry><id>urn:uuid:1</id>{''.join(links)}<title/><content>{content}</content></entry>"


def reading_type(number: int = 1, uom: str = "72", power: str = "0", direction: str = "1") -> str:
    content = (
        '<ReadingType xmlns="http://naesb.org/espi"><accumulationBehaviour>4</accumulationBehaviour>'
        f"<commodity>1</commodity><flowDirection>{direction}</flowDirection><intervalLength>3600</intervalLength>"
        f"<powerOfTenMultiplier>{power}</powerOfTenMultiplier><uom>{uom}</uom></ReadingType>"
    )
    return entry(f"ReadingType/{number}", content)


def meter_reading(number: int = 1) -> str:
    name = f"Subscription/5/UsagePoint/7/MeterReading/{number}"
    return entry(name, '<MeterReading xmlns="http://naesb.org/espi"/>', related=f"ReadingType/{number}")


def block(values: list[Any], number: int = 1, quality: dict[int, str] | None = None, length: int = 3600) -> str:
    readings = []
    for n, value in enumerate(values):
        said = (quality or {}).get(n)
        extra = f"<ReadingQuality><quality>{said}</quality></ReadingQuality>" if said else ""
        start = FIRST + n * length
        period = f"<timePeriod><duration>{length}</duration><start>{start}</start></timePeriod>"
        readings.append(f"<IntervalReading>{extra}{period}<value>{value}</value></IntervalReading>")
    name = f"Subscription/5/UsagePoint/7/MeterReading/{number}/IntervalBlock"
    content = f'<IntervalBlock xmlns="http://naesb.org/espi">{"".join(readings)}</IntervalBlock>'
    return entry(f"{name}/1", content, up=name)


def feed(*entries: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'
    )


def read(folder: Path, text: str | bytes, **given: Any) -> SeriesResult:
    (folder / "log.xml").write_bytes(text if isinstance(text, bytes) else text.encode())
    row = log_row(**{
        "file": "log.xml", "time_column": "Time", "value_column": "Value", "time_zone": "", "unit": "Wh",
        "interval_minutes": 60, "transformer_factor_included": "yes", **given,
    })  # fmt: skip
    return parts_of(folder, logs=[row], start=date(2024, 2, 1), end=date(2024, 2, 10), zone=ZONE)


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def found(series: SeriesResult, code: str) -> Finding:
    return next(f for f in (*series.findings, *series.questionable) if f.code == code)


ONE = feed(reading_type(), meter_reading(), block(VALUES))


@pytest.mark.parametrize("stamp", ["start", "end"])
def test_hours_in_watt_hours(stamp: str, tmp_path: Path) -> None:
    series = read(tmp_path, ONE, stamp=stamp)
    assert errors(series.findings) == [] and series.coverage.data_gaps == ()
    assert total(series) == sum(VALUES) and series.parts.units == ("Wh",)


@pytest.mark.parametrize("power", ["3", "-1", "0"])
def test_the_power_of_ten_is_multiplied_in(power: str, tmp_path: Path) -> None:
    series = read(tmp_path, feed(reading_type(power=power), meter_reading(), block(VALUES)))
    assert total(series) == pytest.approx(sum(VALUES) * 10 ** int(power), rel=1e-12)


def test_the_unit_of_the_file_is_compared(tmp_path: Path) -> None:
    finding = found(read(tmp_path, ONE, unit="kWh"), "logs.unit_stated")
    assert finding.severity == "error" and finding.data["factor"] == pytest.approx(1000)
    for code in ("73", "42", "999"):
        other = read(tmp_path, feed(reading_type(uom=code), meter_reading(), block(VALUES)))
        assert found(other, "logs.unit_stated").severity == "major"


def test_delivered_and_received_are_registers_of_their_own(tmp_path: Path) -> None:
    back = [v // 3 for v in VALUES]
    text = feed(reading_type(1), reading_type(2, direction="19"), meter_reading(1), meter_reading(2), block(VALUES),
                block(back, 2))  # fmt: skip
    given = {"layout": "long", "name_column": "Register"}
    assert total(read(tmp_path, text, **given, name_value="delivered")) == sum(VALUES)
    assert total(read(tmp_path, text, **given, name_value="received")) == sum(back)
    rows = log_rows(inspect_log(tmp_path / "log.xml"), "log.xml").rows
    assert [(r["name_value"], r["unit"], r["kind"]) for r in rows] == [
        ("delivered", "Wh", "energy"), ("received", "Wh", "energy")
    ]  # fmt: skip
    taken_for_one = read(tmp_path, text)
    assert errors(taken_for_one.findings) != []


def test_qualities_of_readings(tmp_path: Path) -> None:
    """8 is an estimate; 17 and no code are measured."""
    text = feed(reading_type(), meter_reading(), block(VALUES, quality={**dict.fromkeys(range(48, 72), "8"), 3: "17"}))
    finding = found(read(tmp_path, text), "logs.status")
    assert finding.severity == "major" and finding.data["count"] == 24
    (span,) = finding.questionable
    assert (span.end - span.start) / 3.6e9 == 24


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<feed/>", "no interval blocks"),
        ("<Invoice><a>1</a></Invoice>", "no interval blocks"),
        ("time,value\n", "not XML"),
        (ONE.replace("<feed", '<!DOCTYPE feed [<!ENTITY a "b">]><feed', 1), "document type or entities"),
        (ONE.replace("<feed", '<!DOCTYPE feed SYSTEM "http://example.com/x.dtd"><feed', 1), "document type"),
        (ONE.replace("<value>137</value>", "<value>1e9</value>", 1), "value '1e9'"),
        (ONE.replace("<duration>3600</duration>", "<duration>-5</duration>", 1), "duration '-5'"),
        (ONE.replace(f"<start>{FIRST}</start>", f"<start>{'9' * 5000}</start>", 1), "start '9999"),
        (ONE.replace("<powerOfTenMultiplier>0", "<powerOfTenMultiplier>400"), "'400' as its power of ten"),
        (feed(reading_type(1), reading_type(2), block(VALUES)), "which of 2 reading types"),
        ("<a>" * 80 + "</a>" * 80, "64 deep"),
    ],
)  # fmt: skip
def test_what_is_no_green_button_is_refused(text: str, words: str, tmp_path: Path) -> None:
    finding = found(read(tmp_path, text), "logs.unreadable")
    assert finding.severity == "error" and words in finding.message and len(finding.message) < 800


def test_a_file_beyond_all_sizes_is_not_parsed(tmp_path: Path) -> None:
    assert "larger" in found(read(tmp_path, b"<feed>" + b" " * MOST_BYTES), "logs.unreadable").message
