"""How times are written, and that nothing is guessed."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jcm_mrv.logs.timestamps as log_timestamps
from jcm_mrv.logs.timestamps import TimestampEvidence
from jcm_mrv.time.timestamps import TimestampError, TimestampFormat, pattern_of, recognise
from jcm_mrv.time.zones import HOUR, MINUTE, micros

MOMENT = micros(datetime(2024, 4, 3, 14, 5))


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("2024-04-03 14:05", ""),
        ("2024-04-03T14:05:00", ""),
        ("2024-04-03 14:05:00.000000", ""),
        ("2024/4/3 14:05", ""),
        ("2024/04/03 14:05:00", ""),
        ("03/04/2024 14:05", "DD/MM/YYYY hh:mm"),
        ("04/03/2024 14:05", "MM/DD/YYYY hh:mm"),
        ("3.4.24 14:05:00", "D.M.YY h:mm:ss"),
        ("03-04-2024 1405", "%d-%m-%Y %H%M"),
        ("20240403 14:05", "YYYYMMDD hh:mm"),
    ],
)
def test_one_moment_in_many_forms(text: str, date_format: str) -> None:
    stamp = recognise([text], date_format)
    assert stamp is not None and stamp.parse(text) == (MOMENT, 0)


def of_column(*texts: str) -> TimestampFormat:
    evidence = TimestampEvidence()
    for line, text in enumerate(texts, start=2):
        evidence.add(text, line)
    return evidence.decide()


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2024-04-03 14:05+07:00", 7),
        ("2024-04-03T14:05:00-0700", -7),
        ("2024-04-03 14:05 Z", 0),
        ("2024-04-03 14:05+07", 7),
    ],
)
def test_an_offset_makes_it_an_instant(text: str, offset: int) -> None:
    stamp = recognise([text], "")
    assert stamp is not None and stamp.parse(text) == (MOMENT - offset * HOUR, offset * HOUR)


def test_two_readings_of_a_date_are_shown_and_none_is_taken() -> None:
    with pytest.raises(
        TimestampError, match=r"3 April 2024 \(DD/MM/YYYY hh:mm\) or as 4 March 2024 \(MM/DD/YYYY hh:mm\)"
    ):
        of_column("03/04/2024 14:05")


@pytest.mark.parametrize(
    "text",
    ["14:05", "2024-13-01T00:00:00.X", "昭和99年4月3日", "noon", "31/13/2024 14:05", "13:05 PM", "3.4.2024 14.5"],
)
def test_other_forms_have_to_be_stated(text: str) -> None:
    assert recognise([text], "") is None
    with pytest.raises(TimestampError):
        of_column(text)


@pytest.mark.parametrize("words", ["hh:mm", "DD/MM", "YYYY", "%H:%M"])
def test_a_format_names_day_month_and_year(words: str) -> None:
    with pytest.raises(TimestampError):
        pattern_of(words)


@pytest.mark.parametrize(
    "text", ["0024-04-03 14:05", "1900-01-00", "9999-12-31 00:00", "2024-04-03 24:00", "2024-02-30", ""]
)
def test_times_of_no_log(text: str) -> None:
    with pytest.raises(ValueError):
        TimestampFormat().parse(text)


def test_some_with_and_some_without_an_offset_do_not_mix() -> None:
    with pytest.raises(ValueError, match="in some timestamps and not in others"):
        TimestampFormat(offset=True).parse("2024-04-03 14:05")


STAMPS = st.one_of(
    st.builds(
        lambda day, month, mark, clock: f"{day:02d}{mark}{month:02d}{mark}2024 {clock}",
        st.integers(1, 31), st.integers(1, 13), st.sampled_from("/.-"),
        st.sampled_from(["00:00", "24:00", "7:15 PM", "07:15:30", "25:00", "x"]),
    ),
    st.sampled_from(["", " ", "Total", "2024-02-01", "2024-02-01 00:15", "1 Feb 2024 00:15", "45323.5"]),
    st.just(" 1/2/2024 3:00"),
)  # fmt: skip


@given(st.lists(st.lists(STAMPS, max_size=6), max_size=4))
def test_a_stretch_of_times_at_once_proves_what_they_prove_one_by_one(stretches: list[list[str]]) -> None:
    at_once, one_by_one, line = TimestampEvidence(), TimestampEvidence(), 2
    for stretch in stretches:
        at_once.add_many(pa.chunked_array([pa.array(stretch, pa.string())]), range(line, line + len(stretch)))
        for text in stretch:
            if text.strip():
                one_by_one.add(text, line)
            line += 1
    assert at_once == one_by_one
    assert at_once.clocks.tolist() == one_by_one.clocks.tolist()


def test_of_too_many_times_the_first_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_timestamps, "MOST", 3)
    evidence = TimestampEvidence()
    for n in (3, 1, 1, 3, 2, 2, 2, 2, 0, 5):
        evidence.add(f"01/02/2024 00:0{n}", 2)
    assert (evidence.clocks // MINUTE).tolist() == [3, 1, 2]
