"""What the blank workbook needs to know of a methodology; the methodology side fills it in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TemplateParameter:
    """A fixed, default or monitored parameter as the template shows it.

    ``per_equipment``: it has a value for each unit (a column of Equipment, or
    a monitoring point for each unit). ``choices``: the words allowed, for a
    parameter that is a choice (its unit is then ``choice``). ``card_value``,
    ``source`` and ``evidence`` describe the default on the card.
    """

    symbol: str
    unit: str
    label: str
    per_equipment: bool = False
    choices: tuple[str, ...] = ()
    card_value: str = ""
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class TemplateMethod:
    """One methodology of the workbook.

    ``equipment`` are the parameters that become columns of Equipment,
    ``fixed`` those listed on Fixed values, ``monitored`` those that need
    monitoring points. ``criteria`` are (number, text,
    evidence of the text). ``guidance`` are
    sentences for the Guide, ``columns`` the keys of columns that it needs and
    most others leave empty.
    """

    number: str
    version: str
    title: str
    equipment: tuple[TemplateParameter, ...] = ()
    fixed: tuple[TemplateParameter, ...] = ()
    monitored: tuple[TemplateParameter, ...] = ()
    criteria: tuple[tuple[str, str, str], ...] = ()
    guidance: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Number and version: ``VN_AM007 1.0``."""
        return f"{self.number} {self.version}"
