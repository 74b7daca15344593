"""Which end of its interval a time is: what the file itself shows of it, against the column Stamp of the sheet Logs.

A wrong choice moves every value by one interval. Over a period that changes no more than its first and last interval
(of daily values that is a day), but nothing else would show it.
"""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.columns import Columns
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import ColumnSums, IntervalSums
from jcm_mrv.logs.survey import LogFile
from jcm_mrv.logs.timestamps import TimestampEvidence
from jcm_mrv.time.timestamps import SAMPLES, TimestampError, recognise
from jcm_mrv.time.zones import DAY, naive, to_local
from jcm_mrv.words import say

_OF_START = re.compile(
    r"\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|beginn|anfang|d[ée]but|inicio|bắt đầu|mulai)\b|開始|"
    r"^(?:from|von|desde|từ|dari|de)$",
    re.I,
)
_OF_END = re.compile(
    r"\b(?:end(?:s|ed|ing)?|ende|fin|kết thúc|selesai|akhir)\b|終了|^(?:to|until|bis|hasta|đến|sampai|jusqu'à)$", re.I
)
_OF_ZONE = re.compile(r"utc|gmt|zulu|local|tz", re.I)
_FEW = 3  # times from which on a constant distance to another column says something


def side_of_heading(heading: str) -> str:
    """``start`` or ``end`` where the heading of a column of times says so; "" where it says neither, or both."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).replace("_", " ").strip()
    found = [side for side, words in (("start", _OF_START), ("end", _OF_END)) if words.search(name)]
    return found[0] if len(found) == 1 else ""


def side_of_whole(first: datetime, last: datetime, interval: int) -> str:
    """The side under which a file holds whole days (of daily values: whole months); "" where neither or both do."""
    moments = np.array([first, last], dtype="datetime64[us]").astype(np.int64)
    by_side = {"start": moments + np.array([0, interval]), "end": moments + np.array([-interval, 0])}
    whole = [side for side, limits in by_side.items() if all(_is_limit(int(at), interval) for at in limits)]
    return whole[0] if len(whole) == 1 else ""


def _is_limit(at: int, interval: int) -> bool:
    return at % DAY == 0 and (interval < DAY or naive(at).day == 1)


def of_columns(log: LogFile, columns: Columns, spec: LogSpec, problems: Problems) -> list[Finding]:
    """A contradiction of the heading, or of another column of times that lies one interval before or after."""
    if spec.kind == "register" or columns.clock is not None:
        return []
    heading = log.headings[columns.time]
    why: str = say("the heading {heading!r} says so", heading=heading)
    said = side_of_heading(heading)
    if not said:
        said, why = _beside(log, columns.time, spec)
    stated = "start" if spec.opens else "end"
    if said in ("", stated):
        return []
    return _doubt(spec, said, why, problems, Severity.MAJOR)


def _beside(log: LogFile, time: int, spec: LogSpec) -> tuple[str, str]:
    """The side that a second column of times shows."""
    own = _moments(log, time, spec)
    for n, heading in enumerate(log.headings):
        zones = _OF_ZONE.search(heading) or _OF_ZONE.search(log.headings[time])  # the same moment on another clock
        other = _moments(log, n, spec) if n != time and not zones else None
        if own is None or other is None or len(own) != len(other) or len(own) < _FEW:
            continue
        steps, apart = np.unique(np.diff(own)), np.unique(other - own)
        if len(apart) == 1 and apart[0] and abs(apart[0]) in (spec.interval, *steps[:1].tolist()):
            name = log.headings[n] or say("column {n}", n=n + 1)
            side, where = ("start", "after") if apart[0] > 0 else ("end", "before")
            return side, say(
                "the column {name!r} holds times that lie one interval {where} them", name=name, where=where
            )
    return "", ""


def _moments(log: LogFile, column: int, spec: LogSpec) -> Instants | None:
    """The first times of a column; None where they are none, or not plain."""
    samples = log.samples(column, SAMPLES)
    try:
        form = recognise(samples, spec.date_format) if samples else None
        if form is None or form.half or form.order:
            return None
        return np.array([form.parse(text)[0] for text in samples], dtype=np.int64)
    except (TimestampError, ValueError, OverflowError):
        return None


def of_last_midnight(found: TimestampEvidence, spec: LogSpec, problems: Problems) -> list[Finding]:
    """A time 24:00 where times are stated to open their interval: no interval of a day begins then."""
    if not spec.opens or spec.kind == "register" or not found.ends_days:
        return []
    return _doubt(spec, "end", say("the file writes 24:00, at which a day ends"), problems, Severity.MAJOR)


def of_ends(spec: LogSpec, sums: IntervalSums, column: ColumnSums, problems: Problems) -> list[Finding]:
    """What the first and last time of a file show: it covers the period, or whole days, under the other side only."""
    first, last, interval = sums.first_stamp, sums.last_stamp, sums.interval
    if first is None or last is None or not interval or last - first < 2 * interval:
        return []
    stated, other = ("start", "end") if spec.opens else ("end", "start")
    shift = interval if spec.opens else -interval  # of the interval's beginning from what the other side says
    begin = first if spec.opens else first - interval
    end = begin + last - first + interval
    moved = say(
        "; it moves {first_value:.6g} and {last_value:.6g} over the ends of the period",
        first_value=column.first_value,
        last_value=column.last_value,
    )
    if begin - shift == int(sums.edges[0]) and end - shift == int(sums.edges[-1]):
        why = say("the file covers the monitoring period exactly then")
        return _doubt(spec, other, why, problems, Severity.MAJOR if interval >= DAY else Severity.MINOR, moved)
    if spec.zone is None:
        return []
    local = to_local(np.array([first, last], dtype=np.int64), spec.zone)
    whole = side_of_whole(naive(int(local[0])), naive(int(local[1])), interval)
    if whole in ("", stated):
        return []
    unit = "days" if interval < DAY else "months"
    return _doubt(spec, other, say("the file holds whole {unit} then", unit=unit), problems, Severity.MINOR, moved)


def _doubt(
    spec: LogSpec, said: str, why: str, problems: Problems, severity: Severity, moved: str = ""
) -> list[Finding]:
    stated = "start" if spec.opens else "end"
    finding = codes.INTERVAL_SIDE(
        say(
            "the times of {file} are stated to be the {stated} of their interval and look like its {said}: {why}",
            file=problems.file,
            stated=stated,
            said=said,
            why=why,
        ),
        spec.origin("stamp"),
        found=f"{stated}{moved}",
        action=say(
            "Write {said} under Stamp, or find out from the equipment's manual that {stated} is right",
            said=said,
            stated=stated,
        ),
        severity=severity,
    )
    return [finding]
