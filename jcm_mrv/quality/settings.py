"""The limits of the rules: their table, and what a project changes on the sheet Settings with a reason."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import cast

from jcm_mrv import quality
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meant import nearest
from jcm_mrv.quality.setting import Setting, V
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import SettingRow

UNKNOWN = Code("settings.unknown", Severity.ERROR, "A setting on the sheet Settings does not exist.")
VALUE = Code("settings.value", Severity.ERROR, "The value of a setting cannot be used.")
CHANGED = Code("settings.changed", Severity.NOTE, "A limit of the rules differs from its default.")


@cache
def table() -> Mapping[str, Setting[float] | Setting[str]]:
    """Every setting by its name, sorted: all that the modules of this package declare.

    Raises ValueError for a name that is declared twice.
    """
    found: dict[str, Setting[float] | Setting[str]] = {}
    for module in sorted(m.name for m in walk_packages(quality.__path__, f"{quality.__name__}.")):
        for one in vars(import_module(module)).values():
            if isinstance(one, Setting) and found.setdefault(one.key, one) is not one:
                raise ValueError(f"the setting {one.key} is declared twice, again in {module}")
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Settings:
    """The settings of a calculation: the defaults, and what the project changed, by name."""

    changed: Mapping[str, float | str]

    def __getitem__(self, setting: Setting[V]) -> V:
        """The value of a setting, in the unit of its declaration."""
        return cast(V, self.changed.get(setting.key, setting.default))

    def as_dict(self) -> dict[str, str | int | float]:
        """Every setting by name, sorted, as the result records it."""
        return {key: self.changed.get(key, one.default) for key, one in table().items()}


DEFAULTS = Settings({})


def read_settings(data: MonitoringData) -> tuple[Settings, list[Finding]]:
    """The settings of a workbook: the defaults with the sheet Settings on top, and what is wrong or changed."""
    changed: dict[str, float | str] = {}
    findings: list[Finding] = []
    for row in data.settings:
        setting = table().get(row.setting.strip())
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


def _fits(setting: Setting[float] | Setting[str], value: float | str) -> bool:
    if setting.choices or isinstance(value, str):
        return value in setting.choices
    whole = not setting.whole or value == int(value)
    return math.isfinite(value) and setting.least <= value <= setting.most and whole


def _unknown(row: SettingRow) -> Finding:
    name = row.setting.strip()
    near = nearest(name, table(), 3, 0.5)
    near = near or sorted(key for key in table() if name and name.casefold() in key)[:3]
    return UNKNOWN(
        say("there is no setting of this name"),
        row.origin("setting"),
        found=name or say("empty"),
        action=say(
            "Write a name from the table of settings{near}.",
            near=say(": near ones are ") + ", ".join(near) if near else "",
        ),
    )


def _wrong(setting: Setting[float] | Setting[str], row: SettingRow) -> Finding:
    return VALUE(
        say("the setting {setting} cannot have this value", setting=setting.key),
        row.origin("value"),
        found=row["value"].text,
        action=say(
            "Write {allowed}; the default is {shown}.", allowed=setting.allowed, shown=setting.shown(setting.default)
        ),
    )


def _changed(setting: Setting[float] | Setting[str], value: float | str, row: SettingRow) -> Finding:
    reason = row.reason.strip()
    return CHANGED(
        say(
            "the setting {setting} ({meaning}) is changed by the project: {reason}",
            setting=setting.key,
            meaning=setting.meaning,
            reason=reason or say("no reason is given"),
        ),
        row.origin("value"),
        found=say(
            "{shown}, the default is {shown_2}", shown=setting.shown(value), shown_2=setting.shown(setting.default)
        ),
        action=say("Nothing, if the reason holds and the document that it names says so."),
        data={"setting": setting.key, "value": value, "default": setting.default},
    )


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    """The table for its page: name, default, unit, what may be written, meaning."""
    for setting in table().values():
        default = setting.default if isinstance(setting.default, str) else f"{setting.default:.6g}"
        yield setting.key, default, setting.unit, setting.allowed, setting.meaning
