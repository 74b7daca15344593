"""The rate of each rule of a PDD, by hand: highest and lowest month, highest rate, equipment, a year before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.origin import Origin
from jcm_mrv.quality.treatment.prescribed import Prescribed, PrescribedRules
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.quality.values.subject import Limit
from jcm_mrv.time.zones import HOUR


def rules(rule: str, rate: float | None = 8.0, rated: float | None = 2048.0, missing: int = 0) -> PrescribedRules:
    """Of a meter M, counted in all months but the second; 16 MWh in the first of 64 hours, one more in each next."""
    months = [SimpleNamespace(start=64 * n * HOUR, end=64 * (n + 1) * HOUR, duration=64 * HOUR) for n in range(24)]

    def between(meter: str, start: int, end: int, unit: str) -> Any:
        assert (meter, end - start, unit) == ("M", 64 * HOUR, "MWh")
        return SimpleNamespace(best=16.0 + start // HOUR // 64, missing=missing * HOUR)

    context = SimpleNamespace(
        data=SimpleNamespace(
            meters=[SimpleNamespace(meter_id="M", missing_data=rule), SimpleNamespace(meter_id="N", missing_data="")]
        ),
        amounts=SimpleNamespace(highest_rate=lambda meter, unit: rate, between=between),
        rated=lambda meter: None if rated is None else Limit(rated, "", Origin()),
        unit=lambda meter: "kWh",
        timeline=SimpleNamespace(months=months),
    )
    within: Any = SimpleNamespace(
        context=context,
        chain=SimpleNamespace(unit="MWh", in_unit=lambda unit, meter: 1 / 1024),
        rates={"M": Rates(3.0, (1.0, 5.0), (0.0, 9.0))},
        place={("M", m): m for m in range(24) if m != 1},
    )
    return PrescribedRules(within)


@pytest.mark.parametrize(
    ("rule", "month", "amount"),
    [
        ("zero", 2, 0.0),
        ("highest rate", 2, 32.0),
        ("rated capacity", 2, 8.0),
        ("highest month", 2, 20.0),
        ("lowest month", 2, 4.0),
        # 16 MWh in 64 hours of the first month, a year before the thirteenth
        ("same month a year before", 12, 1.0),
        ("same month a year before", 13, None),  # the meter was not counted then
        ("same month a year before", 14, 18 / 64 * 4),
        ("same month a year before", 11, None),
        ("same month a year before", 2, None),
        ("excluded span", 2, None),
    ],
)
def test_the_amount_of_four_missing_hours(rule: str, month: int, amount: float | None) -> None:
    found = rules(rule).of("M", month, 4.0)
    assert found is not None and found.amount == (None if amount is None else pytest.approx(amount))
    known = f"{rule}, as the PDD prescribes" if amount is not None else f"{rule} of the PDD"
    assert found.words.startswith(known)


def test_without_a_rule_there_is_none() -> None:
    assert rules("zero").of("N", 2, 4.0) is rules("zero").of("X", 2, 4.0) is None


@pytest.mark.parametrize("rule", ["highest rate", "rated capacity"])
def test_what_is_not_stated_cannot_be_followed(rule: str) -> None:
    unknown = Prescribed(None, f"{rule} of the PDD is not known")
    assert rules(rule, rate=None, rated=None).of("M", 2, 4.0) == unknown


def test_nor_can_the_month_of_a_meter_that_was_never_read() -> None:
    one = rules("highest month")
    one.within.__dict__["rates"] = {"M": None}
    assert one.of("M", 2, 4.0) == Prescribed(None, "highest month of the PDD is not known")
    one.within.__dict__["rates"] = {}
    assert one.of("M", 2, 4.0) == Prescribed(None, "highest month of the PDD is not known")


@pytest.mark.parametrize(("missing", "amount"), [(32, 2.0), (63, 64.0), (64, None)])
def test_the_rate_of_a_year_before_is_that_of_the_hours_that_were_read(missing: int, amount: float | None) -> None:
    found = rules("same month a year before", missing=missing).of("M", 12, 4.0)
    assert found is not None and found.amount == amount
