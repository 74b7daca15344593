"""The public version of a report: what the project marks as confidential is taken out before anything is drawn.

The field Confidential of the sheet Project names columns of text (``Team!Name``), fields (``Project!Location``) and
words. Their texts are replaced in the data from which the report is made, so that nothing of them reaches a page, the
attached result, metadata or bookmarks; what is left of one anywhere afterwards refuses the public version.

Checksums of files that are not published with it are taken out as well: whoever guesses what is blacked out could
write such a file anew and see from its checksum that the guess is right.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, cast

from markupsafe import escape

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.findings import Finding
from jcm_mrv.meters.meters import Meter
from jcm_mrv.reporting.result_json import Json, canonical_sha256, changes_of, result_data, result_sha256
from jcm_mrv.result import Result
from jcm_mrv.words import say, with_values
from jcm_mrv.workbook.change import Change
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.row import AnyRow, Cell, Record
from jcm_mrv.workbook.schema import SHEETS, fold
from jcm_mrv.workbook.schema_columns import Column, Kind, Sheet

HIDDEN = "█████"
"""What stands in its place, whatever its length."""
SHORTEST = 3
FIELD: Literal["confidential"] = "confidential"
_NAMES = frozenset(
    ("meter_id", "equipment_id", "document_id", "log_id", "checks", "below", "parameter", "applies_to", "setting")
)
"""Columns by which rows refer to each other; formulas and tables need them."""
_CHECKSUM = re.compile(r"\b[0-9A-Fa-f]{64}\b")
_TAG = re.compile(r"(<style[^<]*</style>|<[^<>]*>)")
_SPOKEN = re.compile(r'((?:aria-label|content)=")([^"]*)(")')

R = TypeVar("R", bound=Record)  # type: ignore[type-arg]


class RedactionError(JcmMrvError, ValueError):
    """There can be no public version; ``reasons`` lists why, with what to do."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))

    def __reduce__(self) -> tuple[object, ...]:
        return (RedactionError, (self.reasons,))


@dataclass(frozen=True)
class Secrets:
    """The texts that the public version must not show."""

    texts: tuple[str, ...]

    def hidden(self, text: str) -> str:
        """A text without them, whatever their case and white space, and without checksums."""
        return _CHECKSUM.sub(HIDDEN, _pattern(self.texts).sub(HIDDEN, text))

    def hidden_html(self, html: str) -> str:
        """A page without them: between its tags, and in what is said of drawings and in its metadata."""
        pattern = _pattern(tuple(dict.fromkeys(str(escape(text)) for text in self.texts)))
        pieces = _TAG.split(html)
        for n, piece in enumerate(pieces):
            if n % 2 == 0:
                pieces[n] = pattern.sub(HIDDEN, piece)
            else:
                pieces[n] = _SPOKEN.sub(lambda m: m[1] + pattern.sub(HIDDEN, m[2]) + m[3], piece)
        return "".join(pieces)

    def hidden_data(self, data: Json) -> Json:
        """Data without them."""
        if isinstance(data, str):
            return self.hidden(data)
        if isinstance(data, list):
            return [self.hidden_data(one) for one in data]
        return {key: self.hidden_data(one) for key, one in data.items()} if isinstance(data, dict) else data

    def refuse_left(self, html: str, data: str, published: Iterable[str] = ()) -> None:
        """Raise RedactionError where one of them, or a checksum that is not ``published``, still stands there."""
        words = [data, *(_TAG.sub(between, html) for between in ("", " "))]
        if {one.casefold() for text in words for one in _CHECKSUM.findall(text)} - {*published}:
            raise RedactionError([
                say("the checksum of a file that is not published still stands in the public version; it was not "
                    "written. Mark the field that holds it as confidential.")
            ])  # fmt: skip
        pattern = _pattern((*self.texts, *(str(escape(text)) for text in self.texts)))
        if any(pattern.search(one) for one in words):
            raise RedactionError([
                say("a text that is marked as confidential still stands in the public version; it was not written. "
                    "Mark the words around it as well.")
            ])  # fmt: skip


