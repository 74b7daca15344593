"""The emission factor of a grid that a project enters, against the public table of its country.

Which year's factor was valid at validation is for the project to show; that its value is one of the published ones is
not. Of a country without a table only what power plants are can be said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.declare import Fixed
from jcm_mrv.methodology.factors import GridFactor, grid_factors
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.required import required
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

UNLIKE = Code("fixed.grid_factor", Severity.MAJOR, "The emission factor of a grid is none that was published for it.")
OTHER_YEAR = Code("fixed.grid_year", Severity.MINOR, "The emission factor of a grid is that of an earlier year.")

UNSHOWN = Code("fixed.grid_unshown", Severity.MINOR, "No public table shows the emission factor of a grid.")

_SYMBOLS = ("EF_grid", "EF_RE_grid")
# Published with four decimals.
_SAME = 5.001e-5
# What a grid's combined margin is where fossil plants are in it [tCO2/MWh]: the best gas-fired plant emits
# 3.6 x 0.0543 / 0.613 = 0.319 (the conservative factor of TH_AM001, unconfirmed), an old one for lignite
# 3.6 x 0.101 / 0.30 = 1.21 (IPCC 2006 Vol. 2 Table 1.4; the efficiency is known from practice, unconfirmed).
_LEAST, _MOST = 0.319, 1.21
# From these shares of ER on, which a factor adds to what the middle of these gives, it is a major or a minor question.
_WEIGHTY, _TRIFLING = 0.1, 0.05


def grid_value_findings(
    claim: Claim, evaluation: Evaluation, data: MonitoringData, timeline: Timeline
) -> Iterator[Finding]:
    """A finding for each entered factor that is not published for the project's country, or of an earlier year."""
    known = grid_factors(data.project.country.strip())
    needed = required(claim.roots(), evaluation)
    for bound in claim.bounds:
        for node in bound.fixed:
            if node.symbol in _SYMBOLS and node in needed:
                for place in map(tuple, np.argwhere(needed[node]).tolist()):
                    origin = claim.origins.get(node, {}).get(place, Origin())
                    if origin.sheet:  # a value of the card has a source of its own
                        yield from _Entered(claim, evaluation, node, place, origin).findings(known, timeline)


class _Entered:
    """One element of a grid's factor as the project entered it."""

    def __init__(
        self, claim: Claim, evaluation: Evaluation, node: Fixed, place: tuple[int, ...], origin: Origin
    ) -> None:
        self.claim, self.evaluation, self.node, self.place, self.origin = claim, evaluation, node, place, origin
        self.value = float(claim.values[node][place])

    def findings(self, known: Mapping[int, GridFactor], timeline: Timeline) -> Iterator[Finding]:
        """What is to be said of it."""
        if not known:
            yield from self._without_table()
            return
        first = timeline.years[0].year
        latest = known[max((year for year in known if year <= first), default=min(known))]
        same = [year for year, factor in known.items() if abs(factor.value - self.value) <= _SAME]
        effect = self._effect(latest.value)
        if not same:
            words = say("is none of the factors that are published for this grid")
            yield self._unlike(
                effect,
                words,
                say("{value:g} in {year} ({source})", value=latest.value, year=str(latest.year), source=latest.source),
            )
        elif latest.year not in same and not effect <= 0:
            yield self._other_year(effect, max(same), latest)

    def _without_table(self) -> Iterator[Finding]:
        near = min(max(self.value, _LEAST), _MOST)
        if near != self.value:
            against = say(
                "no table of the country is known; {least:g} to {most:g} is what fossil plants emit",
                least=_LEAST,
                most=_MOST,
            )
            yield self._unlike(self._effect(near), say("lies outside what grids with fossil plants have"), against)
        else:
            yield from self._unshown()

    def _unshown(self) -> Iterator[Finding]:
        """A factor that may be right and that no table shows: the more of ER hangs on it, the weightier."""
        middle = (_LEAST + _MOST) / 2
        effect, whole = self._effect(middle), abs(self.evaluation.scalar(self.claim.total_ER))
        if not effect > _TRIFLING * whole:
            return
        yield UNSHOWN(
            say(
                "{symbol} = {value:.15g} {unit} gives more reductions than the middle of what grids with fossil plants "
                "have, and no table of the country is known",
                symbol=self.node.symbol,
                value=self.value,
                unit=self.node.unit,
            ),
            self.origin,
            found=say(
                "{value:.15g}; {middle:.3g} {unit} in the middle of {least:g} to {most:g}",
                value=self.value,
                middle=middle,
                unit=self.node.unit,
                least=_LEAST,
                most=_MOST,
            ),
            action=say(
                "Enter the published factor, or name on the sheet Answers the official letter that states this one and "
                "that it was valid at validation; the verifier judges it."
            ),
            data={"value": self.value, "share": effect / whole if whole else 1.0},
            effect_tco2e=effect,
            severity=Severity.MAJOR if effect > _WEIGHTY * whole else None,
        )

    def _effect(self, other: float) -> float:
        """ER as it is minus ER with another factor."""
        return self.claim.effect_of(self.node, self.place, other)

    def _unlike(self, effect: float, words: str, against: str) -> Finding:
        return UNLIKE(
            say(
                "{symbol} = {value:.15g} {unit} {words}",
                symbol=self.node.symbol,
                value=self.value,
                unit=self.node.unit,
                words=words,
            ),
            self.origin,
            found=say(
                "{value:.15g} {node_unit}; {against}", value=self.value, node_unit=self.node.unit, against=against
            ),
            action=say(
                "Enter the published factor, or name on the sheet Answers the official letter that states this one and "
                "that it was valid at validation; the verifier judges it."
            ),
            data={"value": self.value},
            effect_tco2e=effect,
            severity=Severity.MINOR if effect <= 0 else None,
        )

    def _other_year(self, effect: float, year: int, latest: GridFactor) -> Finding:
        return OTHER_YEAR(
            say(
                "{symbol} = {value:.15g} {node_unit} was published for {year}; with that of {year_2} ER is lower",
                symbol=self.node.symbol,
                value=self.value,
                node_unit=self.node.unit,
                year=year,
                year_2=latest.year,
            ),
            self.origin,
            found=say(
                "{value:.15g} for {year}, {latest_value:g} for {year_2} ({source})",
                value=self.value,
                year=year,
                latest_value=latest.value,
                year_2=latest.year,
                source=latest.source,
            ),
            action=say(
                "Show that the project was validated while this factor was the valid one; it is fixed from then on."
            ),
            data={"value": self.value, "year": year},
            effect_tco2e=effect,
        )
