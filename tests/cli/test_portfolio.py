"""jcm-mrv portfolio, as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command import run
from support.portfolios import member, portfolio_file, roof


@pytest.fixture
def park(tmp_path: Path) -> Path:
    roof(tmp_path, "a")
    return portfolio_file(tmp_path, member("a"))


def test_new_writes_a_portfolio_that_can_be_run_as_it_is(tmp_path: Path) -> None:
    done = run("portfolio", "new", str(tmp_path / "park"))
    assert done.status == 0
    path = tmp_path / "park" / "portfolio.toml"
    assert run("portfolio", "check", str(path)).status == 0
    assert "none" in run("portfolio", "run", str(path)).out
    again = run("portfolio", "new", str(tmp_path / "park"))
    assert (again.status, "exists already" in again.err) == (1, True)


def test_every_example_of_a_new_portfolio_is_right(tmp_path: Path) -> None:
    run("portfolio", "new", str(tmp_path))
    path = tmp_path / "portfolio.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    body = [line.removeprefix("# ") for line in lines[3:] if " = " in line or "[[" in line]
    path.write_text("\n".join(body), encoding="utf-8")
    roof(tmp_path, "solar_roof")
    (tmp_path / "air_conditioning").mkdir()
    (tmp_path / "air_conditioning" / "monitoring_package.zip").write_bytes(b"PK")
    done = run("portfolio", "check", str(path))
    assert (done.status, done.err) == (0, "")
    assert "4 members" in done.out


def test_run_status_and_query(park: Path) -> None:
    waiting = run("portfolio", "status", str(park))
    assert "waiting" in waiting.out and "1 members are new" in waiting.out
    done = run("portfolio", "run", str(park), "--processes", "1")
    assert done.status == 0, done.err
    assert "180" in done.out and "Calculated: 1 of 1" in done.out
    assert "calculated" in run("portfolio", "status", str(park)).out
    asked = run("portfolio", "query", str(park), "SELECT member, credited_tco2e FROM members", "--format", "json")
    assert json.loads(asked.out) == [{"member": "a", "credited_tco2e": 180}]
    formula = run("portfolio", "query", str(park), "SELECT '=1+1' AS a, -2 AS b", "--format", "csv")
    assert formula.out == "a,b\n'=1+1,-2\n"


def test_what_is_wrong_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    path = portfolio_file(tmp_path, member("a"), '[[member]]\nname = "b"\n')
    done = run("portfolio", "run", str(path))
    assert done.status == 1
    assert "portfolio.missing_file" in done.err and "portfolio.missing_key" in done.err
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_something_counted_twice_has_no_total_and_exit_status_1(tmp_path: Path) -> None:
    for name in ("a", "b"):
        roof(tmp_path, name, serial="SN-1")
    path = portfolio_file(tmp_path, member("a"), member("b"))
    done = run("portfolio", "run", str(path), "--processes", "1")
    assert done.status == 1
    assert "No total" in done.out and "portfolio.counted_twice" in done.out
    assert "360" not in done.out


def test_a_failed_member_is_listed_with_its_reason(park: Path) -> None:
    roof(park.parent, "b", project={"period_end": None})
    portfolio_file(park.parent, member("a"), member("b"))
    done = run("portfolio", "run", str(park), "--processes", "1")
    assert done.status == 1
    assert "b: failed (b/monitoring.xlsx)" in done.out and "Project" in done.out and "180" in done.out
