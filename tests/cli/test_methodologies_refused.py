"""What is catalogued only is refused wherever it would be calculated: with the reason, and what comes nearest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.workbooks import solar_workbook

REFUSED = [
    # its family in its own country
    ("TH_AM014 unconfirmed", "only its title could be read", "TH_AM011 1.0 (pattern, Thailand)"),
    # its family in another country
    ("TH_AM017 1.0", "circuit formula of its text, which could not be read", "MN_AM001 1.0 (pattern, Mongolia)"),
    # nothing comes near
    ("KH_AM004 1.1", "forest carbon rests on a national reference level", "No methodology of the family forest"),
]


@pytest.mark.parametrize("command", ["calculate", "check"])
@pytest.mark.parametrize(("card", "reason", "nearest"), REFUSED, ids=[card for card, _, _ in REFUSED])
def test_a_workbook_that_claims_under_it(
    command: str, card: str, reason: str, nearest: str, jcm: Any, tmp_path: Path
) -> None:
    path = solar_workbook(tmp_path / "monitoring.xlsx", project={"methodologies": card})
    done = jcm(command, path)
    said = " ".join((done.out + done.err).split())
    assert done.status == 1
    assert f"{card} is catalogued only" in said
    assert reason in said and nearest in said
    assert "project.methodology" in said and "Project!B" in said
    assert f"jcm-mrv methodologies show {card}" in said
    assert [p.name for p in tmp_path.iterdir()] == ["monitoring.xlsx"], "nothing is written"


def test_beside_one_that_is_calculated(jcm: Any, tmp_path: Path) -> None:
    """No part of a claim is left out in silence."""
    path = solar_workbook(tmp_path / "monitoring.xlsx", project={"methodologies": "VN_AM007 1.0; VN_AM011 1.0"})
    done = jcm("calculate", path)
    assert done.status == 1
    assert "VN_AM011 1.0 is catalogued only" in " ".join(done.err.split())
    assert not (tmp_path / "result.json").exists()


@pytest.mark.parametrize(("card", "reason", "nearest"), REFUSED, ids=[card for card, _, _ in REFUSED])
def test_no_blank_workbook(card: str, reason: str, nearest: str, jcm: Any, tmp_path: Path) -> None:
    done = jcm("template", card.replace(" ", "@"), tmp_path / "monitoring.xlsx")
    assert done.status == 1
    assert f"{card} is catalogued only" in done.err and reason in done.err and nearest in done.err
    assert list(tmp_path.iterdir()) == []


def test_without_a_version_all_are_named_with_their_status(jcm: Any, tmp_path: Path) -> None:
    """Which version a project applies is not guessed."""
    path = solar_workbook(tmp_path / "monitoring.xlsx", project={"methodologies": "TH_AM001"})
    done = jcm("check", path)
    said = " ".join((done.out + done.err).split())
    assert done.status == 1
    assert "has several versions; name one: TH_AM001 1.0 (computable), TH_AM001 2.0 (pattern), TH_AM001 3.0 (" in said
