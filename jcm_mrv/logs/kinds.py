"""Whether the values of a log can be of the kind that the sheet Logs states: a register is no energy per interval."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.series import LogSeries
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import RESET, ColumnSums
from jcm_mrv.time.zones import DAY
from jcm_mrv.words import say

LEAST_RISES, CERTAIN_RISES = 10, 50
"""Rises without falls from which on values look like a register's, and from which on they are nothing else."""

CREEP = 0.05
"""The share of their size by which values that only rise a few times may have grown, and still be no energy."""

RISES_A_FALL = 50
"""A register that dips once (a restart, a roll-over) still rises this many times more often."""

_POWER = re.compile(
    r"(?<![^\W_])(?:p|pac|kw|mw|power|load|demand|leistung|puissance|potencia|công suất|cong suat|daya)(?![^\W_])", re.I
)
_ENERGY = re.compile(r"wh|energy|energie|yield|điện năng|sản lượng|消費|power consumption|consumption|電力量", re.I)


@dataclass(frozen=True)
class Steps:
    """How often the values of a column rise and fall in order of time, and fall to next to nothing."""

    rises: int
    falls: int
    resets: int

    @property
    def grows(self) -> bool:
        """True for values that only grow, but for a dip in many."""
        dips = max(1 if self.rises >= 2 * LEAST_RISES else 0, self.rises // RISES_A_FALL)
        return self.rises >= LEAST_RISES and self.falls <= dips

    @property
    def shrinks(self) -> bool:
        """True for values that only fall: a register that counts downwards."""
        return Steps(self.falls, self.rises, 0).grows

    @property
    def starts_again(self) -> bool:
        """True for values that grow and start again at nothing, as a counter of each day does."""
        return self.rises >= LEAST_RISES and 0 < self.falls == self.resets and self.falls * 4 <= self.rises


def kind_findings(series: Sequence[LogSeries]) -> list[Finding]:
    """Findings on logs of energy or power whose values, or whose heading, say that they are something else."""
    logs: dict[int, list[LogSeries]] = {}
    for one in series:
        if one.sums is not None and one.sums.first_start is not None:
            logs.setdefault(id(one.spec), []).append(one)
    still = [_still(one) for one in series if one.register is not None and one.calendar is None and _never_moves(one)]
    return [*(finding for own in logs.values() for finding in _of_log(own)), *still]


def _never_moves(one: LogSeries) -> bool:
    """True for a register that shows one value, not 0, all the time: energy of a constant load looks so."""
    assert one.register is not None
    values = [kept.value for kept in one.register]
    count = sum(map(len, values))
    first = float(values[0][0]) if values else 0.0
    return count >= CERTAIN_RISES and first != 0 and all(bool((v == first).all()) for v in values)


def _still(one: LogSeries) -> Finding:
    assert one.register is not None
    shown = float(one.register[0].value[0])
    return codes.KIND(
        say(
            "the register of the column {value_column!r} shows one value all the time: nothing is counted",
            value_column=one.spec.value_column,
        ),
        one.spec.origin("kind"),
        found=say("register; {shown:.12g} at every time in {file}", shown=shown, file=one.file),
        action=say("Write energy as the kind, if these are amounts of each interval; or say why nothing flowed"),
        severity=Severity.MAJOR,
    )


def _of_log(own: list[LogSeries]) -> Iterator[Finding]:
    if own[0].spec.kind == "mean":
        return  # a temperature may rise all spring
    ordered = sorted(own, key=lambda one: one.sums.first_start or 0 if one.sums else 0)
    known = [one.sums for one in ordered if one.sums is not None]
    steps, first = _joined(known), ordered[0]
    if steps.grows or steps.shrinks or steps.starts_again or _creeps(steps, known):
        yield _register(first, steps, known)
    elif first.spec.kind == "energy" and _speaks_of_power(known[0].heading):
        yield _power(first, known[0].heading)


def _creeps(steps: Steps, sums: Sequence[ColumnSums]) -> bool:
    """True for many values that stand still and now and then rise a little: a register of large units."""
    first, last, count = sums[0].first_value, sums[-1].last_value, sum(sum(s.counts.values()) for s in sums)
    rise = last - first
    return count >= CERTAIN_RISES and steps.rises > 0 and not steps.falls and rise <= CREEP * abs(last)


def _joined(sums: Sequence[ColumnSums]) -> Steps:
    """The steps of all files of one log, with those from file to file."""
    rises, falls, resets = (sum(getattr(s, key) for s in sums) for key in ("rises", "falls", "resets"))
    for earlier, later in pairwise(sums):
        rises += later.first_value > earlier.last_value
        falls += later.first_value < earlier.last_value
        resets += later.first_value < earlier.last_value and abs(later.first_value) <= RESET * abs(earlier.last_value)
    return Steps(rises, falls, resets)


def _register(one: LogSeries, steps: Steps, sums: Sequence[ColumnSums]) -> Finding:
    spec = one.spec
    what, action = (
        say("only grow, as a register's do"),
        say("Write register as the kind, or name the column with the values"),
    )
    if steps.shrinks:
        what = say("only fall, as those of a register that counts downwards do")
    elif steps.starts_again and not steps.grows:
        what = say("grow and start again at nothing, as those of a counter of the day do")
        action = say("Name the column with the energy of each interval, or that of a register that is not set back")
    only_one_way = steps.grows or steps.shrinks
    certain = only_one_way and max(steps.rises, steps.falls) >= CERTAIN_RISES and one.interval < DAY
    return codes.KIND(
        say(
            "the values of the column {heading!r} {what}; counted as {kind} they are added up",
            heading=sums[0].heading,
            what=what,
            kind=spec.kind,
        ),
        spec.origin("kind"),
        found=say(
            "{kind}; {rises} rises and {falls} falls, from {first_value:.12g} to {last_value:.12g} in {file}",
            kind=spec.kind,
            rises=steps.rises,
            falls=steps.falls,
            first_value=sums[0].first_value,
            last_value=sums[-1].last_value,
            file=one.file,
        ),
        action=action,
        data={"rises": steps.rises, "falls": steps.falls},
        severity=Severity.ERROR if certain else Severity.MAJOR,
    )


def _speaks_of_power(heading: str) -> bool:
    name = folded(heading)
    return bool(_POWER.search(name)) and not _ENERGY.search(name)


def _power(one: LogSeries, heading: str) -> Finding:
    spec: LogSpec = one.spec
    return codes.KIND(
        say("the heading {heading!r} speaks of power, the sheet Logs of energy for each interval", heading=heading),
        spec.origin("kind"),
        found=say("{kind} in {spec_unit}", kind=spec.kind, spec_unit=spec.unit),
        action=say("Write power as the kind and its unit (kW), or say in the comment why it is energy"),
        severity=Severity.MAJOR,
    )
