"""One table in every dialect gives the same sums and instants, or is refused with a finding: never another number."""

from __future__ import annotations

import csv
import io
import math
import random
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jcm_mrv.findings import errors
from jcm_mrv.logs import csv_file as log_csv
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import log_row, parts_of

DATES = {
    "%Y-%m-%d %H:%M": None, "%Y/%m/%d %H:%M:%S": None, "%d/%m/%Y %H:%M": None, "%m/%d/%Y %H:%M": None,
    "%d.%m.%y %H:%M": None, "%Y年%m月%d日 %H:%M": None, "%d-%b-%Y %H:%M": None, "%m/%d/%Y %I:%M %p": None,
    "%Y%m%d%H%M": None, "serial": None, "24:00": None, "era": None,
}  # fmt: skip


def stamp_text(moment: datetime, form: str) -> str:
    if form == "serial":
        return f"{(moment - datetime(1899, 12, 30)) / timedelta(days=1):.10f}"
    if form == "era":
        return f"令和{moment.year - 2018}年{moment.month}月{moment.day}日 {moment:%H:%M}"
    if form == "24:00":
        before = moment - timedelta(days=1)
        return f"{before:%Y-%m-%d} 24:00" if (moment.hour, moment.minute) == (0, 0) else f"{moment:%Y-%m-%d %H:%M}"
    return moment.strftime(form)


def number_text(value: Fraction, decimals: int, marks: tuple[str, str]) -> str:
    """A number with its marks, by hand: digits, groups of three, decimals."""
    decimal, group = marks
    scaled = abs(int(value * 10**decimals))
    whole, rest = divmod(scaled, 10**decimals)
    digits = str(whole)
    groups = [digits[max(0, n - 3) : n] for n in range(len(digits), 0, -3)][::-1]
    sign = "-" if value < 0 else ""
    return sign + group.join(groups) + (decimal + str(rest).zfill(decimals) if decimals else "")


