"""Means of samples: where they say less than the precision that is asked for, the end with the lower ER is taken.

Half of the confidence interval of a mean is t x s / sqrt(n), with Student's t of n - 1 degrees of freedom (Cochran,
Sampling Techniques, 3rd ed., 2.5). Where it is more than the asked share of the mean, the mean lies anywhere in its
interval, and which end is taken follows from how ER moves, as for every other doubt.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jcm_mrv.arrays import Instants, Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain, Point
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.declare import Precision, period
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.proposal import Decision, End, Outcome, Proposal, outcomes_of
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.result import Treatment
from jcm_mrv.words import say

PRECISION = Code("samples.precision", Severity.MAJOR, "A mean of samples misses the precision that is asked for.")
TOO_FEW = Code("samples.too_few", Severity.ERROR, "A mean of samples rests on less than two in a year.")
METERS = Code("samples.meters", Severity.ERROR, "Samples of one parameter stand under several meters, or in part.")
NO_PLAN = Code("samples.no_plan", Severity.MINOR, "It is not said how samples were drawn.")


@dataclass(frozen=True)
class Samples:
    """The samples of a point in a year: how many, their mean, and half of the confidence interval of the mean.

    ``drawn`` is how many of them were really drawn, where some are copies of others; the interval is that of these.
    """

    count: int
    mean: float
    half: float
    drawn: int

    @classmethod
    def of(cls, values: Numbers, confidence: float) -> Samples:
        """The mean of at least two values with its interval; ``confidence`` in per cent."""
        from scipy.special import stdtrit  # takes a third of a second to load, and few claims have samples

        n = len(values)
        t = float(stdtrit(n - 1, (1 + confidence / 100) / 2))
        return cls(n, float(values.mean()), t * float(values.std(ddof=1)) / math.sqrt(n), n)

    @property
    def share(self) -> float:
        """Half of the interval as a share of the mean [%]."""
        return 100 * self.half / abs(self.mean) if self.mean else math.inf if self.half else 0.0


@dataclass(frozen=True)
class Imprecise(Proposal):
    """The mean of a year's samples that misses what is asked for; the correction is of their sum."""

    kind = "samples"

    point: Point
    samples: Samples

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        end = {End.LOWEST: say("lower end"), End.HIGHEST: say("upper end")}.get(
            decision.end, say("value with the lowest ER")
        )
        return say(
            "the {end} of the {confidence:g} % confidence interval of {count} samples",
            end=end,
            confidence=self._asked.confidence,
            count=self.samples.count,
        )

    @property
    def _asked(self) -> Precision:
        assert self.point.precision is not None
        return self.point.precision


@dataclass(frozen=True)
class SampledMeans:
    """The treatment of means of samples."""

    context: AssessmentContext

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """The means that miss their precision, by point and year, and what stands in the way of a mean."""
        found: list[Proposal] = []
        faults: list[Finding] = []
        for k, point in enumerate(within.chain.points):
            if point.precision is not None:
                faults += _faults(point)
                for year, months in self._years(within.chain, k):
                    one = self._of_year(within, point, year, months)
                    found += [one] if isinstance(one, Proposal) else []
                    faults += [one] if isinstance(one, Finding) else []
        return found, faults

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """One finding for each mean that was moved."""
        return [_finding(one, treatment) for one, treatment in outcomes_of(Imprecise, outcomes)]

    def _years(self, chain: Chain, k: int) -> Iterator[tuple[int, list[int]]]:
        years = self.context.timeline.year_of_month
        months = [m for point, m in chain.point_months if point == k]
        for year in dict.fromkeys(int(years[m]) for m in months):
            yield year, [m for m in months if years[m] == year]

    def _of_year(self, within: ChainContext, point: Point, year: int, months: list[int]) -> Imprecise | Finding | None:
        chain, parts = within.chain, within.chain.parts
        name, asked = point.terms[0].meter_id, point.precision
        assert asked is not None
        own = np.array([parts.meter_ids[m] == name for m in parts.meter[chain.rows]], dtype=np.bool_)
        own &= np.isin(parts.month[chain.rows], months)
        values, rows = self.context.evaluation[chain.graph.E][own], chain.rows[own]
        drawn = without_copies(values, parts.start[rows])
        if len(drawn) < 2:
            return _too_few(point, len(drawn), self.context.timeline.years[year].label)
        samples = replace(Samples.of(drawn, asked.confidence), count=len(values), mean=float(values.mean()))
        if samples.share <= asked.within:
            return None
        where, first = parts.origins[int(rows[0])], int(parts.month[rows[0]])
        change, place = samples.half * samples.count, within.place[name, first]
        total = float(values.sum())
        return Imprecise(chain, place, name, first, (), total, -change, change, where, point, samples)


