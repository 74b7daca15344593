"""Parks: criteria with their proof, balances of flows, and who has to report, by the example."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jcm_mrv.portfolio.definition import Portfolio
from jcm_mrv.portfolio.gathering import result_of
from jcm_mrv.portfolio.outcome import MemberResult, State
from jcm_mrv.portfolio.park.balances import balances, flow_findings
from jcm_mrv.portfolio.park.criteria import standings
from jcm_mrv.portfolio.park.thresholds import duties
from jcm_mrv.portfolio.reading import read_portfolio

EXAMPLE = Path(__file__).parents[3] / "examples" / "eco_industrial_park" / "portfolio.toml"
Change = Callable[[str, str], Portfolio]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """The example with a text of its file replaced."""

    def make(old: str, new: str) -> Portfolio:
        folder = shutil.copytree(EXAMPLE.parent, tmp_path / "park", ignore=shutil.ignore_patterns("*.store", "output"))
        file = folder / "portfolio.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_portfolio(file)

    return make


def codes(portfolio: Portfolio) -> list[str]:
    return [finding.code for finding in result_of(portfolio, lambda name: None).findings]


def test_the_example_has_nothing_to_be_mended_in_flows_and_criteria() -> None:
    portfolio = read_portfolio(EXAMPLE)
    assert codes(portfolio) == []
    met = {one.rule.number: one.met for one in standings(portfolio, "park")}
    assert met == {
        "82-1": "open", "82-2": "yes", "82-3": "no", "82-4": "yes", "82-5": "open", "35-1": "open", "35-2": "open",
    }  # fmt: skip


def test_a_recycler_keeps_what_it_does_not_pass_on() -> None:
    """4,200 t in, 3,900 t out."""
    (own,) = [b for b in balances(read_portfolio(EXAMPLE)) if b.node == "recycler"]
    assert (own.received, own.sent, own.unit) == (4200, 3900, "t")


@pytest.mark.parametrize(("amount", "told"), [("4280", False), ("4290", True)])
def test_nobody_passes_on_more_than_came(changed: Change, amount: str, told: bool) -> None:
    """4,200 t and 2 % are 4,284 t."""
    found = codes(changed("amount = 3900", f"amount = {amount}"))
    assert found == (["portfolio.flow_balance"] if told else [])


def test_a_flow_in_kilograms_is_one_in_tonnes(changed: Change) -> None:
    portfolio = changed('amount = 3900\nunit = "t"', 'amount = 3900000\nunit = "kg"')
    assert codes(portfolio) == []
    (own,) = [b for b in balances(portfolio) if b.node == "recycler"]
    assert own.sent == pytest.approx(3900)


def test_a_flow_in_another_kind_of_unit_is_named_and_not_added(changed: Change) -> None:
    portfolio = changed('amount = 3900\nunit = "t"', 'amount = 3900\nunit = "m3"')
    assert codes(portfolio) == ["portfolio.flow_units"]
    assert [b.sent for b in balances(portfolio) if b.node == "recycler"] == [0]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('number = "82-2"', 'number = "82-9"', "portfolio.criterion_unknown"),
        ("value = 25", "value = 19.9", "portfolio.criterion_contradicted"),
        ('value = 25\nunit = "%"', 'value = 0.19\nunit = "1"', "portfolio.criterion_contradicted"),
        ('value = 25\nunit = "%"', 'value = 25\nunit = "t"', "portfolio.criterion_contradicted"),
        ('proof = "the flows of this portfolio"', 'proof = ""', "portfolio.criterion_unproven"),
    ],
)
def test_a_criterion_that_is_said_to_be_met(changed: Change, old: str, new: str, code: str) -> None:
    portfolio = changed(old, new)
    assert codes(portfolio) == [code]
    assert "yes" not in {
        s.met for s in standings(portfolio, "park") if s.rule.number == ("82-4" if "proof" in old else "82-2")
    }


def test_who_has_to_report() -> None:
    """3,000 tCO2e or 1,000 TOE a year; what nobody stated is open, not below."""
    found = {(d.tenant.name, d.threshold.amount): d.answer for d in duties(read_portfolio(EXAMPLE))}
    assert found["castings", "emissions"] == "yes" and found["castings", "energy"] == "no"  # 3,300 and 990
    assert found["electronics", "emissions"] == "no" and found["electronics", "energy"] == "yes"  # 2,900 and 1,050
    assert found["recycler", "emissions"] == "open" and found["packaging", "energy"] == "open"


def test_a_flow_that_its_meter_contradicts(changed: Change) -> None:
    """The roof counted 2,400 MWh, 8,640 GJ; a flow of 8,300 GJ is 4 % less, one of 8,500 within 2 %."""
    portfolio = changed('name = "heat"', 'name = "heat"\nfrom_meter = "M-1"')
    member = portfolio.members[0]
    row = {"role": "monitored", "meters": "M-1", "value": 2400.0, "unit": "MWh"}
    days = date(2024, 1, 1), date(2024, 12, 31)
    result = MemberResult(member, State.CALCULATED, None, (), (), *days, (), {}, "", {"parameters": [row]})
    heat = next(flow for flow in portfolio.flows if flow.name == "heat")

    def told(amount: float, unit: str, end: date = days[1]) -> list[str]:
        own = {"what": "power", "from_": "steel", "to": "plastics", "from_meter": "M-1"}
        flow = replace(heat, **own, amount=amount, unit=unit, start=days[0], end=end)
        alone = replace(portfolio, members=(member,), flows=(flow,), criteria=())
        return [finding.code for finding in flow_findings(alone, [result])]

    assert told(8300, "GJ") == ["portfolio.flow_unlike_meter"]
    assert told(8500, "GJ") == [] and told(2400, "MWh") == []
    assert told(8300, "GJ", date(2024, 6, 30)) == []  # other days than the meter's
