"""Reading a CSV file by what its beginning shows, while the rest proves it: whole columns need no look before.

What pyarrow reads as numbers under the one decimal mark that the beginning proves is in no need of a look. The texts
of every other stretch are looked at, and all times. In the end they have to show what the beginning showed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jcm_mrv.logs.blocks import Block, OddError, Plan, Stretch
from jcm_mrv.logs.digits import NumberFormatError
from jcm_mrv.logs.survey import Survey

_LONG, _GROUPED = 10_000, 1000
"""Numbers from which on digits show that thousands are not set apart, and from which on they may be."""


@dataclass
class Trial:
    """What was looked at so far, and whether other stretches hold long numbers with their thousands not set apart."""

    survey: Survey
    long: bool = False

    def looked(self, stretch: Stretch, plan: Plan) -> Plan:
        """The plan with the formats of numbers as they show now that a stretch is looked at as well.

        Integers may have the marks of the other columns. Raises OddError where the numbers have several decimal
        marks, or another one than before.
        """
        self.survey.add(stretch, plan.time)
        columns = self.survey.values
        try:
            found = {c: one.numbers.decide() for c, one in columns.items()}
        except NumberFormatError as error:
            raise OddError from error
        marks = {found[c].decimal for c, one in columns.items() if one.numbers.proven} or {"."}
        mark = marks.pop()
        shown = {
            c: number if columns[c].numbers.proven else replace(number, decimal=mark) for c, number in found.items()
        }
        new = replace(plan, numbers={c: number for c, number in shown.items() if not number.plain})
        if marks or (plan.surveyed and mark != plan.decimal_mark) or (self.long and new.grouped):
            raise OddError
        return new

    def is_new(self, block: Block, plan: Plan) -> bool:
        """True where the numbers of a block may show more of how they are written than is known."""
        for column, one in self.survey.values.items():
            size = np.abs(block.values[column])
            if not plan.grouped:
                self.long = self.long or bool((size >= _LONG).any())
            open_marks = not one.numbers.proven and bool((size - np.floor(size) > 0).any())
            ungrouped = not plan.number(column).grouped and (plan.grouped or not one.numbers.proven)
            if open_marks or (ungrouped and bool((size >= _GROUPED).any())):
                return True
        return False
