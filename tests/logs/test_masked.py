"""Columns judged by what their texts look like, against every text looked at by itself."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from pyarrow import parquet

from jcm_mrv.logs.digits import NumberEvidence, NumberFormatError
from jcm_mrv.logs.masked import looks_of, numbers_of, whole
from jcm_mrv.numerals import NumberFormat
from jcm_mrv.workbook.missing_markers import is_missing
from support.sheets import log_row, parts_of

FORMATS = st.builds(NumberFormat, st.sampled_from([".", ","]), st.booleans())
NUMBERS = st.builds(
    lambda n, decimals, decimal, group: f"{n:,.{decimals}f}".translate({44: group, 46: decimal}),
    st.one_of(st.floats(-5e6, 5e6), st.integers(-2000, 2000)),
    st.integers(0, 4),
    st.sampled_from(".,"),
    st.sampled_from([",", ".", " ", "'", ""]),
)
NONSENSE = st.text("0123456789.,' -+eE\u00a0\u2212x", max_size=9)
TEXTS = st.one_of(NUMBERS, NUMBERS.map(lambda t: f" {t}\t"), NONSENSE, st.sampled_from(["", " ", "n/a", "-", "-999"]))


def one_by_one(text: str, number: NumberFormat, missing: tuple[str, ...]) -> float | None:
    """The value of a text, NaN where nothing was measured, None for a fault."""
    return math.nan if not text.strip() or is_missing(text, missing) else number.parse(text)


@given(st.lists(TEXTS, max_size=12), FORMATS, st.booleans(), st.integers(0, 3))
@example(["1.234,50", "12,00", "0,5", "n/a", ""], NumberFormat(",", grouped=True), False, 1)
@example(["1.23,4"], NumberFormat(",", grouped=True), False, 0)
@example(["0.123,4"], NumberFormat(",", grouped=True), False, 0)
def test_a_column_at_once_has_the_values_of_its_texts_one_by_one(
    texts: list[str], number: NumberFormat, stated: bool, skipped: int
) -> None:
    """Where the quick way takes a column, it is that of the strict one; what it does not take is read row by row."""
    missing = ("-999",) if stated else ()
    column = pa.array(texts, pa.string())[min(skipped, len(texts)) :]
    own = texts[min(skipped, len(texts)) :]
    found = numbers_of(column, number, missing)
    expected = [one_by_one(text, number, missing) for text in own]
    if found is None:
        needs_a_look = any(not t.isascii() or t.strip().startswith("+") for t in own)
        assert needs_a_look or None in expected
        return
    values, marks = found
    assert [repr(v) for v in values.tolist()] == [repr(v) for v in expected]
    assert marks.tolist() == [n for n, v in enumerate(expected) if v != v and own[n].strip()]


@given(st.lists(st.lists(TEXTS, max_size=8), max_size=4))
def test_looks_prove_what_all_texts_prove(stretches: list[list[str]]) -> None:
    """How the numbers of a column are written: by one text of each look, and by every text."""
    by_looks, by_texts, line = NumberEvidence(), NumberEvidence(), 2
    for stretch in stretches:
        column = whole(pa.chunked_array([pa.array(stretch, pa.string())]))
        looks, first = looks_of(column), line
        by_looks.add_looks(
            looks.texts, lambda n, looks=looks, column=column, first=first: (
                column[looks.first(n)].as_py(), first + looks.first(n)
            )
        )  # fmt: skip
        for text in stretch:
            if text.strip():
                by_texts.add(text, line)
            line += 1
    assert by_looks == by_texts
    assert said(by_looks) == said(by_texts)


def said(evidence: NumberEvidence) -> str:
    try:
        return str(evidence.decide())
    except NumberFormatError as error:
        return str(error)


@pytest.mark.parametrize(
    ("number", "texts", "values"),
    [
        (NumberFormat(",", grouped=True), ["1.234.567,25", "-12,5", " 7 "], [1234567.25, -12.5, 7.0]),
        (NumberFormat(".", grouped=True), ["12,34,567.5", "1'000", "0.001"], [1234567.5, 1000.0, 0.001]),
        (NumberFormat(","), ["1234,5", "3,", ",5", "1e3"], [1234.5, 3.0, 0.5, 1000.0]),
    ],
)
def test_numbers_of_a_format_are_taken_at_once(number: NumberFormat, texts: list[str], values: list[float]) -> None:
    found = numbers_of(pa.array(texts, pa.string()), number, ())
    assert found is not None and found[0].tolist() == values


@pytest.mark.parametrize("number", ["-9999", "-999.00", "9999999"])
def test_a_number_for_no_value_is_refused_until_it_is_listed_as_one(number: str, tmp_path: Path) -> None:
    """Of 1.5, 2.5 and twice the number [kWh] only 4 were measured; the remedy that is named works."""
    rows = [f"2024-02-01 00:{15 * n:02};{text}" for n, text in enumerate(["1.5", number, number, "2.5"])]
    (tmp_path / "log.csv").write_text("\n".join(["time;value", *rows, ""]))
    refused = [f for f in parts_of(tmp_path, logs=[log_row()]).findings if f.code == "logs.missing_number"]
    assert [(f.severity, f.data) for f in refused] == [("error", {"value": float(number), "count": 2})]
    series = parts_of(tmp_path, logs=[log_row(missing_words=number)])
    assert math.fsum(series.parts.amounts().tolist()) == 1.5 + 2.5
    assert "logs.missing_number" not in {f.code for f in series.findings}


@pytest.mark.parametrize("values", [("-9999", "2", "3", "4"), ("-999", "-999", "-400", "500"), ("99", "-99", "1", "1")])
def test_one_such_number_or_one_near_the_others_is_a_value(values: tuple[str, ...], tmp_path: Path) -> None:
    """Once, near the others, or too short: it may have been measured."""
    rows = [f"2024-02-01 00:{15 * n:02};{text}" for n, text in enumerate(values)]
    (tmp_path / "log.csv").write_text("\n".join(["time;value", *rows, ""]))
    series = parts_of(tmp_path, logs=[log_row()])
    assert {"logs.missing_number"}.isdisjoint(f.code for f in series.findings)
    assert math.fsum(series.parts.amounts().tolist()) == sum(map(float, values))


@pytest.mark.parametrize("kind", ["1.5", "1,5", "xlsx", "parquet"])
def test_a_number_that_is_stated_to_mean_nothing_measured_is_no_value(kind: str, tmp_path: Path) -> None:
    """Of 1.5, -9999, -9998 and 2.5 kWh the second is none; -9998 is nothing that was stated."""
    times = [datetime(2024, 2, 1, 0, 15 * n) for n in range(4)]
    values, file = [1.5, -9999.0, -9998.0, 2.5], tmp_path / f"log.{kind if kind.isalpha() else 'csv'}"
    if kind == "xlsx":
        with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["time", "value"])
            for n, (time, value) in enumerate(zip(times, values, strict=True), start=1):
                sheet.write_datetime(n, 0, time)
                sheet.write_number(n, 1, value)
    elif kind == "parquet":
        parquet.write_table(pa.table({"time": times, "value": values}), file)
    else:
        rows = [f"{t:%Y-%m-%d %H:%M};{v:g}".replace(".", kind[1]) for t, v in zip(times, values, strict=True)]
        file.write_text("\n".join(["time;value", *rows, ""]))
    series = parts_of(tmp_path, logs=[log_row(file=file.name, missing_words="-9999; 65535")])
    assert math.fsum(series.parts.amounts().tolist()) == 1.5 - 9998 + 2.5
    assert [f.data["count"] for f in series.findings if f.code == "logs.missing_marker"] == [1]
