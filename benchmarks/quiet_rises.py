"""Which changes of one input cell raise the reductions without an error or a major finding?

    python benchmarks/quiet_rises.py [--changes 400] [--seed 1] [--list] [FOLDER ...]

Every workbook called monitoring.xlsx in or below the folders (default: examples) is written anew with one cell changed,
or one row taken out or doubled, and calculated. docs/quiet_rises.md says how it is judged and what remains.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
NAME = "monitoring.xlsx"
Value = str | float | bool | datetime | date | None
Grid = list[list[Value]]
Book = dict[str, Grid]

# What a row of these sheets says stands beside the numbers.
SKIPPED = ("Guide", "Team", "Eligibility")
FACTORS = {"x 1.1": 1.1, "x 10": 10.0, "/ 10": 0.1, "x 1000": 1000.0, "/ 1000": 0.001, "sign": -1.0}
OTHER_UNITS = {
    "kWh": ("MWh", "Wh", "MJ"), "MWh": ("kWh", "GJ"), "kW": ("MW", "W"), "t": ("kg",), "m3": ("L",), "L": ("m3",),
    "USRt": ("kW",), "MW": ("kW",), "kg": ("t",), "GJ": ("MWh", "MJ"),
}  # fmt: skip
# The least rise that counts, as a share of the claim: below it is the order of a sum.
LEAST_RISE = 1e-6


@dataclass(frozen=True)
class Change:
    """One change of a workbook: ``kind`` in words, the cells (sheet, row, column) it puts, or what becomes of a row."""

    workbook: Path
    sheet: str
    kind: str
    heading: str
    row: int
    column: int
    value: Value = None
    other: tuple[int, int] | None = None


@dataclass(frozen=True)
class Verdict:
    """What came of a change: refused, no rise, told or quiet; ``rise`` in tCO2e."""

    change: Change
    outcome: str
    rise: float = 0.0


# --- workbooks as plain values -------------------------------------------------------------


def read(path: Path) -> Book:
    """Every sheet as rows of values."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def write(book: Book, path: Path) -> None:
    """The values alone: no drop-downs, comments or styles."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, grid in book.items():
            sheet = workbook.add_worksheet(name)
            for r, row in enumerate(grid):
                for c, value in enumerate(row):
                    _write(sheet, r, c, value, day, moment)


def _write(sheet: Any, r: int, c: int, value: Value, day: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(r, c, value, moment)
    elif isinstance(value, date):
        sheet.write_datetime(r, c, datetime(value.year, value.month, value.day), day)
    elif isinstance(value, bool):
        sheet.write_boolean(r, c, value)
    elif isinstance(value, int | float):
        sheet.write_number(r, c, value)
    else:
        sheet.write_string(r, c, value)


def changed(book: Book, change: Change) -> Book:
    """A copy of the workbook with the change."""
    grid = [list(row) for row in book[change.sheet]]
    if change.kind == "row deleted":
        del grid[change.row]
    elif change.kind == "row doubled":
        grid.insert(change.row, list(grid[change.row]))
    elif change.other is not None:
        r, c = change.other
        grid[change.row][change.column], grid[r][c] = grid[r][c], grid[change.row][change.column]
    else:
        grid[change.row][change.column] = change.value
    return {**book, change.sheet: grid}


# --- changes ---------------------------------------------------------------------------------


def changes(workbook: Path, book: Book) -> Iterator[Change]:
    """Every change of every input cell and row."""
    for sheet, grid in book.items():
        if sheet in SKIPPED or len(grid) < 2:
            continue
        form = grid[0][:2] == ["Field", "Value"]
        for r in range(1, len(grid)):
            columns = [1] if form else range(len(grid[r]))
            for c in columns:
                heading = str(grid[r][0] if form else grid[0][c])
                yield from _cell(workbook, sheet, heading, grid, r, c)
            if not form and any(value not in ("", None) for value in grid[r]):
                for kind in ("row deleted", "row doubled"):
                    yield Change(workbook, sheet, kind, "", r, 0)


def _cell(workbook: Path, sheet: str, heading: str, grid: Grid, r: int, c: int) -> Iterator[Change]:
    value = grid[r][c]
    if value in ("", None):
        return
    for kind, other in _values(value):
        yield Change(workbook, sheet, kind, heading, r, c, other)
    yield Change(workbook, sheet, "blank", heading, r, c)
    below = r + 1 < len(grid) and c < len(grid[r + 1])
    if below and grid[r + 1][c] not in ("", None, value) and type(grid[r + 1][c]) is type(value):
        yield Change(workbook, sheet, "swap", heading, r, c, other=(r + 1, c))


def _values(value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield from ((kind, value * factor) for kind, factor in FACTORS.items())
    elif isinstance(value, date):
        yield from ((f"date {days:+d} d", value + timedelta(days=days)) for days in (-365, -31, -1, 1, 31, 365))
    elif isinstance(value, str) and value.strip() in OTHER_UNITS:
        yield from (("unit", unit) for unit in OTHER_UNITS[value.strip()])
    elif value in ("yes", "no", "+", "-", "passed", "failed"):
        turned = {"yes": "no", "no": "yes", "+": "-", "-": "+", "passed": "failed", "failed": "passed"}
        yield "choice", turned[str(value)]


# --- judging -----------------------------------------------------------------------------------


def calculated(folder: Path, book: Book) -> tuple[float | None, Counter[str]]:
    """ER [tCO2e] and the errors and major findings by code; None where the claim is refused."""
    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.findings import InputRefusedError

    path = folder / NAME
    write(book, path)
    try:
        result = calculate_file(path)
    except InputRefusedError as error:
        return None, Counter(f.code for f in error.findings)
    return result.reductions, Counter(f.code for f in result.findings if f.severity in ("error", "major"))


def judge(workbook: Path, wanted: Sequence[Change]) -> list[Verdict]:
    """The verdicts on some changes of one workbook."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "w"
        shutil.copytree(workbook.parent, folder, ignore=shutil.ignore_patterns("*.py", "output", "*.xlsx"))
        book = read(workbook)
        base, known = calculated(folder, book)
        if base is None:
            return []
        return [_verdict(folder, book, change, base, known) for change in wanted]


