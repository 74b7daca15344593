"""One element of a default value, as the card and the project give it."""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Named


@dataclass(frozen=True)
class DefaultUse:
    """One element of a default: what the card says, what the project says, and which is used.

    ``node`` at ``ordinals`` is the quantity in the graph; ``card_value`` is
    None where the card has none, ``project_value`` where the project says
    nothing. ``evidence`` is the level of the value that is used: the
    project's own document counts as ``project document``. ``card_name`` is the
    class, or the name, under which the card has its value; empty for one value for all.
    """

    methodology: str
    node: Named
    ordinals: tuple[int, ...]
    label: str
    unit: str
    card_value: float | None
    card_name: str
    card_source: str
    card_evidence: str
    project_value: float | None
    document: str
    page: str
    used: float
    evidence: str
    origin: Origin
