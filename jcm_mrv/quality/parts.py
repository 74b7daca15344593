"""The parts of one generation: meters below a generation meter (at inverters) that together count what it counts.

They are no loads, and no check meters of the whole each: their sum stands against the meter above. That they are
generation is stated by the column Check meter of, or shown by the sum, which no load makes but by chance; so it is a
question where it is not stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.groups import reductions_without
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.sources.counted import Counted
from jcm_mrv.meters.tree import tree_of
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.meter_errors import MeterErrors
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import MeterRow

PARTS = Code("tree.parts", Severity.MINOR, "Meters below a generation meter count together what it counts.")

TREE_MOST_LOSSES = Setting(
    "tree.most_losses",
    0.03,
    "1",
    "meters of parts of a generation may count this share more than the meter above them, for losses between",
    most=0.1,
)

# One of several that counts nearly the whole is a check meter of the whole.
_MOST_OF_ONE = 0.9


@dataclass(frozen=True)
class Parts:
    """The meters below ``main`` that together count what it counts; ``stated`` where they are its check meters."""

    main: MeterRow
    meters: tuple[str, ...]
    stated: bool
    whole: float
    together: float

    def finding(self, claim: Claim) -> Finding:
        """What is taken for granted, how it is stated, and what would be left of the claim if it were not so."""
        names = ", ".join(self.meters)
        return PARTS(
            say(
                "the meters {names} below {meter_id} count together what it counts: they are taken for parts of its "
                "generation, not for loads",
                names=names,
                meter_id=self.main.meter_id,
            ),
            self.main.origin("meter_id"),
            found=say(
                "{together:.6g} against {whole:.6g} {main_unit} in the months in which all are known",
                together=self.together,
                whole=self.whole,
                main_unit=self.main.unit,
            ),
            action=say("Nothing, if they stand at inverters or parts of the plant")
            + (
                "."
                if self.stated
                else say(": enter {meter_id} in their column Check meter of on Meters.", meter_id=self.main.meter_id)
            )
            + say(
                " A load has to be subtracted: a row on Monitoring points with the sign -, beside {meter_id}.",
                meter_id=self.main.meter_id,
            ),
            data={"main": self.whole, "parts": self.together},
            effect_tco2e=claim.reductions() - reductions_without(claim, self.main.meter_id),
        )


def parts_of(
    claim: Claim,
    data: MonitoringData,
    checks: Mapping[str, Sequence[str]],
    counted: Counted,
    timeline: Timeline,
    settings: Settings,
) -> dict[str, Parts]:
    """The parts of each generation meter of a claim that has some, by its ID."""
    tree, errors = tree_of(data.meters), MeterErrors(data.meters, settings)
    rows = {row.meter_id: row for row in reversed(data.meters)}
    used = {t.meter_id for p in claim.points for t in p.terms}
    known = {name for names in checks.values() for name in names}
    found: dict[str, Parts] = {}
    for main in _generators(claim):
        below = [name for name in tree.below(main) if name not in used]
        stated = tuple(name for name in below if name in checks.get(main, ()))
        rest = tuple(name for name in below if name not in known)
        for meters, is_stated in ((stated, True), (rest, False)):
            one = _summed(rows[main], meters, is_stated, counted, errors, timeline, settings)
            if one is not None:
                found.setdefault(main, one)
    return found


def _generators(claim: Claim) -> Iterator[str]:
    generation = (p for p in claim.points if p.parameter.startswith("EG"))
    yield from dict.fromkeys(t.meter_id for p in generation for t in p.terms if t.coefficient > 0)


def _summed(
    main: MeterRow,
    meters: tuple[str, ...],
    stated: bool,
    counted: Counted,
    errors: MeterErrors,
    timeline: Timeline,
    settings: Settings,
) -> Parts | None:
    """The parts where their sum is what the main meter counts in every month in which all are known."""
    if len(meters) < 2:
        return None
    start, end = timeline.edges[:-1], timeline.edges[1:]
    try:
        whole = counted.curve(main.meter_id, main.unit).between(start, end)
        flows = [counted.curve(name, main.unit).between(start, end) for name in meters]
    except UnitError:
        return None
    known = np.flatnonzero(np.all([flow.exact for flow in (whole, *flows)], axis=0))
    counts, parts = whole.best[known], np.array([flow.best[known] for flow in flows])
    if not counts.sum() > 0 or (parts.sum(axis=1) > _MOST_OF_ONE * counts.sum()).any():
        return None
    wrong = np.array([errors.of(name) for name in meters]) @ parts
    allowed = wrong + counts * errors.of(main.meter_id)
    more = parts.sum(axis=0) - counts
    if (more < -allowed).any() or (more > allowed + counts * settings[TREE_MOST_LOSSES]).any():
        return None
    return Parts(main, meters, stated, float(counts.sum()), float(parts.sum()))
