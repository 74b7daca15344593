"""Another source in a meter's place: which months, by what, and what is said; by hand, in microseconds."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.origin import Origin
from jcm_mrv.quality.crosscheck import INVOICE, USED, Contradiction, Pair
from jcm_mrv.quality.treatment.proposal import Decision, End, Outcome
from jcm_mrv.quality.treatment.replacement import OtherSource, OtherSources

WHERE = Origin(sheet="Invoices", cell="D2")
Pairs = Sequence[tuple[int, int, float]]
MONTHS = [(0, 16), (16, 32), (32, 48)]


def finding(effect: float | None, name: str = "bills") -> Finding:
    return INVOICE(f"{name}: {USED}", WHERE, found="x", effect_tco2e=effect)


def contradiction(pairs: Pairs, effect: float | None = 1.0, meter: str = "M", name: str = "bills") -> Contradiction:
    made = tuple(Pair(a, b, 0.0, other, 0.0, WHERE) for a, b, other in pairs)
    return Contradiction(meter, "kWh", made, finding(effect, name))


def by_month(meter: str, spans: Any) -> Any:
    for m, (start, end) in enumerate(MONTHS):
        pieces = tuple((max(a, start), min(b, end)) for a, b in spans if max(a, start) < min(b, end))
        if meter == "M" and pieces:
            yield m, pieces


def proposed(*contradictions: Contradiction, taken: Sequence[tuple[int, int]] = ()) -> list[OtherSource]:
    """Of a meter M that counted an eighth in each microsecond; 1,024 kWh are one, times 2 from 16 on."""
    chain = SimpleNamespace(
        unit="MWh",
        conversions=SimpleNamespace(scale=lambda meter, have, want: 1 / 1024),
        factor=lambda meter, at: 2.0 if at >= 16 else 1.0,
    )
    within: Any = SimpleNamespace(
        chain=chain,
        meters=("L", "M"),
        place={("M", m): 10 + m for m in range(3)},
        by_month=by_month,
        measured=lambda meter, spans: ((m, own, sum(b - a for a, b in own) / 8) for m, own in by_month(meter, spans)),
    )
    before: Any = [SimpleNamespace(meter_id="M", spans=taken), SimpleNamespace(meter_id="L", spans=((0, 48),))]
    found, faults = OtherSources(contradictions).proposals(within, before)
    assert faults == []
    return [one for one in found if isinstance(one, OtherSource)]


def said(found: Sequence[OtherSource]) -> list[tuple[int, float, float]]:
    """Month, what was measured, and what takes its place."""
    return [(one.month, one.measured, one.value) for one in found]


def test_months_are_taken_from_the_source_by_time() -> None:
    """1,024 kWh from 8 to 24: half of it in each month, of which the second counts twice; 3,072 from 24 to 32."""
    found = proposed(contradiction([(8, 24, 1024.0), (24, 32, 3072.0)]))
    assert said(found) == [(0, 1.0, 0.5), (1, 2.0, 1.0 + 6.0)]
    assert [one.spans for one in found] == [((8, 16),), ((16, 24), (24, 32))]
    assert [(one.slice, one.lowest, one.highest) for one in found] == [(10, -0.5, -0.5), (11, 5.0, 5.0)]
    assert all((one.meter_id, one.where, one.cause) == ("M", WHERE, finding(1.0)) for one in found)


@pytest.mark.parametrize(
    ("taken", "months"),
    [
        ([], [0, 1]),
        ([(0, 4)], [1]),
        ([(15, 17)], []),
        ([(32, 48)], [0, 1]),
        ([(0, 16), (16, 32)], []),
    ],
)
def test_what_was_decided_of_a_span_decides_all_of_it(taken: Any, months: list[int]) -> None:
    found = proposed(contradiction([(0, 16, 1024.0), (16, 32, 1024.0)]), taken=taken)
    assert [one.month for one in found] == months


@pytest.mark.parametrize(("effect", "count"), [(0.5, 1), (0.0, 0), (-0.5, 0), (None, 0)])
def test_only_where_er_is_higher_with_the_meter(effect: float | None, count: int) -> None:
    one = contradiction([(0, 16, 1024.0)], effect)
    assert len(proposed(one)) == count
    assert OtherSources([one]).replaced == [("M", (0, 16))] * count
    assert proposed(contradiction([(0, 16, 1024.0)], 1.0, meter="X")) == []


def test_the_source_with_the_lowest_er_goes_first_and_the_other_holds_where_it_is_silent() -> None:
    weak = contradiction([(0, 16, 1024.0), (16, 32, 1024.0)], 1.0, name="weak")
    strong = contradiction([(16, 32, 512.0)], 2.0, name="strong")
    for given in ((weak, strong), (strong, weak)):
        found = proposed(*given)
        assert {one.month: (one.cause.message.split(":")[0], one.value) for one in found} == {
            0: ("weak", 1.0),
            1: ("strong", 1.0),
        }


@pytest.mark.parametrize(("effects", "total"), [((-0.5, -0.25), -0.75), ((-0.5, None), None)])
def test_the_finding_comes_back_with_what_was_done(effects: Any, total: Any) -> None:
    used = contradiction([(0, 16, 1024.0), (16, 32, 1024.0)])
    other = contradiction([(0, 16, 1.0)], 0.5, name="others")
    outcomes = [
        Outcome(one, Decision(0.0, End.LOWEST, None, 0.0), SimpleNamespace(effect_tco2e=effect))  # type: ignore[arg-type]
        for one, effect in zip(proposed(used), effects, strict=True)
    ]
    first, second = OtherSources([used, other]).findings(outcomes)
    assert first.message == f"bills: {USED}, since ER is lower with it" and first.effect_tco2e == total
    assert second.message == "others: another value is used for what it counted" and second.effect_tco2e == 0.5
