"""Nothing is counted twice: what two members both claim for the same time, told with both places.

Two members that follow each other (the same plant in two monitoring periods) share their meters and logs rightly; only
spans that overlap count twice. Energy that goes from one member to another is seen by its meter, or by the flow that
the portfolio states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jcm_mrv.findings import LISTED, Code, Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.portfolio.definition import ELECTRICITY, Flow, Portfolio
from jcm_mrv.portfolio.outcome import MemberResult, Row
from jcm_mrv.quantities.units import same_dimension
from jcm_mrv.words import as_words, say

TWICE = Code("portfolio.counted_twice", Severity.ERROR, "Two members claim the same thing for the same time")
ENERGY = Code("portfolio.energy_twice", Severity.ERROR, "Energy counts in two members")
SOLD = Code("portfolio.sold_energy", Severity.MAJOR, "It is not shown in whose claim sold energy counts")

_NAMES = {
    what: as_words(text)
    for what, text in {
        "meter": "the meter", "equipment": "the equipment", "land": "the piece of land", "invoice": "the invoice",
        "log": "the log", "workbook": "the monitoring workbook", "project": "the project",
    }.items()
}  # fmt: skip
_ENERGY = "energy"
Claims = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Claim:
    """A thing that a member claims."""

    member: MemberResult
    row: Row

    @property
    def place(self) -> str:
        """Member, file and cell."""
        return f"{self.member.member.name} ({self.member.member.file}: {self.row.get('origin') or self.row['label']})"

    def text(self, key: str) -> str:
        """A value of the row as text."""
        return str(self.row.get(key) or "")

    def same_make(self, other: Claim) -> bool:
        """False where both name a make and these differ: two makers may give the same number."""
        return not self.text("make") or not other.text("make") or self.text("make") == other.text("make")

    @property
    def generated(self) -> bool:
        """Whether it is a meter whose energy is claimed as generated."""
        return self.text("use") == "generated"

    @property
    def deducted(self) -> bool:
        """Whether it is a meter that is taken off a consumption."""
        return "-" in self.text("sign")


def counted_twice(portfolio: Portfolio, members: Sequence[MemberResult]) -> list[Finding]:
    """Everything that two members count, each once."""
    claims = [Claim(one, row) for one in members for row in one.rows.get("identities", ())]
    by_identity: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        if claim.text("identity"):
            by_identity.setdefault((claim.text("what"), claim.text("identity")), []).append(claim)
    found = [finding for same in by_identity.values() if len(same) > 1 for finding in _same(same)]
    return [*found, *_flows(portfolio, claims)]


def _same(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Claims of one thing by different members for one time; days in ISO form sort as they follow each other."""
    told, before = 0, list[Claim]()
    for one in sorted(claims, key=lambda claim: claim.text("start")):
        before = [other for other in before if other.text("end") >= one.text("start")]
        for other in before:
            if one.member is not other.member and one.same_make(other):
                yield _finding(other, one)
                told += 1
                if told == LISTED:
                    return
        before.append(one)


def _finding(one: Claim, other: Claim) -> Finding:
    generating = [c for c in (one, other) if c.generated]
    deducting = [c for c in (one, other) if c.deducted and not c.generated]
    where = one.member.member.where
    if generating and deducting:
        return _deducted(generating[0], deducting[0], where)
    message = say(
        "{what} {label} counts in two members for the same time: {first} and {second}",
        what=_NAMES[one.text("what")], label=one.text("label"), first=one.place, second=other.place,
    )  # fmt: skip
    action = say(
        "Take it out of one of the two, divide what it shows between them by shares, or correct the number if it is "
        "another one."
    )
    data = {"what": one.text("what"), "first": one.member.member.name, "second": other.member.member.name}
    return TWICE(message, where, found=one.text("identity"), action=action, data=data)


def _deducted(solar: Claim, cooled: Claim, where: Origin) -> Finding:
    message = say(
        "energy that {first} claims as generated is taken off the consumption of {second}: the same kWh counts twice",
        first=solar.place, second=cooled.place,
    )  # fmt: skip
    action = say("Count the whole consumption of the second as bought, or leave that energy out of the first.")
    data = {"what": "meter", "first": solar.member.member.name, "second": cooled.member.member.name}
    return ENERGY(message, where, found=solar.text("identity"), action=action, data=data)


