"""How a park stands to the criteria of eco-industrial parks: met, not met or open, each with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.portfolio.definition import Criterion, Portfolio
from jcm_mrv.portfolio.park.rules import Rule, rules
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.words import say

UNKNOWN = Code("portfolio.criterion_unknown", Severity.MAJOR, "A criterion of a park is none that is known")
CONTRADICTED = Code(
    "portfolio.criterion_contradicted", Severity.MAJOR, "A criterion is said to be met, and its value is too low"
)
UNPROVEN = Code("portfolio.criterion_unproven", Severity.MAJOR, "Nothing proves that a criterion of a park is met")


@dataclass(frozen=True)
class Standing:
    """A criterion of a park: what is stated about it, None where nothing is. It is open until it is stated."""

    rule: Rule
    stated: Criterion | None

    @property
    def met(self) -> str:
        """yes, no or open; a stated value that is too low or a missing proof leaves it open."""
        if self.stated is None or (self.stated.met == "yes" and (self.too_low or not self.stated.proof)):
            return "open"
        return self.stated.met

    @property
    def too_low(self) -> bool:
        """Whether the value that is stated is below what the criterion asks for, or of another kind."""
        if self.rule.at_least is None or self.stated is None or self.stated.value is None:
            return False
        try:
            return self.stated.value * conversion(self.stated.unit or "1", self.rule.unit) < self.rule.at_least
        except UnitError:
            return True


def standings(portfolio: Portfolio, group: str) -> tuple[Standing, ...]:
    """Every criterion of a park, in the order of the decrees."""
    stated = {one.number: one for one in portfolio.criteria if one.group == group}
    return tuple(Standing(rule, stated.get(rule.number)) for rule in rules()[0])


def criteria_findings(portfolio: Portfolio) -> Iterator[Finding]:
    """What the stated criteria lack."""
    known = {rule.number for rule in rules()[0]}
    for one in portfolio.criteria:
        if one.number not in known:
            message = say("{group} states the criterion {number}, which is none", group=one.group, number=one.number)
            action = say("Use one of: {known}.", known=", ".join(sorted(known)))
            yield UNKNOWN(message, one.where, action=action)
    for group in dict.fromkeys(one.group for one in portfolio.criteria):
        for standing in standings(portfolio, group):
            yield from _faults(group, standing)


def _faults(group: str, standing: Standing) -> Iterator[Finding]:
    stated, rule = standing.stated, standing.rule
    if stated is None or stated.met != "yes":
        return
    names = {"group": group, "number": rule.number}
    if standing.too_low:
        found = say("{value:g} {unit}, at least {least:g} {own}", value=stated.value, unit=stated.unit or "1",
                    least=rule.at_least, own=rule.unit)  # fmt: skip
        action = say("Correct the value or its unit, or say that the criterion is not met.")
        message = say("{group} is said to meet the criterion {number}, and its value is below it", **names)
        yield CONTRADICTED(message, stated.where, found=found, action=action)
    if not stated.proof:
        action = say("Name what proves it (proof), or say that it is open.")
        message = say("{group} is said to meet the criterion {number}, and nothing proves it", **names)
        yield UNPROVEN(message, stated.where, action=action)
