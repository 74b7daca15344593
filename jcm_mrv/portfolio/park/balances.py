"""Flows between firms: what each receives and passes on of one thing, and whether that can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.portfolio.definition import Flow, Portfolio
from jcm_mrv.portfolio.outcome import MemberResult, Row
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.words import say

UNITS = Code("portfolio.flow_units", Severity.MAJOR, "Flows of one thing are not in units of one kind")
MORE = Code("portfolio.flow_balance", Severity.MAJOR, "A firm passes on more of something than it received")
UNLIKE = Code("portfolio.flow_unlike_meter", Severity.MAJOR, "A flow is not what its meter counted")

_SAME = 0.02
"""A flow and its meter may differ by so much: the errors of two meters of class 1."""


@dataclass(frozen=True)
class Balance:
    """What a firm or project received and sent of one thing, in the unit of the first flow of it."""

    what: str
    node: str
    received: float
    sent: float
    unit: str

    @property
    def passes_on(self) -> bool:
        """Whether it both receives and sends it: then it cannot send more than it received."""
        return self.received > 0 and self.sent > 0


def balances(portfolio: Portfolio) -> tuple[Balance, ...]:
    """By thing and firm. Flows in units of another kind than the first of their thing are left to the findings."""
    made: list[Balance] = []
    for what in dict.fromkeys(flow.what for flow in portfolio.flows):
        same = list(in_one_unit([flow for flow in portfolio.flows if flow.what == what]))
        unit = same[0][0].unit
        for node in dict.fromkeys(name for flow, _ in same for name in (flow.from_, flow.to)):
            received = sum(amount for flow, amount in same if flow.to == node)
            sent = sum(amount for flow, amount in same if flow.from_ == node)
            made.append(Balance(what, node, received, sent, unit))
    return tuple(made)


def in_one_unit(flows: Sequence[Flow]) -> Iterator[tuple[Flow, float]]:
    """Flows with their amounts in the unit of the first, as far as they can be converted."""
    for flow in flows:
        factor = _factor(flow.unit, flows[0].unit)
        if factor is not None:
            yield flow, flow.amount * factor


def _factor(have: str, want: str) -> float | None:
    try:
        return conversion(have, want)
    except UnitError:
        return None


def flow_findings(portfolio: Portfolio, members: Sequence[MemberResult]) -> Iterator[Finding]:
    """Flows that do not add up, or are not what the meters that they name counted."""
    for what in dict.fromkeys(flow.what for flow in portfolio.flows):
        same = [flow for flow in portfolio.flows if flow.what == what]
        for flow in same:
            if _factor(flow.unit, same[0].unit) is None:
                message = say("the flow {name} of {what} is in {unit}, another one in {other}", name=flow.name,
                              what=what, unit=flow.unit, other=same[0].unit)  # fmt: skip
                yield UNITS(message, flow.where, action=say("Give both in units of one kind, or another name."))
    for one in balances(portfolio):
        if one.passes_on and one.sent > one.received * (1 + _SAME):
            message = say("{node} passes on more {what} than it received", node=one.node, what=one.what)
            found = say("{sent:.6g} {unit} sent, {received:.6g} {unit} received", sent=one.sent, unit=one.unit,
                        received=one.received)  # fmt: skip
            where = next(f.where for f in portfolio.flows if f.what == one.what and f.from_ == one.node)
            action = say("Add the flow that is missing, or give what is made there another name.")
            yield MORE(message, where, found=found, action=action)
    for flow in portfolio.flows:
        yield from _unlike(flow, portfolio, members)


def _unlike(flow: Flow, portfolio: Portfolio, members: Sequence[MemberResult]) -> Iterator[Finding]:
    """A flow against a parameter that its meter alone measures over the same days."""
    for node, meter in ((flow.from_, flow.from_meter), (flow.to, flow.to_meter)):
        for one in members:
            if not meter or node not in (one.member.name, one.member.tenant):
                continue
            if (one.period_start, one.period_end) != (flow.start, flow.end):
                continue
            counted = _counted(one.rows.get("parameters", ()), meter, flow.unit)
            if counted is not None and abs(counted - flow.amount) > _SAME * max(counted, flow.amount):
                message = say("the flow {name} is not what meter {meter} of {node} counted", name=flow.name,
                              meter=meter, node=node)  # fmt: skip
                found = say("{amount:.6g} {unit}, counted {counted:.6g} {unit}", amount=flow.amount, unit=flow.unit,
                            counted=counted)  # fmt: skip
                yield UNLIKE(message, flow.where, found=found, action=say("Correct the amount, its unit or its days."))


def _counted(rows: Sequence[Row], meter: str, unit: str) -> float | None:
    """What a meter counted, in a unit: the sum of the monitored parameters that it alone measures; None if unknown."""
    own = [row for row in rows if row.get("role") == "monitored" and row.get("meters") == meter]
    values = [
        float(row["value"]) * factor
        for row in own
        if isinstance(row["value"], (int, float)) and (factor := _factor(str(row["unit"]), unit)) is not None
    ]
    return sum(values) if values and len(values) == len(own) else None
