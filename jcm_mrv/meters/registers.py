"""Register readings to energy: successive differences within each physical meter.

A data gap between two readings loses nothing: the energy is their difference. A
register that starts again at 0 is corrected by its size when its number of
digits is known and the corrected advance is plausible; every other decrease
is an error, never a guess.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals, taken
from jcm_mrv.findings import LISTED, Code, Finding, Severity
from jcm_mrv.meters.advances import Advances, Points
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE
from jcm_mrv.origin import Origin
from jcm_mrv.words import say

DECREASE = Code("readings.decrease", Severity.ERROR, "A register goes backwards without an explanation")
ROLLOVER = Code("readings.rollover", Severity.NOTE, "A register started again at 0")
DIGITS = Code("readings.digits", Severity.ERROR, "A reading has more digits than its register")
CONFLICT = Code("readings.conflict", Severity.ERROR, "Two different readings at one moment")
REPEATED = Code("readings.duplicate", Severity.NOTE, "The same reading is given twice")
NOT_INSTALLED = Code("readings.not_installed", Severity.ERROR, "A reading of a time without a meter")
WHICH_METER = Code(
    "readings.which_meter", Severity.ERROR, "A reading at the moment of a meter replacement fits neither meter"
)
FACTOR_CHANGE = Code("readings.factor_change", Severity.ERROR, "A reading's interval spans a change of factor")
SINGLE = Code("readings.single", Severity.ERROR, "A register is read only once")

# A corrected advance above half of the register, or above this many times the fastest other
# advance of the same meter, is more likely a wrong reading than a rollover.
_PLAUSIBLE_RATE = 10.0


@dataclass
class _Chain:
    """The readings of one installation in order of time."""

    ordinal: int
    time: Instants
    value: Numbers
    ref: Ordinals


@dataclass
class _Work:
    """The readings at work, and findings of which the first of each kind are listed and the rest counted."""

    points: Points
    _listed: dict[str, list[Finding]] = field(default_factory=dict)
    _count: dict[str, int] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        count = self._count[finding.code] = self._count.get(finding.code, 0) + 1
        if count <= LISTED:
            self._listed.setdefault(finding.code, []).append(finding)

    def findings(self) -> list[Finding]:
        found = [finding for listed in self._listed.values() for finding in listed]
        more = {code: count - LISTED for code, count in self._count.items() if count > LISTED}
        return found + [_more(self._listed[code][0], rest) for code, rest in more.items()]

    def at(self, ref: int) -> Origin:
        return self.points.at(ref)


def _more(first: Finding, rest: int) -> Finding:
    where = Origin(file=first.where.file, sheet=first.where.sheet)
    message = say("{message}: the same at {rest} more place(s)", message=first.message, rest=rest)
    return Finding(first.code, first.severity, message, where, "", first.action, {"count": rest + LISTED})


def difference(points: Points) -> tuple[Advances, list[Finding]]:
    """Advances between the readings of one meter, in any order of rows, and what is wrong with them."""
    work = _Work(points)
    order = _once(work, np.argsort(points.time, kind="stable"))
    members = _members(work, order)
    chains = [_chain(points, k, refs) for k, refs in enumerate(members)]
    for chain in chains:
        _check_digits(work, chain)
        _check_limits(work, chain)
    pairs = [(chain, _wraps(work, chain)) for chain in _with_links(work, chains)]
    advances = _join(points, pairs)
    if len(order) == 1 and not len(advances):
        work.add(
            SINGLE(
                say(
                    "the register of meter {meter_id} is read only once; energy needs two readings",
                    meter_id=points.meter.meter_id,
                ),
                work.at(int(order[0])),
                found=say("{points_value:.15g}", points_value=points.value[order[0]]),
                action=say("Add the reading before or after it, or the meter's opening or closing reading"),
            )
        )
    return advances, work.findings()


def _once(work: _Work, order: Ordinals) -> Ordinals:
    """Readings in order of time, each moment once unless its readings differ by a meter replacement."""
    time, value = taken(work.points.time, order), taken(work.points.value, order)
    again = np.flatnonzero(time[1:] == time[:-1]) + 1
    equal = value[again] == value[again - 1]
    repeated, conflicts = again[equal], again[~equal & ~np.isin(time[again], work.points.meter.limits())]
    for i in conflicts.tolist():
        action = say("Keep the right one; for a meter replacement, record both meters on the sheet Meters")
        work.add(_conflict(work, order[i - 1 : i + 1], value[i - 1 : i + 1], action))
    if len(repeated):
        work.add(_repeated(work, order, int(repeated[0]), len(repeated)))
    return np.delete(order, [*repeated, *conflicts])


def _conflict(work: _Work, refs: Ordinals, values: Numbers, action: str) -> Finding:
    """Two readings at one moment, of which the later one is named."""
    before, here = (work.at(int(ref)) for ref in refs)
    return CONFLICT(
        say("two readings of meter {meter_id} at one moment differ", meter_id=work.points.meter.meter_id),
        here,
        found=say("{value:.15g} here, {value_2:.15g} in {at}", value=values[1], value_2=values[0], at=before),
        action=action,
    )


def _repeated(work: _Work, order: Ordinals, first: int, count: int) -> Finding:
    return REPEATED(
        say(
            "{count} reading(s) of meter {meter_id} are given twice and counted once",
            count=count,
            meter_id=work.points.meter.meter_id,
        ),
        work.at(int(order[first])),
        found=say("the same moment and value as {at}", at=work.at(int(order[first - 1]))),
        action=say("Delete the repeated row(s)"),
        data={"count": count},
    )


def _members(work: _Work, order: Ordinals) -> list[Ordinals]:
    """For each installation the readings that are its own, in order of time."""
    meter = work.points.meter
    time, limits = work.points.time[order], np.array(meter.limits(), dtype=np.int64)
    at, over = (np.searchsorted(time, limits, side=side).tolist() for side in ("left", "right"))
    members = [[order[:0]] for _ in meter.installations]
    for first, at_limit, last in zip([0, *over], [*at, len(time)], [*over, len(time)], strict=True):
        unclear = at_limit  # a reading at the very limit, or of a time without a meter, is looked at by itself
        if first < at_limit:
            owner = int(meter.installation_at(time[first:at_limit])[0])
            if owner >= 0:
                members[owner].append(order[first:at_limit])
            else:
                unclear = first
        for n in range(unclear, last):
            for k in _owners(work, int(order[n])):
                members[k].append(order[n : n + 1])
    return [np.concatenate(parts) for parts in members]


def _owners(work: _Work, ref: int) -> list[int]:
    """The installations to which a reading belongs: two when it stands at a change of transformers."""
    meter, time, value = work.points.meter, int(work.points.time[ref]), float(work.points.value[ref])
    inside = [k for k, one in enumerate(meter.installations) if one.start <= time <= one.end]
    if not inside:
        work.add(
            NOT_INSTALLED(
                say(
                    "meter {meter_id} is read at a time at which the sheet Meters has none installed",
                    meter_id=meter.meter_id,
                ),
                work.at(ref),
                found=say("{value:.15g}", value=value),
                action=say("Correct the time of the reading, or the dates of installation and removal"),
            )
        )
    if len(inside) < 2 or meter.installations[inside[0]].same_meter(meter.installations[inside[1]]):
        return inside
    old, new = inside[:2]
    fits = [k for k, known in ((old, meter.installations[old].closing), (new, meter.installations[new].opening))
            if known is not None and known == value]  # fmt: skip
    if not fits:
        work.add(
            WHICH_METER(
                say(
                    "a reading of meter {meter_id} at the moment of a meter replacement is neither the old meter's "
                    "closing nor the new meter's opening reading",
                    meter_id=meter.meter_id,
                ),
                work.at(ref),
                found=say("{value:.15g}", value=value),
                action=say("Write the closing and the opening reading on the sheet Meters"),
            )
        )
    return fits[:1]


def _chain(points: Points, ordinal: int, refs: Ordinals) -> _Chain:
    """An installation's readings with the opening and closing readings of its row."""
    one = points.meter.installations[ordinal]
    chain = _Chain(ordinal, taken(points.time, refs), taken(points.value, refs), refs)
    if one.opening is not None and one.start > ALWAYS_BEFORE:
        chain = _extended(chain, 0, one.start, one.opening, -1 - 2 * ordinal)
    if one.closing is not None and one.end < ALWAYS_AFTER:
        chain = _extended(chain, len(chain.time), one.end, one.closing, -2 - 2 * ordinal)
    return chain


