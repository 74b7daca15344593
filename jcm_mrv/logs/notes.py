"""What is said about a log that was read: rows outside the period, an inferred interval, negative values."""

from __future__ import annotations

import math

import numpy as np

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.clock_grid import ClockGrid
from jcm_mrv.logs.csv_file import CsvLog
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import ColumnSums, IntervalSums
from jcm_mrv.logs.survey import LogFile
from jcm_mrv.time.zones import MINUTE, SECOND
from jcm_mrv.words import say
from jcm_mrv.workbook.missing_numbers import missing_number


def nothing_inside(spec: LogSpec, message: str, severity: Severity | None = None) -> Finding:
    """The log holds no value that can be used."""
    return codes.EMPTY(
        message,
        spec.origin("file"),
        found=spec.log_id,
        action=say("Correct the file, the column, or the name in the column"),
        severity=severity,
    )


def note_table(log: LogFile, problems: Problems) -> None:
    """How the encoding was found, and lines above the headings."""
    if isinstance(log, CsvLog) and log.found:
        problems.add(
            codes.ENCODING_FOUND(
                say("the file is read as {encoding}: {found}", encoding=log.encoding, found=log.found),
                problems.at(),
                found=log.encoding,
                action=say("Nothing, or write {encoding} on the sheet Logs", encoding=log.encoding),
            )
        )
    if log.table.preamble:
        line, _ = log.table.preamble[0]  # its text, often a customer's name, does not travel into reports
        problems.add(
            codes.PREAMBLE(
                say(
                    "{number_of_preamble} line(s) above the headings are not used",
                    number_of_preamble=len(log.table.preamble),
                ),
                problems.at(line),
                action=say("Nothing"),
                data={"count": len(log.table.preamble)},
            )
        )


def note_outside(sums: IntervalSums, problems: Problems) -> None:
    """Rows outside the monitoring period."""
    problems.add(
        codes.OUTSIDE(
            say("{outside} row(s) of the log lie outside the monitoring period and are not used", outside=sums.outside),
            problems.at(),
            action=say("Nothing, if the monitoring period is right"),
            data={"count": sums.outside},
        )
    )


def note_interval(spec: LogSpec, interval: int, problems: Problems) -> None:
    """The length of an interval (microseconds) that was taken from the times."""
    minutes = interval / MINUTE
    problems.add(
        codes.INFERRED(
            say(
                "all times of the log are {minutes:g} minutes apart; that is taken as the length of an interval",
                minutes=minutes,
            ),
            spec.origin("interval_minutes"),
            found=say("empty"),
            action=say("Write {minutes:g} on the sheet Logs", minutes=minutes),
            data={"minutes": minutes},
        )
    )


def note_months(spec: LogSpec, problems: Problems) -> None:
    """Times that lie a month apart."""
    problems.add(
        codes.INFERRED(
            say("the times of the log lie a month apart; each value is taken as that of a month of the calendar"),
            spec.origin("interval_minutes"),
            found=spec.record["interval_minutes"].text or say("empty"),
            action=say("Nothing, if the values are those of months"),
        )
    )


def note_moved(grid: ClockGrid, problems: Problems) -> None:
    """Times a moment beside the regular ones."""
    problems.add(
        codes.RECOGNISED(
            say(
                "{moved} time(s) of the log lie up to {farthest:g} s beside the regular ones and are taken as these",
                moved=grid.moved,
                farthest=grid.farthest / SECOND,
            ),
            problems.at(),
            action=say("Nothing, if the logger's clock writes them so"),
            data={"count": grid.moved, "seconds": grid.farthest / SECOND},
        )
    )


def note_column(sums: ColumnSums, problems: Problems) -> None:
    """Negative and repeated values of a column, and a number that stands for no value."""
    found = missing_number(sums.lowest, sums.highest, lambda: np.concatenate([kept.rows().value for kept in sums.kept]))
    if found is not None:
        sentinel, count = found
        problems.add(
            codes.SENTINEL(
                say(
                    "the column {heading!r} holds {sentinel:.15g} {count} times, far beyond all its other values: "
                    "loggers write such a number where nothing was measured",
                    heading=sums.heading,
                    sentinel=sentinel,
                    count=count,
                ),
                problems.at(),
                found=say("{sentinel:.15g} {count} times", sentinel=sentinel, count=count),
                action=say(
                    "List the number on the sheet Logs under Missing words exactly as it is written in the file, with "
                    "its decimals; or take out the rows in which it stands"
                ),
                data={"value": sentinel, "count": count},
            )
        )
    elif sums.negative:
        total = math.fsum(sums.negative_sums)
        problems.add(
            codes.NEGATIVE(
                say(
                    "{negative} value(s) in the column {heading!r} are negative and are counted as such",
                    negative=sums.negative,
                    heading=sums.heading,
                ),
                problems.at(),
                found=say("their sum is {total:.6g}", total=total),
                action=say("Nothing, if the meter counts both directions or the plant draws power at night"),
                data={"count": sums.negative, "sum": total},
            )
        )
    if sums.repeated:
        problems.add(
            codes.REPEATED(
                say(
                    "{repeated} row(s) in the column {heading!r} are given twice and counted once",
                    repeated=sums.repeated,
                    heading=sums.heading,
                ),
                problems.at(sums.repeated_line),
                action=say("Nothing, if the log was exported in overlapping pieces"),
                data={"count": sums.repeated},
            )
        )
