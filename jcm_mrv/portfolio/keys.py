"""What each table of ``portfolio.toml`` may hold: its keys, what a value must be, and what it means.

``docs/portfolio.md`` is held against it by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jcm_mrv.methodology.card import EVIDENCE
from jcm_mrv.portfolio.definition import ELECTRICITY, Status

SCHEMA = "jcm-mrv-portfolio/1"
FLOWS = ("material", "energy", "water", "by-product")
CARRIERS = (ELECTRICITY, "heat", "cooling", "fuel")
MET = ("yes", "no", "open")
EVIDENCE_LEVELS = (*EVIDENCE, "unknown")


class Holds(StrEnum):
    """What a value of a key must be."""

    TEXT = "text"
    TEXTS = "list of texts"
    NAME = "name"
    DATE = "date"
    YEAR = "year"
    NUMBER = "number"
    AMOUNT = "number from 0 on"
    UNIT = "unit"
    LATITUDE = "degrees north"
    LONGITUDE = "degrees east"
    TABLES = "tables"


@dataclass(frozen=True)
class Key:
    """A key of a table; ``choices`` are the only values, where there are any."""

    name: str
    holds: Holds
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()


_PLACE = (
    Key("place", Holds.TEXT, "Where it is, in words."),
    Key("latitude", Holds.LATITUDE, "For the map, with `longitude`."),
    Key("longitude", Holds.LONGITUDE, "For the map, with `latitude`."),
)
_SOURCED = (
    Key("source", Holds.TEXT, "Where it was read: document and page, letter, meeting.", required=True),
    Key("evidence", Holds.TEXT, "How far that is confirmed; unknown where nobody can say.", choices=EVIDENCE_LEVELS),
)

KEYS: Mapping[str, tuple[Key, ...]] = {
    "portfolio": (
        Key("schema", Holds.TEXT, "What the file is written by.", required=True, choices=(SCHEMA,)),
        Key("name", Holds.NAME, "A short name.", required=True),
        Key("title", Holds.TEXT, "The heading of reports; the name where there is none."),
        Key("place", Holds.TEXT, "Country, province, city."),
        Key("partner", Holds.TEXT, "The city, ministry or firm on the other side."),
        Key("fields", Holds.TEXTS, "The fields of the plan; with it each member names one of them."),
        Key("note", Holds.TEXT, "Printed in reports."),
        Key("group", Holds.TABLES, "Parks, cities, programmes."),
        Key("tenant", Holds.TABLES, "Firms, also those without a project."),
        Key("member", Holds.TABLES, "The projects.", required=True),
        Key("flow", Holds.TABLES, "What goes from one firm or project to another."),
        Key("criterion", Holds.TABLES, "Statements on criteria of eco-industrial parks."),
    ),
    "group": (
        Key("name", Holds.NAME, "Its name, by which members refer to it.", required=True),
        Key("title", Holds.TEXT, "Its heading in reports."),
        Key("kind", Holds.TEXT, "park, city, programme, ..."),
        Key("part_of", Holds.NAME, "The group around it."),
        *_PLACE,
    ),
    "tenant": (
        Key("name", Holds.NAME, "Its name, by which members and flows refer to it.", required=True),
        Key("title", Holds.TEXT, "Its heading in reports."),
        Key("group", Holds.NAME, "The park it is in."),
        Key("activity", Holds.TEXT, "What it makes."),
        Key("year", Holds.YEAR, "Of the three amounts that follow."),
        Key("emissions", Holds.AMOUNT, "Greenhouse gas emissions of the year [tCO2e]."),
        Key("energy", Holds.AMOUNT, "Energy used in the year [TOE]."),
        Key("waste", Holds.AMOUNT, "Solid waste treated in the year [t]."),
        Key("source", Holds.TEXT, "Where the amounts were read."),
        Key("evidence", Holds.TEXT, "How far that is confirmed.", choices=EVIDENCE_LEVELS),
    ),
    "member": (
        Key("name", Holds.NAME, "Its name; no two members have the same.", required=True),
        Key("title", Holds.TEXT, "Its heading in reports."),
        Key("workbook", Holds.TEXT, "Its monitoring workbook (.xlsx), in or below the folder of this file."),
        Key("package", Holds.TEXT, "Or its monitoring package (.zip), in or below the folder of this file."),
        Key("figures", Holds.TABLES, "Or plain figures with their source, for what has no JCM methodology."),
        Key("no_figures", Holds.TEXT, "Or why there are none."),
        Key("group", Holds.NAME, "The group it belongs to."),
        Key("tenant", Holds.NAME, "The firm it belongs to."),
        Key("field", Holds.TEXT, "The field of the plan."),
        Key("pilot", Holds.TEXT, "Its number in the plan."),
        Key("partner", Holds.TEXT, "Who works with it."),
        Key("start", Holds.DATE, "When it began."),
        Key("end", Holds.DATE, "When it ended."),
        Key("status", Holds.TEXT, "operating where nothing is said.", choices=tuple(Status)),
        Key("note", Holds.TEXT, "Printed in reports."),
        *_PLACE,
    ),
    "figures": (
        Key("year", Holds.YEAR, "The calendar year.", required=True),
        Key("what", Holds.TEXT, "reductions where nothing is said: they are listed as reported tonnes."),
        Key("amount", Holds.NUMBER, "How much.", required=True),
        Key("unit", Holds.UNIT, "Of the amount; for reductions tCO2e or a multiple of it.", required=True),
        *_SOURCED,
    ),
    "flow": (
        Key("name", Holds.NAME, "Its name; no two flows have the same.", required=True),
        Key("kind", Holds.TEXT, "What kind of thing flows.", required=True, choices=FLOWS),
        Key(
            "carrier",
            Holds.TEXT,
            "Of energy: what carries it. What a project claims to generate stays electricity, whatever is said.",
            choices=CARRIERS,
        ),
        Key("what", Holds.TEXT, "What flows: electricity, steam, slag, treated water.", required=True),
        Key("from", Holds.NAME, "The firm or project it comes from.", required=True),
        Key("to", Holds.NAME, "The firm or project it goes to.", required=True),
        Key("amount", Holds.AMOUNT, "How much, from start to end.", required=True),
        Key("unit", Holds.UNIT, "Of the amount.", required=True),
        Key("start", Holds.DATE, "First day.", required=True),
        Key("end", Holds.DATE, "Last day.", required=True),
        Key("document", Holds.TEXT, "What proves it: contract, invoice, weighing slips.", required=True),
        Key("evidence", Holds.TEXT, "How far that is confirmed.", choices=EVIDENCE_LEVELS),
        Key("from_meter", Holds.TEXT, "Meter ID in the workbook of the project it comes from."),
        Key("to_meter", Holds.TEXT, "Meter ID in the workbook of the project it goes to."),
    ),
    "criterion": (
        Key("group", Holds.NAME, "The park.", required=True),
        Key("number", Holds.NAME, "The criterion.", required=True),
        Key("met", Holds.TEXT, "Whether it is met.", required=True, choices=MET),
        Key("value", Holds.NUMBER, "What was found, where it is a number."),
        Key("unit", Holds.UNIT, "Of the value."),
        Key("proof", Holds.TEXT, "What proves it."),
    ),
}
"""Keys by kind of table; ``portfolio`` is the file itself, ``figures`` the tables in a member."""
