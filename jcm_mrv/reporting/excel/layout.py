"""Where every quantity of the claim graph lies in the workbook.

Declared quantities become columns: one table per index tuple of sets, one row
per existing element, quantities without sets as rows of a list. Each table
has the ordinals of its sets beside it, because totals match on ordinals,
never on labels. The formula writer asks this layout for addresses and knows
nothing of sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from jcm_mrv.arrays import Ordinals
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.quantities.excel import Key
from jcm_mrv.quantities.expression import Constant, Defined, GroupTotal, Input, Label, Named
from jcm_mrv.quantities.graph import of_type
from jcm_mrv.quantities.sets import Mapping, Set, Space
from jcm_mrv.words import say

MOST_ROWS = 1_048_576
"""Rows of a sheet, in Excel and in LibreOffice; what is written below them is lost without a word."""

HEAD_ROWS = 4
"""Title, symbols, descriptions, units; the elements follow."""

About = Sequence[str | float]
"""What elements are: words, or local times in days of a spreadsheet."""

_Runs = dict[tuple[int, ...], tuple[int, int, int]]


class TooManyRowsError(JcmMrvError, ValueError):
    """A sheet of the report would need more ``rows`` than a sheet has."""

    def __init__(self, sheet: str, rows: int) -> None:
        self.sheet, self.rows = sheet, rows
        super().__init__(
            say(
                "The Excel report cannot be written: its sheet {sheet} would need {rows:,} rows, and a sheet has "
                "{most_rows:,}. Leave the Excel report out: --formats json,pdf,html.",
                sheet=sheet,
                rows=rows,
                most_rows=MOST_ROWS,
            )
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (TooManyRowsError, (self.sheet, self.rows))


@dataclass(eq=False)
class Table:
    """The quantities over one tuple of sets.

    ``rows`` are index tuples in the order of the sheet; ``about`` are columns
    that say what an element is, as text or as dates. ``top`` is the 0-based row of
    the title, set when the table is placed on its sheet. ``labels`` describes
    quantities whose own words do not say which methodology's they are.
    """

    sheet: str
    sets: tuple[Set, ...]
    rows: list[tuple[int, ...]]
    title: str = ""
    keys: list[Key] = field(default_factory=list)
    numbers: list[Set] = field(default_factory=list)
    about: list[tuple[str, About]] = field(default_factory=list)
    nodes: list[Named] = field(default_factory=list)
    labels: dict[Named, str] = field(default_factory=dict)
    top: int = 0
    place: dict[tuple[int, ...], int] = field(default_factory=dict)
    columns: dict[object, int] = field(default_factory=dict)

    @property
    def read(self) -> list[object]:
        """The columns that people read: what elements are, quantities, what elements count as."""
        return [*(name for name, _ in self.about), *self.nodes, *(("number", s) for s in self.numbers)]

    def arrange(self, first_key: int) -> None:
        """Fix rows and columns, ordinals from a column on; call when keys, about and nodes are complete."""
        self.place = {row: n for n, row in enumerate(self.rows)}
        self.columns = {what: n for n, what in enumerate(self.read)}
        self.columns |= {("key", key): first_key + n for n, key in enumerate(self.keys)}

    @property
    def first(self) -> int:
        """0-based row of the first element."""
        return self.top + HEAD_ROWS

    @property
    def height(self) -> int:
        """Rows on the sheet, with head and an empty row below."""
        return HEAD_ROWS + max(len(self.rows), 1) + 1

    @property
    def width(self) -> int:
        """Number of columns with what people read."""
        return len(self.read)

    @property
    def checkable(self) -> list[object]:
        """The columns that tonnes rest on: quantities, what elements count as, ordinals."""
        return [*self.nodes, *(("number", s) for s in self.numbers), *(("key", k) for k in self.keys)]

    def checks(self) -> list[str]:
        """The conditions that the cells above those columns, which say whether they are complete, are all OK."""
        keys: list[object] = [("key", k) for k in self.keys]
        sides = [[w for w in self.checkable if w not in keys], keys]
        row, found = self.top + 1, []
        for side in filter(None, sides):
            first, last = (xl_col_to_name(self.columns[what]) for what in (side[0], side[-1]))
            found.append(f'COUNTIF({quoted(self.sheet)}!${first}${row}:${last}${row},"OK")={len(side)}')
        return found

    def whole(self, what: object) -> str:
        """The address of all rows of a column."""
        return self.span(what, 0, max(len(self.rows) - 1, 0))

    def at(self, what: object, row: int) -> str:
        """The address of a column's cell in a 0-based row of the table."""
        return f"{quoted(self.sheet)}!${xl_col_to_name(self.columns[what])}${self.first + row + 1}"

    def span(self, what: object, first: int, last: int) -> str:
        """The address of a column from one row of the table to another."""
        letter = xl_col_to_name(self.columns[what])
        return f"{quoted(self.sheet)}!${letter}${self.first + first + 1}:${letter}${self.first + last + 1}"


