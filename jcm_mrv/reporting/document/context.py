"""What every section needs: the result, the words and the numbers of one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_uppercase

import numpy as np

from jcm_mrv.arrays import Flags
from jcm_mrv.claim.claim import Parameter
from jcm_mrv.languages import said_in
from jcm_mrv.methodology.declare import month, period
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Input, Label, Named
from jcm_mrv.quantities.required import required
from jcm_mrv.quantities.sets import Set
from jcm_mrv.reporting.document.alike import drawn_together
from jcm_mrv.reporting.document.figures import NumberFormat
from jcm_mrv.reporting.document.tables import Cell, Column, Table
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.result import Result
from jcm_mrv.words import SOURCE
from jcm_mrv.workbook.rows import ProjectKey


@dataclass(frozen=True)
class Context:
    """A result to be written about in one language."""

    result: Result
    t: Translator
    n: NumberFormat
    stated: Result | None = None  # as result.json has it; ``result`` says its findings in another language

    @classmethod
    def of(cls, result: Result, lang: str) -> Context:
        """Raises UnknownLanguageError."""
        found = tuple(finding.said(lang) for finding in result.findings)
        said = result if lang == SOURCE else replace(result, findings=found)
        return cls(said, Translator(lang), NumberFormat(lang, result.decimals), result)

    @cached_property
    def _needed(self) -> dict[Named, Flags]:
        return required(self.result.claim.roots(), self.result.evaluation)

    def needs(self, node: Input | Label, ordinals: tuple[int, ...]) -> bool:
        """True when a result of the claim takes this value."""
        mask = self._needed.get(node)
        return mask is not None and bool(mask[ordinals])

    @cached_property
    def measured(self) -> dict[int, Parameter]:
        """The monitored parameters of the claim by the id of their node in the graph."""
        return {id(p.defined): p for p in self.result.claim.parameters}

    @cached_property
    def meter_rows(self) -> dict[tuple[str, str], str]:
        """The meter of each row of the workbook that is about one, by sheet and number of the row."""
        data = self.result.data
        lists = (data.meters, data.calibrations, data.conversions)
        found = {
            (place.sheet, place.cell.lstrip(ascii_uppercase)): row.meter_id
            for rows in lists
            for row in rows
            for place in [row.origin("meter_id")]
        }
        own = data.readings
        return found | {("Readings", str(n)): m for n, m in zip(own.row.tolist(), own.meter_id.tolist(), strict=True)}

    @property
    def several(self) -> bool:
        """True for a claim over several methodologies: a symbol alone does not say which one's it is."""
        return len(self.result.claim.bounds) > 1

    def heads(self, columns: Sequence[Column]) -> list[Column]:
        """The columns of a table, after one for the methodology where the claim has several."""
        return [*([Column(self.t("column.methodology"), "code")] if self.several else []), *columns]

    def cells(self, methodology: str, row: Sequence[Cell]) -> list[Cell]:
        """A row of such a table."""
        return [*([methodology] if self.several else []), *row]

    def said(self, text: str) -> str:
        """A text in the language of the report."""
        return said_in(text, self.t.lang)

    def known(self, node: Named, ordinals: tuple[int, ...]) -> bool:
        """True when the value is a number."""
        return bool(np.isfinite(self.result.value(node, ordinals)))

    def place(self, origin: Origin) -> str:
        """Where a value came from, as a line of text; a dash for nowhere."""
        return str(origin) or "-"

    def shortened(self, found: Table, sheet: str) -> Table:
        """A table as paper has room for: rows alike in one, and of a long one the first, with the sheet of all."""
        note = self.t("word.limited", shown="{shown}", count="{count}", sheet=sheet)
        short = drawn_together(found).limited(note)
        if short.rows == found.rows:
            return short
        return replace(short, whole=replace(found, paper_note=found.limited(note).note))

    def text(self, key: ProjectKey) -> str:
        """A field of the project, '' where it is blank."""
        return self.result.data.project[key].text.strip()


def without_time(sets: Sequence[Set]) -> tuple[Set, ...]:
    """The sets of a quantity that are not time."""
    return tuple(s for s in sets if s not in (period, month))


def spread(text: str) -> str:
    """A list that is separated by semicolons, with a comma and a space."""
    return ", ".join(part.strip() for part in text.split(";") if part.strip())
