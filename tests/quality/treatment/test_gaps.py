"""Holes: never skipped in silence, never to the proponent's advantage, and stated in tonnes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.correcting import corrected as put_in
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.quality.treatment.treating import Treated
from jcm_mrv.quality.treatment.treating import treat as treat_claim
from jcm_mrv.result import Direction
from support.claims import Sketch, air_conditioners, solar
from support.forms import Flips, OutputForm, sketch
from support.results import calculated


def treat(sketch: Sketch) -> tuple[Treated, list[Finding]]:
    claim, findings = sketch.build()
    assert not findings
    return treat_claim(claim, sketch.series(), sketch.timeline, sketch.data())


def corrected(sketch: Sketch) -> tuple[Treated, Claim]:
    claim, _ = sketch.build()
    treated, _ = treat_claim(claim, sketch.series(), sketch.timeline, sketch.data())
    return treated, put_in(claim, treated.corrections)


def test_a_missing_month_of_generation_is_left_out() -> None:
    treated, (finding,) = treat(solar(monthly={"M1": [100_000.0] * 11 + [None]}))
    (treatment,) = treated.treatments
    assert finding.code == "gaps.month"
    assert finding.data["missing_hours"] == 31 * 24
    assert treatment.correction == 0 and treatment.rule == "left out"
    assert finding.effect_tco2e == 0


def test_project_consumption_in_ratio_form_is_left_out_because_er_rises_with_it() -> None:
    treated, _ = treat(air_conditioners(monthly={"M1": [1000.0] * 12, "M2": [1000.0] * 11 + [None]}))
    assert treated.treatments[0].correction == 0
    assert treated.treatments[0].direction is Direction.RISES


def test_consumption_that_lowers_er_takes_the_meters_own_highest_month() -> None:
    monthly = {"Q": [10_000.0] * 12, "EC": [1000.0, 3100.0, *[1000.0] * 9, None]}
    treated, _ = treat(sketch(OutputForm, monthly))
    (treatment,) = treated.treatments
    # The highest rate: 3,100 kWh in February 2024 (29 days, 696 h); December has 744 h: 3.1 MWh / 696 x 744.
    assert treatment.correction == pytest.approx(3.1 / 696 * 744, rel=1e-12)
    assert treatment.direction is Direction.FALLS
    assert treatment.effect_tco2e == pytest.approx(-3.1 / 696 * 744, rel=1e-9)


def test_nothing_to_bridge_with_is_refused_where_a_hole_would_raise_er() -> None:
    treated, findings = treat(sketch(OutputForm, {"Q": [10_000.0] * 12, "EC": [None] * 12}))
    assert {f.code for f in findings} == {"gaps.no_estimate"} and treated == Treated()


@pytest.mark.parametrize("known", [1.0, 27.0, 50.0])
def test_a_direction_that_flips_is_searched_and_never_above_any_truth(known: float) -> None:
    monthly: dict[str, list[float | None]] = {"EC": [known * 1000 / 10] * 10 + [None, None]}
    drawn = sketch(Flips, monthly)
    _, claim = corrected(drawn)
    er = claim.evaluate().scalar(claim.total_ER)
    # Brute force over what may have flowed, by the equation itself: 2 x max(EC, 30) - EC.
    highest = [0.0, 0.25, 0.5, 0.75, 1.0]
    rate = max(known / 10 / hours for hours in (744, 696, 720))
    for november, december in product(highest, highest):
        truth = known + november * rate * 720 + december * rate * 744
        assert er <= 2 * max(truth, 30) - truth + 1e-9


def test_without_holes_nothing_is_said() -> None:
    assert treat(solar()) == (Treated(), [])


def test_a_hole_outside_the_equipments_operation_is_none() -> None:
    drawn = solar(monthly={"M1": [None] + [100_000.0] * 11})
    drawn.equipment[0]["operation_start"] = datetime(2024, 2, 1)
    assert treat(drawn)[1] == []
    drawn.equipment[0]["operation_start"] = datetime(2024, 1, 31)
    assert treat(drawn)[1][0].data["missing_hours"] == 24


def test_the_correction_is_seen_in_what_is_used() -> None:
    monthly = {"Q": [10_000.0] * 12, "EC": [1000.0] * 11 + [None]}
    drawn = sketch(OutputForm, monthly)
    treated, claim = corrected(drawn)
    evaluation, graph = claim.evaluate(), claim.chains[0].graph
    changed = evaluation[graph.E_used] - evaluation[graph.E_raw]
    ((n, change),) = [(n, change) for n, change in enumerate(changed.tolist()) if change]
    assert claim.chains[0].meter_months[n] == ("EC", 11)
    assert change == pytest.approx(treated.treatments[0].correction, rel=1e-12)


def test_between_the_corners_the_lowest_er_is_found_at_the_kink() -> None:
    """27 MWh are known; 2 x max(EC, 30) - EC is lowest where EC is 30, at 30 t, between the two ends."""
    drawn = sketch(Flips, {"EC": [2700.0] * 10 + [None, None]})
    treated, claim = corrected(drawn)
    assert claim.evaluate().scalar(claim.total_ER) == pytest.approx(30.0, abs=1e-6)
    assert {t.rule for t in treated.treatments} & {"the amount with the lowest ER"}


def hole(minutes: float, **settings: float) -> list[Finding]:
    """The findings of gaps of the solar plant of 100 MWh in January, not read for some minutes from the tenth on."""
    begin = datetime(2024, 1, 10)
    rows = [
        {"meter_id": "M-1", "kind": "energy", "start": a, "end": b, "value": value, "unit": "kWh"}
        for a, b, value in (
            (datetime(2024, 1, 1), begin, 29_000.0),
            (begin + timedelta(minutes=minutes), datetime(2024, 2, 1), 71_000.0),
        )
    ]
    changed = [
        {"setting": name, "value": value, "reason": "Illustrative", "evidence": "D-01"}
        for name, value in settings.items()
    ]
    result = calculated(project={"period_end": date(2024, 1, 31)}, tables={"readings": rows, "settings": changed})
    return [f for f in result.findings if f.code == "gaps.month"]


@pytest.mark.parametrize(("hours", "severity"), [(7.0, Severity.MINOR), (8.0, Severity.MAJOR)])
def test_a_gap_below_a_hundredth_of_the_month_that_changes_nothing_is_minor(hours: float, severity: Severity) -> None:
    """7 h of 744 h are 0.94 %, 8 h are 1.08 %; what is left out of generation changes nothing that was counted."""
    (finding,) = hole(hours * 60)
    assert (finding.severity, finding.effect_tco2e) == (severity, 0.0)


@pytest.mark.parametrize(("minutes", "count"), [(30.0, 0), (31.0, 1)])
def test_a_time_as_long_as_the_shortest_gap_is_none(minutes: float, count: int) -> None:
    assert len(hole(minutes, **{"gaps.shortest_hole_hours": 0.5})) == count