def _extended(chain: _Chain, at: int, time: int, value: float, ref: int) -> _Chain:
    """The chain with one reading more, unless it is among its own."""
    if ((chain.time == time) & (chain.value == value)).any():
        return chain
    return _Chain(
        chain.ordinal, np.insert(chain.time, at, time), np.insert(chain.value, at, value), np.insert(chain.ref, at, ref)
    )


def _check_digits(work: _Work, chain: _Chain) -> None:
    size = work.points.meter.installations[chain.ordinal].size
    if size is None:
        return
    over = np.flatnonzero(np.abs(chain.value) >= size)
    for i in over[:LISTED].tolist():
        work.add(
            DIGITS(
                say(
                    "a reading of meter {meter_id} has more digits than the register",
                    meter_id=work.points.meter.meter_id,
                ),
                work.at(int(chain.ref[i])),
                found=say(
                    "{chain_value:.15g}, the register ends below {size:.0f}", chain_value=chain.value[i], size=size
                ),
                action=say("Correct the reading, or the number of register digits on the sheet Meters"),
                data={"count": len(over)},
            )
        )


def _check_limits(work: _Work, chain: _Chain) -> None:
    """A reading at the moment of installation or removal must agree with the meter's row."""
    for i in np.flatnonzero(chain.time[1:] == chain.time[:-1]).tolist():
        action = say("Correct the reading, or the opening or closing reading on the sheet Meters")
        work.add(_conflict(work, chain.ref[i : i + 2], chain.value[i : i + 2], action))


