"""Cases: small files with inputs and expected tonnes, which a person can write and follow.

A case is a TOML file in the folder ``cases`` of a family. Its expectation is
arithmetic as a person writes it, which :mod:`jcm_mrv.conformance.arithmetic` computes in exact
fractions, without the engine. :func:`calculate_case` fills a monitoring
workbook with the inputs and calculates it.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.conformance.arithmetic import arithmetic
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.guard import said
from jcm_mrv.limits import number_fault
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import Monitored
from jcm_mrv.result import Result
from jcm_mrv.words import joined, say

_KEYS = {"card", "title", "source", "first_day", "last_day", "equipment", "fixed", "monitored", "expected"}
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_MOST_SAMPLES = 5_000
_DAYS, _DAY = ("first_day", "last_day"), date(2000, 1, 1)
_ROWS = {
    "equipment": ("equipment_id",),
    "fixed": ("parameter", "value"),
    "monitored": ("parameter", "applies_to", "unit", "by_year"),
    "expected": ("year", "reference", "project", "reductions"),
}
_ONLY = {"monitored": _ROWS["monitored"]}
Row = Mapping[str, Any]


class CaseError(JcmMrvError, ValueError):
    """A case that cannot be read; ``problems`` lists everything wrong with it."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.name, self.problems = name, tuple(problems)
        super().__init__(say("case {name}: {problems}", name=name, problems=joined("; ", problems)))

    def __reduce__(self) -> tuple[object, ...]:
        return (CaseError, (self.name, list(self.problems)))


@dataclass(frozen=True)
class Expected:
    """What a calendar year must come to, as arithmetic [tCO2e].

    ``credited`` is None where nothing may be, ``leakage`` where the methodology has none.
    """

    year: int
    reference: str
    project: str
    reductions: str
    deduction: str = "1"
    leakage: str | None = None
    credited: int | None = None


@dataclass(frozen=True)
class Case:
    """A case; rows of equipment, fixed and monitored values are as the sheets of the workbook have them."""

    name: str
    card: str
    title: str
    source: str
    first_day: date
    last_day: date
    equipment: tuple[Row, ...] = ()
    fixed: tuple[Row, ...] = ()
    monitored: tuple[Row, ...] = ()
    expected: tuple[Expected, ...] = field(default=())


def read_case(text: str, name: str) -> Case:
    """Read a case from TOML text; ``name`` is how it is called in errors. Raises CaseError."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists within lists without end
        raise CaseError(name, [say("is not readable as TOML: {error}", error=said(error))]) from error
    problems: list[str] = [say("has no {key}", key=key) for key in sorted(_KEYS - {"fixed", "monitored"} - set(data))]
    problems += [say("unknown entry {key!r}", key=key) for key in sorted(set(data) - _KEYS)]
    years = [row.get("year") for row in data.get("expected", []) if isinstance(row, dict)]
    problems += [
        say("expected {year} stands there twice", year=year) for year in dict.fromkeys(years) if years.count(year) > 1
    ]
    problems += [
        say("{key} is no date such as 2024-01-01", key=key) for key in _DAYS if type(data.get(key, _DAY)) is not date
    ]
    for kind, needed in _ROWS.items():
        problems += _row_problems(kind, data.get(kind, []), needed)
    expected = () if problems else tuple(_expected(data["expected"], problems))
    if problems:
        raise CaseError(name, problems)
    return Case(
        name=name,
        card=str(data["card"]),
        title=str(data["title"]),
        source=str(data["source"]),
        first_day=data["first_day"],
        last_day=data["last_day"],
        equipment=tuple(data["equipment"]),
        fixed=tuple(data.get("fixed", ())),
        monitored=tuple(data.get("monitored", ())),
        expected=expected,
    )


def _row_problems(kind: str, rows: object, needed: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield say("{kind} is not written as [[{kind}]]", kind=kind)
        return
    for n, row in enumerate(rows, 1):
        yield from (say("{kind} {no} has no {key}", kind=kind, no=n, key=key) for key in needed if key not in row)
        yield from (
            say("{kind} {no}: unknown entry {key!r}", kind=kind, no=n, key=key)
            for key in row
            if key not in _ONLY.get(kind, row)
        )
        for key, value in row.items():
            if key == "by_year" and kind == "monitored":
                if not _is_by_year(value):
                    yield say("{kind} {no}: by_year is not written as {{ 2024 = 12.5 }}", kind=kind, no=n)
            elif not _is_of_a_cell(value):
                yield say(
                    "{kind} {number}: {key} is {value!r}, which no cell holds",
                    kind=kind,
                    number=n,
                    key=key,
                    value=value,
                )


def _is_by_year(amounts: object) -> bool:
    """Whether these are numbers, or lists of samples, by calendar year."""
    if not isinstance(amounts, dict) or not all(_YEAR.fullmatch(year) for year in amounts):
        return False
    numbers = [n for amount in amounts.values() for n in (amount if isinstance(amount, list) else [amount])]
    return len(numbers) <= _MOST_SAMPLES and all(type(n) in (int, float) and not number_fault(n) for n in numbers)


def _is_of_a_cell(value: object) -> bool:
    """Whether a cell of the workbook can hold it: text, a number that is one, a date without a time zone."""
    if isinstance(value, (int, float)):
        return not number_fault(value)
    return isinstance(value, (str, date)) and getattr(value, "tzinfo", None) is None


def _expected(rows: list[dict[str, Any]], problems: list[str]) -> Iterator[Expected]:
    """The expected years; what is wrong with their arithmetic is added to ``problems``."""
    for row in rows:
        try:
            year = Expected(**row)
            for key in ("reference", "project", "leakage", "reductions", "deduction"):
                if key == "leakage" and year.leakage is None:
                    continue
                if not isinstance(text := getattr(year, key), str):
                    raise ValueError(f'{key} is {text!r}, not arithmetic as text: "{text}"')
                arithmetic(text)
            if not isinstance(year.year, int) or not isinstance(year.credited, int | None):
                raise ValueError("year and credited are whole numbers")
            yield year
        except (TypeError, ValueError) as error:
            problems.append(f"expected {row['year']}: {error}")


def home(entry: Entry) -> Traversable:
    """The folder of the package that holds the card's methodology, with ``cards``, ``cases`` and ``README.md``."""
    module = sys.modules[entry.methodology.__module__]
    return files(module.__package__ or module.__name__)


