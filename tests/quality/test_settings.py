"""The table of settings: defaults, what a project may change, and what is refused."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import DEFAULTS, read_settings, table
from jcm_mrv.quality.treatment.limits import GAPS_SHORT_HOLE_HOURS
from jcm_mrv.quality.values.flatlined import STUCK_LEAST_HOURS
from support.claims import Sketch, rows_of
from support.scripts import load_script

ROOT = Path(__file__).parents[2]


def settings_of(*rows: tuple[str, object, str]):
    data = Sketch("VN_AM007 1.0").data()
    given = [{"setting": name, "value": value, "reason": reason} for name, value, reason in rows]
    return read_settings(replace(data, settings=rows_of("settings", given)))


def test_defaults_hold_where_nothing_is_changed():
    settings, findings = settings_of()
    assert findings == []
    assert settings[GAPS_SHORT_HOLE_HOURS] == 24
    assert settings.as_dict() == {key: one.default for key, one in sorted(table().items())}


def test_a_setting_is_declared_once_named_like_its_key_and_read_by_a_rule():
    """What is forgotten of a new setting is named: its rule that reads it, its name, or that it is there already."""
    declared: dict[str, str] = {}
    read: set[str] = set()
    for path in sorted((ROOT / "jcm_mrv").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Assign([ast.Name(name)], ast.Call(ast.Name("Setting"), [ast.Constant(key), *_])):
                    assert key not in declared, f"{key} is declared twice, again in {path}"
                    assert name == key.replace(".", "_").upper(), f"{path}: {name} is not named like {key}"
                    declared[key] = name
                case ast.Name(name, ast.Load()):
                    read.add(name)
    assert set(declared) == set(table()), "settings are declared at the top level of a module of jcm_mrv.quality"
    unread = [key for key, name in declared.items() if name not in read]
    assert unread == [], "a setting that no rule reads changes nothing"


def test_a_changed_setting_is_used_and_stays_visible_with_its_reason():
    settings, findings = settings_of(("stuck.least_hours", 12.0, "boiler at base load, D-07"))
    assert settings[STUCK_LEAST_HOURS] == 12
    assert settings.as_dict()["stuck.least_hours"] == 12
    (finding,) = findings
    assert (finding.code, finding.severity) == ("settings.changed", Severity.NOTE)
    assert "boiler at base load, D-07" in finding.message
    assert finding.found == "12 h, the default is 6 h"
    assert finding.where.sheet == "Settings"


def test_a_value_equal_to_the_default_is_no_change():
    assert settings_of(("stuck.least_hours", 6.0, "as is"))[1] == []


def test_an_unknown_name_is_refused_and_near_names_are_given():
    settings, (finding,) = settings_of(("stuck.least_hour", 12.0, "typing"))
    assert (finding.code, finding.severity) == ("settings.unknown", Severity.ERROR)
    assert "stuck.least_hours" in finding.action
    assert settings.as_dict() == DEFAULTS.as_dict()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stuck.least_hours", "twelve"),
        ("stuck.least_hours", -1.0),
        ("gaps.minor_share", 1.5),  # a percentage typed as such
        ("gaps.most_corners", 2.5),
    ],
)
def test_a_value_of_the_wrong_kind_or_out_of_range_is_refused(name, value):
    settings, (finding,) = settings_of((name, value, "because"))
    assert (finding.code, finding.severity) == ("settings.value", Severity.ERROR)
    assert finding.where.cell == "B2"
    assert settings[table()[name]] == table()[name].default


def test_every_default_may_be_written():
    for setting in table().values():
        assert setting.default in setting.choices or setting.least <= float(setting.default) <= setting.most
        assert setting.meaning


def test_the_page_is_current():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == load_script("write_settings_docs").page(), "run make docs"
    assert "scripts/write_settings_docs.py docs/settings.md" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "key",
    [
        "capacity.most_of_highest_rate",
        "capacity.most_of_rated",
        "capacity.most_of_rated_electric",
        "capacity.most_of_rated_generation",
        "capacity.most_megawatts",
        "spike.most_of_highest_rate",
    ],
)
def test_a_multiple_of_a_capacity_cannot_be_zero(key: str):
    """Amounts are divided by it."""
    settings, (finding,) = settings_of((key, 0.0, "test"))
    assert (finding.code, finding.severity) == ("settings.value", Severity.ERROR)
    assert "from 0.01" in finding.action
    assert settings.as_dict()[key] == table()[key].default


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("gaps.minor_share", 0.0, True), ("gaps.minor_share", 1.0, True), ("gaps.minor_share", 1.001, False),
        ("gaps.minor_share", -0.001, False), ("stuck.least_hours", math.inf, False),
        ("stuck.least_hours", math.nan, False),
        ("gaps.most_corners", 3.0, True), ("gaps.most_corners", "3", False),
        ("calibration.validity_from", "installation", True), ("calibration.validity_from", " installation ", True),
        ("calibration.validity_from", "birth", False), ("calibration.validity_from", 1.0, False),
    ],
)  # fmt: skip
def test_what_a_setting_may_be(name: str, value: object, fits: bool) -> None:
    settings, (finding,) = settings_of((name, value, "because"))
    assert finding.code == ("settings.changed" if fits else "settings.value")
    wanted = value.strip() if isinstance(value, str) else value
    assert settings.as_dict()[name] == (wanted if fits else table()[name].default)
    assert table()[name].shown(table()[name].default) in (finding.found if fits else finding.action)


def test_every_row_is_read_and_an_empty_value_or_name_is_no_value() -> None:
    settings, found = settings_of(("", 1.0, ""), ("stuck.least_hours", None, ""), ("stuck.least_hours", 7.0, ""))
    assert [f.code for f in found] == ["settings.unknown", "settings.changed"]
    assert (found[0].found, found[0].action) == ("empty", "Write a name from the table of settings.")
    assert settings[STUCK_LEAST_HOURS] == 7.0 and "no reason is given" in found[1].message


@pytest.mark.parametrize(
    ("name", "near"),
    [
        (
            "gaps.minor",
            ": near ones are gaps.minor_share, gaps.most_corners, negative.minor_share",
        ),  # the nearest three
        (
            "PLAU",
            ": near ones are plausible.least_of_estimate, plausible.most_of_estimate",
        ),  # far, but it stands in them
        ("cross", ": near ones are crosscheck.invoice_error, crosscheck.shared_instrument, crosscheck.slip_tolerance"),
        ("qqqqqq", ""),
        ("", ""),
    ],
)
def test_at_most_three_near_names_are_given(name: str, near: str) -> None:
    _, (found,) = settings_of((name, 1.0, ""))
    assert found.action == f"Write a name from the table of settings{near}."


@pytest.mark.parametrize(
    ("setting", "allowed", "shown"),
    [
        (Setting("a", 2.0, "h", ""), "a number from 0", "2 h"),
        (Setting("a", 2.0, "1", "", 1.0), "a number from 1", "2"),
        (Setting("a", 2.0, "", "", most=5.0), "a number from 0 to 5", "2"),
        (Setting("a", 2.0, "h", "", most=5.0, whole=True), "a whole number from 0 to 5", "2 h"),
        (Setting("a", "x", "", "", choices=("x", "y")), "one of x, y", "x"),
    ],
)  # fmt: skip
def test_a_setting_in_words(setting: Setting[Any], allowed: str, shown: str) -> None:
    assert (setting.allowed, setting.shown(setting.default)) == (allowed, shown)
