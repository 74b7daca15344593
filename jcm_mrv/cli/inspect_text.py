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
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.scan import column_letters
from jcm_mrv.workbook.schema import sheet

WIDTH = 100
_CELL, _CELLS = 24, 6  # characters of a cell, and cells of a row, that are shown
_DELIMITERS = {",": say("comma"), ";": say("semicolon"), "\t": say("tab"), "|": "|"}
KINDS = {
    str(one): one for one in (say("energy"), say("power"), say("register"), say("amount"), say("other"), say("unknown"))
}
_HEADS = (
    *(say("column"), say("heading"), say("unit"), say("looks like"), say("written"), say("lowest"), say("highest")),
    *(say("values"), say("missing")),
)


def inspection_text(found: Inspection, rows: LogRows, rates: Sequence[Highest] = ()) -> str:
    """The whole text, with the sums beside the highest rates of meters; every word of the file made harmless."""
    return joined("\n\n", (part for part in _parts(found, rows, rates) if part))


def _parts(found: Inspection, rows: LogRows, rates: Sequence[Highest]) -> Iterator[str]:
    look = found.look
    yield joined("\n", _file(found))
    if look.headings:
        yield _list(say("Times"), [line for time in look.times for line in _time(time)] or [say("no column of times")])
        yield _columns(found)
        asked = "" if rates else say(" (compare with the meter's highest rate: --highest or --monitoring)")
        yield _list(say("What the file would add up to{asked}", asked=asked), list(_sums(found, rates)))
        yield _list(
            say("Texts"),
            [
                joined(" ", (column_letters(n + 1), joined(": ", (h or say("(no heading)"), _few(t)))))
                for n, h, t in look.names
            ],
        )
        yield _list(say("First and last rows"), [_row(row) for row in (*found.first, *found.last)])
    if look.problems:
        yield findings_text(look.problems, headings=True)
    yield say("Findings: {counted}", counted=counted(look.problems))
    if found.readable:
        yield _rows(found, rows)


def _file(found: Inspection) -> Iterator[str]:
    look = found.look
    yield plain(look.file)
    how = [
        say("encoding {encoding}", encoding=look.encoding) if look.encoding else "",
        say("columns separated by {get}", get=_DELIMITERS.get(look.delimiter, look.delimiter))
        if look.delimiter
        else "",
        say("sheet {sheet}", sheet=look.sheet) if look.sheet else "",
    ]
    if any(how):
        yield "  " + plain(joined(", ", (part for part in how if part)))
    for line, text in look.preamble:
        yield say("  above the headings, line {line}: {short}", line=line, short=_short(text, 70))
    for line, text in look.footers:
        yield say("  below the data, line {line}: {short}", line=line, short=_short(text, 70))


def _time(time: TimeColumn) -> Iterator[str]:
    yield say("column {heading}", heading=time.heading)
    if time.doubt:
        yield say("  not certain: {doubt}", doubt=time.doubt)
    elif time.first is None or time.last is None:
        yield say("  not looked at further")
    else:
        yield joined(": ", (say("  read as {written}", written=time.written), *filter(None, (time.proof,))))
        yield say(
            "  from {first} to {last}{what}, {count:,} times",
            first=time.first,
            last=time.last,
            what=" UTC" if time.offset else "",
            count=time.count,
        )
        only = say("all") if time.regular else say("most")
        yield (
            say("  {only} are {minutes:g} min apart", only=only, minutes=time.minutes)
            if time.minutes
            else say("  no distance between times")
        )
        if time.distinct != time.count:
            yield say("  {count:,} times stand there more than once", count=time.count - time.distinct)
        if not time.in_order:
            yield say("  the rows do not follow each other in time")
        yield (
            say("  each time carries its offset from UTC")
            if time.offset
            else say("  no time zone: you have to state it")
        )


def _columns(found: Inspection) -> str:
    if not found.look.values:
        return say("Values\n  no column of numbers")
    rows = [
        (
            *(column_letters(v.column + 1), _short(v.heading, 40), v.unit or say("not stated")),
            say("cannot be read") if v.doubt else KINDS[g.kind] + (f" ({g.unit}?)" if g.unit else ""),
            *(v.written, *((f"{v.lowest:.7g}", f"{v.highest:.7g}") if v.count else ("", ""))),
            *((f"{v.count:,}", f"{v.missing:,}") if v.count or v.missing else ("", "")),
        )
        for v, g in zip(found.look.values, found.guesses, strict=True)
    ]
    return say("Values (what a column looks like is a guess)\n") + textwrap.indent(
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
            unit = value.unit or guess.unit or say("units")
            yield (
                say(
                    "{heading}: as energy {energy:,.6g} {unit}, up to {peak_energy:,.6g} in an hour; as power "
                    "{power:,.6g} {unit} x h, up to {peak_power:,.6g}; as a register {register:,.6g}",
                    heading=value.heading,
                    energy=kinds.energy,
                    unit=unit,
                    peak_energy=kinds.peak_energy,
                    power=kinds.power,
                    peak_power=kinds.peak_power,
                    register=kinds.register,
                )
            )
            yield from (f"  {text}" for text in words(kinds, rates))


def _rows(found: Inspection, rows: LogRows) -> str:
    headings = {column.key: column.heading for column in sheet("logs").columns}
    left = [v.heading for v, g in zip(found.look.values, found.guesses, strict=True) if not g.candidate]
    lines: list[str] = [
        say("{number_of_rows} row(s), one for each column that may be that of a meter", number_of_rows=len(rows.rows))
    ]
    if left:
        lines.append(say("left out: {left}", left=", ".join(left)))
    lines += [joined("", (_which(q.row), headings.get(q.column, q.column), ": ", q.text)) for q in rows.questions]
    return _list(say("For the sheet Logs"), lines)


def _which(row: int) -> str:
    return say("row {row}, ", row=row) if row else ""


def _list(title: str, lines: Sequence[str]) -> str:
    """A title and its lines, wrapped; '' where there is none."""
    if not lines:
        return ""
    wrapped = [
        textwrap.fill(plain(line), WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
        if not line.startswith("  ")
        else textwrap.fill(plain(line).strip(), WIDTH, initial_indent="    ", subsequent_indent="      ")
        for line in lines
    ]
    return "\n".join([plain(title), *wrapped])


def _row(row: RawRow) -> str:
    cells = [_short(cell, _CELL) or plain(say("(empty)")) for cell in row.cells[:_CELLS]]
    more = (
        say(" and {number_of_cells} more", number_of_cells=len(row.cells) - _CELLS) if len(row.cells) > _CELLS else ""
    )
    return say("line {line}: {cells}{more}", line=row.line, cells=" | ".join(cells), more=more)


def _few(texts: Sequence[str]) -> str:
    return ", ".join(_short(t, _CELL) for t in texts[:6]) + (", ..." if len(texts) > 6 else "")


def _short(text: str, most: int) -> str:
    shown = plain(text)
    return shown if len(shown) <= most else shown[: most - 1] + "…"
