"""Rows below the data: totals are checked against the sum of their column, never added; others are noted."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.blocks import Block, Plan
from jcm_mrv.logs.findings import Footer, Problems
from jcm_mrv.logs.table import BARE
from jcm_mrv.words import say

LEAST_ROWS = 10
"""Rows of data from which on a row without a label may be their sum or number: of fewer it may be one of them."""

_MOST_DECIMALS = 9


@dataclass
class ColumnTotals:
    """Sums over all rows of a file, whatever meter and period they belong to."""

    sums: dict[int, list[float]] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    decimals: dict[int, int] = field(default_factory=dict)
    last_line: int = 0
    rows: int = 0

    def add(self, block: Block) -> None:
        """Take the rows of a block."""
        self.rows += len(block.line)
        if len(block.line):
            self.last_line = max(self.last_line, int(block.line.max()))
        for column, values in block.values.items():
            total = float(values.sum())
            known = values[~np.isnan(values)] if math.isnan(total) else values
            self.sums.setdefault(column, []).append(total if known is values else float(known.sum()))
            self.counts[column] = self.counts.get(column, 0) + len(known)
            self.decimals[column] = decimals_of(known[:1000], self.decimals.get(column, 0))


def decimals_of(values: Numbers, least: int = 0) -> int:
    """How many decimals the values are written with, as far as their numbers show it, and no fewer than ``least``."""
    for n in range(least, _MOST_DECIMALS):
        scaled = values * 10**n
        if bool((np.abs(scaled - np.round(scaled)) <= 1e-6 + 1e-12 * np.abs(scaled)).all()):
            return n
    return _MOST_DECIMALS


def check_footers(plan: Plan, totals: ColumnTotals, summed: frozenset[int], problems: Problems) -> None:
    """Findings about the rows that were set apart. ``summed``: the columns whose sum has a meaning (no register)."""
    for footer in sorted(problems.footers, key=lambda f: f.line):
        if footer.line < totals.last_line:
            problems.many(
                codes.STAMP,
                say("a row without a time stands among the data"),
                say("Delete rows of sums and remarks among the data, or export the log without them"),
                footer.line,
                footer.text,
            )
        elif footer.kind == BARE:
            _check_bare(footer, plan, totals, problems)
        elif footer.kind == "total":
            _check_total(footer, plan, totals, summed, problems)
        else:
            _note(footer, problems)
    problems.footers.clear()


def _check_bare(footer: Footer, plan: Plan, totals: ColumnTotals, problems: Problems) -> None:
    """Numbers below the data without a word: fine where they are the sums or the number of the rows."""
    given = {c: plan.number(c).parse(text) for c, text in footer.values.items() if text}
    sums = {c for c, value in given.items() if value is not None and _is_sum(value, c, footer, plan, totals)}
    counts = {str(n) for n in (*totals.counts.values(), totals.rows)}
    if totals.rows < LEAST_ROWS:
        sums, counts = set(), set()
    if given and sums == set(given) and not footer.time:
        _check_total(footer, plan, totals, frozenset(given), problems)
    elif all(text in counts for text in footer.text.split()):
        _note(footer, problems)
    else:
        problems.many(
            codes.STAMP,
            say("a row without a time stands below the data, and its numbers are not the sums of their columns"),
            say("Give the row its time if it is data; delete it if it is a remark"),
            footer.line,
            footer.text,
        )


def _is_sum(value: float, column: int, footer: Footer, plan: Plan, totals: ColumnTotals) -> bool:
    total = math.fsum(totals.sums.get(column, ()))
    return abs(total - value) <= _tolerance(footer.values[column], plan, column, totals)


def _note(footer: Footer, problems: Problems) -> None:
    message = say("a line below the data is not used")
    problems.add(codes.FOOTER(message, problems.at(footer.line), found=footer.text, action=say("Nothing")))


def _check_total(footer: Footer, plan: Plan, totals: ColumnTotals, summed: frozenset[int], problems: Problems) -> None:
    checked = False
    for column, text in footer.values.items():
        stated = plan.number(column).parse(text) if text else None
        if stated is None or column not in summed:
            continue
        checked = True
        _compare(footer, plan.heading(column), stated, _tolerance(text, plan, column, totals), totals, column, problems)
    if not checked:
        _note(footer, problems)


def _tolerance(text: str, plan: Plan, column: int, totals: ColumnTotals) -> float:
    """What rounding can make of it: half a digit of the total, and six standard deviations of that of the rows."""
    _, _, after = text.rpartition(plan.number(column).decimal)
    shown = len(after) if plan.number(column).decimal in text else 0
    rows = 10.0 ** -totals.decimals.get(column, 0) * math.sqrt(3 * totals.counts.get(column, 0))
    exact = 1e-12 * math.fsum(abs(s) for s in totals.sums.get(column, ()))
    return float(0.5 * 10.0**-shown + rows + exact)


def _compare(
    footer: Footer, heading: str, stated: float, tolerance: float, totals: ColumnTotals, column: int, problems: Problems
) -> None:
    total = math.fsum(totals.sums.get(column, ()))
    agrees = abs(total - stated) <= tolerance
    ratio = say(", {stated:.6g} times as much", stated=stated / total) if total else ""
    message = say("the total of the column {heading!r} in the file is ", heading=heading) + (
        say("the sum of its rows; it is not added")
        if agrees
        else say("not the sum of its rows, {total:.12g}{ratio}", total=total, ratio=ratio)
    )
    problems.add(
        codes.FOOTER_TOTAL(
            message,
            problems.at(footer.line),
            found=say("{stated:.12g}", stated=stated),
            action=say("Nothing")
            if agrees
            else say("Export the log again: rows are missing, doubled, or were changed"),
            data={"stated": stated, "sum": total},
            severity=Severity.NOTE if agrees else None,
        )
    )