@dataclass(eq=False)
class ValueList:
    """Quantities without sets, one per row: symbol, description, value, unit, source.

    A constant that equations declare each for themselves (a global warming
    potential) is one row, so that a change moves all that it enters.
    """

    sheet: str
    nodes: list[Named] = field(default_factory=list)
    top: int = 0
    title: str = ""

    VALUE_COLUMN = 2

    def __post_init__(self) -> None:
        self._places: dict[object, int] = {}

    def add(self, node: Named) -> None:
        """A row of its own for a quantity, unless it is a constant that has one."""
        if self._places.setdefault(_identity(node), len(self.nodes)) == len(self.nodes):
            self.nodes.append(node)

    @property
    def height(self) -> int:
        """Rows on the sheet, with title, head and an empty row below."""
        return len(self.nodes) + 3

    def row(self, node: Named) -> int:
        """0-based row of a quantity."""
        return self.top + 2 + self._places[_identity(node)]

    def check(self) -> str:
        """The address of the cell beside the title that says whether the list is complete."""
        return f"{quoted(self.sheet)}!${xl_col_to_name(self.VALUE_COLUMN)}${self.top + 1}"

    def span(self) -> str:
        """The address of all values."""
        letter = xl_col_to_name(self.VALUE_COLUMN)
        return f"{quoted(self.sheet)}!${letter}${self.top + 3}:${letter}${self.top + 2 + len(self.nodes)}"

    def at(self, node: Named) -> str:
        """The address of a quantity's value."""
        return f"{quoted(self.sheet)}!${xl_col_to_name(self.VALUE_COLUMN)}${self.row(node) + 1}"


def _identity(node: Named) -> object:
    """What a row stands for: the same constant may be declared several times."""
    return (node.symbol, node.written, node.unit, node.source) if isinstance(node, Constant) else node


def quoted(sheet: str) -> str:
    """A sheet's name as it stands in a formula."""
    return "'" + sheet.replace("'", "''") + "'"


