"""Every treatment on the meter with which ER rises and, the same, on the meter with which it falls.

ER = Q - EC, both at 1 t/MWh; each meter counts 1,000 kWh a month. What is open for Q is taken low, for EC high.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Code, QuestionableSpan, Severity
from jcm_mrv.meters.calibrations import LATE, MISSING, OverdueSpan
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.quality.crosscheck import cross_checks
from jcm_mrv.quality.settings import DEFAULTS
from jcm_mrv.quality.treatment.tree_excess import Excess
from jcm_mrv.quality.values.spikes import SPIKE
from jcm_mrv.time.zones import DAY, HOUR
from support.claims import rows_of
from support.mirrored import WHERE, both, check, drawn, series_of, side, stated, treated

# --- data gaps ---------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("month", [0, 5, 11])
def test_a_month_without_reading(meter: str, month: int) -> None:
    """Nothing, or the fastest month: 3,100 kWh in the 696 hours of February."""
    found = drawn(meter, {1: 3100.0, month: None})
    hours = found.timeline.months[month].duration / HOUR
    treatments, (finding,) = treated(found)
    check(treatments, meter, [side(meter, 0.0, 3.1 / 696 * hours)])
    assert finding.data["missing_hours"] == hours and finding.severity is Severity.MAJOR


@both
def test_a_meter_that_also_runs_back_may_have_done_so_in_the_gap(meter: str) -> None:
    """-500 kWh in the 696 hours of February; a gap of the 744 hours of December."""
    treatments, _ = treated(drawn(meter, {1: -500.0, 11: None}))
    check(treatments, meter, [side(meter, -0.5 / 696 * 744, 1.0 / 720 * 744)])


# --- bridges --------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("kind", "kwh", "digit", "low", "high"),
    [
        # what is left of October to December is known to the last digits at both ends
        (SecondaryKind.REGISTER, 3000.0, 0.1, 0.9999, 1.0001),
        (SecondaryKind.REGISTER, 2900.0, 0.0, 0.9, 0.9),
        # 2 % of a meter without class and 1 % of the supplier's: 90 of 3,000 kWh
        (SecondaryKind.INVOICE, 3000.0, 0.0, 0.91, 1.09),
        (SecondaryKind.INVOICE, 2000.0, 0.0, 0.0, 0.06),
    ],
)
def test_a_gap_that_another_source_bridges(
    meter: str, kind: SecondaryKind, kwh: float, digit: float, low: float, high: float
) -> None:
    found = drawn(meter, {10: None})
    series = series_of(found, seconds=stated(found, meter, kind, 9, 11, kwh, digit))
    treatments, (finding,) = treated(found, series)
    check(treatments, meter, [side(meter, low, high)])
    assert [t.kind for t in treatments] == ["bridged"] and finding.code == "gaps.bridged"
    assert (finding.data["lowest"], finding.data["highest"]) == (pytest.approx(low), pytest.approx(high))


@both
def test_a_source_that_states_less_than_was_measured_bridges_nothing(meter: str) -> None:
    """1,930 kWh and 3 % are less than the 2,000 kWh that were measured; 1,950 kWh and 3 % are not."""
    found = drawn(meter, {10: None})
    for kwh, codes in ((1930.0, {"gaps.bridge_conflict", "gaps.month"}), (1950.0, {"gaps.bridged"})):
        series = series_of(found, seconds=stated(found, meter, SecondaryKind.INVOICE, 9, 11, kwh))
        _, findings = treated(found, series)
        assert {f.code for f in findings} == codes


@both
def test_a_bridge_over_the_end_of_a_year_counts_once_and_by_its_days(meter: str) -> None:
    """November to February of 120 days hold 4,100 kWh: 2,100 kWh in the 31 and 31 days that were not read."""
    found = drawn(meter, {11: None, 12: None}, date(2025, 12, 31))
    series = series_of(found, seconds=stated(found, meter, SecondaryKind.REGISTER, 10, 13, 4100.0))
    treatments, _ = treated(found, series)
    check(treatments, meter, [1.05, 1.05])
    assert [t.month for t in treatments] == ["2024-12", "2025-01"]


@both
def test_a_bridge_over_the_end_of_a_month_within_its_error(meter: str) -> None:
    """April to July hold 4,200 kWh, give or take 126: 2,200 kWh in 31 and 30 days."""
    found = drawn(meter, {4: None, 5: None})
    series = series_of(found, seconds=stated(found, meter, SecondaryKind.INVOICE, 3, 6, 4200.0))
    treatments, _ = treated(found, series)
    whole = side(meter, 2.074, 2.326)
    check(treatments, meter, [whole * 31 / 61, whole * 30 / 61])


# --- values that are not relied on ------------------------------------------------------------------


@both
@pytest.mark.parametrize("bias", [Bias.TOO_HIGH, Bias.TOO_LOW, Bias.EITHER])
def test_values_that_are_not_relied_on(meter: str, bias: Bias) -> None:
    """All of March (744 h), which read 1,000 kWh; the fastest month is February with 3,100 kWh in 696 h."""
    found = drawn(meter, {1: 3100.0})
    march = found.timeline.months[2]
    finding = SPIKE("a spike", WHERE, questionable=[QuestionableSpan(meter, march.start, march.end, bias)])
    treatments, (said,) = treated(found, values=[finding])
    low = 0.0 if bias is Bias.TOO_LOW else -1.0
    high = 0.0 if bias is Bias.TOO_HIGH else 3.1 / 696 * 744 - 1.0
    expected = side(meter, low, high)
    check(treatments, meter, [expected])
    assert said.effect_tco2e == pytest.approx(expected if meter == "Q" else -expected)
    assert ("kept, since anything else would raise ER" in said.message) == (expected == 0)


@both
def test_values_over_the_end_of_a_month_are_replaced_in_each_by_its_part(meter: str) -> None:
    """The last ten days of March and the first five of April; one of them is set aside twice and counts once."""
    found = drawn(meter)
    march = found.timeline.months[2]
    start, end = march.end - 10 * DAY, march.end + 5 * DAY
    spans = [QuestionableSpan(meter, start, end, Bias.EITHER), QuestionableSpan(meter, end - DAY, end, Bias.TOO_LOW)]
    treatments, _ = treated(found, values=[SPIKE("a spike", WHERE, questionable=spans)])
    measured = [1.0 * 10 / 31, 1.0 * 5 / 30]
    most = [1.0 / 696 * 240, 1.0 / 696 * 120]
    expected = [side(meter, -kept, high - kept) for kept, high in zip(measured, most, strict=True)]
    check([t for t in treatments if t.correction], meter, expected)


# --- meters that nothing proves to be right ---------------------------------------------------------


def overdue(
    meter: str, start: int, end: int, error: float | None, found: float = 0.0, code: Code = LATE
) -> OverdueSpan:
    return OverdueSpan(meter, start, end, error, "late", "late", WHERE, code, "Test it.", found)


@both
@pytest.mark.parametrize(
    ("error", "found", "share"), [(0.005, 0.0, 0.005), (0.005, 0.03, 0.005), (None, 0.0, 0.02), (None, 0.03, 0.03)]
)
def test_a_late_calibration_moves_what_was_measured_by_the_error(
    meter: str, error: float | None, found: float, share: float
) -> None:
    """From 17 March (15 of 31 days) to the end of April."""
    plan = drawn(meter)
    march, april = plan.timeline.months[2:4]
    span = overdue(meter, march.end - 15 * DAY, april.end, error, found)
    treatments, (said,) = treated(plan, overdue_spans=[span])
    measured = [15 / 31, 1.0]
    check(treatments, meter, [side(meter, -share, share) * one for one in measured])
    assert said.effect_tco2e == pytest.approx(-share * sum(measured))
    assert said.data["correction"] == pytest.approx(side(meter, -share, share) * sum(measured))


@both
def test_where_neither_test_nor_error_is_known_the_effect_is_what_two_per_cent_would_take(meter: str) -> None:
    plan = drawn(meter)
    march, april = plan.timeline.months[2:4]
    treatments, (said,) = treated(plan, overdue_spans=[overdue(meter, march.start, april.end, None, 0.0, MISSING)])
    assert treatments == [] and said.effect_tco2e == pytest.approx(0.02 * 2.0)


# --- another source -------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("times", [0.97, 1.031])
def test_of_two_sources_beyond_their_errors_the_one_with_the_lower_er_is_used(meter: str, times: float) -> None:
    """Bills of two months each: the meter (2 %) and the supplier (1 %) may differ by 3 % of the larger amount."""
    found = drawn(meter)
    months = found.timeline.months
    amounts = [1800.0] + [2000.0 * times] * 5
    bills = tuple(
        one
        for n, kwh in enumerate(amounts)
        for one in stated(found, meter, SecondaryKind.INVOICE, 2 * n, 2 * n + 1, kwh)
    )
    series = series_of(found, seconds=bills)
    claim, _ = found.build()
    data = replace(found.data(), meters=rows_of("meters", [{"meter_id": meter, "unit": "kWh"}]))
    contradictions, _ = cross_checks(claim, series, data, found.timeline, DEFAULTS)
    (one,) = contradictions
    # -200 kWh in January and February, then five times 2,000 x (times - 1)
    total = (-200 + 5 * 2000 * (times - 1)) / 1000
    assert one.finding.effect_tco2e == pytest.approx(-total if meter == "Q" else total)
    treatments, _ = treated(found, series, contradictions=contradictions)
    lower = total < 0 if meter == "Q" else total > 0
    days = [(m.duration / DAY) for m in months]
    expected = [amounts[m // 2] * days[m] / (days[m // 2 * 2] + days[m // 2 * 2 + 1]) / 1000 - 1.0 for m in range(12)]
    check(treatments, meter, expected if lower else [])


@both
@pytest.mark.parametrize(
    ("times", "code"),
    [
        (1.0309, "crosscheck.agrees"),
        (1.031, "crosscheck.invoice"),
        (0.9701, "crosscheck.agrees"),
        (0.9699, "crosscheck.invoice"),
    ],
)
def test_bills_may_differ_by_the_errors_of_both(meter: str, times: float, code: str) -> None:
    """By 3 % of the larger amount: from 0.97 to 1 / 0.97 = 1.03093 times."""
    found = drawn(meter)
    seconds = tuple(
        SecondarySource(meter, SecondaryKind.INVOICE, m.start, m.end, 1000.0 * times, "kWh", WHERE)
        for m in found.timeline.months
    )
    claim, _ = found.build()
    data = replace(found.data(), meters=rows_of("meters", [{"meter_id": meter, "unit": "kWh"}]))
    contradictions, findings = cross_checks(claim, series_of(found, seconds=seconds), data, found.timeline, DEFAULTS)
    (said,) = [*(c.finding for c in contradictions), *findings]
    assert said.code == code
    total = 12 * (times - 1)
    if code == "crosscheck.invoice":
        assert said.effect_tco2e == pytest.approx(-total if meter == "Q" else total)
        assert said.data["worst"] == pytest.approx(-1000 * (times - 1))
        used = "the other source is used" in said.message
        assert used == (said.effect_tco2e > 0)
    else:
        assert (said.data["counted"], said.data["other"]) == (pytest.approx(12_000), pytest.approx(12_000 * times))


# --- the edges of the period -------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("last", [False, True])
def test_a_reading_over_the_start_or_the_end_of_the_period(meter: str, last: bool) -> None:
    """2,000 kWh in 62 days, half of them inside. The fastest month is February with 1,000 kWh in 29 days.

    The 31 days outside hold at most 31/29 of that, 1,069 kWh: at least 931 kWh flowed inside, and at most 1,069.
    """
    found = drawn(meter)
    series = series_of(found)
    parts, months = series.parts, found.timeline.months
    which, month = parts.meter_ids.index(meter), 11 if last else 0
    row = next(n for n in range(len(parts)) if (parts.meter[n], parts.month[n]) == (which, month))
    start, end, value, share = (np.array(getattr(parts, name)) for name in ("start", "end", "value", "share"))
    start[row] -= 0 if last else 31 * DAY
    end[row] += 31 * DAY if last else 0
    value[row], share[row] = 2000.0, 0.5
    series = replace(series, parts=replace(parts, start=start, end=end, value=value, share=share))
    treatments, (said,) = treated(found, series)
    off = 31 / 29 - 1
    check(treatments, meter, [side(meter, -off, off)])
    assert [t.month for t in treatments] == [months[month].label]
    assert said.data["share"] == pytest.approx(0.5) and said.data["days"] == 62
    assert (said.data["lowest"], said.data["highest"]) == (pytest.approx(1 - off), pytest.approx(1 + off))
    # without a stated rate all of the reading may have flowed inside, or nothing: of ER 0 t that is much
    assert said.severity is Severity.MAJOR and said.effect_tco2e == pytest.approx(1 - off)


# --- what the tree of meters leaves --------------------------------------------------------------------------


@both
@pytest.mark.parametrize("kwh", [50.0, -50.0])
def test_what_the_tree_shows_to_be_too_much_or_too_little(meter: str, kwh: float) -> None:
    found = drawn(meter)
    finding = SPIKE("too much", WHERE)
    excess = Excess({(meter, "kWh"): {0: kwh, 3: 2 * kwh, 5: 0.0}}, finding)
    treatments, (said,) = treated(found, excesses=[excess])
    if (kwh > 0) == (meter == "Q"):
        check(treatments, meter, [-kwh / 1000, -2 * kwh / 1000])
        assert said.effect_tco2e == pytest.approx(-0.15)
    else:  # it would raise ER
        check(treatments, meter, [0.0, 0.0])
        assert said.effect_tco2e is None


# --- bridges that reach into time that nothing covers, and by a check meter ------------------------------------


@both
def test_a_source_that_began_before_the_period_bridges_within_bounds(meter: str) -> None:
    """The register of December and January: 2,000 kWh in 62 days, none of which was read otherwise.

    The 31 days before hold at most what February does, 1,000 / 29 x 31 = 1,069 kWh; so do those of January. Nothing
    stated bounds it: all of it may have flowed in January, or nothing.
    """
    found = drawn(meter, {0: None})
    months = found.timeline.months
    first = months[0].start - 31 * DAY
    source = SecondarySource(meter, SecondaryKind.REGISTER, first, months[0].end, 2000.0, "kWh", WHERE)
    treatments, (said,) = treated(found, series_of(found, seconds=(source,)))
    off = 31 / 29 - 1
    check(treatments, meter, [side(meter, 1 - off, 1 + off)])
    assert said.severity is Severity.MAJOR and said.effect_tco2e == pytest.approx(1 - off)


@both
def test_a_check_meter_bridges_within_the_errors_of_both(meter: str) -> None:
    """2 % each, where no class is stated: 40 of 1,000 kWh."""
    found = drawn(meter, {4: None})
    found.monthly["C"] = [1000.0] * 12
    series = series_of(found, checks={meter: ("C",)})
    treatments, _ = treated(found, series)
    check(treatments, meter, [side(meter, 0.96, 1.04)])
    assert treatments[0].rule == "bridged by the check meter C"


@both
def test_of_two_sources_the_first_bridges_and_the_other_what_is_left(meter: str) -> None:
    """The register states May alone, 900 kWh; the bill May and June, 2,000 kWh give or take 60: 1,100 in June."""
    found = drawn(meter, {4: None, 5: None})
    seconds = (
        *stated(found, meter, SecondaryKind.INVOICE, 4, 5, 2000.0),
        *stated(found, meter, SecondaryKind.REGISTER, 4, 4, 900.0),
    )
    treatments, findings = treated(found, series_of(found, seconds=seconds))
    assert [f.code for f in findings if f.code != "gaps.bridged"] in ([], ["gaps.month"])
    may = next(t for t in treatments if t.month == "2024-05")
    assert may.correction == pytest.approx(0.9) and may.kind == "bridged"
