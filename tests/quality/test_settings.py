"""The table of settings: defaults, what a project may change, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.quality.divided import LONGEST_HOURS
from jcm_mrv.quality.settings import DEFAULTS, SETTINGS, TABLE, read_settings
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
    assert settings["gaps.short_hole_hours"] == 24
    assert settings.as_dict() == {s.key: s.default for s in sorted(SETTINGS, key=lambda s: s.key)}


def test_the_table_holds_the_limits_of_the_earlier_rules():
    assert DEFAULTS["divided.longest_hours"] == LONGEST_HOURS


def test_a_changed_setting_is_used_and_stays_visible_with_its_reason():
    settings, findings = settings_of(("stuck.least_hours", 12.0, "boiler at base load, D-07"))
    assert settings["stuck.least_hours"] == 12
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
    assert settings[name] == TABLE[name].default


def test_names_are_unique_and_every_default_may_be_written():
    assert len(TABLE) == len(SETTINGS)
    for setting in SETTINGS:
        assert setting.default in setting.choices or setting.least <= float(setting.default) <= setting.most
        assert setting.meaning


def test_a_name_asked_for_as_the_wrong_kind_is_a_programmers_error():
    with pytest.raises(KeyError):
        DEFAULTS.word("stuck.least_hours")
    with pytest.raises(KeyError):
        DEFAULTS["no.such"]


def test_the_page_is_current():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == load_script("write_settings_docs").page(), "run make docs"
    assert "scripts/write_settings_docs.py docs/settings.md" in (ROOT / "Makefile").read_text(encoding="utf-8")
