"""What changed from one version of a report to the next: tonnes, inputs, values, treatments, finding by finding.

Both versions are the data of ``result.json``; what is compared is matched by what it is, not by its place in a list.
Where both monitoring workbooks are known as well, what changed in their cells takes the place of what a result repeats
of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jcm_mrv.findings import Severity
from jcm_mrv.versions.values import difference, shown
from jcm_mrv.words import as_words, joined, say
from jcm_mrv.workbook.change import Change, Kind
from jcm_mrv.workbook.changed_cells import PART as CELLS

Data = Mapping[str, Any]

PARTS = ("tonnes", "period", "findings", CELLS, "project", "inputs", "parameters", "equipment", "meters",
         "treatments", "overrides", "settings", "methodologies", "software")  # fmt: skip
"""The parts, in the order in which changes are listed."""
_ENTERED = ("project", "equipment", "meters", "overrides")
"""Parts in which a result repeats cells of the workbook."""


_SAID = {
    str(one): one
    for one in (
        *(
            say("tonnes"),
            say("period"),
            say("findings"),
            say("cells"),
            say("project"),
            say("inputs"),
            say("parameters"),
        ),
        *(say("equipment"), say("meters"), say("treatments"), say("overrides"), say("settings"), say("methodologies")),
        *(say("software"), say("new"), say("gone"), say("answered"), say("changed")),
    )
}
CHANGE_HEADS = (say("Part"), say("Change"), say("What"), say("Before"), say("Now"), say("Difference"))


def change_cells(change: Change) -> tuple[str, ...]:
    """A change as a row below :data:`CHANGE_HEADS`."""
    part, kind = (_SAID.get(text, text) for text in (change.part, str(change.kind)))
    return part, kind, change.what, change.before, change.now, change.difference


def changes(old: Data, new: Data, cells: Sequence[Change] | None = None) -> tuple[Change, ...]:
    """Every change from one result to another, the tonnes first; ``cells`` are those of the workbooks, where known."""
    found: list[Change] = []
    for part in PARTS:
        if part == CELLS:
            found += cells or ()
        elif part == "findings":
            found += _findings(old["findings"], new["findings"])
        elif cells is None or part not in _ENTERED:
            found += _values(part, _flat(part, old), _flat(part, new))
    return tuple(found)


def _values(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*new, *old)):
        if name not in old:
            yield Change(part, Kind.NEW, name, "", _said(new[name]))
        elif name not in new:
            yield Change(part, Kind.GONE, name, _said(old[name]))
        elif old[name] != new[name]:
            less = difference(new[name], old[name])
            yield Change(part, Kind.CHANGED, name, _said(old[name]), _said(new[name]), less)


def _said(value: Any) -> str:
    """A value, a number by the customs of a language."""
    return say("{number:.15g}", number=value) if isinstance(value, float) else shown(value)


def _flat(part: str, data: Data) -> dict[str, Any]:
    """The values of a part by a name that stays the same between versions."""
    if part == "tonnes":
        return dict(_tonnes(data["emission_reductions"]))
    if part == "period":
        period = data["monitoring_period"]
        first, last, indicative = say("first day"), say("last day"), say("indicative")
        return {first: period["start"], last: period["end"], indicative: data["indicative"]}
    if part == "inputs":
        previous = str(data["project"].get("previous_version", "")).strip().replace("\\", "/")
        return {one["path"]: one["sha256"] for one in data["inputs"] if one["path"] != previous}
    if part == "methodologies":
        return {one["number"]: f"{one['version']}, {one['status']}" for one in data["methodologies"]}
    if part == "parameters":
        return _numbered((_parameter_name(one), one["value"]) for one in data["parameters"])
    if part in ("equipment", "meters"):
        return _numbered(_fields(data[part]))
    if part == "treatments":
        return _numbered(
            (f"{t['meter_id']} {t['month']}, {t['kind']}, {t['span']}", t["correction"]) for t in data["treatments"]
        )
    if part == "overrides":
        texts = (", ".join(f"{k} {v}" for k, v in sorted(one.items())) for one in data["overrides"])
        return _numbered((text, say("in force")) for text in texts)
    return dict(data[part])


_TONNES = {
    "reference": as_words("reference"),
    "project": as_words("project"),
    "leakage": as_words("leakage"),
    "reductions": as_words("reductions"),
    "credited": as_words("credited"),
}


def _tonnes(data: Data) -> Iterator[tuple[str, Any]]:
    for year in data["by_year"]:
        named = ((say("{kind} {year}", kind=said, year=str(year["year"])), kind) for kind, said in _TONNES.items())
        yield from ((name, year[kind]) for name, kind in named if kind in year)
    yield from ((say("{kind}, whole period", kind=said), data[kind]) for kind, said in _TONNES.items() if kind in data)


def _parameter_name(one: Data) -> str:
    index = ", ".join(str(part) for part in one["index"].values())
    return " ".join(part for part in (one["methodology"], one["symbol"], f"[{index}]" if index else "") if part)


def _fields(rows: Sequence[Data]) -> Iterator[tuple[str, Any]]:
    for row in rows:
        fields = row["fields"]
        name = fields.get("equipment_id") or fields.get("meter_id") or ""
        yield from ((f"{name}: {key}", value) for key, value in fields.items())
        yield from ((f"{name}: {key}", one["value"]) for key, one in row.get("parameters", {}).items())


def _numbered(pairs: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    """By name; a name that comes again (a meter in two rows) gets a number."""
    found: dict[str, Any] = {}
    count: dict[str, int] = {}
    for name, value in pairs:
        count[name] = count.get(name, 0) + 1
        found[name if count[name] == 1 else f"{name} #{count[name]}"] = value
    return found


# --- findings --------------------------------------------------------------------------


def finding_key(finding: Data) -> tuple[str, ...]:
    """What tells a finding from others: its code, its place and its words."""
    where = finding["where"] or {}
    return (
        finding["code"],
        *(str(where.get(k, "")) for k in ("sheet", "cell", "line", "document")),
        finding["message"],
    )


def _findings(old: Sequence[Data], new: Sequence[Data]) -> Iterator[Change]:
    """Finding by finding: the same one, else one of the same kind at the same place, else it is new or gone."""
    left = list(old)
    pairs: list[tuple[Data, Data | None]] = []
    for alike in (finding_key, _place_key):
        waiting = [one for one, match in pairs if match is None] if pairs else list(new)
        done = [(one, match) for one, match in pairs if match is not None]
        pairs = [*done, *((one, _taken(left, one, alike)) for one in waiting)]
    order = {id(one): n for n, one in enumerate(new)}
    for now, before in sorted(pairs, key=lambda pair: order[id(pair[0])]):
        if before is None:
            yield Change("findings", Kind.NEW, now["code"], "", _told(now), _effect(now["effect_tco2e"], None))
        elif _told(before) != _told(now) or before["effect_tco2e"] != now["effect_tco2e"]:
            less = _effect(now["effect_tco2e"], before["effect_tco2e"])
            weighs = [list(Severity).index(Severity(one["severity"])) for one in (before, now)]
            answered = weighs[1] > weighs[0] or (now.get("answer") and not before.get("answer"))
            kind = Kind.ANSWERED if answered else Kind.CHANGED
            told = _told(before), _told(now)
            if told[0] == told[1]:  # what it says is the same, and in its place stands what it moves
                told = _moves(before), joined("; ", (_moves(now), told[1]))
            yield Change("findings", kind, now["code"], *told, less)
    for gone in left:
        yield Change("findings", Kind.GONE, gone["code"], _told(gone), "", _effect(None, gone["effect_tco2e"]))


def _place_key(finding: Data) -> tuple[str, ...]:
    return finding_key(finding)[:-1]


def _taken(left: list[Data], one: Data, alike: Any) -> Data | None:
    for n, other in enumerate(left):
        if alike(other) == alike(one):
            return left.pop(n)
    return None


def _told(finding: Data) -> str:
    where = finding["where"] or {}
    place = "!".join(str(where[k]) for k in ("sheet", "cell") if where.get(k))
    found = say("; found: {finding}", finding=finding["found"]) if finding["found"] else ""
    severity, message = as_words(str(finding["severity"])), finding["message"]
    answer = say("; answer: {answer}", answer=finding["answer"]) if finding.get("answer") else ""
    return joined("", (severity, ": ", *([place, ": "] if place else ()), message, found, answer))


def _moves(finding: Data) -> str:
    effect = finding["effect_tco2e"]
    return say("effect unknown") if effect is None else say("effect {effect:+.3f} t", effect=effect)


def _effect(now: float | None, before: float | None) -> str:
    if now is None and before is None:
        return ""
    return say("{effect:+.3f} t", effect=(now or 0.0) - (before or 0.0))
