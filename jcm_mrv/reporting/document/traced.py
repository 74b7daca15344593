"""Printed numbers that know which quantity they show, and the data from which the page unfolds them.

On paper such a number is a text like any other.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from jcm_mrv.languages import catalogue_of, said_in
from jcm_mrv.quantities.expression import Named
from jcm_mrv.reporting.document.blocks import Block, Cover, Document, Facts, FindingGroup, Section, Tabular
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.figures import ABSENT
from jcm_mrv.reporting.document.tables import Cell, Table
from jcm_mrv.reporting.standing import tonnes_head
from jcm_mrv.result import Result
from jcm_mrv.trace.following import credited_text, plain_number
from jcm_mrv.trace.unfolding import Unfolded, unfolded
from jcm_mrv.words import Words

_MOST_WRITTEN = 12


class Traced(str):
    """A number as printed: of a quantity at an element, or made of ``parts`` as ``numbers`` says, or read ``where``."""

    __slots__ = ("node", "numbers", "parts", "place", "symbol", "where")

    node: Named | None
    place: tuple[int, ...]
    symbol: str
    numbers: str
    parts: tuple[Traced, ...]
    where: str


def _of(
    text: str,
    node: Named | None,
    place: tuple[int, ...],
    symbol: str,
    numbers: str = "",
    parts: tuple[Traced, ...] = (),
    where: str = "",
) -> Traced:
    found = Traced(text)
    found.node, found.place, found.symbol = node, place, symbol
    found.numbers, found.parts, found.where = numbers, parts, where
    return found


def traced(text: str, node: Named, place: tuple[int, ...]) -> str:
    """A printed number of a quantity at an element; a dash stays a dash."""
    return text if text in ("", ABSENT) else _of(text, node, place, node.symbol)


def made_of(text: str, symbol: str, parts: Sequence[str], numbers: str = "") -> str:
    """A printed number that the report makes of others: their sum, unless ``numbers`` says how."""
    own = tuple(part for part in parts if isinstance(part, Traced))
    if text in ("", ABSENT) or not own or len(own) < len(parts):
        return text
    return _of(text, None, (), symbol, numbers or (" + ".join(own) if len(own) <= _MOST_WRITTEN else ""), own)


def stated_at(text: str, symbol: str, where: str) -> str:
    """A printed number that is no quantity of the graph, with the place that it is about."""
    return text if text in ("", ABSENT) or not where else _of(text, None, (), symbol, where=where)


def over_years(context: Context, text: str, node: Named | None, year: int | None = None) -> str:
    """The printed tonnes of a result of the claim or of a methodology: of the year with this ordinal, or of all."""
    if node is None:
        return text
    places = [p for p in context.result.claim.space.tuples(node.sets) if year is None or p == (year,)]
    parts = [traced(context.n.tonnes(context.result.value(node, place)), node, place) for place in places]
    return traced(text, node, places[0]) if len(places) == 1 else made_of(text, node.symbol, parts)


def credited(context: Context, year: int | None = None) -> str:
    """The whole tonnes of the year with this ordinal, or of all years, down to the reductions they are rounded from."""
    result, n = context.result, context.n
    name = tonnes_head(result, context.t)
    if year is None and len(result.years) > 1:
        return made_of(n.whole(result.credited), name, [credited(context, k) for k in range(len(result.years))])
    ordinal = year or 0
    reductions = over_years(context, n.tonnes(result.years[ordinal].reductions), result.claim.ER, ordinal)
    numbers = credited_text(_exact(result.years[ordinal].reductions, n.lang), result.rounding_digits)
    return made_of(n.whole(result.years[ordinal].credited), name, [reductions], numbers)


def _exact(value: float, lang: str) -> str:
    """A number as a trace says it, with the marks of the language."""
    catalogue = catalogue_of(lang)
    if not math.isfinite(value):
        return ABSENT
    return plain_number(value) if catalogue is None else catalogue.number(plain_number(value))


@dataclass
class Traces:
    """The traces of a result in one language, and the numbers of a document that lead to them."""

    lang: str
    found: Unfolded
    _made: dict[int, int | None] = field(default_factory=dict)
    _kept: list[Traced] = field(default_factory=list)
    _whole: bool = True

    @classmethod
    def of(cls, result: Result, lang: str) -> Traces:
        """All traces, numbers as the language writes them."""
        return cls(lang, unfolded(result, lambda value: _exact(value, lang)))

    @classmethod
    def none(cls, lang: str) -> Traces:
        """No traces, of a result that has too many for a page."""
        return cls(lang, Unfolded({"quantities": [], "places": [], "steps": []}, {}))

    def marked(self, document: Document, *, whole: bool = True) -> Document:
        """The document with every number that has a trace marked by the number of its step.

        With ``whole`` tables have all of their rows, otherwise those that paper has room for.
        """
        self._whole = whole
        sections = tuple(self._section(section) for section in document.sections)
        return replace(document, cover=self._cover(document.cover), sections=sections)

    def _cover(self, cover: Cover) -> Cover:
        by_year = None if cover.by_year is None else self._table(cover.by_year)
        return replace(cover, figure=self._cell(cover.figure), by_year=by_year)

    def _section(self, section: Section) -> Section:
        return replace(section, blocks=tuple(map(self._block, section.blocks)))

    def _block(self, block: Block) -> Block:
        if isinstance(block, Tabular):
            return replace(block, table=self._table(block.table))
        if isinstance(block, Facts):
            return replace(block, rows=tuple((name, self._cell(value)) for name, value in block.rows))
        if isinstance(block, FindingGroup):
            return replace(block, items=tuple(replace(one, effect=self._cell(one.effect)) for one in block.items))
        return block

    def _table(self, found: Table) -> Table:
        table = found.whole if self._whole and found.whole is not None else found
        rows = tuple(tuple(map(self._cell, row)) for row in table.rows)
        return replace(table, rows=rows, foot=tuple(map(self._cell, table.foot)))

    def _cell(self, cell: Cell) -> Cell:
        step = self._step(cell) if isinstance(cell, Traced) else None
        return cell if step is None else Markup('<span class="traced" data-step="{}">{}</span>').format(step, str(cell))

    def _step(self, cell: Traced) -> int | None:
        """The number of its step; one that the report made itself is added after those of the result."""
        if cell.node is not None:
            return self.found.at(cell.node, cell.place)
        if id(cell) not in self._made:
            parts = [self._step(part) for part in cell.parts]
            self._kept.append(cell)  # so that its id stays its own
            self._made[id(cell)] = None if None in parts else self._added(cell, [p for p in parts if p is not None])
        return self._made[id(cell)]

    def _added(self, cell: Traced, parts: list[int]) -> int | None:
        quantities, steps, places = (self.found.data[name] for name in ("quantities", "steps", "places"))
        if not steps:
            return None  # nothing unfolds on this page
        unit = quantities[steps[parts[0]]["quantity"]].get("unit", "") if parts else "tCO2e"
        quantity = {"symbol": cell.symbol, "unit": unit}
        if quantity not in quantities:
            quantities.append(quantity)
        step = {"quantity": quantities.index(quantity), "shown": str(cell), "numbers": cell.numbers, "parts": parts}
        if cell.where:
            places.append({"text": cell.where})
            step["place"] = len(places) - 1
        steps.append(step)
        return len(steps) - 1

    def json(self, words: dict[str, str], more: Mapping[str, object]) -> Markup:
        """All as JSON that may stand inside of a page, one step a line; call it after :meth:`marked`.

        ``more`` is what else the page needs as data.
        """
        said = {name: [self._said(one) for one in many] for name, many in self.found.data.items()}
        lists = [f"{_compact(name)}: [\n{_lines(many)}\n]" for name, many in said.items()]
        others = [f"{_compact(name)}: {_compact(value)}" for name, value in {"words": words, **more}.items()]
        return Markup("{\n" + ",\n".join([*others, *lists]) + "\n}")

    def _said(self, one: dict[str, Any]) -> dict[str, Any]:
        return {key: said_in(text, self.lang) if isinstance(text, Words) else text for key, text in one.items()}


def _lines(many: list[dict[str, Any]]) -> str:
    return ",\n".join(map(_compact, many))


def _compact(data: object) -> str:
    """JSON in which no text can end the element it stands in, or begin a comment or another element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