def without_copies(values: Numbers, taken: Instants) -> Numbers:
    """The values that were really drawn: a copy adds nothing to what is known, however often it stands there.

    A copy is the same value at the same instant; and where every one of several values stands there more than once,
    all but one of each: samples that differ at all do not come in pairs.
    """
    drawn = np.array([value for value, _ in dict.fromkeys(zip(values.tolist(), taken.tolist(), strict=True))])
    different, times = np.unique(drawn, return_counts=True)
    return different if len(different) > 1 and times.min() > 1 else drawn


def no_samples(claim: Claim, evaluation: Evaluation) -> Iterator[Finding]:
    """Years in which a mean of samples has none."""
    for chain in claim.chains:
        for n, (k, p) in enumerate(chain.point_years):
            point = chain.points[k]
            used = point.precision is not None and chain.graph.H_year in evaluation
            if used and not evaluation[chain.graph.H_year][n]:
                yield _too_few(point, 0, claim.space.elements[period][p])


def _too_few(point: Point, count: int, label: str) -> Finding:
    name, where = point.terms[0].meter_id, point.terms[0].origin
    return TOO_FEW(
        say(
            "the mean of {point} in {label} rests on {count} sample(s); of less than two no confidence interval is "
            "known",
            point=point.name,
            label=label,
            count=count,
        ),
        where,
        found=say("{count} of kind sample for meter {name} in {label}", count=count, name=name, label=label),
        action=say("Enter each sample of the year on Readings, kind sample, with the time at which it was taken."),
    )


def _faults(point: Point) -> Iterator[Finding]:
    if len(point.terms) != 1 or point.terms[0].coefficient != 1:
        yield METERS(
            say(
                "the samples of {point} make one mean: one meter (a name for the samples), added, with the share 1",
                point=point.name,
            ),
            point.terms[0].origin,
            found=point.formula,
            action=say("Enter all samples of the parameter under one meter ID, and leave Share empty."),
        )
    if not point.sampling:
        yield NO_PLAN(
            say("it is not said how the samples of {point} were drawn", point=point.name),
            point.terms[0].origin,
            found=say("Sampling is empty"),
            action=say(
                "Enter population, how it was drawn, size and seed in the column Sampling of Monitoring points."
            ),
        )


def _finding(one: Imprecise, treatment: Treatment) -> Finding:
    asked, samples = one.point.precision, one.samples
    assert asked is not None
    used = samples.mean + treatment.correction / samples.count
    copies = "" if samples.drawn == samples.count else say(" ({drawn} without copies)", drawn=samples.drawn)
    return PRECISION(
        say(
            "the mean of {count} samples{copies} of {point} in the year of {month} is known to {share:.3g} % at "
            "{confidence:g} % confidence, and {within:g} % are asked for; {direction_words}: {rule}",
            count=samples.count,
            copies=copies,
            point=one.point.name,
            month=treatment.month,
            share=samples.share,
            confidence=asked.confidence,
            within=asked.within,
            direction_words=treatment.direction_words,
            rule=treatment.rule,
        ),
        one.where,
        found=say(
            "mean {mean:.6g}, give or take {half:.6g}; used {used:.6g}", mean=samples.mean, half=samples.half, used=used
        ),
        action=say("Take more samples in the next year; samples of this year that were left out may still be entered."),
        data={
            "count": samples.count,
            "mean": samples.mean,
            "half_interval": samples.half,
            "used": used,
            "confidence": asked.confidence,
            "within": asked.within,
        },
        effect_tco2e=treatment.effect_tco2e,
    )
