"""Tables as the templates print them: plain text cells, with a limit on length."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from jcm_mrv.quantities.expression import Named

LONGEST = 24
SHOWN = 10
BLANK = ("", "-")

Cell = str | Markup


@dataclass(frozen=True)
class Column:
    """A column: its heading, its kind (text, number, code, day) and, where it matters, a width in per cent."""

    head: str
    kind: str = "text"
    width: int = 0


@dataclass(frozen=True)
class Table:
    """Rows under headings; ``foot`` is a last row that sums up, ``note`` what stands below.

    ``whole`` is the table from which paper shows the first rows or draws some together: a screen has room for it.
    ``paper_note`` says of such a whole table what it lacks when it is printed.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...] = ()
    note: str = ""
    whole: Table | None = None
    paper_note: str = ""

    def filled(self, always: Collection[int] = (0,)) -> Table:
        """The table without the columns in which nothing stands; those of ``always`` stay."""
        kept = [k for k in range(len(self.columns)) if k in always or any(row[k] not in BLANK for row in self.rows)]
        rows = tuple(tuple(row[k] for k in kept) for row in self.rows)
        foot = tuple(self.foot[k] for k in kept) if self.foot else ()
        return replace(self, columns=tuple(self.columns[k] for k in kept), rows=rows, foot=foot)

    def limited(self, note: str) -> Table:
        """The table itself, or its first rows and a note where it is too long for paper."""
        if len(self.rows) <= LONGEST:
            return self
        return replace(self, rows=self.rows[:SHOWN], note=note.format(shown=SHOWN, count=len(self.rows)))


def table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], foot: Sequence[Cell] = (), note: str = ""
) -> Table:
    """A table. Raises ValueError when a row does not have one cell per column."""
    for row in (*rows, *([foot] if foot else [])):
        if len(row) != len(columns):
            raise ValueError(f"a row has {len(row)} cells for {len(columns)} columns")
    return Table(tuple(columns), tuple(tuple(r) for r in rows), tuple(foot), note)


def symbol(node: Named, indexes: bool = True) -> Markup:
    """A symbol as the equations set it: ``EC`` with ``PJ`` upright and the indexes ``i,p`` in italics below."""
    base, *names = (node.symbol or "?").split("_")
    below = [Markup.escape(name) for name in names]
    below += [Markup("<i>{}</i>").format(s.index) for s in node.sets] if indexes else []
    below_text = Markup(",").join(below)
    return Markup("{}<sub>{}</sub>").format(base, below_text) if below else Markup.escape(base)


_BELOW = str.maketrans({"₂": "2", "₄": "4"})


def unit(text: str) -> Markup:
    """A unit as it is printed: CO2e with its 2 below the line; the unit 1 is a dash."""
    if text == "1":
        return Markup("-")
    marked = escape(text.translate(_BELOW))
    for gas in ("CO2", "CH4"):
        marked = Markup(marked.replace(gas, Markup(f"{gas[:-1]}<sub>{gas[-1]}</sub>")))
    return marked
