"""A meter with which ER rises and, the same, one with which it falls, and what a treatment makes of them.

ER = Q - EC, both at 1 t/MWh; each meter counts 1,000 kWh a month. What is open for Q is taken low, for EC high.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import DataGap, SecondaryKind, SecondarySource, SeriesResult
from jcm_mrv.origin import Origin
from jcm_mrv.quality.treatment.treating import treat
from jcm_mrv.result import Direction, Treatment
from support.claims import Sketch, rows_of
from support.forms import OutputForm, sketch

WHERE = Origin(sheet="Meters", cell="A2")
Months = Mapping[int, float | None]
both = pytest.mark.parametrize("meter", ["Q", "EC"])


def drawn(meter: str, changed: Months = {}, end: date = date(2024, 12, 31)) -> Sketch:  # noqa: B006
    """Both meters with 1,000 kWh a month, but for some months of one."""
    count = 12 * (end.year - 2023)
    monthly: dict[str, list[float | None]] = {name: [1000.0] * count for name in ("Q", "EC")}
    for month, value in changed.items():
        monthly[meter][month] = value
    found = sketch(OutputForm, monthly)
    found.end = end
    return found


def series_of(found: Sketch, **changed: Any) -> SeriesResult:
    """With a data gap in each month that was not read."""
    series, months = found.series(), found.timeline.months
    gaps = tuple(
        DataGap(name, months[m].start, months[m].end)
        for name, values in found.monthly.items()
        for m, value in enumerate(values)
        if value is None
    )
    return replace(series, coverage=replace(series.coverage, data_gaps=gaps), **changed)


def treated(
    found: Sketch,
    series: SeriesResult | None = None,
    meters: Sequence[Mapping[str, Any]] = (),
    overrides: Sequence[Mapping[str, Any]] = (),
    **given: Any,
) -> tuple[list[Treatment], list[Finding]]:
    claim, faults = found.build()
    assert not faults
    data = replace(found.data(), meters=rows_of("meters", meters), overrides=rows_of("overrides", overrides))
    done, findings = treat(claim, series or series_of(found), found.timeline, data, **given)
    return list(done.treatments), findings


def side(meter: str, low: float, high: float) -> float:
    return low if meter == "Q" else high


def check(treatments: Sequence[Treatment], meter: str, corrections: Sequence[float]) -> None:
    """The corrections [MWh], and that their effects [t] are what ER loses or wins by them."""
    assert [t.correction for t in treatments] == pytest.approx(list(corrections), abs=1e-12)
    assert [t.used for t in treatments] == [t.raw + t.correction for t in treatments]
    sign = 1 if meter == "Q" else -1
    assert [t.effect_tco2e for t in treatments] == pytest.approx([sign * c for c in corrections], abs=1e-9)
    assert {t.direction for t in treatments} <= {Direction.RISES if meter == "Q" else Direction.FALLS}
    assert {t.meter_id for t in treatments} <= {meter}


def stated(found: Sketch, meter: str, kind: SecondaryKind, first: int, last: int, kwh: float, off: float = 0.0) -> Any:
    months = found.timeline.months
    return (SecondarySource(meter, kind, months[first].start, months[last].end, kwh, "kWh", WHERE, off),)
