"""Primary against secondary source: the register behind a log, a check meter, invoices.

Two sources are compared over the spans that the coarser of them states. Where they are not read at the same moments,
what the finer one allows for such a span lies between bounds; then only what lies beyond them is a contradiction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.meters.coverage import limits_of
from jcm_mrv.meters.segments import SecondaryKind, SeriesResult
from jcm_mrv.meters.sources.compared import exact_spans, shared_spans
from jcm_mrv.meters.sources.counted import Counted
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.origin import Origin
from jcm_mrv.quality.other_times import other_times
from jcm_mrv.quality.parts import parts_of
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.sources import SecondarySources, Source
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quality.values.scaling import Slip, nearest
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.time.dividing import divide
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import Span, local_time
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

REGISTER = Code("crosscheck.register", Severity.MAJOR, "A log differs from the register of its meter.")
CHECK_METER = Code("crosscheck.check_meter", Severity.MAJOR, "A meter differs from its check meter.")
INVOICE = Code("crosscheck.invoice", Severity.MAJOR, "A meter differs from the invoices.")
FACTOR = Code("crosscheck.factor", Severity.ERROR, "Two sources of one meter differ by the factor of a slip.")
AGREES = Code("crosscheck.agrees", Severity.NOTE, "Two sources of one meter agree.")

USED = say("the other source is used throughout")
_CODES = {None: CHECK_METER, SecondaryKind.INVOICE: INVOICE}

CROSSCHECK_SLIP_TOLERANCE = Setting(
    "crosscheck.slip_tolerance",
    0.05,
    "1",
    "how near the ratio of two sources has to be to the factor of a slip to be refused",
    0.001,
    0.3,
)
CROSSCHECK_SHARED_INSTRUMENT = Setting(
    "crosscheck.shared_instrument",
    0.001,
    "1",
    "how far a log may differ from the register of the same meter",
    most=0.2,
)


@dataclass(frozen=True)
class Pair:
    """The primary and the secondary source over one span, in ``unit``; they may differ by ``allowed``.

    ``open`` is by how much the metered quantity of the span may be more or less than the sources state, because one of
    them was not read at its ends; 0 where both were.
    """

    start: int
    end: int
    counted: float
    other: float
    allowed: float
    origin: Origin
    open: float = 0.0

    @property
    def excess(self) -> float:
        """By how much they differ beyond what is allowed and left open."""
        return abs(self.counted - self.other) - self.allowed - self.open


@dataclass(frozen=True)
class Contradiction:
    """A meter and another source that differ beyond their errors, with all spans that both cover."""

    meter_id: str
    unit: str
    pairs: tuple[Pair, ...]
    finding: Finding


def cross_checks(
    claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings,
    around: tuple[Counted, Timeline] | None = None,
) -> tuple[list[Contradiction], list[Finding]]:  # fmt: skip
    """Compare every meter of a claim with its secondary sources; with check meters over all that is known ``around``.

    Gives the contradictions, each with its finding, and the findings of what
    agrees or cannot be compared: one for each meter and kind of source.
    """
    compared = list(_CrossChecks(claim, series, data, timeline, settings, around).compared())
    contradictions = [one for one in compared if isinstance(one, Contradiction)]
    return contradictions, [one for one in compared if isinstance(one, Finding)]


class _CrossChecks:
    """What the comparisons look at."""

    def __init__(
        self, claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings,
        around: tuple[Counted, Timeline] | None = None,
    ) -> None:  # fmt: skip
        self.data, self.timeline, self.settings = data, timeline, settings
        self.counted = Counted(series, timeline, meters=data.meters)
        self.around = around or (self.counted, timeline)
        self.sources = SecondarySources(series, self.counted, data, settings)
        self.effects = Effects(claim, timeline)
        self.parts = parts_of(claim, data, series.checks, self.counted, timeline, settings)
        self.units: dict[str, str] = {}
        self.factors: dict[str, list[float]] = {}
        for row in data.meters:
            self.units.setdefault(row.meter_id, row.unit)
            self.factors.setdefault(row.meter_id, []).append(row.transformer_factor or 1.0)

    def compared(self) -> Iterator[Contradiction | Finding]:
        """One contradiction or finding for each meter and kind of other source; check meters come last."""
        for meter, unit in self.units.items():
            parts = self.parts[meter].meters if meter in self.parts else ()
            # The sum of parts is what stands against a meter.
            sources = [one for one in self.sources.of(meter, unit) if one.check not in parts]
            sources.sort(key=lambda one: one.kind is None)
            for _, group in groupby(sources, key=lambda one: (one.kind, one.check)):
                alike = list(group)
                yield from self._compared(
                    meter, unit, alike[0], [p for one in alike for p in self._pairs(meter, unit, one)]
                )

    # --- pairs over the spans of the coarser source ---

    def _pairs(self, meter: str, unit: str, source: Source) -> Iterator[Pair]:
        """A meter and another source over the spans that this states where both are exact; else within bounds.

        What one instrument shows twice may hardly differ. Two instruments that are read all the time are compared by
        month.
        """
        try:
            counted, other = self._curves(meter, unit, source)
        except UnitError:
            return  # the reader of the workbook has named the cell
        error = source.error
        if source.kind is None:
            spans = shared_spans(counted, other, self.around[1].edges)
        else:
            error += 0.0 if source.kind is SecondaryKind.INVOICE else self.settings[CROSSCHECK_SHARED_INSTRUMENT]
            spans = exact_spans(counted, other, *other.stated)
        one, two = (curve.between(*limits_of(spans)) for curve in (counted, other))
        for n, (start, end) in enumerate(spans):
            mine, others = float(one.best[n]), float(two.best[n])
            if mine or others or source.kind is not None:
                loose = float(one.highest[n]) - mine + float(two.highest[n]) - others
                allowed = max(abs(mine), abs(others)) * error + loose
                pair = Pair(start, end, mine, others, allowed, source.origins.get(start, source.where))
                yield from self._inside(meter, unit, pair)
        if source.kind is not None or not spans:
            first, last = self.timeline.edges[[0, -1]]
            bounded = self._bounded(counted, other, error, source.where, set(spans))
            yield from (pair for pair in bounded if pair.start < last and pair.end > first)

    def _curves(self, meter: str, unit: str, source: Source) -> tuple[Curve, Curve]:
        """What a meter counted, and the other source. Raises UnitError where they are of different kinds."""
        if source.kind is not None:
            return self.counted.curve(meter, unit), source.curve
        return self.around[0].curve(meter, unit), self.around[0].curve(source.check, unit)

    def _inside(self, meter: str, unit: str, pair: Pair) -> Iterator[Pair]:
        """The part of a pair in the period: a meter that is wrong by a share is so by that of what it counted there."""
        start, end = max(pair.start, int(self.timeline.edges[0])), min(pair.end, int(self.timeline.edges[-1]))
        if (start, end) == (pair.start, pair.end):
            yield pair
        elif start < end and pair.counted:
            mine = self.counted.curve(meter, unit).over(start, end).best
            share = mine / pair.counted
            yield replace(
                pair, start=start, end=end, counted=mine, other=pair.other * share, allowed=pair.allowed * share
            )

    def _bounded(
        self, counted: Curve, other: Curve, error: float, where: Origin, known: Collection[Span]
    ) -> Iterator[Pair]:
        """Pairs of two sources that are not read at the same moments: what the finer one leaves open is no difference.

        The spans are those of the source with fewer of them, without those that are ``known`` to the other too.
        """
        rest = [span for span in other.stated_spans if span not in known]
        coarse, fine = (counted, other) if len(counted.at) <= len(rest) else (other, counted)
        start, end = limits_of(rest if coarse is other else [s for s in counted.stated_spans if s not in known])
        found, bounds = coarse.between(start, end), fine.between(start, end)
        # Of a span that the finer one states in part, what it states may be too much for the whole already.
        for n in np.flatnonzero((bounds.missing == 0) | (bounds.lowest > found.highest)).tolist():
            best, middle = float(bounds.best[n]), float(found.best[n])
            beyond = float(bounds.highest[n]) - best if middle > best else best - float(bounds.lowest[n])
            one, two = (middle, best) if coarse is counted else (best, middle)
            allowed = max(abs(one), abs(two)) * error + float(found.highest[n]) - middle
            yield Pair(int(start[n]), int(end[n]), one, two, allowed, where, max(beyond, 0.0))

    # --- saying it ---

    def _compared(
        self, meter: str, unit: str, source: Source, pairs: Sequence[Pair]
    ) -> Iterator[Contradiction | Finding]:
        code, name = _CODES.get(source.kind, REGISTER), source.name
        wrong = [pair for pair in pairs if pair.excess > 0]
        if wrong:
            slip = self._slip(meter, wrong)
            if slip is not None:
                yield _factor(meter, unit, name, wrong, slip)
                return
            finding = self._differs(code, meter, unit, name, pairs, wrong)
            yield Contradiction(meter, unit, tuple(pairs), finding)
        elif exact := [pair for pair in pairs if not pair.open]:
            yield self._agrees(meter, unit, name, exact)
        elif source.kind is None:
            curves = self._curves(meter, unit, source)
            found = other_times(meter, unit, source, curves, self.timeline, self.effects)
            yield from () if found is None else (found,)

    def _slip(self, meter: str, wrong: Sequence[Pair]) -> Slip | None:
        """The one factor by which every wrong pair differs."""
        ratios = [p.counted / p.other for p in wrong if p.other]
        near = [nearest(ratio, self.factors[meter], self.settings[CROSSCHECK_SLIP_TOLERANCE]) for ratio in ratios]
        first = near[0] if near and len(ratios) == len(wrong) else None
        return first if first is not None and all(one == first for one in near) else None

    def _differs(
        self, code: Code, meter: str, unit: str, name: str, pairs: Sequence[Pair], wrong: Sequence[Pair]
    ) -> Finding:
        worst = max(wrong, key=lambda p: p.excess)
        effect = effect_of(meter, unit, pairs, self.effects, self.timeline)
        used = USED if effect is not None and effect > 0 else say("what the meter counted is used throughout")
        return code(
            say(
                "meter {meter} and {name} differ by more than their errors allow in {number_of_wrong} of "
                "{number_of_pairs} spans; {used}",
                meter=meter,
                name=name,
                number_of_wrong=len(wrong),
                number_of_pairs=len(pairs),
                used=used,
            ),
            worst.origin,
            found=named([self._text(p, unit) for p in wrong], "; "),
            action=say(
                "Find out which is right. Correct the other, or give the proven amounts on the sheet Overrides and say "
                "on the sheet Answers why the two differ, which the verifier judges; never take the better one month "
                "by month."
            ),
            data={"spans": len(wrong), "worst": worst.counted - worst.other},
            effect_tco2e=effect,
            # What cannot be computed cannot be decided: nobody may take the higher source for it.
            severity=Severity.ERROR if effect is None else None,
        )

    def _agrees(self, meter: str, unit: str, name: str, pairs: Sequence[Pair]) -> Finding:
        counted, other = sum(p.counted for p in pairs), sum(p.other for p in pairs)
        apart = abs(counted - other) / abs(other) * 100 if other else 0.0
        return AGREES(
            say(
                "meter {meter} and {name} agree within their errors in {number_of_pairs} spans",
                meter=meter,
                name=name,
                number_of_pairs=len(pairs),
            ),
            pairs[0].origin,
            found=say(
                "{counted:.6g} and {other:.6g} {unit}, {apart:.3g} % apart",
                counted=counted,
                other=other,
                unit=unit,
                apart=apart,
            ),
            action=say("Nothing."),
            data={"spans": len(pairs), "counted": counted, "other": other},
        )

    def _text(self, pair: Pair, unit: str) -> str:
        start, end = (local_time(self.timeline.zone, t) for t in (pair.start, pair.end))
        apart = say(", {more:+.3g} %", more=(pair.counted / pair.other - 1) * 100) if pair.other else ""
        return say(
            "{start:%Y-%m-%d} to {end:%Y-%m-%d}: {counted:.6g} against {other:.6g} {unit}{apart}",
            start=start,
            end=end,
            counted=pair.counted,
            other=pair.other,
            unit=unit,
            apart=apart,
        )


def effect_of(meter: str, unit: str, pairs: Sequence[Pair], effects: Effects, timeline: Timeline) -> float | None:
    """ER as it is less ER with the other source's amounts in some spans; None where it has no value."""
    pieces = divide(*limits_of([(pair.start, pair.end) for pair in pairs]), timeline.edges)
    more = np.array([pair.counted - pair.other for pair in pairs])[pieces.row] * pieces.share
    return effects.of(meter, unit, zip(pieces.segment.tolist(), pieces.start.tolist(), more.tolist(), strict=True))


def _factor(meter: str, unit: str, name: str, wrong: Sequence[Pair], slip: Slip) -> Finding:
    first = wrong[0]
    return FACTOR(
        say(
            "meter {meter} counts {counted:.4g} times what {name} state in {number_of_wrong} spans: {slip}",
            meter=meter,
            counted=first.counted / first.other,
            name=name,
            number_of_wrong=len(wrong),
            slip=slip.words,
        ),
        first.origin,
        found=say("{counted:.6g} against {other:.6g} {unit}", counted=first.counted, other=first.other, unit=unit),
        action=say("Correct the unit, the transformer factor or the column Factor included; nothing converts itself."),
        data={"ratio": first.counted / first.other, "spans": len(wrong)},
    )
