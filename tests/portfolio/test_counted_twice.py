"""What two members both claim is told with both places; what follows in time, or is another thing, is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.portfolio import running
from jcm_mrv.portfolio.counted_twice import counted_twice
from jcm_mrv.portfolio.definition import Portfolio
from jcm_mrv.portfolio.outcome import MemberResult, Row, State
from jcm_mrv.portfolio.reading import read_portfolio
from jcm_mrv.portfolio.store import Store
from jcm_mrv.portfolio.workers import Inline
from support.portfolios import Write, member, monthly, portfolio_file, roof

SPAN = {"start": "2024-01-01", "end": "2024-12-31"}
METER = {"what": "meter", "identity": "sn1", "label": "M-1", "sign": "+", "use": "used", "origin": "Meters!B2", **SPAN}
GENERATED = {**METER, "identity": "sn1", "use": "generated", "parameters": "EG"}
FLOW = """[[flow]]
name = "roof power"
kind = "energy"
what = "electricity"
from = "seller"
to = "buyer"
amount = 100
unit = "MWh"
start = 2024-01-01
end = 2024-12-31
document = "contract"
"""


def members(portfolio: Portfolio, *rows: Row) -> list[MemberResult]:
    return [
        MemberResult(one, State.CALCULATED, None, (), (), None, None, (), "", "", {"identities": [row]})
        for one, row in zip(portfolio.members, rows, strict=True)
    ]


def found(portfolio: Write, first: Row, second: Row, flow: str = "") -> list[Finding]:
    tables = [f'[[member]]\nname = "{name}"\nno_figures = "a test"\n' for name in ("seller", "buyer")]
    read = read_portfolio(portfolio(*tables, flow))
    return counted_twice(read, members(read, first, second))


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        ({}, {}, True),
        ({"what": "equipment"}, {"what": "equipment"}, True),
        ({"what": "land"}, {"what": "land"}, True),
        ({"what": "invoice", "make": "evn"}, {"what": "invoice", "make": "evn"}, True),
        ({"what": "log"}, {"what": "log"}, True),
        ({}, {"what": "equipment"}, False),  # a meter and a machine with one number
        ({"end": "2024-06-30"}, {"start": "2024-07-01"}, False),  # one plant, two periods
        ({"end": "2024-06-30"}, {"start": "2024-06-30"}, True),  # one day is too many
        ({"make": "one / x"}, {"make": "other / x"}, False),
        ({"make": "one / x"}, {}, True),
        ({"identity": ""}, {"identity": ""}, False),  # no serial number is stated
    ],
)
def test_the_same_thing_for_the_same_time(portfolio: Write, first: Any, second: Any, twice: bool) -> None:
    codes = [finding.code for finding in found(portfolio, {**METER, **first}, {**METER, **second})]
    assert codes == (["portfolio.counted_twice"] if twice else [])


def test_one_of_many_periods_that_counts_twice_is_found(portfolio: Write) -> None:
    months = [(f"{2019 + n // 12}-{n % 12 + 1:02d}-01", f"{2019 + n // 12}-{n % 12 + 1:02d}-28") for n in range(60)]
    spans = [*months, months[-1]]  # five years of months one after the other, the last of them in two members
    tables = [f'[[member]]\nname = "m{n}"\nno_figures = "a test"\n' for n in range(len(spans))]
    read = read_portfolio(portfolio(*tables))
    rows = [{**METER, "start": start, "end": end} for start, end in spans]
    (finding,) = counted_twice(read, members(read, *rows))
    assert (finding.data["first"], finding.data["second"]) == ("m59", "m60")


def test_both_places_are_told(portfolio: Write) -> None:
    (finding,) = found(portfolio, METER, {**METER, "origin": "Meters!B7"})
    assert "seller" in finding.message and "Meters!B2" in finding.message
    assert "buyer" in finding.message and "Meters!B7" in finding.message


def test_a_kilowatt_hour_claimed_as_solar_and_deducted_from_a_consumption(portfolio: Write) -> None:
    (finding,) = found(portfolio, GENERATED, {**METER, "sign": "-"})
    assert finding.code == "portfolio.energy_twice"
    assert "generated" in finding.message


def test_sold_energy_is_not_generation_of_both(portfolio: Write) -> None:
    theirs = {**GENERATED, "identity": "sn2", "label": "M-2"}
    (finding,) = found(portfolio, GENERATED, theirs, FLOW + 'to_meter = "M-2"')
    assert (finding.code, finding.where.line) == ("portfolio.energy_twice", 12)
    assert found(portfolio, GENERATED, {**METER, "identity": "sn2"}, FLOW + 'to_meter = "M-1"') == []  # consumption


def test_sold_energy_is_not_deducted_from_what_the_buyer_uses(portfolio: Write) -> None:
    theirs = {**METER, "identity": "", "label": "M-2", "sign": "-"}  # nobody stated a serial number
    (finding,) = found(portfolio, GENERATED, theirs, FLOW + 'to_meter = "M-2"')
    assert finding.code == "portfolio.energy_twice"


@pytest.mark.parametrize("named", ["", 'to_meter = "M-9"'])
def test_a_sale_that_no_meter_shows_is_asked_about(portfolio: Write, named: str) -> None:
    theirs = {**GENERATED, "identity": "sn2", "label": "M-2"}
    assert [f.code for f in found(portfolio, GENERATED, theirs, FLOW + named)] == ["portfolio.sold_energy"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('carrier = "heat"', True),  # a solar roof generates electricity, whatever the portfolio calls it
        ('carrier = "electricity"', True),
        ('carrier = "heat"\nfrom_meter = "M-1"', True),  # the meter of the roof says otherwise
    ],
)
def test_only_electricity_is_what_a_roof_generates(portfolio: Write, more: str, told: bool) -> None:
    theirs = {**GENERATED, "identity": "sn2", "label": "M-2"}
    codes = [f.code for f in found(portfolio, GENERATED, theirs, FLOW + more)]
    assert codes == (["portfolio.sold_energy"] if told else [])


def test_a_firm_may_sell_more_than_its_projects_generate(portfolio: Write) -> None:
    """Waste heat of a firm with a roof: what is said of it is taken, and what has to prove it is told."""
    theirs = {**GENERATED, "identity": "sn2", "label": "M-2"}
    firm = '[[tenant]]\nname = "works"\n' + FLOW.replace('from = "seller"', 'from = "works"') + 'carrier = "heat"\n'
    tables = [f'[[member]]\nname = "{name}"\nno_figures = "a test"\n{more}' for name, more in
              (("seller", 'tenant = "works"\n'), ("buyer", ""))]  # fmt: skip

    def told(first: Row, more: str = "") -> list[tuple[str, str]]:
        read = read_portfolio(portfolio(*tables, firm + more))
        rows = {"seller": [first, {**METER, "identity": "sn3", "label": "M-heat"}], "buyer": [theirs]}
        given = [replace(one, rows={"identities": rows[one.member.name]}) for one in members(read, first, theirs)]
        return [(f.code, str(f.severity)) for f in counted_twice(read, given)]

    assert told(GENERATED) == [("portfolio.sold_energy", "minor")]
    assert told(GENERATED, 'to_meter = "M-2"') == [("portfolio.energy_twice", "error")]  # the buyer's claim
    assert told(GENERATED, 'from_meter = "M-heat"') == []  # a meter of the firm that generates nothing
    assert told(GENERATED, 'from_meter = "M-9"') == [("portfolio.sold_energy", "major")]  # no meter of the firm at all
    assert told(METER) == []


def test_electricity_is_not_hidden_by_the_kind_of_its_flow(portfolio: Write) -> None:
    theirs = {**GENERATED, "identity": "sn2", "label": "M-2"}
    flow = FLOW.replace('"energy"', '"material"')
    assert [f.code for f in found(portfolio, GENERATED, theirs, flow)] == ["portfolio.sold_energy"]


def test_a_sale_outside_the_time_of_the_claims_is_none_of_them(portfolio: Write) -> None:
    flow = (FLOW + 'to_meter = "M-2"').replace("2024", "2022")
    assert found(portfolio, GENERATED, {**GENERATED, "identity": "sn2", "label": "M-2"}, flow) == []


def test_workbooks_that_share_a_meter_have_no_total(tmp_path: Path) -> None:
    roof(tmp_path, "a")
    roof(tmp_path, "b", serial="sn-m-A ")  # case and spaces make no other number
    path = portfolio_file(tmp_path, member("a"), member("b"))
    result, _ = running.run(read_portfolio(path), Store(tmp_path / "store"), Inline)
    (finding,) = result.findings
    assert result.counted_twice
    assert "a (a/monitoring.xlsx: monitoring.xlsx, Meters!" in finding.message
    assert "b (b/monitoring.xlsx: monitoring.xlsx, Meters!" in finding.message


def test_two_periods_of_one_plant_follow_each_other(tmp_path: Path) -> None:
    roof(tmp_path, "a")
    later = {"period_start": date(2024, 4, 1), "period_end": date(2024, 6, 30)}
    readings = monthly("M-1", (1000.0, 1000.0, 1000.0), (2024, 4))
    roof(
        tmp_path,
        "b",
        serial="SN-M-a",
        project={**later, "title": "Roof a (illustrative)"},
        tables={"readings": readings},
    )
    path = portfolio_file(tmp_path, member("a"), member("b"))
    result, _ = running.run(read_portfolio(path), Store(tmp_path / "store"), Inline)
    assert [one.state for one in result.members] == [State.CALCULATED] * 2
    assert result.findings == ()


def test_a_copy_of_a_workbook_is_told_as_such(tmp_path: Path) -> None:
    path = roof(tmp_path, "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "other.xlsx").write_bytes(path.read_bytes())
    path = portfolio_file(tmp_path, member("a"), member("b", file="b/other.xlsx"))
    result, _ = running.run(read_portfolio(path), Store(tmp_path / "store"), Inline)
    assert {finding.data["what"] for finding in result.findings} == {"workbook", "project", "meter", "equipment"}
