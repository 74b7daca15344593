"""One request and the register that holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from jcm_mrv.words import say


class Kind(StrEnum):
    """What is asked for."""

    CAR = "CAR"  # corrective action: an error that affects the reductions, a non-conformity
    CL = "CL"  # clarification
    FAR = "FAR"  # forward action: for the next monitoring period


class State(StrEnum):
    """Where a request stands. Only a person closes one."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


ITEMS = (
    say("Eligibility criteria"),
    say("Implementation against the PDD"),
    say("Calibration and correction of measured values"),
    say("Data and calculation"),
    say("Double registration"),
    say("Changes after registration"),
)
"""The items of a verification report, under which requests stand."""


@dataclass(frozen=True)
class Request:
    """A request.

    ``place`` is the number or cell that it is about; ``requirement`` one of :data:`ITEMS` or a person's own words, and
    ``raised_by`` the finding, check, sample or person. ``key`` tells what raised it, '' for one by hand. ``since`` is
    what became of it with the last version, written by the program; ``period`` the monitoring period of its raising.
    """

    number: str
    kind: Kind
    round: int
    requirement: str
    place: str
    question: str
    raised_by: str
    effect: str = ""
    answer: str = ""
    evidence: str = ""
    state: State = State.OPEN
    closed_by: str = ""
    closed_on: str = ""
    remark: str = ""
    since: str = ""
    period: str = ""
    key: str = ""


@dataclass(frozen=True)
class Register:
    """All requests of a report; ``round`` counts the versions, ``report`` is the SHA-256 of the last one's "
    "result.json."""

    round: int = 0
    report: str = ""
    project: str = ""
    period: str = ""
    requests: tuple[Request, ...] = field(default_factory=tuple)

    def open(self, kind: Kind) -> list[Request]:
        """The requests of a kind that nobody closed."""
        return [one for one in self.requests if one.kind is kind and one.state is not State.CLOSED]