def package_cases(entry: Entry) -> Iterator[Case]:
    """Every case of a card's package, by file name. Raises CaseError for the first that cannot be read."""
    folder = home(entry) / "cases"
    if folder.is_dir():
        for path in sorted(folder.iterdir(), key=lambda p: p.name):
            if path.name.endswith(".toml"):
                yield read_case(path.read_text(encoding="utf-8"), path.name)


def cases_of(entry: Entry) -> Iterator[Case]:
    """The cases of a card, from the folder ``cases`` beside the card's own folder."""
    return (case for case in package_cases(entry) if case.card == entry.card.id)


def calculate_case(case: Case, folder: Path, *, troubled: bool = False) -> Result:
    """Fill a monitoring workbook in ``folder`` with the inputs of a case, and calculate it.

    Meter ``M-1`` reads the first monitored row, and so on. ``troubled`` reads
    it month by month, with a data gap, an overdue calibration and an override
    (:func:`troubles`). Raises InputRefusedError when the input is refused,
    CaseError for a column that the workbook does not have.
    """
    from jcm_mrv.methodology.template import template_methods
    from jcm_mrv.workbook.template.writing import write_workbook

    meters, points = [], []
    readings: list[Row] = []
    entry = catalogue().find(case.card)
    means = means_of(entry)
    first = datetime.combine(case.first_day, datetime.min.time())
    after = datetime.combine(case.last_day, datetime.min.time()) + timedelta(days=1)
    for n, row in enumerate(case.monitored, 1):
        meter, name = f"M-{n}", row["parameter"]
        meters.append({"meter_id": meter, "unit": row["unit"], "transformer_factor": 1})
        points.append({"parameter": name, "applies_to": row["applies_to"], "meter_id": meter, "sign": "+"})
        for year, amount in row["by_year"].items():
            begin, end = max(datetime(int(year), 1, 1), first), min(datetime(int(year) + 1, 1, 1), after)
            if begin >= end:
                text = say("{symbol} has an amount of {year}, outside the monitoring period", symbol=name, year=year)
                raise CaseError(case.name, [text])
            if isinstance(amount, list):
                readings += _samples(meter, begin, end, amount, row["unit"])
                continue
            span = {"start": begin, "end": end}
            kind = "mean" if name in means else "energy"
            readings.append({"meter_id": meter, "kind": kind, **span, "value": amount, "unit": row["unit"]})
    card = entry.card
    project: dict[str, str | float | int | date | datetime | None] = {
        "title": f"{case.title} (illustrative)",
        "country": card.country,
        "period_start": case.first_day,
        "period_end": case.last_day,
        "time_zone": "Asia/Bangkok",
        "report_date": case.last_day,
    }
    tables: dict[str, Sequence[Row]] = {
        "eligibility": []
        if card.criteria
        else [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-1"}],
        "equipment": case.equipment,
        "meters": meters,
        "points": points,
        "readings": readings,
        "evidence": [{"document_id": "D-1", "title": "illustrative"}],
        "fixed": case.fixed,
    }
    path = folder / "monitoring.xlsx"
    together = any(isinstance(n, Monitored) and n.rests_on for n in entry.methodology.nodes())
    more = troubles(tables, together=together) if troubled else {}
    try:
        write_workbook(
            path,
            template_methods([case.card]),
            project,
            tables | more,
        )
    except ValueError as error:  # a column that the workbook of this methodology does not have
        raise CaseError(case.name, [str(error)]) from error
    return calculate_file(path)


def _samples(meter: str, begin: datetime, end: datetime, values: Sequence[float], unit: str) -> Iterator[Row]:
    """Samples of a year, evenly over what of it lies in the monitoring period."""
    for n, value in enumerate(values, 1):
        taken = begin + timedelta(days=n * (end - begin).days // (len(values) + 1))
        yield {"meter_id": meter, "kind": "sample", "end": taken, "value": value, "unit": unit}


def means_of(entry: Entry, *, of_pieces: bool = True) -> frozenset[str]:
    """The monitored parameters that are means, over time or of samples: half of the time leaves them as they are.

    Those ``of_pieces``, such as heads, follow the size of the project all the same.
    """
    means = [n for n in entry.methodology.nodes() if isinstance(n, Monitored) and n.aggregate != "sum"]
    return frozenset(n.symbol for n in means if of_pieces or n.unit != "pcs")


def troubles(tables: Mapping[str, Sequence[Row]], *, together: bool = False) -> dict[str, Sequence[Row]]:
    """The sheets of a workbook whose first meter has what real ones have, in place of an even year.

    It is read each month; the reading of May is missing, a person replaced
    that of March by one 2 % lower, and its calibration ended with September.
    The others keep one reading a year, so that what was corrected and what
    was not stand in one report. Nothing where nothing is monitored. With ``together`` all are read each month.
    """
    if not tables["readings"]:
        return {}
    first, *_ = tables["readings"]
    name, year = first["meter_id"], first["start"].year
    starts = [*(datetime(year, month, 1) for month in range(1, 13)), first["end"]]
    monthly = _by_month(first, starts)
    march = {key: monthly[2][key] for key in ("meter_id", "start", "end", "unit")}
    override = {**march, "value": monthly[2]["value"] * 0.98, "reason": "read by hand", "evidence": "D-1"}
    others = [row for row in tables["readings"] if row is not first]
    if together:  # what is multiplied is read at one interval
        span = (first["start"], first["end"])
        same = [row for row in others if row["kind"] != "sample" and (row["start"], row["end"]) == span]
        others = [row for row in others if row not in same] + [m for row in same for m in _by_month(row, starts)]
    ended = {"date": date(year - 1, 10, 1), "valid_until": date(year, 9, 30)}
    meters = [{**row, "accuracy_class": 1} if row["meter_id"] == name else row for row in tables["meters"]]
    return {
        "meters": meters,
        "readings": [*(row for row in monthly if row["start"].month != 5), *others],
        "calibrations": [{"meter_id": name, **ended, "result": "passed"}],
        "overrides": [override],
    }


def _by_month(reading: Row, starts: Sequence[datetime]) -> list[Row]:
    days = (reading["end"] - reading["start"]).days
    return [
        {**reading, "start": start, "end": end, "value": reading["value"] * _part(reading, (end - start).days / days)}
        for start, end in pairwise(starts)
    ]


def _part(reading: Row, share: float) -> float:
    """What a part of a reading's interval has of its value: of an amount its share, of a mean all of it."""
    return 1.0 if reading["kind"] == "mean" else share


def twice(case: Case, for_all: frozenset[str] = frozenset()) -> Case:
    """The same project with every piece of equipment there twice.

    What is monitored for the whole project or a type of product doubles;
    the parameters ``for_all``, of an electricity supply or means, stay.
    """
    names = {row["equipment_id"] for row in case.equipment}
    return replace(
        case,
        equipment=(*case.equipment, *({**r, "equipment_id": _other(r["equipment_id"])} for r in case.equipment)),
        fixed=(*case.fixed, *(_for_other(r) for r in case.fixed if r.get("applies_to") in names)),
        monitored=tuple(_doubled(case.monitored, names, for_all)),
    )


def _doubled(rows: Sequence[Row], names: set[str], for_all: frozenset[str]) -> Iterator[Row]:
    for row in rows:
        if row["applies_to"] in names:
            yield row
            yield _for_other(row)
        elif row["parameter"] in for_all:
            yield row
        else:
            yield {**row, "by_year": {year: 2 * amount for year, amount in row["by_year"].items()}}


def _for_other(row: Row) -> Row:
    return {**row, "applies_to": _other(row["applies_to"])}


def _other(name: str) -> str:
    return f"{name} (second)"
