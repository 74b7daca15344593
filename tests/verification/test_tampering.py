"""A share of benchmarks/tampering.py with every run: what was changed is found, and its place is named."""

from __future__ import annotations

from pathlib import Path

import pytest

import tampering
from support.workbooks import monthly, solar_workbook
from tampered.base import KINDS

SOME = (
    "input: a reading",
    "input: a shifted period",
    "forged set: every report from another reading",
    "the true inputs: a lie in the raw data, told everywhere alike",
    "result.json: credited tonnes",
    "result.json: a finding removed",
    "result.json: a severity",
    "result.json: a treatment removed",
    "result.json: a key twice",
    "manifest: one checksum",
    "manifest: the checksum of a card",
    "manifest: the command",
    "package: a file that nobody spoke of",
    "workbook: a formula made a number",
    "workbook: a cached value",
    "workbook: a hidden row",
    "workbook: a link to another workbook",
    "page: a number",
    "page: a finding hidden by its style",
    "page: the result that is attached",
    "PDF: one number of its text",
)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tampering.Packages:
    """Three months of a meter of which the second is missing, so that there is a treatment."""
    readings = [row for row in monthly("M-1", (100_000.0, 120_000.0, 140_000.0)) if row["start"].month != 2]
    path = solar_workbook(tmp_path_factory.mktemp("plant") / "monitoring.xlsx", tables={"readings": readings})
    return tampering.Packages([path])


def test_there_are_forty_kinds() -> None:
    assert len(KINDS) >= 40 and set(SOME) <= set(KINDS)


@pytest.mark.parametrize("name", SOME)
def test_it_is_found_and_located(name: str, packages: tampering.Packages) -> None:
    outcome = tampering.tampered_with(KINDS[name], packages, seed=3)
    assert outcome is not None, "the plant has nothing of the kind"
    assert outcome.located, f"{outcome.wanted} is not in\n" + "\n".join(outcome.said)


@pytest.mark.parametrize("formats", [("json", "xlsx", "html"), ("json", "pdf")])
def test_no_alarm_on_what_nobody_touched(formats: tuple[str, ...], packages: tampering.Packages) -> None:
    workbook: Path = packages.workbooks[0]
    content = packages.copy(workbook, formats).content()
    assert list(tampering.failing(tampering.verified(content))) == []
