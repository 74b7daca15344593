"""Where the rows of a log go: sums by segment, or points of a register, each column with what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.logs.beside import StatusWatch, UnitWatch
from jcm_mrv.logs.blocks import Block, Plan, report_clock
from jcm_mrv.logs.calendar_rows import Calendar
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.columns import Columns
from jcm_mrv.logs.files import LogPath, is_pattern
from jcm_mrv.logs.findings import INTERVAL_SIDE, Problems
from jcm_mrv.logs.interval_side import of_ends
from jcm_mrv.logs.kept_rows import KeptRows, Shelf, Steps
from jcm_mrv.logs.notes import note_column, note_interval, note_moved, note_outside, nothing_inside
from jcm_mrv.logs.series import LogSeries
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import ColumnSums, IntervalSums
from jcm_mrv.time.zones import DAY
from jcm_mrv.words import say


@dataclass
class Group:
    """Specs of one file whose rows are read in one pass."""

    specs: list[LogSpec]
    path: LogPath
    edges: Instants
    sha256: str = ""
    calendar: Calendar | None = None
    length: int | None = None  # of each interval, where the file's spans say it

    def holds_points(self, spec: LogSpec) -> bool:
        """True where the rows themselves are kept: of a register, and where each value has a length of its own."""
        return spec.kind == "register" or self.calendar is not None

    @property
    def file(self) -> str:
        """The path relative to the folder."""
        return self.path.file


@dataclass
class Sink:
    """Where a block's rows go: some columns, for rows of one name (None: all rows)."""

    name: str | None
    columns: list[int]
    specs: list[LogSpec]
    sums: IntervalSums | None
    registers: list[list[KeptRows]]
    units: list[UnitWatch | None] = field(default_factory=list)
    status: list[StatusWatch | None] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)


def sinks_of(placed: Columns, group: Group, problems: Problems, plan: Plan) -> list[Sink]:
    """The sinks of a file: columns that share rows and clock are summed together."""
    columns = [(spec, column) for spec, column in placed.values if column in plan.values]
    by_clock: dict[tuple[str | None, str, bool, int | None], list[tuple[LogSpec, int]]] = {}
    for spec, column in columns:
        name = folded(spec.name_value) if spec.name_column else None
        kind = "register" if group.holds_points(spec) else "interval"
        interval = spec.interval if spec.interval is not None else group.length
        by_clock.setdefault((name, kind, spec.opens, interval), []).append((spec, column))
    limits = [edge for spec, _ in columns for edge in (*spec.meter.limits(), *spec.cuts)]
    inner = [edge for edge in limits if group.edges[0] < edge < group.edges[-1]]
    edges = np.unique(np.concatenate((group.edges, np.array(inner, dtype=np.int64))))
    sinks: list[Sink] = []
    for (name, kind, opens, interval), members in by_clock.items():
        ordinals = [column for _, column in members]
        sums = None
        if kind == "interval":
            sums = IntervalSums(
                [ColumnSums(_title(spec, column, plan), spec.proven) for spec, column in members],
                edges,
                interval,
                opens,
                problems,
            )
        registers: list[list[KeptRows]] = [[] for _ in members] if kind == "register" else []
        sinks.append(Sink(name, ordinals, [s for s, _ in members], sums, registers))
        for spec, column in members:
            sinks[-1].units.append(_unit_watch(spec, placed.units.get(column), plan, problems))
            sinks[-1].status.append(_status_watch(spec, placed.status.get(column), plan, edges))
    return sinks


def _unit_watch(spec: LogSpec, column: int | None, plan: Plan, problems: Problems) -> UnitWatch | None:
    return None if column is None else UnitWatch(spec, column, plan.heading(column), problems)


def _status_watch(spec: LogSpec, column: int | None, plan: Plan, edges: Instants) -> StatusWatch | None:
    if column is None:
        return None
    words = frozenset(spec.measured_words)
    return StatusWatch(spec, column, plan.heading(column), edges, bool(spec.status_column), words)


def _title(spec: LogSpec, column: int, plan: Plan) -> str:
    heading = plan.heading(column)
    return f"{heading} of {spec.name_value}" if spec.name_column else heading


def feed(sink: Sink, block: Block) -> None:
    """Take the rows of a block."""
    stamp, line, texts = block.stamp, block.line, block.texts
    values = [block.values[c] for c in sink.columns]
    if block.unsure:
        values = _without_unsure(sink, block, values)
    if sink.name is not None:
        assert block.names is not None
        own = block.names == sink.name
        stamp, line, values = stamp[own], line[own], [v[own] for v in values]
        texts = {c: words[own] for c, words in texts.items()}
    if not len(stamp):
        return
    for unit in sink.units:
        if unit is not None:
            unit.take(line, texts[unit.column])
    for n, status in enumerate(sink.status):
        if status is not None:
            values[n] = status.take(stamp, line, values[n], texts[status.column])
    if sink.sums is not None:
        sink.sums.feed(stamp, line, values)
    if sink.registers:
        _keep_points(sink, stamp, line, values)