# --- energy that the portfolio says is sold -----------------------------------------


def _flows(portfolio: Portfolio, claims: Iterable[Claim]) -> Iterator[Finding]:
    meters = [claim for claim in claims if claim.text("what") == "meter"]
    for flow in portfolio.flows:
        sold = _of(flow, flow.from_, meters)
        if flow.kind == _ENERGY or flow.from_meter or same_dimension(flow.unit, "MWh"):
            yield from _flow(flow, sold, _of(flow, flow.to, meters))


def _said_of_a_firm(flow: Flow, sold: Iterable[Claim]) -> bool:
    """Whether the portfolio alone says that it is no electricity, of a firm that may sell more than its projects give.

    Of a project what it claims to generate decides: its methodology makes electricity of it, whatever is said here.
    """
    return flow.carrier not in ("", ELECTRICITY) and all(flow.from_ != one.member.member.name for one in sold)


def _of(flow: Flow, name: str, meters: Iterable[Claim]) -> list[Claim]:
    """The meters of a member, or of the members of a tenant, that count within the time of a flow."""
    start, end = flow.start.isoformat(), flow.end.isoformat()
    return [
        one
        for one in meters
        if name in (one.member.member.name, one.member.member.tenant)
        and max(start, one.text("start")) <= min(end, one.text("end"))
    ]


def _flow(flow: Flow, sold: Sequence[Claim], bought: Sequence[Claim]) -> Iterator[Finding]:
    """What is sold is generated by the one and used by the other, never generated by both or taken off as well."""
    claimed = [one for one in sold if one.generated]
    for meter, there, name in ((flow.from_meter, sold, flow.from_), (flow.to_meter, bought, flow.to)):
        if claimed and meter and there and not _named(list(there), meter):
            message = say("{flow}: no monitoring point of {to} names its meter", flow=flow.name, to=name)
            action = say("Write the Meter ID as it stands in the workbook of {to}.", to=name)
            yield SOLD(message, flow.where, found=meter, action=action)
            return
    generated = _named(claimed, flow.from_meter)
    if not generated:
        return
    again = _named([one for one in bought if one.generated], flow.to_meter)
    off = _named([one for one in bought if one.deducted and not one.generated], flow.to_meter)
    if again and flow.to_meter:
        yield _generated_by_both(flow, generated[0], again[0])
    elif off and flow.to_meter:
        yield _deducted(generated[0], off[0], flow.where)
    elif (again or off) and not flow.from_meter and _said_of_a_firm(flow, sold):
        message = say(
            "{flow}: only carrier = {carrier} says that it is not what {first} generates; the claim of {second} may "
            "count that again",
            flow=flow.name, carrier=flow.carrier, first=generated[0].place, second=(again or off)[0].place,
        )  # fmt: skip
        action = say("Its document has to show what it is; or write from_meter = the Meter ID that measures it.")
        yield SOLD(message, flow.where, found=flow.document, action=action, severity=Severity.MINOR)
    elif again or off:
        message = say(
            "{flow}: what {first} generates goes to {second}, whose claim may count it again",
            flow=flow.name, first=generated[0].place, second=(again or off)[0].place,
        )  # fmt: skip
        action = say(
            "Write to_meter = the Meter ID of the workbook of {to} that measures what is bought; or, where it is no "
            "electricity, from_meter = the one of {from_} that measures it.",
            to=flow.to,
            from_=flow.from_,
        )
        yield SOLD(message, flow.where, found=flow.what, action=action)


def _generated_by_both(flow: Flow, one: Claim, other: Claim) -> Finding:
    message = say(
        "{flow}: energy that {first} generates and sells is claimed as generated by {second} as well",
        flow=flow.name, first=one.place, second=other.place,
    )  # fmt: skip
    action = say("It is consumption of {to}: take {meter} out of what that generates.", to=flow.to, meter=flow.to_meter)
    data = {"what": "meter", "first": one.member.member.name, "second": other.member.member.name}
    return ENERGY(message, flow.where, found=other.text("identity"), action=action, data=data)


def _named(claims: list[Claim], meter: str) -> list[Claim]:
    """Those of the named meter; all where none is named."""
    return [one for one in claims if one.text("label") == meter] if meter else claims
