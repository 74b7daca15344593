"""Findings: what is wrong, doubtful or worth knowing about a person's data.

A finding is data, not an exception: a stable dotted code, a severity, a
message, its place, the numbers that show it, and its effect on the emission
reductions. Codes are declared once, where they are raised, as module-level
:class:`Code` objects; every code has a page in ``docs/findings``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.languages import said_in
from jcm_mrv.origin import NOWHERE, Origin
from jcm_mrv.words import SOURCE, as_words, joined, say

LISTED = 20
"""How many places of one kind are listed, in one column or of one meter; the rest are counted."""
NAMED = 6
"""How many things of one kind are named in one sentence; the rest are counted."""


class Severity(StrEnum):
    """How much a finding weighs; the order of declaration is the order of reading."""

    ERROR = "error"  # blocks the calculation
    MAJOR = "major"  # needs an answer before a verifier accepts the report
    MINOR = "minor"
    NOTE = "note"


class Bias(StrEnum):
    """Into which direction what was measured may be wrong."""

    EITHER = "either"
    TOO_HIGH = "too high"
    TOO_LOW = "too low"


SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: say("error"),
    Severity.MAJOR: say("major"),
    Severity.MINOR: say("minor"),
    Severity.NOTE: say("note"),
}
"""Each severity as a person reads it."""


@dataclass(frozen=True)
class QuestionableSpan:
    """A span (instants) in which what a meter counted is not to be relied on."""

    meter_id: str
    start: int
    end: int
    bias: Bias = Bias.EITHER


@dataclass(frozen=True)
class Finding:
    """One finding.

    ``found`` is what stands there, ``action`` what to do about it. ``effect_tco2e`` is
    the change in ER that the finding's treatment makes (negative: fewer
    credits), None where it is unknown or there is none. ``questionable`` are
    the spans that are to be treated for it. ``answer`` is what the project
    says of it on the sheet Answers, '' where it says nothing.
    """

    code: str
    severity: Severity
    message: str
    where: Origin = NOWHERE
    found: str = ""
    action: str = ""
    data: Mapping[str, str | int | float] = field(default_factory=dict)
    effect_tco2e: float | None = None
    questionable: tuple[QuestionableSpan, ...] = ()
    answer: str = ""

    @property
    def key(self) -> tuple[str, str, Origin, str]:
        """What it says and of which place: two findings with one key are the same one."""
        return self.code, self.message, self.where, self.found

    def said(self, lang: str) -> Finding:
        """The same finding in another language."""
        if lang == SOURCE:
            return self
        message, found, action = (said_in(text, lang) for text in (self.message, self.found, self.action))
        return replace(self, message=message, found=found, action=action)

    def __str__(self) -> str:
        place, found, action = str(self.where), self.found, self.action
        parts = [place, ": " if place else "", self.message]
        parts += [say("; found: {found}", found=found)] if found else []
        parts += [". ", action] if action else []
        return joined("", [*parts, f" [{self.code}]"])


@dataclass(frozen=True)
class Code:
    """A kind of finding, registered under its dotted code.

    Calling it makes a finding. Raises ValueError when a code is declared twice.
    """

    code: str
    severity: Severity
    title: str

    def __post_init__(self) -> None:
        if self.code in CODES:
            raise ValueError(f"the finding code {self.code} is declared twice")
        CODES[self.code] = self
        object.__setattr__(self, "title", as_words(self.title))

    def __call__(
        self,
        message: str,
        where: Origin = NOWHERE,
        *,
        found: str = "",
        action: str = "",
        data: Mapping[str, str | int | float] | None = None,
        effect_tco2e: float | None = None,
        severity: Severity | None = None,
        questionable: Iterable[QuestionableSpan] = (),
    ) -> Finding:
        """A finding of this kind."""
        weight, numbers, spans = severity or self.severity, dict(data or {}), tuple(questionable)
        return Finding(self.code, weight, message, where, found, action, numbers, effect_tco2e, spans)


CODES: dict[str, Code] = {}


class InputRefusedError(JcmMrvError, ValueError):
    """The input cannot be used; ``findings`` lists every reason at once, ``others`` what was noticed besides."""

    def __init__(self, findings: Iterable[Finding], others: Iterable[Finding] = ()) -> None:
        self.findings, self.others = tuple(findings), tuple(others)
        super().__init__("\n".join(str(f) for f in self.findings))

    def __reduce__(self) -> tuple[object, ...]:
        return (InputRefusedError, (self.findings, self.others))


def named(texts: Sequence[str], separator: str = ", ", most: int = NAMED) -> str:
    """The first of some texts in one sentence, and how many more there are."""
    more, shown = len(texts) - most, joined(separator, texts[:most])
    return shown + say("{mark} and {more} more", mark=separator.rstrip(", "), more=more) if more > 0 else shown


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Only the findings that block the calculation."""
    return [f for f in findings if f.severity is Severity.ERROR]


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that say the same of the same place told once: a value may serve many elements."""
    kept: dict[tuple[str, str, Origin, str], Finding] = {}
    for finding in findings:
        kept.setdefault(finding.key, finding)
    return list(kept.values())


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, by severity, otherwise as found."""
    weight = {severity: n for n, severity in enumerate(Severity)}
    return tuple(sorted(once(findings), key=lambda f: weight[f.severity]))


def refuse_on_error(findings: Iterable[Finding]) -> None:
    """Raise InputRefusedError when any finding blocks the calculation."""
    found = once(findings)
    blocking = errors(found)
    if blocking:
        raise InputRefusedError(blocking, (f for f in found if f.severity is not Severity.ERROR))