def _pattern(texts: tuple[str, ...]) -> re.Pattern[str]:
    forms = {unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD")} | {*texts}
    ordered = sorted(forms, key=lambda text: (-len(text), text))
    return re.compile("|".join(r"\s+".join(map(re.escape, text.split())) for text in ordered), re.IGNORECASE)


# --- what is confidential ---


def secrets_of(data: MonitoringData) -> Secrets:
    """The texts that the field Confidential names. Raises RedactionError with everything that it cannot name."""
    items = _marked(data)
    if not items:
        raise RedactionError([
            say("nothing is marked as confidential: fill in the field Confidential on the sheet Project, or leave out "
                "--redact.")
        ])  # fmt: skip
    reasons: list[str] = []
    texts: list[str] = []
    for item in items:
        try:
            texts += _texts_of(data, item)
        except RedactionError as error:
            reasons += error.reasons
    if reasons:
        raise RedactionError(reasons)
    return Secrets(tuple(dict.fromkeys(texts)))


def _marked(data: MonitoringData) -> list[str]:
    """What this workbook marks, and what that of the version before marked and this one does not any more."""
    own = [item.strip() for item in data.project[FIELD].text.split(";") if item.strip()]
    before = data.previous.workbook if data.previous is not None and own else None
    return own if before is None else list(dict.fromkeys((*own, *_marked(before))))


def _texts_of(data: MonitoringData, item: str) -> list[str]:
    where = say("Project, Confidential, {item}", item=item)
    title, bang, heading = item.partition("!")
    sheet = next((s for s in SHEETS if fold(s.title) == fold(title)), None)
    found: list[str] = []
    if bang and sheet is not None:
        column = next((c for c in sheet.columns if fold(c.heading) == fold(heading)), None)
        if column is None or not _may_hide(column):
            raise RedactionError([
                say("{where}: only columns of text can be blacked out, and none by which rows refer to each other. A "
                    "number can be worked out again from what is calculated with it.", where=where)
            ])  # fmt: skip
        found = [text for one in _versions(data, where) for text in _column_texts(one, sheet, column)]
    elif bang and sheet is None and re.fullmatch(r"[\w ]+", title):
        raise RedactionError([say("{where}: there is no sheet of that name.", where=where)])
    else:
        texts = (text for one in _versions(data, where) for text in _all_texts(one))
        found = [item] if any(_pattern((item,)).search(text) for text in texts) else []
    # A list is printed one by one, so each of its parts is a text of its own.
    parts = [part.strip() for text in found for part in (text, *text.split(";"))]
    kept = [part for part in dict.fromkeys(parts) if part]
    if not kept:
        raise RedactionError([say("{where}: no such text stands in the workbook.", where=where)])
    if short := [part for part in kept if len(part) < SHORTEST]:
        raise RedactionError([
            say("{where}: {text!r} is too short to be told from other words; write it in full.", where=where,
                text=short[0])
        ])  # fmt: skip
    return kept


def _versions(data: MonitoringData, where: str) -> list[MonitoringData]:
    """This workbook and that of the version before, of which the report tells what changed.

    Raises RedactionError where that one is not there, so that nobody knows what was confidential in it.
    """
    if data.previous is None:
        return [data]
    if data.previous.workbook is None:
        raise RedactionError([
            say("{where}: what was confidential in the version before is known from its workbook alone. Write its "
                "monitoring_package.zip into Previous version.", where=where)
        ])  # fmt: skip
    return [data, data.previous.workbook]


def _column_texts(data: MonitoringData, sheet: Sheet, column: Column) -> Iterator[str]:
    rows: Iterable[AnyRow] = [data.project] if sheet.form else data.tables.get(sheet.key, ())
    yield from (row.cells[column.key].text.strip() for row in rows if column.key in row.cells)


def _may_hide(column: Column) -> bool:
    return column.kind is Kind.TEXT and column.key not in _NAMES


def _all_texts(data: MonitoringData) -> Iterator[str]:
    forms: list[AnyRow] = [data.project, *(row for rows in data.tables.values() for row in rows)]
    for row in forms:
        yield from (c.text for key, c in row.cells.items() if key != FIELD and isinstance(c.value, str))


# --- taking it out ---


def redacted(result: Result, secrets: Secrets) -> Result:
    """The result as the public version shows it: its graph and numbers are the same, texts are blacked out."""
    data = result.data
    tables = {key: [_row(row, secrets) for row in rows] for key, rows in data.tables.items()}
    project = _row(data.project, secrets)
    cells = {**project.cells, FIELD: replace(project.cells[FIELD], value=HIDDEN)}
    previous = data.previous
    if previous is not None:  # what changed is told of the texts themselves, before they are alike for being hidden
        told = tuple(_change(one, secrets) for one in changes_of(result))
        earlier = cast(Mapping[str, Any], secrets.hidden_data(cast(Json, previous.result)))
        previous = replace(previous, sha256=HIDDEN, result=earlier, changes=told)
    changed = replace(data, **tables, project=replace(project, cells=cells), previous=previous)  # type: ignore[arg-type]
    findings = tuple(_finding(finding, secrets) for finding in result.findings)
    meters = {name: _meter(meter, secrets) for name, meter in result.meters.items()}
    inputs = tuple((path, HIDDEN) for path, _ in result.inputs)
    return replace(result, data=changed, findings=findings, meters=meters, inputs=inputs)


def _row(row: R, secrets: Secrets) -> R:
    cells = {key: _cell(cell, secrets) for key, cell in row.cells.items()}
    return replace(row, cells=cells)


def _cell(cell: Cell, secrets: Secrets) -> Cell:
    return replace(cell, value=secrets.hidden(cell.value)) if isinstance(cell.value, str) else cell


def _finding(finding: Finding, secrets: Secrets) -> Finding:
    message, found, action = (
        with_values(text, secrets.hidden) for text in (finding.message, finding.found, finding.action)
    )
    return replace(finding, message=message, found=found, action=action, answer=secrets.hidden(finding.answer))


def _change(change: Change, secrets: Secrets) -> Change:
    what, before, now = (with_values(text, secrets.hidden) for text in (change.what, change.before, change.now))
    return replace(change, what=what, before=before, now=now)


def _meter(meter: Meter, secrets: Secrets) -> Meter:
    installations = tuple(replace(one, serial=secrets.hidden(one.serial)) for one in meter.installations)
    return replace(meter, installations=installations)


def public_data(result: Result, secrets: Secrets) -> tuple[bytes, str, str]:
    """``result.json`` of a redacted result, its checksum, and the one that its page states before it is put right.

    The version before is named by the checksum of its data without what is confidential.
    """
    data = cast(dict[str, Any], secrets.hidden_data(dict(result_data(result))))
    if result.data.previous is not None:
        data["previous_version"]["result_sha256"] = canonical_sha256(result.data.previous.result)
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    return text.encode("utf-8"), canonical_sha256(data), result_sha256(result)