class Layout:
    """Addresses of all quantities of lowered roots (see :class:`jcm_mrv.quantities.excel.Addresses`).

    ``tables`` by their sets, ``given`` and ``results`` the lists of quantities
    without sets. ``index`` are tables that only hold the ordinals of a set.
    """

    def __init__(self, roots: Sequence[Defined], space: Space, given: ValueList, results: ValueList) -> None:
        self.space, self.given, self.results = space, given, results
        self.tables: dict[tuple[Set, ...], Table] = {}
        self.reserved: dict[str, int] = {}
        """The columns that lists beside the tables need, by sheet."""
        self._runs: dict[tuple[int, tuple[Key, ...]], _Runs] = {}
        for node in of_type(roots, Named):
            self._add(node)
        self._need_keys(roots)

    def _add(self, node: Named) -> None:
        if node.sets:
            self.table(node.sets).nodes.append(node)
        else:
            (self.results if isinstance(node, Defined) else self.given).add(node)

    def table(self, sets: tuple[Set, ...]) -> Table:
        """The table over some sets, made when it is asked for first."""
        if sets not in self.tables:
            self.tables[sets] = Table("", sets, list(self.space.tuples(sets)), keys=list(sets))
        return self.tables[sets]

    def _need_keys(self, roots: Sequence[Defined]) -> None:
        """Every set in use has a table of its own; mappings that totals group by stand beside the rows."""
        for total in of_type(roots, GroupTotal):
            table = self.table(total.arg.sets)
            if total.by not in table.keys:
                table.keys.append(total.by)
            self.table((total.by.target,))
        for sets in list(self.tables):
            for one in sets:
                own = self.table((one,))
                if one in self.space.numbers and one not in own.numbers:
                    own.numbers.append(one)

    def sort_rows(self, first: Set) -> None:
        """Put the rows of one element of a set (a year) next to each other wherever a table varies over it."""
        for table in self.tables.values():
            if first in table.sets and len(table.sets) > 1:
                axis = table.sets.index(first)
                table.rows.sort(key=lambda row: row[axis])

    def drop_keys(self, sets: tuple[Set, ...]) -> None:
        """Leave out the ordinals beside a table where every total over it is one range of rows."""
        table = self.tables.get(sets)
        if table is not None and all(self._adjacent(table, key) for key in table.keys):
            table.keys = []

    def _adjacent(self, table: Table, key: Key) -> bool:
        runs = _runs_of([self.key_column(table, key)], len(table.rows))
        if len(runs) < self.space.size(key.target if isinstance(key, Mapping) else key):
            return False  # a total over no row at all matches on ordinals
        return all(last - first + 1 == count for first, last, count in runs.values())

    def arrange(self) -> None:
        """Fix all tables; quantities and rows no longer change."""
        for table in self.tables.values():
            table.arrange(self.first_key(table.sheet))

    def first_key(self, sheet: str) -> int:
        """The first column of ordinals on a sheet: beyond everything that people read, and one more."""
        widths = (table.width for table in self.tables.values() if table.sheet == sheet)
        return max(*widths, self.reserved.get(sheet, 0), 0) + 1

    # --- addresses ---

    def cell(self, node: Named, ordinals: tuple[int, ...]) -> str:
        """The cell of one value."""
        if not node.sets:
            return (self.results if isinstance(node, Defined) else self.given).at(node)
        table = self.tables[node.sets]
        return table.at(node, table.place[ordinals])

    def number_of(self, over: Set, ordinal: int) -> str:
        """The cell of what an element counts as."""
        return self.tables[(over,)].at(("number", over), ordinal)

    def ordinal(self, the_set: Set, ordinal: int) -> str:
        """The cell of an element's ordinal."""
        table = self.tables[(the_set,)]
        return table.at(("key", the_set), table.place[(ordinal,)])

    def column(self, node: Named) -> str:
        """All rows of a quantity."""
        table = self.tables[node.sets]
        return table.whole(node)

    def keys(self, node: Named, key: Key) -> str:
        """The ordinals beside a quantity's rows."""
        table = self.tables[node.sets]
        return table.whole(("key", key))

    def block(self, node: Named, where: Sequence[tuple[Key, int]]) -> str | None:
        """The rows that match, as one range where they stand next to each other."""
        table = self.tables[node.sets]
        keys = tuple(key for key, _ in where)
        runs = self._runs.get((id(table), keys))
        if runs is None:
            runs = self._runs[id(table), keys] = _runs_of(
                [self.key_column(table, key) for key in keys], len(table.rows)
            )
        run = runs.get(tuple(ordinal for _, ordinal in where))
        if run is None or run[1] - run[0] + 1 != run[2]:
            return None
        return table.span(node, run[0], run[1])

    def key_column(self, table: Table, key: Key) -> Ordinals:
        """The ordinals of a set, or of where a mapping sends each row."""
        rows = np.array(table.rows, dtype=np.int64).reshape(len(table.rows), len(table.sets))
        if isinstance(key, Mapping):
            axes = tuple(rows[:, table.sets.index(s)] for s in key.source)
            return np.asarray(self.space.positions[key][axes], dtype=np.int64)
        return rows[:, table.sets.index(key)]


def _runs_of(keys: Sequence[Ordinals], count: int) -> _Runs:
    """For each combination of ordinals its first and last row and the number of its rows."""
    runs: _Runs = {}
    columns = [k.tolist() for k in keys]
    for n in range(count):
        key = tuple(column[n] for column in columns)
        first, _, rows = runs.get(key, (n, n, 0))
        runs[key] = (first, n, rows + 1)
    return runs


def is_given(node: Named) -> bool:
    """True for what comes from outside the graph: its column is an input column."""
    return isinstance(node, Input | Label | Constant)