def _verdict(folder: Path, book: Book, change: Change, base: float, known: Counter[str]) -> Verdict:
    reductions, asked = calculated(folder, changed(book, change))
    if reductions is None:
        return Verdict(change, "refused")
    rise = reductions - base
    if rise <= LEAST_RISE * max(abs(base), 1.0):
        return Verdict(change, "no rise", rise)
    told = any(count > known[code] for code, count in asked.items())
    return Verdict(change, "told" if told else "quiet", rise)


def run(folders: Sequence[Path], count: int, seed: int, processes: int) -> list[Verdict]:
    """The verdicts on a sample of all changes, of each workbook and sheet alike."""
    workbooks = sorted({path for folder in folders for path in folder.rglob(NAME)})
    generator = random.Random(seed)
    tasks: list[tuple[Path, list[Change]]] = []
    for workbook in workbooks:
        every = list(changes(workbook, read(workbook)))
        by_sheet: dict[str, list[Change]] = {}
        for change in every:
            by_sheet.setdefault(change.sheet, []).append(change)
        share = max(1, count // max(1, len(workbooks) * len(by_sheet)))
        chosen = [c for own in by_sheet.values() for c in generator.sample(own, min(share, len(own)))]
        tasks.append((workbook, chosen))
    with ProcessPoolExecutor(processes) as pool:
        found = pool.map(judge, [w for w, _ in tasks], [c for _, c in tasks])
    return [verdict for verdicts in found for verdict in verdicts]


def lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The table: by sheet and kind of change, how many raise ER, and how many of them quietly."""
    yield f"{'sheet':20} {'change':14} {'tried':>6} {'refused':>8} {'rises':>6} {'quiet':>6}"
    kinds = sorted({(v.change.sheet, v.change.kind) for v in verdicts})
    for sheet, kind in kinds:
        own = Counter(v.outcome for v in verdicts if (v.change.sheet, v.change.kind) == (sheet, kind))
        rises = own["told"] + own["quiet"]
        if rises:
            yield f"{sheet:20} {kind:14} {own.total():6} {own['refused']:8} {rises:6} {own['quiet']:6}"
    every = Counter(v.outcome for v in verdicts)
    rises = every["told"] + every["quiet"]
    share = every["quiet"] / every.total() if verdicts else 0.0
    yield f"{'all':20} {'':14} {every.total():6} {every['refused']:8} {rises:6} {every['quiet']:6}"
    yield f"quiet rises: {share:.1%} of all changes"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "examples"])
    parser.add_argument("--changes", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print every quiet rise")
    options = parser.parse_args()
    verdicts = run(options.folders, options.changes, options.seed, options.processes)
    for line in lines(verdicts):
        print(line)
    for one in verdicts if options.list else ():
        if one.outcome == "quiet":
            change = one.change
            place = f"{change.workbook.parent.name}: {change.sheet} row {change.row + 1}"
            print(f"{place}, {change.heading} {change.kind}: {one.rise:+.3f} tCO2e")


if __name__ == "__main__":
    main()
