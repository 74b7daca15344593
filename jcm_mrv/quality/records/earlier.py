"""Earlier results in the folder: what was claimed once must not be claimed again.

Each ``result.json`` in or below the folder of the workbook is read (never
followed through links, never larger than a limit) and compared: periods that
overlap, for the same project or for the same physical unit or meter. The
result of an earlier run of this very report is not an earlier report.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.serials import serial_number
from jcm_mrv.origin import Origin
from jcm_mrv.versions.numbers import version_numbers
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import EquipmentRow, MeterRow
from jcm_mrv.workbook.schema import fold

OVERLAP = Code("project.overlaps_earlier", Severity.MAJOR, "An earlier report claims the same days.")
NEW_VERSION = Code("project.new_version", Severity.NOTE, "The report is a new version of an earlier one.")
UNREAD = Code("project.earlier_unread", Severity.MINOR, "Results of earlier calculations could not be compared.")

NAME = "result.json"
# A result of hundreds of units is a few megabytes; a folder that holds more than a project is not searched to its end.
MOST_BYTES = 20_000_000
MOST_FOLDERS, MOST_RESULTS, MOST_DEPTH = 2000, 200, 6
_SCHEMA = "jcm-mrv-result/"
_LISTED = 5


@dataclass(frozen=True)
class _Claimed:
    """What a report claims: whose, when, and which physical things by serial number."""

    title: str
    reference: str
    workbook: str
    start: date
    end: date
    serials: Mapping[str, str]
    version: str = ""

    def replaces(self, earlier: _Claimed) -> bool:
        """Whether it is a later version of the same report: same project, same days, and the version rises."""
        same = self.of_project(earlier) and (self.start, self.end) == (earlier.start, earlier.end)
        return same and version_numbers(self.version) > version_numbers(earlier.version) > ()

    def of_project(self, earlier: _Claimed) -> bool:
        """Whether both name the same project by its reference number."""
        return bool(self.reference) and fold(self.reference) == fold(earlier.reference)

    @property
    def identity(self) -> tuple[str, str, str, date, date]:
        """Two runs of one report agree in it."""
        return fold(self.title), fold(self.reference), self.workbook, self.start, self.end


class _UnreadableError(ValueError):
    """A file that is called result.json and is none of ours, or is damaged."""


def earlier_findings(data: MonitoringData) -> Iterator[Finding]:
    """A finding for each earlier result that overlaps, and for what could not be compared."""
    own = _own(data)
    if own is None:
        return
    paths, complete = _results(data.path.parent)
    unread = (
        []
        if complete
        else [say("the folder holds more folders or results than are searched, or one that cannot be opened")]
    )
    for path in paths:
        name = path.relative_to(data.path.parent).as_posix()
        try:
            earlier = _read(path)
        except (_UnreadableError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error.args[0]
            unread.append(say("{name}: {reason}", name=name, reason=reason))
            continue
        if earlier.identity != own.identity:
            yield from _compare(own, earlier, name, data)
    if unread:
        yield UNREAD(
            say(
                "{number_of_unread} result(s) in the folder could not be compared with this report",
                number_of_unread=len(unread),
            ),
            Origin(file=data.file),
            found=joined("; ", unread[:_LISTED]) + (" …" if len(unread) > _LISTED else ""),
            action=say("Move what does not belong to the project out of the folder of the workbook."),
        )


def earlier_files(data: MonitoringData) -> list[Path]:
    """The earlier results that the findings on this report speak of, as files that can be read."""
    own, found = _own(data), []
    for path in _results(data.path.parent)[0] if own is not None else ():
        try:
            earlier = _read(path)
        except _UnreadableError:
            found += [path] if path.stat().st_size <= MOST_BYTES else []
            continue
        except OSError:
            continue
        assert own is not None
        if earlier.identity != own.identity and any(_compare(own, earlier, path.name, data)):
            found.append(path)
    return found


def earlier_periods(data: MonitoringData) -> list[Path]:
    """Results of the same project in the folder whose period ended before this one begins, the last period first."""
    own, found = _own(data), list[tuple[date, Path]]()
    for path in _results(data.path.parent)[0] if own is not None else ():
        try:
            earlier = _read(path)
        except (_UnreadableError, OSError):
            continue  # a finding of this report names it
        assert own is not None
        if earlier.end < own.start and earlier.identity[:2] == own.identity[:2]:
            found.append((earlier.end, path))
    return [path for _, path in sorted(found, reverse=True)]


def _compare(own: _Claimed, earlier: _Claimed, name: str, data: MonitoringData) -> Iterator[Finding]:
    first, last = max(own.start, earlier.start), min(own.end, earlier.end)
    if first > last:
        return
    same_project = own.of_project(earlier)
    shared = [text for serial, text in own.serials.items() if serial in earlier.serials]
    if not same_project and not shared:
        return
    if own.replaces(earlier):
        yield _new_version(own, earlier, name, data)
        return
    what = (
        say("for the same project ({reference})", reference=own.reference)
        if same_project
        else say("for the same units or meters")
    )
    listed = ", ".join(shared[:_LISTED]) + (" …" if len(shared) > _LISTED else "")
    days = (last - first).days + 1
    yield OVERLAP(
        say(
            "{name} claims {start} to {end} {what}: {days} day(s), {first} to {last}, would be claimed twice",
            name=name,
            start=earlier.start,
            end=earlier.end,
            what=what,
            days=days,
            first=first,
            last=last,
        ),
        data.project.origin("period_start"),
        found=say(
            "{title}, from {workbook}",
            title=earlier.title or say("no title"),
            workbook=earlier.workbook or say("a workbook without name"),
        )
        + (say("; serial number(s) {listed}", listed=listed) if shared else ""),
        action=say(
            "Correct the period or take out what is claimed already. If this report takes the place of that one, raise "
            "the report version on Project; if that one is a draft, delete its folder or move it elsewhere."
        ),
        data={"days": days, "serial_numbers": len(shared)},
    )


def _new_version(own: _Claimed, earlier: _Claimed, name: str, data: MonitoringData) -> Finding:
    return NEW_VERSION(
        say(
            "this is version {version} of the report of which {name} holds version {earlier}: same project, same days",
            version=own.version,
            name=name,
            earlier=earlier.version,
        ),
        data.project.origin("report_version"),
        found=own.version,
        action=say(
            "Write the package of version {earlier} into Previous version, and the report says what changed. Withdraw "
            "version {earlier}: only one of the two may be credited.",
            earlier=earlier.version,
        ),
    )


# --- this report ---------------------------------------------------------------------


def _own(data: MonitoringData) -> _Claimed | None:
    project = data.project
    start, end = project.period_start, project.period_end
    if start is None or end is None:
        return None
    rows: list[EquipmentRow | MeterRow] = [*data.equipment, *data.meters]
    texts = [row.serial_number.strip() for row in rows]
    return _Claimed(
        project.title.strip(),
        project.reference_number.strip(),
        data.file,
        start.date(),
        end.date(),
        _serials(texts),
        project.report_version.strip(),
    )


def _serials(texts: list[str]) -> dict[str, str]:
    """As compared to as written. Short numbers (1, A2) are given to many things and name none."""
    found = {serial_number(text): text for text in texts}
    return {serial: text for serial, text in found.items() if len(serial) > 3}


# --- earlier reports -----------------------------------------------------------------


def _results(folder: Path) -> tuple[list[Path], bool]:
    """The results in and below a folder, in order; False where it was not searched to the end."""
    found: list[Path] = []
    closed: list[OSError] = []
    complete = True
    for n, (place, inner, files) in enumerate(os.walk(folder, onerror=closed.append, followlinks=False)):
        if n >= MOST_FOLDERS or len(found) >= MOST_RESULTS:
            complete = False
            break
        depth = len(Path(place).relative_to(folder).parts)
        inner[:] = sorted(d for d in inner if not d.startswith(".")) if depth < MOST_DEPTH else []
        path = Path(place) / NAME
        if NAME in files and path.is_file() and not path.is_symlink():
            found.append(path)
    return sorted(found), complete and not closed


def _read(path: Path) -> _Claimed:
    """An earlier result. Raises _UnreadableError with the reason, OSError."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _UnreadableError(say("is too large"))
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:  # also bytes that are no text
        raise _UnreadableError(say("is damaged")) from error
    if not isinstance(document, dict) or not str(document.get("schema", "")).startswith(_SCHEMA):
        raise _UnreadableError(say("is not a result of jcm-mrv"))
    return _claimed(document)


def _claimed(document: Mapping[str, object]) -> _Claimed:
    project, span = _object(document.get("project")), _object(document.get("monitoring_period"))
    inputs = [_object(one) for one in _list(document.get("inputs"))]
    try:
        start, end = date.fromisoformat(_text(span, "start")), date.fromisoformat(_text(span, "end"))
    except ValueError as error:
        raise _UnreadableError(say("names no monitoring period")) from error
    things = [_object(one) for key in ("equipment", "meters") for one in _list(document.get(key))]
    texts = [_text(_object(thing.get("fields", thing)), "serial_number") for thing in things]
    return _Claimed(
        _text(project, "title"),
        _text(project, "reference_number"),
        _text(inputs[0], "path") if inputs else "",
        start,
        end,
        _serials(texts),
        _text(project, "report_version"),
    )


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(of: Mapping[str, object], key: str) -> str:
    value = of.get(key, "")
    return value.strip() if isinstance(value, str) else ""
