"""What every treatment looks at: the claim before any correction, evaluated, and what was read for its meters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.coverage import within
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.meters.sources.counted import Counted
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.sources import SecondarySources
from jcm_mrv.quality.treatment.limits import GAPS_SHORT_HOLE_HOURS, GAPS_SHORTEST_HOLE_HOURS
from jcm_mrv.quality.treatment.rates import Rates, rates_of
from jcm_mrv.quality.values.size import stated_limits
from jcm_mrv.quality.values.subject import Limit, RatedCapacities
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, Span
from jcm_mrv.workbook.records import MonitoringData

# Shares that add up to one, but for their last digit.
_WHOLE = 1 - 1e-9


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
    sources: SecondarySources

    @classmethod
    def of(
        cls, claim: Claim, series: SeriesResult, timeline: Timeline, data: MonitoringData, settings: Settings
    ) -> AssessmentContext:
        """The context of a claim that holds no correction yet."""
        amounts = Counted(series, timeline, series.conversions, data.meters)
        sources = SecondarySources(series, amounts, data, settings)
        return cls(claim, series, timeline, claim.evaluate(), data, settings, amounts, sources)

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        """The hourly amounts of each meter that is read often enough."""
        return {profile.meter_id: profile for profile in self.series.profiles}

    def unit(self, meter_id: str) -> str:
        """The unit of a meter on the sheet Meters; '' where it has none."""
        return next((row.unit for row in self.data.meters if row.meter_id == meter_id), "")

    def rated(self, meter_id: str) -> Limit | None:
        """The rated capacity of all equipment that a meter serves, in its own unit; None where it is not stated."""
        points = [point for point in self.claim.points if any(t.meter_id == meter_id for t in point.terms)]
        return self._capacities.of(self.unit(meter_id), points)

    @cached_property
    def _capacities(self) -> RatedCapacities:
        return RatedCapacities(self.claim, self.data)

    @property
    def gaps(self) -> Mapping[str, Sequence[Span]]:
        """For each meter with data gaps the spans that nothing covers."""
        return self.series.coverage.gaps


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

    def capacity(self, meter_id: str) -> float:
        """The most that flows in a microsecond by the rated capacity of what a meter serves; infinite if unknown.

        A meter that counts what is no equipment of the claim besides (it is subtracted, something is taken off it, or
        only a share of it counts) may count more.
        """
        context, unit = self.context, self.context.unit(meter_id)
        uses = [p.terms for p in context.claim.points if any(t.meter_id == meter_id for t in p.terms)]
        alone = all(len(terms) == 1 for terms in uses) and sum(terms[0].coefficient for terms in uses) >= _WHOLE
        rated = context.rated(meter_id) if alone else None
        found = list(stated_limits(unit, None, rated, False, context.settings))
        return found[0].rate * self.chain.in_unit(unit, meter_id) / HOUR if found else math.inf

    def data_origin(self, meter_id: str) -> Origin:
        """The log that the meter's data come from, otherwise the sheet Readings."""
        parts, rows = self.chain.parts, self.chain.rows
        ordinals = [n for n, name in enumerate(parts.meter_ids) if name == meter_id]
        logs = rows[np.isin(parts.meter[rows], ordinals) & (parts.source[rows] >= 0)]
        if len(logs):
            return Origin(file=parts.sources[int(parts.source[logs[0]])].file)
        return Origin(file=self.context.data.file, sheet="Readings")
