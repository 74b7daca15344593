"""A log that was read once tells what it holds between any instants: pieces of its sums, by a plain loop beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jcm_mrv.meters.meters import read_meters
from jcm_mrv.series import Sources, gather, regathered
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, MINUTE
from support.sheets import FILE, ZONE, log_row, sheets

TIMELINE = Timeline.of(date(2024, 1, 31), date(2024, 2, 1), ZONE)
START = TIMELINE.months[0].start
# 48 hours of quarter-hourly values; two of them are missing.
VALUES = {n: float(n % 7) + 0.25 for n in range(192) if n not in (50, 51)}


def read(folder: Path, kind: str = "energy") -> Sources:
    rows = [f"2024-01-{31 if n < 96 else 1} {n % 96 // 4:02d}:{n % 4 * 15:02d},{v}" for n, v in VALUES.items()]
    lines = [row.replace("2024-01-1 ", "2024-02-01 ") for row in rows]
    (folder / "log.csv").write_text("\n".join(["time,value", *lines]) + "\n")
    data = replace(sheets(logs=[log_row(kind=kind)]), path=folder / FILE)
    meters, _ = read_meters(data.meters, TIMELINE.zone)
    return gather(data, meters, TIMELINE)


def test_a_span_is_asked_for_after_the_file_is_gone(tmp_path: Path) -> None:
    """From 01:00 to 02:00 four values: 4.25 + 5.25 + 6.25 + 0.25 = 16 (n = 4 to 7)."""
    sources = read(tmp_path)
    (tmp_path / "log.csv").unlink()
    parts = sources.cut({"M-1": [START + HOUR, START + 2 * HOUR]}).parts
    spans = list(zip(parts.start.tolist(), parts.end.tolist(), parts.value.tolist(), strict=True))
    assert (START + HOUR, START + 2 * HOUR, 16.0) in spans
    assert sum(parts.value.tolist()) == pytest.approx(sum(VALUES.values()), rel=1e-14)
    assert len(sources.series.parts) == 2, "what was gathered is not cut by it"


def test_no_meter_of_a_log_is_cut_by_instants_of_another(tmp_path: Path) -> None:
    sources = read(tmp_path)
    assert sources.cut({"M-9": [START + HOUR]}) is sources.series


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(min_value=1, max_value=48 * 60 - 1), max_size=6, unique=True))
def test_pieces_are_those_of_a_plain_loop(minutes: list[int]) -> None:
    """Each value lies in its quarter of an hour, and an instant within it divides it by time."""
    with TemporaryDirectory() as folder:
        sources = read(Path(folder))
    edges = sorted({0, 24 * 60, 48 * 60, *minutes})
    wanted = {}
    for a, b in pairwise(edges):
        shares = {n: Fraction(max(0, min(b, 15 * n + 15) - max(a, 15 * n)), 15) for n in VALUES}
        wanted[a] = float(sum((Fraction(VALUES[n]) * share for n, share in shares.items()), Fraction(0)))
    parts = sources.cut({"M-1": [START + m * MINUTE for m in minutes]}).parts
    found = {(a - START) // MINUTE: v for a, v in zip(parts.start.tolist(), parts.value.tolist(), strict=True)}
    assert found == pytest.approx({a: v for a, v in wanted.items() if a in found or v}, rel=1e-12, abs=1e-12)


def test_what_did_not_change_is_not_gathered_again(tmp_path: Path) -> None:
    """Other settings read nothing anew; other meters do."""
    sources = read(tmp_path)
    same = replace(sources.data, settings=[])
    assert regathered(sources, same, sources.meters, TIMELINE) is sources
    other = replace(sources.data, meters=list(sources.data.meters))
    assert regathered(sources, other, sources.meters, TIMELINE) is not sources
