"""Values that stand still: one value repeated, or zeros while the equipment should run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jcm_mrv.findings import Code, Finding, QuestionableSpan, Severity
from jcm_mrv.meters.profiles.profile import Run
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.quality.values.sun import sun_is_up
from jcm_mrv.time.zones import DAY
from jcm_mrv.words import say

FLATLINED = Code("readings.stuck", Severity.MAJOR, "One value repeats for longer than measured values do.")
ZERO = Code("readings.zero_run", Severity.MINOR, "A meter reads zero while its equipment should run.")

_LISTED = 4
_MONTHS_DIFFER = 3 * DAY

STUCK_LEAST_HOURS = Setting(
    "stuck.least_hours", 6.0, "h", "a value that repeats exactly for less than this is not named"
)
STUCK_LEAST_VALUES = Setting(
    "stuck.least_values", 12.0, "1", "a value of a log that repeats less often is not named", 2, whole=True
)
STUCK_LEAST_READINGS = Setting(
    "stuck.least_readings",
    2.0,
    "1",
    "readings on the sheet Readings that repeat so often are named, if they have enough digits",
    2,
    whole=True,
)
STUCK_LEAST_DIGITS = Setting(
    "stuck.least_digits",
    5.0,
    "1",
    "digits from which on two equal readings are named (of more than two, one digit less)",
    2,
    12,
    whole=True,
)
STUCK_HABIT = Setting(
    "stuck.habit",
    4.0,
    "1",
    "where so many runs are at least half as long, repeating is the habit of the meter and not named",
    1,
    60,
    whole=True,
)
STUCK_MAJOR_HOURS = Setting(
    "stuck.major_hours",
    24.0,
    "h",
    "a value that repeats for at least this is major, for less it is where no other run is a third as long",
)
ZERO_LEAST_HOURS = Setting("zero.least_hours", 6.0, "h", "a run of zeros that is shorter is not named")
ZERO_LEAST_SUN_HOURS = Setting(
    "zero.least_sun_hours", 4.0, "h", "a run of zeros over less sunshine is not named, for solar generation"
)


def flatlined(subject: Subject) -> Iterator[Finding]:
    """Runs of one value other than zero that are not the habit of the meter; a register that does not advance."""
    profile, settings = subject.profile, subject.settings
    if profile.kind == "register" and not subject.follows_sun:
        for run in _unusual(subject, profile.zeros, settings[STUCK_LEAST_HOURS])[:_LISTED]:
            yield _still(subject, run, say("its register does not advance"))
        return
    if profile.kind == "energy" and profile.interval > DAY // 2:
        for run in profile.runs[:_LISTED]:
            digits = settings[STUCK_LEAST_DIGITS] - (1 if run.count > settings[STUCK_LEAST_READINGS] else 0)
            if run.count >= settings[STUCK_LEAST_READINGS] and _digits(run.value) >= digits:
                yield _copied(subject, run)
        return
    unusual = _unusual(subject, profile.runs, settings[STUCK_LEAST_HOURS])
    for run in [r for r in unusual if r.count >= settings[STUCK_LEAST_VALUES]][:_LISTED]:
        yield _repeated(subject, run)


def _unusual(subject: Subject, runs: tuple[Run, ...], least_hours: float) -> list[Run]:
    """Runs that are long enough, in operation, and longer than what this meter does again and again."""
    habit = subject.settings[STUCK_HABIT]
    found = []
    for run in runs:
        alike = sum(other.hours >= run.hours / 2 for other in runs)
        same_value = [other.hours for other in runs if other.value == run.value and other is not run]
        base = _is_base(subject, runs, run) and run.hours < 6 * float(np.median(same_value))
        if run.hours >= least_hours and alike < habit and not base and _operates(subject, run):
            found.append(run)
    return found


def _is_base(subject: Subject, runs: tuple[Run, ...], run: Run) -> bool:
    """True where a meter comes back to this value again and again: a state of its load."""
    same = sum(other.value == run.value for other in runs if other is not run)
    return same >= subject.settings[STUCK_HABIT]


def _operates(subject: Subject, run: Run) -> bool:
    return any(start <= run.start and run.end <= end for start, end in subject.spans)


def _digits(value: float) -> int:
    """Significant digits of a number as a person would have written it."""
    return len(f"{abs(value):.12g}".replace(".", "").lstrip("0").rstrip("0"))


def _span(subject: Subject, run: Run) -> str:
    return say("{start} to {end}", start=subject.when(run.start), end=subject.when(run.end))


def _repeated(subject: Subject, run: Run) -> Finding:
    profile, settings = subject.profile, subject.settings
    # A meter may rest for long at the bottom of its range, or at a value to which it comes back (season, holidays).
    rests = profile.lowest is not None and run.value <= profile.lowest.value
    rests = rests or _is_base(subject, profile.runs, run)
    # Hours alone decide nothing where other runs are nearly as long.
    others = [r.hours for r in profile.runs if r != run and r.hours > run.hours / 3]
    minor = rests or (bool(others) and run.hours < settings[STUCK_MAJOR_HOURS])
    return FLATLINED(
        say(
            "meter {meter} repeats one value {count} times, for {hours:,.1f} hours; nowhere else does a value last "
            "that long",
            meter=subject.meter,
            count=run.count,
            hours=run.hours,
        ),
        run.where,
        found=say("{run_value:.10g} from {span}", run_value=run.value, span=_span(subject, run)),
        action=say(
            "Ask whether the logger or its connection stood still; if so, treat the span as a gap (delete the rows or "
            "write an override), else say why the load was so steady."
        ),
        data={"value": run.value, "hours": run.hours, "count": run.count},
        severity=Severity.MINOR if minor else Severity.MAJOR,
        questionable=() if rests else (QuestionableSpan(subject.meter, run.start, run.end),),
    )


def _copied(subject: Subject, run: Run) -> Finding:
    return FLATLINED(
        say(
            "{count} successive readings of meter {meter} are equal to the last digit",
            count=run.count,
            meter=subject.meter,
        ),
        run.where,
        found=say("{run_value:.10g} from {span}", run_value=run.value, span=_span(subject, run)),
        action=say("Compare them with the meter's record: a value may have been copied down."),
        data={"value": run.value, "hours": run.hours, "count": run.count},
        questionable=[QuestionableSpan(subject.meter, _second(subject, run), run.end)],
    )


def _second(subject: Subject, run: Run) -> int:
    """When the second of a run of readings begins: months are of different length."""
    about = run.start + round((run.end - run.start) / run.count)
    edges = subject.timeline.edges
    nearest = int(edges[np.argmin(np.abs(edges - about))])
    return nearest if abs(nearest - about) <= _MONTHS_DIFFER and run.start < nearest < run.end else about


def _still(subject: Subject, run: Run, what: str) -> Finding:
    return FLATLINED(
        say(
            "meter {meter}: {what} for {hours:,.1f} hours, before and after it does",
            meter=subject.meter,
            what=what,
            hours=run.hours,
        ),
        run.where,
        found=say("no advance from {span}", span=_span(subject, run)),
        action=say(
            "Ask whether the equipment stood still; if not, the register or its transmission did: write an override."
        ),
        data={"value": 0.0, "hours": run.hours, "count": run.count},
        severity=Severity.MINOR,
    )


# --- zeros -------------------------------------------------------------------------


def zero_run(subject: Subject) -> Iterator[Finding]:
    """Zeros that are not the habit of the meter, in operation; for solar generation, while the sun stands high."""
    if subject.follows_sun and subject.profile.hourly:
        yield from _dark_by_day(subject)
        return
    if subject.profile.kind == "register" and not subject.follows_sun:
        return  # said as a register that stands still
    for run in _unusual(subject, subject.profile.zeros, subject.settings[ZERO_LEAST_HOURS])[:_LISTED]:
        yield ZERO(
            say(
                "meter {meter} reads zero for {hours:,.1f} hours while its equipment is in operation",
                meter=subject.meter,
                hours=run.hours,
            ),
            run.where,
            found=say("zeros from {span}", span=_span(subject, run)),
            action=say("Say why nothing flowed then (shutdown, season); if something did, treat the span as a gap."),
            data={"hours": run.hours},
        )


def _dark_by_day(subject: Subject) -> Iterator[Finding]:
    """Successive hours with a high sun, night left out, in which nothing was generated."""
    profile = subject.profile
    up = sun_is_up(subject) & (profile.covered.reshape(profile.rates.shape) > 0) & subject.operates
    days, hours = np.nonzero(up)
    if not len(days):
        return
    rates = profile.rates[days, hours]
    usual = float(np.percentile(rates, 95))
    dark = np.concatenate(([False], rates <= 0.001 * usual, [False])).astype(np.int8)
    opens, closes = np.flatnonzero(np.diff(dark) == 1), np.flatnonzero(np.diff(dark) == -1)
    lengths = closes - opens
    long = np.flatnonzero(lengths >= subject.settings[ZERO_LEAST_SUN_HOURS])
    for k in long[np.argsort(-lengths[long], kind="stable")][:_LISTED].tolist():
        i, j = int(opens[k]), int(closes[k]) - 1
        start, end = profile.instant(int(days[i]), int(hours[i])), profile.instant(int(days[j]), int(hours[j]) + 1)
        yield ZERO(
            say(
                "meter {meter} shows no generation for {lengths} hours of high sun",
                meter=subject.meter,
                lengths=int(lengths[k]),
            ),
            profile.where(int(days[i])),
            found=say("nothing from {when} to {when_2}", when=subject.when(start), when_2=subject.when(end)),
            action=say(
                "Say why nothing was generated (outage, curtailment); if the meter or logger failed, it is a gap."
            ),
            data={"hours": int(lengths[k])},
        )
