"""The limits of the rules: one table with defaults, which a project may change on the sheet Settings with a reason."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.quality.settings_table import SETTINGS, Setting
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import SettingRow

UNKNOWN = Code("settings.unknown", Severity.ERROR, "A setting on the sheet Settings does not exist.")
VALUE = Code("settings.value", Severity.ERROR, "The value of a setting cannot be used.")
CHANGED = Code("settings.changed", Severity.NOTE, "A limit of the rules differs from its default.")

TABLE: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """The settings of a calculation: the defaults, and what the project changed."""

    changed: Mapping[str, float | str]

    def __getitem__(self, key: str) -> float:
        """A number, in the unit of the table. Raises KeyError for a name that is not there or holds a word."""
        value = self._value(key)
        if isinstance(value, str):
            raise KeyError(f"{key} is a word")
        return value

    def word(self, key: str) -> str:
        """One of the words of a choice. Raises KeyError for a name that is not there or holds a number."""
        value = self._value(key)
        if not isinstance(value, str):
            raise KeyError(f"{key} is a number")
        return value

    def _value(self, key: str) -> float | str:
        return self.changed.get(key, TABLE[key].default)

    def as_dict(self) -> dict[str, str | int | float]:
        """Every setting by name, sorted, as the result records it."""
        return {key: self._value(key) for key in sorted(TABLE)}


DEFAULTS = Settings({})


def read_settings(data: MonitoringData) -> tuple[Settings, list[Finding]]:
    """The settings of a workbook: the defaults with the sheet Settings on top, and what is wrong or changed."""
    changed: dict[str, float | str] = {}
    findings: list[Finding] = []
    for row in data.settings:
        setting = TABLE.get(row.setting.strip())
        if setting is None:
            findings.append(_unknown(row))
            continue
        value = row.value
        if value is None:
            continue  # a blank or faulty cell has a finding of its own
        value = value.strip() if isinstance(value, str) else value
        if not (isinstance(value, float | str) and _fits(setting, value)):
            findings.append(_wrong(setting, row))
        elif value != setting.default:
            changed[setting.key] = value
            findings.append(_changed(setting, value, row))
    return Settings(changed), findings


def _fits(setting: Setting, value: float | str) -> bool:
    if setting.choices or isinstance(value, str):
        return value in setting.choices
    whole = not setting.whole or value == int(value)
    return math.isfinite(value) and setting.least <= value <= setting.most and whole


def _unknown(row: SettingRow) -> Finding:
    name = row.setting.strip()
    near = get_close_matches(name, list(TABLE), n=3, cutoff=0.5)
    near = near or sorted(key for key in TABLE if name and name.casefold() in key)[:3]
    return UNKNOWN(
        "there is no setting of this name",
        row.origin("setting"),
        found=name or "empty",
        action=f"Write a name from the table of settings{': near ones are ' + ', '.join(near) if near else ''}.",
    )


def _wrong(setting: Setting, row: SettingRow) -> Finding:
    return VALUE(
        f"the setting {setting.key} cannot have this value",
        row.origin("value"),
        found=row["value"].text,
        action=f"Write {setting.allowed}; the default is {setting.shown(setting.default)}.",
    )


def _changed(setting: Setting, value: float | str, row: SettingRow) -> Finding:
    reason = row.reason.strip()
    return CHANGED(
        f"the setting {setting.key} ({setting.meaning}) is changed by the project: {reason or 'no reason is given'}",
        row.origin("value"),
        found=f"{setting.shown(value)}, the default is {setting.shown(setting.default)}",
        action="Nothing, if the reason holds and the document that it names says so.",
        data={"setting": setting.key, "value": value, "default": setting.default},
    )


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    """The table for its page: name, default, unit, what may be written, meaning."""
    for setting in SETTINGS:
        default = setting.default if isinstance(setting.default, str) else f"{setting.default:.6g}"
        yield setting.key, default, setting.unit, setting.allowed, setting.meaning
