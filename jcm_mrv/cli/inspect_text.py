"""What was understood of a log, in words for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from jcm_mrv.cli.findings_text import findings_text
from jcm_mrv.cli.output import counted, plain, table
from jcm_mrv.logs.inspection.highest import Highest, kinds_of, words
from jcm_mrv.logs.inspection.inspection import Inspection, RawRow
from jcm_mrv.logs.inspection.look import TimeColumn
from jcm_mrv.logs.inspection.rows import LogRows
from jcm_mrv.workbook.scan import column_letters
from jcm_mrv.workbook.schema import sheet

WIDTH = 100
_CELL, _CELLS = 24, 6  # characters of a cell, and cells of a row, that are shown
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}
_HEADS = ("column", "heading", "unit", "looks like", "written", "lowest", "highest", "values", "missing")


def inspection_text(found: Inspection, rows: LogRows, rates: Sequence[Highest] = ()) -> str:
    """The whole text, with the sums beside the highest rates of meters; every word of the file made harmless."""
    return "\n\n".join(part for part in _parts(found, rows, rates) if part)


def _parts(found: Inspection, rows: LogRows, rates: Sequence[Highest]) -> Iterator[str]:
    look = found.look
    yield "\n".join(_file(found))
    if look.headings:
        yield _list("Times", [line for time in look.times for line in _time(time)] or ["no column of times"])
        yield _columns(found)
        asked = "" if rates else " (compare with the meter's highest rate: --highest or --monitoring)"
        yield _list(f"What the file would add up to{asked}", list(_sums(found, rates)))
        yield _list("Texts", [f"{column_letters(n + 1)} {h or '(no heading)'}: {_few(t)}" for n, h, t in look.names])
        yield _list("First and last rows", [_row(row) for row in (*found.first, *found.last)])
    if look.problems:
        yield findings_text(look.problems, headings=True)
    yield f"Findings: {counted(look.problems)}"
    if found.readable:
        yield _rows(found, rows)


def _file(found: Inspection) -> Iterator[str]:
    look = found.look
    yield plain(look.file)
    how = [
        f"encoding {look.encoding}" if look.encoding else "",
        f"columns separated by {_DELIMITERS.get(look.delimiter, look.delimiter)}" if look.delimiter else "",
        f"sheet {look.sheet}" if look.sheet else "",
    ]
    if any(how):
        yield "  " + plain(", ".join(part for part in how if part))
    for line, text in look.preamble:
        yield f"  above the headings, line {line}: {_short(text, 70)}"
    for line, text in look.footers:
        yield f"  below the data, line {line}: {_short(text, 70)}"


def _time(time: TimeColumn) -> Iterator[str]:
    yield f"column {time.heading}"
    if time.doubt:
        yield f"  not certain: {time.doubt}"
    elif time.first is None or time.last is None:
        yield "  not looked at further"
    else:
        yield f"  read as {time.written}" + (f": {time.proof}" if time.proof else "")
        yield f"  from {time.first} to {time.last}{' UTC' if time.offset else ''}, {time.count:,} times"
        only = "all" if time.regular else "most"
        yield f"  {only} are {time.minutes:g} min apart" if time.minutes else "  no distance between times"
        if time.distinct != time.count:
            yield f"  {time.count - time.distinct:,} times stand there more than once"
        if not time.in_order:
            yield "  the rows do not follow each other in time"
        yield "  each time carries its offset from UTC" if time.offset else "  no time zone: you have to state it"


def _columns(found: Inspection) -> str:
    if not found.look.values:
        return "Values\n  no column of numbers"
    rows = [
        (
            *(column_letters(v.column + 1), _short(v.heading, 40), v.unit or "not stated"),
            *("cannot be read" if v.doubt else g.kind + (f" ({g.unit}?)" if g.unit else ""),),
            *(v.written, *((f"{v.lowest:.7g}", f"{v.highest:.7g}") if v.count else ("", ""))),
            *((f"{v.count:,}", f"{v.missing:,}") if v.count or v.missing else ("", "")),
        )
        for v, g in zip(found.look.values, found.guesses, strict=True)
    ]
    return "Values (what a column looks like is a guess)\n" + textwrap.indent(
        table(_HEADS, rows, right=(5, 6, 7, 8)), "  "
    )


def _sums(found: Inspection, rates: Sequence[Highest]) -> Iterator[str]:
    """Each column as energy, as power and as a register, beside the highest rates: a wrong kind is seen at once."""
    time = found.look.times[0] if found.look.times else None
    if time is None:
        return
    for value, guess in zip(found.look.values, found.guesses, strict=True):
        kinds = kinds_of(value, guess, time) if guess.candidate else None
        if kinds is not None:
            unit = value.unit or guess.unit or "units"
            yield (
                f"{value.heading}: as energy {kinds.energy:,.6g} {unit}, up to {kinds.peak_energy:,.6g} in an hour; as "
                f"power {kinds.power:,.6g} {unit} x h, up to {kinds.peak_power:,.6g}; as a register "
                f"{kinds.register:,.6g}"
            )
            yield from (f"  {text}" for text in words(kinds, rates))


def _rows(found: Inspection, rows: LogRows) -> str:
    headings = {column.key: column.heading for column in sheet("logs").columns}
    left = [v.heading for v, g in zip(found.look.values, found.guesses, strict=True) if not g.candidate]
    lines = [f"{len(rows.rows)} row(s), one for each column that may be that of a meter"]
    if left:
        lines.append("left out: " + ", ".join(left))
    lines += [f"{_which(q.row)}{headings.get(q.column, q.column)}: {q.text}" for q in rows.questions]
    return _list("For the sheet Logs", lines)


def _which(row: int) -> str:
    return f"row {row}, " if row else ""


def _list(title: str, lines: Sequence[str]) -> str:
    """A title and its lines, wrapped; '' where there is none."""
    if not lines:
        return ""
    wrapped = [
        textwrap.fill(plain(line), WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
        if not line.startswith("  ")
        else textwrap.fill(plain(line.strip()), WIDTH, initial_indent="    ", subsequent_indent="      ")
        for line in lines
    ]
    return "\n".join([title, *wrapped])


def _row(row: RawRow) -> str:
    cells = [_short(cell, _CELL) or "(empty)" for cell in row.cells[:_CELLS]]
    more = f" and {len(row.cells) - _CELLS} more" if len(row.cells) > _CELLS else ""
    return f"line {row.line}: {' | '.join(cells)}{more}"


def _few(texts: Sequence[str]) -> str:
    return ", ".join(_short(t, _CELL) for t in texts[:6]) + (", ..." if len(texts) > 6 else "")


def _short(text: str, most: int) -> str:
    shown = plain(text)
    return shown if len(shown) <= most else shown[: most - 1] + "…"
