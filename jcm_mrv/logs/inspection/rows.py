"""Rows of the sheet Logs for what was found in a file: what is certain is filled in, the rest is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from jcm_mrv.logs.beside import states_unit
from jcm_mrv.logs.formats.rows import QUALITY
from jcm_mrv.logs.inspection.inspection import Inspection, side_hint
from jcm_mrv.logs.inspection.kind import AMOUNT, POWER, UNKNOWN, Guess
from jcm_mrv.logs.inspection.look import TimeColumn, ValueColumn
from jcm_mrv.logs.matrix import matrix_of
from jcm_mrv.logs.table import unit_of
from jcm_mrv.logs.words import tells_quality
from jcm_mrv.quantities.units import same_dimension
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.rows_workbook import Notes, write_rows
from jcm_mrv.workbook.schema import sheet as schema_sheet
from jcm_mrv.workbook.template.sheets import Row

ASSUMED_UTF8 = ("", "utf-8", "utf-8-sig")


@dataclass(frozen=True)
class Question:
    """Something that a person has to decide: in which column of the sheet Logs, for which row (from 2; 0: all)."""

    row: int
    column: str
    text: str


@dataclass(frozen=True)
class LogRows:
    """Rows of the sheet Logs by column key, and the questions that they leave."""

    rows: tuple[Row, ...]
    questions: tuple[Question, ...]


def log_rows(found: Inspection, file: str, encoding: str = "") -> LogRows:
    """One row for each column that may be that of a meter (and for each name, where a column names several).

    ``file`` is the path as the sheet Logs is to hold it, ``encoding`` the one
    that a person stated.
    """
    rows: list[Row] = []
    questions = list(_of_all(found))
    names = _names(found)
    for value, guess in zip(found.look.values, found.guesses, strict=True):
        if not guess.candidate:
            continue
        for name in names or [("", "")]:
            number = len(rows) + 1
            rows.append(_row(found, value, guess, name, f"{Path(file).stem}-{number}", file, encoding))
            if not found.look.registers:  # a format that names its registers says unit and kind of each
                questions += _of_row(number + 1, value, guess)
    known = {column.key for column in schema_sheet("logs").columns}
    return LogRows(tuple({k: v for k, v in row.items() if k in known} for row in rows), tuple(questions))


def _row(
    found: Inspection, value: ValueColumn, guess: Guess, name: tuple[str, str], log_id: str, file: str, encoding: str
) -> Row:
    time = found.look.times[0] if found.look.times else None
    written = encoding or ("" if found.look.encoding in ASSUMED_UTF8 else found.look.encoding)
    regular = time is not None and time.regular and not time.doubt
    certain_power = guess.kind == POWER and bool(value.unit)
    return {
        "log_id": log_id,
        "file": file,
        "sheet": found.look.sheet or None,
        "layout": "long" if name[0] else ("wide" if time and time.distinct == time.count > 0 else None),
        "time_column": time.heading if time else None,
        "value_column": value.heading,
        "name_column": name[0] or None,
        "name_value": name[1] or None,
        "unit": value.unit or None,
        "kind": "power" if certain_power else None,
        "interval_minutes": time.minutes if time and regular else None,
        "encoding": written or None,
        **_stated_by_format(found, time, name[1]),
    }


def _stated_by_format(found: Inspection, time: TimeColumn | None, name: str) -> Row:
    """What a format of interval data says by itself of one of its registers."""
    look = found.look
    unit = look.registers.get(name) or (next(iter(look.registers.values())) if len(look.registers) == 1 else None)
    if unit is None or time is None:
        return {}
    known = unit_of(unit)
    kind = "power" if known and same_dimension(known, "W") else "energy" if time.spans else None
    return {
        "unit": known or None,
        "kind": kind if known else None,
        "stamp": "start" if time.spans else None,
        "status_column": QUALITY,
        "measured_words": "; ".join(look.measured),
    }


def _names(found: Inspection) -> list[tuple[str, str]]:
    """Heading and name where several rows have the same time and exactly one column of texts tells them apart."""
    times, texts = found.look.times, found.look.names
    if not times or times[0].doubt or times[0].distinct == times[0].count:
        return []
    texts = tuple(t for t in texts if not (tells_quality(t[1], t[2]) or all(map(states_unit, t[2]))))
    if len(texts) != 1:
        return []
    _, heading, names = texts[0]
    return [(heading, name) for name in names] if heading and len(names) > 1 else []


def _of_all(found: Inspection) -> Iterator[Question]:
    yield Question(
        0, "meter_id", say("Which meter of the sheet Meters is it? (delete the rows of columns that are no meter)")
    )
    if not found.look.times:
        yield Question(0, "time_column", say("Which column holds the times? None was recognised."))
        return
    time = found.look.times[0]
    if len(found.look.times) > 1:
        others = ", ".join(t.heading for t in found.look.times[1:])
        text = say(
            "Is {heading} the time of the reading? There is also {others}. Where two columns are the beginning ",
            heading=time.heading,
            others=others,
        )
        yield Question(
            0,
            "time_column",
            text
            + say(
                "and the end of each interval, write both: {heading} + {others}.", heading=time.heading, others=others
            ),
        )
    if time.doubt:
        yield Question(
            0, "date_format", say("How are the times written, such as DD/MM/YYYY hh:mm? {doubt}.", doubt=time.doubt)
        )
    if time.offset:
        yield Question(0, "time_zone", say("Every time carries its offset from UTC: leave the cell empty."))
    else:
        yield Question(0, "time_zone", say("In which zone does the logger write? The file does not say."))
    yield from _of_stamp(time)
    if not time.doubt and not time.regular:
        text = say("How long is one interval? Most times are {minutes:g} min apart, but not all.", minutes=time.minutes)
        yield Question(0, "interval_minutes", text if time.minutes else say("How long is one interval?"))
    yield from _of_tables(found)
    yield Question(
        0, "transformer_factor_included", say("Are the values already multiplied by the transformer factor?")
    )
    if not time.doubt and time.distinct != time.count:
        yield _layout(found)


def _of_stamp(time: TimeColumn) -> Iterator[Question]:
    """Which end of its interval a time is; a span names both, and either answer reads it alike."""
    if time.spans:
        yield Question(0, "stamp", say("Each time is a span that names both ends of its interval: write start."))
        return
    hint = side_hint(time)
    text = say("Does a time open (start) or close (end) its interval?") + (
        say(" A hint: {hint}.", hint=hint) if hint else ""
    )
    yield Question(0, "stamp", text)


def _of_tables(found: Inspection) -> Iterator[Question]:
    """Columns that say more than texts: times of the day, units, and how good each value is."""
    look = found.look
    if look.registers:
        return
    matrix = matrix_of(look.headings, opens=True)
    if matrix is not None:
        first = look.headings[min(matrix.begins)]
        text = say(
            "A day in each row and {number_of_begins} columns of times: write matrix, and {first} as Value column.",
            number_of_begins=len(matrix.begins),
            first=first,
        )
        yield Question(0, "layout", text)
    for _, heading, texts in look.names:
        if tells_quality(heading, texts):
            words = ", ".join(texts[:6])
            text = say(
                "Does {heading} say how good each value is? Then name it, and under Measured words those of {words} ",
                heading=heading,
                words=words,
            )
            yield Question(0, "status_column", text + "that mean measured.")
        elif texts and all(map(states_unit, texts)):
            yield Question(
                0,
                "unit",
                say("The column {heading} states units: {texts}.", heading=heading, texts=", ".join(texts[:6])),
            )


def _layout(found: Inspection) -> Question:
    texts = [heading or "a column without heading" for _, heading, _ in found.look.names]
    if _names(found):
        text = say(
            "Several rows have the same time: is it the meter that {texts} names? Then one row for each name.",
            texts=texts[0],
        )
        text += say(" The names of the first rows are filled in.")
    elif texts:
        text = say("Several rows have the same time: which of {texts} names the meter?", texts=", ".join(texts))
    else:
        text = say("Several rows have the same time, and no column of texts tells them apart. Is the export right?")
    return Question(0, "layout", text)


def _of_row(row: int, value: ValueColumn, guess: Guess) -> Iterator[Question]:
    if value.doubt:
        yield Question(
            row,
            "number_format",
            say("How are the numbers of {heading} written? {doubt}.", heading=value.heading, doubt=value.doubt),
        )
    if not value.unit:
        suggestion = say(" The heading suggests {guess_unit}.", guess_unit=guess.unit) if guess.unit else ""
        yield Question(
            row,
            "unit",
            say(
                "In which unit is {heading}? The file does not state it.{suggestion}",
                heading=value.heading,
                suggestion=suggestion,
            ),
        )
    if guess.kind == UNKNOWN:
        text = say("Energy per interval, power, a register, or nothing of a meter?")
        yield Question(row, "kind", joined("", (value.heading, ": ", text, " (", guess.why, ")")))
    elif not (guess.kind == POWER and value.unit):
        kind = "energy" if guess.kind == AMOUNT else guess.kind
        yield Question(
            row,
            "kind",
            say(
                "Is {heading} of the kind {kind}? It looks like it: {why}.",
                heading=value.heading,
                kind=kind,
                why=guess.why,
            ),
        )


def write_log_rows(path: Path | BinaryIO, rows: LogRows) -> None:
    """Write the workbook: the rows under the headings of the sheet Logs, and the questions on a second sheet."""
    headings = {column.key: column.heading for column in schema_sheet("logs").columns}
    lines = tuple((q.row or "all", headings.get(q.column, q.column), q.text) for q in rows.questions)
    write_rows(path, "logs", rows.rows, Notes("Questions", ("Row", "Column", "Question"), (8, 20, 100), lines))