MARKS = [(".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (",", "\u00a0"), (".", "'"), (".", "\u2009")]


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """A log as a table of exact numbers, and how it is written."""
    decimals = draw(st.integers(0, 4))
    count = draw(st.integers(1, 40))
    limit = 10 ** draw(st.integers(1, 7))
    cells = st.one_of(st.none(), st.integers(-limit, limit).map(lambda n: Fraction(n, 10**decimals)))
    return {
        "values": [
            Fraction(draw(st.integers(0, limit)), 10**decimals),
            *draw(st.lists(cells, min_size=count - 1, max_size=count - 1)),
        ],
        "decimals": decimals,
        "start": datetime(2024, draw(st.integers(1, 12)), draw(st.integers(1, 28)), draw(st.integers(0, 23))),
        "minutes": draw(st.sampled_from([15, 60, 720, 1440])),
        "form": draw(st.sampled_from(sorted(DATES))),
        "marks": draw(st.sampled_from(MARKS)),
        "delimiter": draw(st.sampled_from([",", ";", "\t", "|"])),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932"])),
        "empty": draw(st.sampled_from(["", "-", "欠測", "N/A"])),
        "preamble": draw(st.booleans()),
        "units": draw(st.booleans()),
        "total": draw(st.booleans()),
        "shuffled": draw(st.booleans()),
        "seed": draw(st.integers(0, 9)),
    }


def written(table: dict[str, Any]) -> bytes:
    minutes = timedelta(minutes=table["minutes"])
    moments = [table["start"] + n * minutes for n in range(len(table["values"]))]
    decimals, marks = table["decimals"], table["marks"]
    rows = [
        [stamp_text(m, table["form"]), table["empty"] if v is None else number_text(v, decimals, marks), "x"]
        for m, v in zip(moments, table["values"], strict=True)
    ]
    if table["shuffled"]:
        random.Random(table["seed"]).shuffle(rows)
    known = sum((v for v in table["values"] if v is not None), Fraction(0))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=table["delimiter"], lineterminator="\n")
    if table["preamble"]:
        writer.writerows([["Logger", "ABC-7"], ["記録日", "2025-01-05 10:00"], []])
    writer.writerow(["日時", "電力量", "備考"])
    writer.writerows([["", "[kWh]", ""]] if table["units"] else [])
    writer.writerows(rows)
    writer.writerows([["合計", number_text(known, decimals, marks), ""]] if table["total"] else [])
    return out.getvalue().encode(table["encoding"], "replace")


def read(folder: Path, table: dict[str, Any], content: bytes) -> SeriesResult:
    (folder / "log.csv").write_bytes(content)
    row = log_row(time_column="A", value_column="電力量", interval_minutes=table["minutes"])
    return parts_of(folder, logs=[row])


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=250, deadline=None
)
@given(files())
def test_any_dialect_gives_the_true_sums_or_a_finding(tmp_path: Path, table: dict[str, Any]) -> None:
    if table["encoding"] == "cp932" and table["marks"][1] in ("\u00a0", "\u2009"):
        table["marks"] = (table["marks"][0], " ")
    series = read(tmp_path, table, written(table))
    if errors(series.findings):
        # also a number of nines alone that stands there again and again, as loggers write what is missing
        refused = {"logs.number_format", "logs.date_format", "logs.empty", "logs.missing_number"}
        assert {f.code for f in errors(series.findings)} <= refused
        return
    end = datetime(2025, 1, 1)
    inside = [
        (v, table["start"] + timedelta(minutes=n * table["minutes"]))
        for n, v in enumerate(table["values"])
        if v is not None
    ]
    step = timedelta(minutes=table["minutes"])
    expected = sum((v * max(Fraction((min(m + step, end) - m) / step), Fraction(0)) for v, m in inside), Fraction(0))
    scale = max([abs(float(v)) for v, _ in inside] + [1.0])
    assert math.fsum(series.parts.amounts().tolist()) == pytest.approx(float(expected), rel=1e-12, abs=1e-9 * scale)
    assert sum(series.parts.count.tolist()) == sum(m < end for _, m in inside)
    if inside:
        assert series.coverage.covered.sum() > 0
    assert not [f for f in series.findings if f.code == "logs.footer_total" and f.severity == "major"]
    again = read(tmp_path, table, written(table))
    assert again.parts.amounts().tolist() == series.parts.amounts().tolist() and again.findings == series.findings
    other = {**table, "shuffled": not table["shuffled"]}
    turned = read(tmp_path, table, written(other))
    assert turned.parts.amounts().tolist() == series.parts.amounts().tolist()
    assert turned.coverage.covered.tolist() == series.coverage.covered.tolist()


ROWS = st.tuples(
    st.sampled_from(["01/02/2024", "02/01/2024", "13/02/2024", "2024-02-01", "45323", "1 Feb 2024", "never", ""]),
    st.sampled_from(
        ["1.234", "1,234", "1234", "1.5", "1,5", "0,5", "1.234,5", "1 234", "-", "", "x", "1.5 kWh", "12345"]
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.lists(ROWS, min_size=1, max_size=6),
    st.randoms(use_true_random=False),
    st.integers(30, 120),
)
def test_neither_the_order_of_rows_nor_of_chunks_changes_what_is_read(
    tmp_path: Path, rows: list[tuple[str, str]], shuffle: Any, chunk: int
) -> None:
    """Whatever nonsense the file holds: the same amounts, or an error however it is read."""

    def outcome(lines: list[tuple[str, str]]) -> tuple[list[float], set[str]]:
        text = "\n".join(["time;value", *(f"{a};{b}" for a, b in lines), ""])
        (tmp_path / "log.csv").write_text(text)
        row = log_row(time_column="time", value_column="value", interval_minutes=1440)
        series = parts_of(tmp_path, logs=[row])
        found = {f.code for f in errors(series.findings)}
        return ([] if found else series.parts.amounts().tolist()), found

    straight = outcome(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_csv, "CHUNK", chunk)
        pieces = outcome(rows)
    assert pieces[0] == straight[0] and bool(pieces[1]) == bool(straight[1])
    mixed = list(rows)
    shuffle.shuffle(mixed)
    turned = outcome(mixed)
    if any(time == "never" for time, _ in rows):
        # A row of words is a heading at the top, a footer at the end, and an error among the readings.
        assert turned[0] == straight[0] or turned[1] or straight[1]
    else:
        assert turned[0] == straight[0] and bool(turned[1]) == bool(straight[1])
