"""What every treatment looks at: the claim before any correction, evaluated, and what was read for its meters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.coverage import within
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.segments import SecondaryKind, SeriesResult
from jcm_mrv.meters.sources.counted import Counted, stated
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.limits import GAPS_SHORT_HOLE_HOURS, GAPS_SHORTEST_HOLE_HOURS
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_INVOICE_ERROR, MeterErrors
from jcm_mrv.quality.treatment.rates import Rates, rates_of
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import Span
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData


@dataclass(frozen=True)
class AssessmentContext:
    """The claim with its numbers, the meters' data and errors, and the limits of the rules."""

    claim: Claim
    series: SeriesResult
    timeline: Timeline
    evaluation: Evaluation
    data: MonitoringData
    settings: Settings
    amounts: Counted
    errors: MeterErrors

    @classmethod
    def of(
        cls, claim: Claim, series: SeriesResult, timeline: Timeline, data: MonitoringData, settings: Settings
    ) -> AssessmentContext:
        """The context of a claim that holds no correction yet."""
        amounts = Counted(series.parts, series.coverage.data_gaps, timeline, series.conversions, data.meters)
        errors = MeterErrors(data.meters, settings)
        return cls(claim, series, timeline, claim.evaluate(), data, settings, amounts, errors)

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        """The hourly amounts of each meter that is read often enough."""
        return {profile.meter_id: profile for profile in self.series.profiles}

    @cached_property
    def gaps(self) -> Mapping[str, Sequence[Span]]:
        """For each meter with data gaps the spans that nothing covers."""
        found: dict[str, list[Span]] = {}
        for gap in self.series.coverage.data_gaps:
            found.setdefault(gap.meter_id, []).append((gap.start, gap.end))
        return found


@dataclass(frozen=True)
class Source:
    """Another source of a meter: its curve in the chain's unit, and the share by which it may be wrong.

    It stands at ``where``; what it states from an instant on at the origin of that instant, if there is one.
    """

    name: str
    curve: Curve
    error: float
    where: Origin
    origins: Mapping[int, Origin] = field(default_factory=dict)


@dataclass(frozen=True)
class ChainContext:
    """One measuring chain of the claim in its assessment context."""

    context: AssessmentContext
    chain: Chain

    @cached_property
    def place(self) -> Mapping[tuple[str, int], int]:
        """The ordinal of each meter's month."""
        return {where: n for n, where in enumerate(self.chain.meter_months)}

    @cached_property
    def meters(self) -> tuple[str, ...]:
        """The chain's meters, in order."""
        return tuple(dict.fromkeys(meter for meter, _ in self.chain.meter_months))

    @cached_property
    def rates(self) -> Mapping[str, Rates | None]:
        """Each meter's rates in the chain's unit; None where nothing was measured."""
        context = self.context
        least = context.settings[GAPS_SHORTEST_HOLE_HOURS]
        return rates_of(self.chain, context.series.coverage, context.evaluation, context.profiles, least)

    def by_month(self, meter_id: str, spans: Sequence[Span]) -> Iterator[tuple[int, tuple[Span, ...]]]:
        """What of some spans lies in each month (its ordinal) in which the chain counts the meter."""
        for m, month in enumerate(self.context.timeline.months):
            if (meter_id, m) in self.place:
                pieces = tuple(piece for span in spans for piece in within(span, [(month.start, month.end)]))
                if pieces:
                    yield m, pieces

    def measured(self, meter_id: str, spans: Sequence[Span]) -> Iterator[tuple[int, tuple[Span, ...], float]]:
        """The same with what the meter measured in each of them, in the chain's unit."""
        months = list(self.by_month(meter_id, spans))
        if not months:
            return
        pieces = np.array([piece for _, own in months for piece in own], dtype=np.int64)
        curve = self.context.amounts.curve(meter_id, self.chain.unit)
        best = iter(curve.between(pieces[:, 0], pieces[:, 1]).best.tolist())
        for m, own in months:
            yield m, own, float(sum(islice(best, len(own))))

    def bounds(self, meter_id: str, spans: Sequence[Span]) -> tuple[float, float] | None:
        """The least and the most that the meter's own rates allow in some spans; None where it was never read."""
        rates = self.rates.get(meter_id)
        short = self.context.settings[GAPS_SHORT_HOLE_HOURS]
        return None if rates is None else rates.of_spans(spans, short)

    def secondary(self, meter_id: str) -> Iterator[Source]:
        """What else states the meter's amounts: its register or readings, check meters, invoices; in this order."""
        context = self.context
        own = context.errors.of(meter_id)
        yield from self._stated(meter_id, SecondaryKind.REGISTER, 0.0)
        yield from self._stated(meter_id, SecondaryKind.READING, 0.0)
        where = Origin(file=context.data.file, sheet="Meters")
        for name in context.series.checks.get(meter_id, ()):
            try:
                curve = context.amounts.curve(name, self.chain.unit)
            except UnitError:
                continue  # of another kind: the reader of the workbook has named the cell
            yield Source(say("check meter {name}", name=name), curve, own + context.errors.of(name), where)
        yield from self._stated(meter_id, SecondaryKind.INVOICE, own + context.settings[CROSSCHECK_INVOICE_ERROR])

    def _stated(self, meter_id: str, kind: SecondaryKind, error: float) -> Iterator[Source]:
        seconds = self.context.series.secondary.get((meter_id, kind), ())
        scales = [self.chain.in_unit(one.unit, meter_id, one.start) for one in seconds]
        converted = [
            replace(one, amount=one.amount * scale, resolution=one.resolution * scale, unit=self.chain.unit)
            for one, scale in zip(seconds, scales, strict=True)
        ]
        origins = {one.start: one.origin for one in seconds}
        for curve in stated(converted, self.chain.unit):
            yield Source(kind.value, curve, error, seconds[0].origin, origins)

    def data_origin(self, meter_id: str) -> Origin:
        """The log that the meter's data come from, otherwise the sheet Readings."""
        parts, rows = self.chain.parts, self.chain.rows
        ordinals = [n for n, name in enumerate(parts.meter_ids) if name == meter_id]
        logs = rows[np.isin(parts.meter[rows], ordinals) & (parts.source[rows] >= 0)]
        if len(logs):
            return Origin(file=parts.sources[int(parts.source[logs[0]])].file)
        return Origin(file=self.context.data.file, sheet="Readings")
