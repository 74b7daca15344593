"""Green Button: the interval data of North American suppliers as XML (ESPI, NAESB REQ.21).

An IntervalBlock holds readings, each with its beginning (seconds since 1970-01-01 UTC), its length and a whole number;
the ReadingType says what that number counts (``uom``), times which power of ten, and in which direction. Which
ReadingType a block has follows from the links of the Atom entries around them.

Source: NAESB ESPI schema (espi.xsd): codes of UomType, FlowDirectionKind and QualityOfReading.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.limits import whole_number
from jcm_mrv.logs.cells import CellValue
from jcm_mrv.logs.csv_file import LogFormatError
from jcm_mrv.logs.formats.rows import OTHER_UNIT, RowsLog, of_intervals, span_text
from jcm_mrv.words import say
from jcm_mrv.xml_file import XmlError, children, local, parse_xml, read_bytes, text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 20_000_000
"""Of one file: a year of 15 minutes takes about 10 MB."""

UNITS = {
    "5": "A", "29": "V", "31": "J", "33": "Hz", "38": "W", "42": "m3", "61": "VA", "63": "var", "71": "VAh",
    "72": "Wh", "73": "varh", "119": "ft3", "132": "Btu", "134": "L", "169": "therm",
}  # fmt: skip
"""What a number counts, by the code of its ReadingType."""

DIRECTIONS = {"1": "delivered", "4": "net", "19": "received", "20": "total"}
"""As the supplier sees it: delivered to the customer, received from the customer."""

QUALITIES = {
    "0": "valid", "7": "manually edited", "8": "estimated", "9": "estimated", "10": "questionable", "11": "derived",
    "12": "projected", "13": "mixed", "14": "raw", "15": "normalized for weather", "16": "other", "17": "validated",
    "18": "verified", "19": "revenue quality",
}  # fmt: skip
"""What a code says of a reading; without one the standard takes it for valid."""

MEASURED = ("valid", "raw", "validated", "verified", "revenue quality")
"""The words of these that mean measured."""

_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_LATEST, _LONGEST, _LARGEST_POWER = 4_102_444_800, 366 * 86_400, 12  # 2100-01-01; seconds; of ten
_SHOWN = 5


@dataclass(frozen=True)
class _Type:
    """A ReadingType: the unit of its values, the power of ten that multiplies them, and the quality it assumes."""

    unit: str
    power: int
    direction: str
    quality: str


def read_green_button(path: Path) -> RowsLog:
    """The file as rows of span, register, value, unit and quality. Raises LogFormatError and OSError."""
    content = read_bytes(path, MOST_BYTES)
    try:
        root = parse_xml(content, MOST_BYTES, "log")
    except XmlError as error:
        raise LogFormatError(say("{error}; of XML only Green Button (ESPI) is read as a log", error=error)) from error
    faults: list[str] = []
    blocks = list(_blocks(root, faults))
    if not blocks and not faults:
        raise LogFormatError(say("this XML holds no interval blocks of Green Button (ESPI)"))
    several = len({direction for direction, _, _ in blocks}) < len({register for _, register, _ in blocks})
    rows = [
        row
        for n, (kind, register, block) in enumerate(blocks, start=1)
        for row in _rows(block, n, kind, f"{register} {kind.direction}".strip() if several else kind.direction, faults)
    ]
    if faults:
        more = (
            say("; and {number_of_faults} more", number_of_faults=len(faults) - _SHOWN) if len(faults) > _SHOWN else ""
        )
        raise LogFormatError("; ".join(faults[:_SHOWN]) + more)
    return of_intervals(rows, hashlib.sha256(content).hexdigest(), MEASURED)


def _blocks(root: Element, faults: list[str]) -> Iterator[tuple[_Type, str, Element]]:
    """Every block with its type and the name of its meter reading."""
    entries = [entry for entry in root.iter() if local(entry) == "entry"] or [root]
    types: dict[str, _Type] = {}
    readings: dict[str, list[str]] = {}
    found: list[tuple[str, Element]] = []
    for entry in entries:
        own = _links(entry, "self")
        for element in entry.iter():
            if local(element) == "ReadingType":
                types[next(iter(own), f"#{len(types)}")] = _type(element, faults)
            elif local(element) == "MeterReading":
                readings |= {link: _links(entry, "related") for link in own}
            elif local(element) == "IntervalBlock":
                found.append((next(iter(_links(entry, "up")), ""), element))
    for up, block in found:
        meter = up.removesuffix("/IntervalBlock")
        named = [link for link in readings.get(meter, ()) if link in types] or list(types)
        if len(set(named)) != 1:
            faults.append(
                say(
                    "the links do not say which of {number_of_types} reading types an interval block has",
                    number_of_types=len(types),
                )
            )
            return
        yield types[named[0]], _name(meter), block


def _links(entry: Element, relation: str) -> list[str]:
    """The addresses of an entry's links of one relation; they are names here, nothing is fetched."""
    found = (link for link in children(entry, "link") if link.get("rel") == relation)
    return [(link.get("href") or "").strip().rstrip("/") for link in found]


def _name(meter: str) -> str:
    """The last parts of an address: UsagePoint/01/MeterReading/02 is 01/02."""
    named = ("UsagePoint", "MeterReading")
    return "/".join(part for before, part in pairwise(meter.split("/")) if before in named)


def _type(element: Element, faults: list[str]) -> _Type:
    power = text(element, "powerOfTenMultiplier") or "0"
    if not _INTEGER.fullmatch(power) or abs(int(power)) > _LARGEST_POWER:
        faults.append(say("a reading type states {power!r} as its power of ten", power=power[:20]))
        power = "0"
    code, direction = text(element, "uom"), text(element, "flowDirection")
    unit = UNITS.get(code, OTHER_UNIT)
    quality = QUALITIES.get(text(element, "defaultQuality") or "0", "other")
    return _Type(
        unit,
        int(power),
        DIRECTIONS.get(direction, say("direction {direction}", direction=direction[:20] or "not stated")),
        quality,
    )


def _rows(
    block: Element, number: int, kind: _Type, register: str, faults: list[str]
) -> Iterator[tuple[int, list[CellValue]]]:
    """The readings of a block; their line is the ordinal of the block."""
    for reading in children(block, "IntervalReading"):
        begun, length, value = (
            text(reading, "timePeriod", "start"), text(reading, "timePeriod", "duration"), text(reading, "value")
        )  # fmt: skip
        start, seconds = whole_number(begun, _LATEST), whole_number(length or "0", _LONGEST)
        if start is None or seconds is None or not _INTEGER.fullmatch(value):
            shown = say(
                "start {begun!r}, duration {length!r}, value {value!r}",
                begun=begun[:20],
                length=length[:20],
                value=value[:20],
            )
            faults.append(
                say("interval block {number}: a reading cannot be used ({shown})", number=number, shown=shown)
            )
            continue
        moment = datetime.fromtimestamp(start, UTC)
        codes = [text(quality, "quality") for quality in children(reading, "ReadingQuality")]
        words = sorted({QUALITIES.get(code, "other") for code in codes} - {kind.quality}) or [kind.quality]
        amount = float(Decimal(value).scaleb(kind.power))
        span = span_text(moment, moment + timedelta(seconds=seconds)) if seconds else moment.isoformat()
        yield number, [span, register, amount, kind.unit, ", ".join(words)]
