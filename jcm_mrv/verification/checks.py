"""What a verification says: one row for each thing that was stated, beside what follows from the inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from jcm_mrv.findings import LISTED
from jcm_mrv.versions.values import difference, shown
from jcm_mrv.words import say


class Verdict(StrEnum):
    """What became of a statement; the order is that of weight."""

    REFUSED = "refused"  # too dangerous or too damaged to be looked at
    MISSING = "missing"
    DIFFERS = "differs"
    VERSION = "other version"  # differs, and another version of software or card may be why
    NOT_CHECKED = "not checked"
    LEFT_OUT = "left out"  # a second way to the same answer that this machine does not have
    REPRODUCED = "reproduced"


VERDICTS = {
    Verdict.REFUSED: say("refused"),
    Verdict.MISSING: say("missing"),
    Verdict.DIFFERS: say("differs"),
    Verdict.VERSION: say("other version"),
    Verdict.NOT_CHECKED: say("not checked"),
    Verdict.LEFT_OUT: say("left out"),
    Verdict.REPRODUCED: say("reproduced"),
}
"""Each verdict as a person reads it."""
PASSING = (Verdict.REPRODUCED, Verdict.LEFT_OUT)


@dataclass(frozen=True)
class Check:
    """One row of the table: what was stated where, what was found instead, and what that means."""

    what: str
    where: str
    verdict: Verdict
    stated: str = ""
    recomputed: str = ""
    difference: str = ""
    note: str = ""


@dataclass(frozen=True)
class Verification:
    """A verification of ``subject``: what was stated by which software, what is installed, and every check."""

    subject: str
    kind: str
    checks: tuple[Check, ...]
    stated: Mapping[str, str] = field(default_factory=dict)
    installed: Mapping[str, str] = field(default_factory=dict)

    @property
    def reproduced(self) -> bool:
        """True when everything that was stated follows from the inputs."""
        return all(check.verdict in PASSING for check in self.checks)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many checks ended how, the gravest first."""
        found = Counter(check.verdict for check in self.checks)
        return {verdict: found[verdict] for verdict in Verdict if found[verdict]}


def compared(what: str, where: str, stated: object, recomputed: object, note: str = "") -> Check:
    """Two values side by side; a number has to be the same number, however it is written."""
    same = stated == recomputed and isinstance(stated, bool) == isinstance(recomputed, bool)
    verdict = Verdict.REPRODUCED if same else Verdict.DIFFERS
    texts = shown(stated), shown(recomputed)
    if not same and texts[0] == texts[1] and isinstance(stated, float) and isinstance(recomputed, float):
        texts = repr(stated), repr(recomputed)  # they differ beyond the digits that are shown
    return Check(what, where, verdict, *texts, difference(stated, recomputed), note)


def listed(checks: Iterable[Check], what: str, most: int = LISTED) -> Iterator[Check]:
    """The first of many checks of one kind, and how many more there are."""
    rest = 0
    for n, check in enumerate(checks):
        if n < most:
            yield check
        else:
            rest += 1
            last = check
    if rest:
        yield Check(what, last.where, last.verdict, note=say("and {rest:,} more", rest=rest))


def blamed(checks: Sequence[Check], versions: str) -> list[Check]:
    """Differences that another version may explain, marked as such."""
    return [
        replace(c, verdict=Verdict.VERSION, note=versions if not c.note else f"{c.note}; {versions}")
        if versions and c.verdict is Verdict.DIFFERS
        else c
        for c in checks
    ]