def _with_links(work: _Work, chains: list[_Chain]) -> list[_Chain]:
    """The chains, and from one to the next what a register shows that went on without a reading at the change."""
    rows = work.points.meter.installations
    linked: list[_Chain] = []
    last: _Chain | None = None
    for chain in chains:
        if last is not None and len(chain.ref) and rows[last.ordinal].same_meter(rows[chain.ordinal]):
            linked += _link(work, last, chain)
        linked.append(chain)
        last = chain if len(chain.ref) else last
    return linked


def _link(work: _Work, old: _Chain, new: _Chain) -> list[_Chain]:
    """From the last reading before a change to the first after it, of one physical meter.

    What it counted lies between them, not in the time in which it was away. With other transformers it needs a
    reading at the change, since neither factor holds for all of it.
    """
    rows = work.points.meter.installations
    before, after = rows[old.ordinal], rows[new.ordinal]
    if old.time[-1] == before.end and new.time[0] == after.start:
        return []
    if before.factor == after.factor:
        return [
            _Chain(
                old.ordinal,
                np.concatenate((old.time[-1:], new.time[:1])),
                np.concatenate((old.value[-1:], new.value[:1])),
                np.concatenate((old.ref[-1:], new.ref[:1])),
            )
        ]
    work.add(
        FACTOR_CHANGE(
            say(
                "no reading of meter {meter_id} at the moment at which its transformer factor changes from {factor:g} "
                "to {factor_2:g}",
                meter_id=work.points.meter.meter_id,
                factor=before.factor,
                factor_2=after.factor,
            ),
            after.where,
            found=say("readings in {at} and {at_2}", at=work.at(int(old.ref[-1])), at_2=work.at(int(new.ref[0]))),
            action=say("Give the register's reading at the change as closing and opening reading"),
        )
    )
    return []


def _wraps(work: _Work, chain: _Chain) -> Numbers:
    """What a rollover adds to each difference of a chain."""
    wrap = np.zeros(len(chain.time[1:]))
    falls = np.flatnonzero((chain.value[1:] < chain.value[:-1]) & (chain.time[1:] > chain.time[:-1])).tolist()
    for i in falls:
        wrap[i] = _rollover(work, chain, i)
    return wrap


def _rollover(work: _Work, chain: _Chain, i: int) -> float:
    """The register's size when a decrease is a plausible rollover, else 0 and an error."""
    one = work.points.meter.installations[chain.ordinal]
    here, before = work.at(int(chain.ref[i + 1])), work.at(int(chain.ref[i]))
    later, earlier = chain.value[i + 1], chain.value[i]
    found = say("{value:.15g} here, {value_2:.15g} in {at}", value=later, value_2=earlier, at=before)
    if one.size is not None and _plausible(chain, one.size, i):
        work.add(
            ROLLOVER(
                say(
                    "the register of meter {meter_id} started again at 0; {size:.0f} is added",
                    meter_id=work.points.meter.meter_id,
                    size=one.size,
                ),
                here,
                found=found,
                action=say("Confirm that the register ran over its last digit"),
                data={"wrap": one.size, "advance": float(later - earlier) + one.size},
            )
        )
        return one.size
    work.add(
        DECREASE(
            say("the register of meter {meter_id} goes backwards", meter_id=work.points.meter.meter_id),
            here,
            found=found,
            action=say(
                "Correct the reading; for a new meter add its row on the sheet Meters with the closing and opening "
                "readings; for a rollover give the number of register digits"
            ),
        )
    )
    return 0.0


def _plausible(chain: _Chain, size: float, i: int) -> bool:
    """True when the corrected advance is neither half the register nor far faster than the meter ever was."""
    steps, lengths = np.diff(chain.value), np.diff(chain.time)
    advance = float(steps[i]) + size
    others = np.flatnonzero((steps > 0) & (lengths > 0))
    fastest = (steps[others] / lengths[others]).max() if len(others) else math.inf
    return 0 <= advance <= size / 2 and bool(advance / lengths[i] <= _PLAUSIBLE_RATE * fastest)


def _join(points: Points, pairs: list[tuple[_Chain, Numbers]]) -> Advances:
    columns = [
        (c.time[:-1], c.time[1:], c.value[:-1], c.value[1:], wrap, np.broadcast_to(np.int64(c.ordinal), len(wrap)),
         c.ref[:-1], c.ref[1:])
        for c, wrap in pairs
    ]  # fmt: skip
    return Advances(points, *(c[0] if len(c) == 1 else np.concatenate(c) for c in zip(*columns, strict=True)))