def _keep_points(sink: Sink, stamp: Instants, line: Ordinals, values: list[Numbers]) -> None:
    """Take points; columns without an empty cell share their times."""
    shared = Steps.of(stamp), Steps.of(line)
    for register, value in zip(sink.registers, values, strict=True):
        known = ~np.isnan(value)
        if known.all():
            register.append(KeptRows(*shared, sink.shelf.keep(value)))
        elif known.any():
            register.append(KeptRows(Steps.of(stamp[known]), Steps.of(line[known]), sink.shelf.keep(value[known])))


def _without_unsure(sink: Sink, block: Block, values: list[Numbers]) -> list[Numbers]:
    """A register needs no reading of the hour that the clock showed twice; of any other log it is an error."""
    rows = [n for n in block.unsure if sink.name is None or (block.names is not None and block.names[n] == sink.name)]
    inside = [n for n in rows if any(not np.isnan(v[n]) for v in values)]
    for n in inside:
        if sink.sums is not None:
            message = say("the clock of {zone} showed twice a time of this log", zone=sink.specs[0].zone)
            report_clock(sink.sums.problems, message, int(block.line[n]), block.unsure[n])
    if sink.sums is None:
        values = [v.copy() for v in values]
        for value in values:
            value[inside] = np.nan
    return values


def feed_sorted(blocks: list[Block], sinks: list[Sink]) -> None:
    """All rows at once in order of time."""
    stamp = np.concatenate([b.stamp for b in blocks])
    order = np.argsort(stamp, kind="stable")
    names = [b.names for b in blocks if b.names is not None]
    whole = Block(
        np.concatenate([b.line for b in blocks])[order],
        stamp[order],
        {c: np.concatenate([b.values[c] for b in blocks])[order] for c in blocks[0].values},
        np.concatenate(names)[order] if names else None,
        {c: np.concatenate([b.texts[c] for b in blocks])[order] for c in blocks[0].texts},
        _unsure_sorted(blocks, order),
    )
    for sink in sinks:
        feed(sink, whole)


def _said_beside(sink: Sink, n: int, problems: Problems) -> list[Finding]:
    """What the columns beside the values say."""
    unit, status = sink.units[n], sink.status[n]
    interval = (sink.sums.interval or 0) if sink.sums else DAY
    quality = status.finding(interval, problems) if status is not None else None
    return [*(unit.findings() if unit is not None else ()), *(() if quality is None else (quality,))]


def _unsure_sorted(blocks: list[Block], order: Ordinals) -> dict[int, int]:
    """The unsure rows of blocks after sorting."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order), dtype=np.int64)
    found: dict[int, int] = {}
    before = 0
    for block in blocks:
        found |= {int(rank[before + n]): local for n, local in block.unsure.items()}
        before += len(block.stamp)
    return found


def finished(sink: Sink, plan: Plan, group: Group, sha256: str, problems: Problems) -> list[LogSeries]:
    """What a sink collected, as one log for each of its columns."""
    if sink.sums is not None and sink.sums.outside:
        note_outside(sink.sums, problems)
    if sink.sums is not None and sink.sums.grid is not None and sink.sums.grid.moved:
        note_moved(sink.sums.grid, problems)
    if sink.sums is not None and sink.sums.inferred and not sink.sums.unequal and sink.sums.interval is not None:
        note_interval(sink.specs[0], sink.sums.interval, problems)
    found: list[LogSeries] = []
    for n, (spec, column) in enumerate(zip(sink.specs, sink.columns, strict=True)):
        sums = sink.sums.columns[n] if sink.sums else None
        register = sink.registers[n] if sink.registers else None
        problems.extend(_said_beside(sink, n, problems))
        if not (sums.counts if sums is not None else register):
            message = say("{file} holds no value of this meter in the monitoring period", file=group.file)
            severity = Severity.NOTE if is_pattern(spec) else None  # another file of the pattern may hold some
            problems.add(nothing_inside(spec, message, severity))
            continue
        if sums is not None:
            note_column(sums, problems)
            if sink.sums and not plan.stamp.half and not problems.has(INTERVAL_SIDE):
                problems.extend(of_ends(spec, sink.sums, sums, problems))
        edges = sink.sums.edges if sink.sums else group.edges
        interval = (sink.sums.interval or 0) if sink.sums else 0
        selection = (sha256, problems.sheet, plan.time, plan.stamp, spec.zone_text, column, sink.name, spec.opens,
                     interval, spec.kind, spec.unit, spec.included)  # fmt: skip
        found.append(LogSeries(spec, group.file, problems.sheet, sha256, edges, sums, register, interval, selection))
    return found
