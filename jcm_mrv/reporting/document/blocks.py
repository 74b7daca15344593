"""What a report is made of: sections that hold blocks. The templates say how each looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from jcm_mrv.reporting.document.tables import Cell, Table


@dataclass(frozen=True)
class Text:
    """A paragraph; ``style`` is '' (running text), ``note`` (small) or ``warning``."""

    words: Cell
    style: str = ""
    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    words: Cell
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Steps:
    """A numbered list."""

    items: tuple[Cell, ...]
    kind: ClassVar[str] = "steps"


@dataclass(frozen=True)
class Facts:
    """Names and what they are, in two columns."""

    rows: tuple[tuple[Cell, Cell], ...]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Tabular:
    """A table with its caption."""

    caption: Cell
    table: Table
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Chart:
    """The values of a drawing: series by their names over labels, None where nothing is known.

    ``spans`` are given where a bar does not begin at zero: from where to where it reaches.
    """

    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    unit: str
    spans: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Figure:
    """A drawing with its caption; ``chart`` has its values, where a screen can show them one by one."""

    caption: Cell
    drawing: Markup
    chart: Chart | None = None
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class Equation:
    """An equation in symbols and, by example, with numbers in; ``notes`` say what its numbered choices are."""

    label: Cell
    symbols: Markup
    numbers: tuple[tuple[Cell, Markup], ...] = ()
    notes: tuple[Cell, ...] = ()
    kind: ClassVar[str] = "equation"


@dataclass(frozen=True)
class HeatCell:
    """One month of one meter: what is printed, and ``full``, ``part``, ``none`` or ``absent``."""

    words: str
    level: str


@dataclass(frozen=True)
class Heat:
    """How complete the readings are: meters by months."""

    caption: Cell
    corner: str
    months: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    note: str = ""
    kind: ClassVar[str] = "heat"


@dataclass(frozen=True)
class FindingLine:
    """What was found at one place; ``others`` says where the same was found besides."""

    message: str
    where: str
    found: str
    others: str = ""


@dataclass(frozen=True)
class FindingItem:
    """Findings of one code that one piece of work settles; ``effect`` is '' where there is none to state.

    ``where`` is the one place of them all, where there are several. ``asks`` is true where an answer is needed,
    ``answer`` the one that the project gives; ``meters`` are those that any of the findings names.
    """

    code: str
    lines: tuple[FindingLine, ...]
    action: str
    effect: Cell
    asks: bool
    where: str = ""
    meters: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one severity."""

    severity: str
    title: str
    items: tuple[FindingItem, ...]
    note: str = ""
    kind: ClassVar[str] = "findings"


Block = Text | Heading | Steps | Facts | Tabular | Figure | Equation | Heat | FindingGroup


@dataclass(frozen=True)
class Section:
    """A numbered section; ``id`` is what links point at."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class State:
    """A line of page one that says how far one thing has come; ``open`` where a question about it is open."""

    name: str
    words: Cell
    open: bool = False


@dataclass(frozen=True)
class Cover:
    """The first page. ``figure`` is the large number ('' for none), ``by_year`` and ``states`` stand below it.

    ``signed_by`` says who signs, '' where nobody does; ``doubtful`` marks a figure that is not to be credited as it
    stands.
    """

    title: str
    facts: tuple[tuple[str, Cell], ...]
    heading: str
    figure: Cell
    explanation: str
    doubtful: bool = False
    by_year: Table | None = None
    states: tuple[State, ...] = ()
    signed_by: str = ""


@dataclass(frozen=True)
class Document:
    """A whole report, in words and drawings. ``banner`` is '' unless the figure is indicative only."""

    lang: str
    title: str
    subject: str
    banner: str
    reference: str
    date: str
    author: str
    cover: Cover
    sections: tuple[Section, ...]
