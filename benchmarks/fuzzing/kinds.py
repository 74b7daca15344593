# ruff: noqa: E501 - tables of values
"""The kinds of spoilt inputs: each takes a folder and a source of chance, and does with the input what a person would."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from click.testing import CliRunner

from fuzzing.base import HEADS, NUMBERS, TEXTS, UNITS, flipped, log_rows, log_text, packed, parts, write
from fuzzing.texts import cards, units
from jcm_mrv.cli import program

Kind = Callable[[Path, random.Random], None]
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_INVOICES = Path(__file__).parents[2] / "tests" / "data" / "einvoices"


def command(*arguments: str | Path) -> None:
    """Run the command line in this process. Raises what nobody foresaw."""
    done = CliRunner().invoke(program, [str(a) for a in arguments])
    if done.exit_code not in (0, 1, 2) or (done.exception and not isinstance(done.exception, SystemExit)):
        raise RuntimeError(_details(done.output)) from done.exception


def _details(output: str) -> str:
    """The last places in the package, and the error, from the file that the last net wrote."""
    named = re.search(r"The details are in (.+?\.txt)\.", output)
    lines = Path(named[1]).read_text(encoding="utf-8").splitlines() if named else [output]
    places = re.findall(r"/([\w/]+\.py)\", line (\d+)", "\n".join(lines))
    ours = [f"{Path(file).name}:{line}" for file, line in places if "jcm_mrv" in file]
    return f"{lines[-1][:100]} at {' < '.join(reversed(ours[-3:]))}"


def calculated(folder: Path, files: dict[str, bytes], formats: str = "json") -> None:
    """Write the input and calculate it."""
    command("calculate", write(folder, files), "--formats", formats, "--output", folder / "out")


def _sheets(of: dict[str, bytes]) -> list[str]:
    return [name for name in of if name.startswith("xl/worksheets/sheet") and b"<c " in of[name]]


def _content(place: bytes, chance: random.Random) -> bytes:
    head = b'<c r="' + place + b'"'
    kind = chance.randrange(8)
    if kind <= 2:
        return head + b"><v>" + chance.choice(NUMBERS).encode() + b"</v></c>"
    if kind <= 4:
        text = escape(chance.choice([*TEXTS, *UNITS, *NUMBERS])).replace("\0", "")
        return head + b' t="inlineStr"><is><t>' + text.encode("utf-8", "replace") + b"</t></is></c>"
    if kind == 5:
        return head + b' t="b"><v>1</v></c>'
    if kind == 6:
        return head + chance.choice([b' t="e"><v>#REF!</v></c>', b"><f>1/0</f></c>", b"/>", b' t="s"><v>99999</v></c>'])
    return (
        head + b' s="' + str(chance.randrange(40)).encode() + b'"><v>' + chance.choice(NUMBERS).encode() + b"</v></c>"
    )


def cells(folder: Path, chance: random.Random) -> None:
    """Some cells of the workbook hold something else."""
    source = chance.choice(["", "", "log.csv"])
    of = dict(parts(source))
    for _ in range(chance.choice([1, 1, 2, 6])):
        name = chance.choice(_sheets(of)[1:])
        found = list(_CELL.finditer(of[name]))
        match = chance.choice(found)
        of[name] = of[name][: match.start()] + _content(match[1], chance) + of[name][match.end() :]
    formats = "json,html" if chance.random() < 0.1 else "json,xlsx" if chance.random() < 0.1 else "json"
    calculated(folder, {"monitoring.xlsx": packed(of), "log.csv": log_text()}, formats)


_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def structure(folder: Path, chance: random.Random) -> None:
    """Tags of the workbook's parts doubled, taken out, moved; attributes with other values."""
    of = dict(parts())
    name = chance.choice([*_sheets(of), *(n for n in of if n.endswith((".xml", ".rels")))])
    for _ in range(chance.choice([1, 1, 3])):
        data = of[name]
        found = list((_ATTRIBUTE if chance.random() < 0.6 else re.compile(rb"<[^<>]*>")).finditer(data))
        if not found:
            break
        match = chance.choice(found)
        if match.re is _ATTRIBUTE:
            values = [
                *NUMBERS,
                *TEXTS[:30],
                "A" + "9" * 5_000,
                "ZZZ1048577",
                "XFD1048576",
                "A0",
                ":::",
                "true",
                "s",
                "e",
                "b",
            ]
            value = escape(chance.choice(values), {'"': "&quot;"}).replace("\0", "").encode("utf-8", "replace")
            new = match[1] + b'="' + value + b'"' * chance.choice([1, 1, 1, 0])
        else:
            new = match[0] * chance.choice([0, 2, 2, 1000])
        of[name] = data[: match.start()] + new + data[match.end() :]
    if chance.random() < 0.05:
        encoding = chance.choice(["utf-7", "utf-16", "utf-32", "latin-1", "ascii", "cp037", "hex", "rot13", "x"])
        of[name] = of[name].replace(b"UTF-8", encoding.encode(), 1)
    calculated(folder, {"monitoring.xlsx": packed(of)})


def part_bytes(folder: Path, chance: random.Random) -> None:
    """Bytes of one part of the workbook, under a right checksum."""
    of = dict(parts())
    name = chance.choice(list(of))
    of[name] = flipped(of[name], chance)
    calculated(folder, {"monitoring.xlsx": packed(of)})


@cache
def _package() -> bytes:
    return packed(parts(), 8)


def workbook_bytes(folder: Path, chance: random.Random) -> None:
    """Bytes of the whole file."""
    calculated(folder, {"monitoring.xlsx": flipped(_package(), chance)})


@cache
def _with(source: str) -> bytes:
    return packed(parts(source))


def log_cells(folder: Path, chance: random.Random) -> None:
    """Cells and lines of a CSV log."""
    lines = [line.split(b",") for line in log_text(chance.choice([3, 30, 200])).splitlines()]
    for _ in range(chance.choice([1, 2, 10])):
        row = chance.choice(lines)
        kind = chance.randrange(5)
        text = chance.choice([*NUMBERS, *TEXTS, *UNITS]).encode("utf-8", "replace")
        if kind <= 2 and row:
            row[chance.randrange(len(row))] = text
        elif kind == 3:
            row.append(text)
        else:
            lines.insert(chance.randrange(len(lines)), [text])
    mark, end = chance.choice([b",", b",", b";", b"\t"]), chance.choice([b"\n", b"\n", b"\r\n", b"\r"])
    data = end.join(mark.join(row) for row in lines)
    start = chance.choice([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"sep=;\n"])
    calculated(folder, {"monitoring.xlsx": _with("log.csv"), "log.csv": start + data})


def log_bytes(folder: Path, chance: random.Random) -> None:
    """Bytes of a CSV log, calculated or inspected."""
    data = flipped(log_text(50), chance)
    if chance.random() < 0.5:
        (folder / "log.csv").write_bytes(data)
        command("inspect", folder / "log.csv")
    else:
        calculated(folder, {"monitoring.xlsx": _with("log.csv"), "log.csv": data})


@cache
def _parquet() -> tuple[bytes, ...]:
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table(
        {"time": pa.array([t for t, _ in log_rows()], pa.timestamp("us")), "kWh": [v for _, v in log_rows()]}
    )
    made = []
    for options in ({}, {"compression": "gzip"}, {"compression": "zstd", "data_page_version": "2.0"},
                    {"use_dictionary": False, "write_page_index": True}):  # fmt: skip
        file = io.BytesIO()
        parquet.write_table(table, file, **options)
        made.append(file.getvalue())
    return tuple(made)


def parquet_bytes(folder: Path, chance: random.Random) -> None:
    """Bytes of a Parquet log, mostly of its footer."""
    data = chance.choice(_parquet())
    begin = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    head, foot = (
        (data[:begin], flipped(data[begin:-8], chance))
        if chance.random() < 0.7
        else (flipped(data[:begin], chance), data[begin:-8])
    )
    end = len(foot).to_bytes(4, "little") + b"PAR1" if chance.random() < 0.9 else data[-8:]
    calculated(folder, {"monitoring.xlsx": _with("log.parquet"), "log.parquet": head + foot + end})


def parquet_types(folder: Path, chance: random.Random) -> None:
    """A sound Parquet file of other types, zones and sizes."""
    import pyarrow as pa
    from pyarrow import parquet

    big = [0, 1, -1, 2**31, 2**53 + 1, 2**62, -(2**62), None]
    times = chance.choice([pa.timestamp(u, z) for u in ("s", "ms", "us", "ns")
                           for z in (None, "UTC", "Mars/Phobos", "+99:00", "Asia/Tokyo")]
                          + [pa.date32(), pa.date64(), pa.int64(), pa.uint64(), pa.string(), pa.time64("us"), pa.duration("s")])  # fmt: skip
    values = chance.choice([pa.float64(), pa.float32(), pa.int64(), pa.uint64(), pa.decimal128(38, 5), pa.string(), pa.bool_(),
                            pa.binary(), pa.duration("ns"), pa.null(), pa.list_(pa.int8()), pa.float16()])  # fmt: skip
    count = chance.choice([0, 1, 5, 50])
    stamps = [int(t.timestamp()) for t, _ in log_rows(count)]
    time = _array(times, [chance.choice(big) if chance.random() < 0.1 else s for s in stamps])
    numbers = [
        chance.choice([*big, 1e308, float("nan"), float("inf"), 5e-324]) if chance.random() < 0.1 else 1 for _ in stamps
    ]
    table = pa.table({"time": time, "kWh": _array(values, numbers)})
    file = io.BytesIO()
    try:
        parquet.write_table(table, file, row_group_size=chance.choice([1, 7, 1000]))
    except pa.ArrowException:  # times that no Parquet file can hold
        file = io.BytesIO(_parquet()[0])
    (folder / "log.parquet").write_bytes(file.getvalue())
    if chance.random() < 0.3:
        command("inspect", folder / "log.parquet")
    else:
        calculated(folder, {"monitoring.xlsx": _with("log.parquet")})


def _array(kind: Any, values: list[Any]) -> Any:
    import pyarrow as pa

    for given in (values, [None if v is None else str(v) for v in values], [None for _ in values]):
        try:
            return (
                pa.array(given, kind)
                if not pa.types.is_temporal(kind)
                else pa.array(given, pa.int64()).cast(kind, safe=False)
            )
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            continue
    return pa.nulls(len(values))


@cache
def _log_workbook() -> dict[str, bytes]:
    import zipfile

    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("log")
    sheet.write_row(0, 0, ["time", "kWh"])
    for n, (time, value) in enumerate(log_rows(60), 1):
        sheet.write_datetime(n, 0, time)
        sheet.write_number(n, 1, value)
    book.close()
    with zipfile.ZipFile(file) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def log_workbook(folder: Path, chance: random.Random) -> None:
    """A log in a workbook: bytes of its parts, cells, attributes."""
    of = dict(_log_workbook())
    name = chance.choice(["xl/worksheets/sheet1.xml"] * 4 + list(of))
    found = list(_CELL.finditer(of[name]))
    if found and chance.random() < 0.5:
        match = chance.choice(found)
        of[name] = of[name][: match.start()] + _content(match[1], chance) + of[name][match.end() :]
    else:
        of[name] = flipped(of[name], chance)
    calculated(folder, {"monitoring.xlsx": _with("log.xlsx"), "log.xlsx": packed(of)})


@cache
def _einvoices() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(_INVOICES.rglob("*.xml")))


def invoices(folder: Path, chance: random.Random) -> None:
    """Electronic invoices: their texts, tags and bytes."""
    data = chance.choice(_einvoices())
    if chance.random() < 0.5:
        data = flipped(data, chance)
    else:
        match = chance.choice(list(re.finditer(rb">([^<>]+)<", data)))
        text = escape(chance.choice([*NUMBERS, *TEXTS, *UNITS])).replace("\0", "")
        data = data[: match.start(1)] + text.encode("utf-8", "replace") + data[match.end(1) :]
    (folder / "bill.xml").write_bytes(data)
    if chance.random() < 0.6:
        command("invoices", folder / "bill.xml", *(["--output", folder / "rows.xlsx"] if chance.random() < 0.2 else []))
    else:
        calculated(folder, {"monitoring.xlsx": _with("bill.xml")})


@cache
def _checked() -> dict[str, bytes]:
    import tempfile
    import zipfile

    with tempfile.TemporaryDirectory() as place:
        path = write(Path(place), {"monitoring.xlsx": packed(parts())})
        command("check", path, "--output", Path(place) / "c")
        with zipfile.ZipFile(Path(place) / "c" / "check.xlsx") as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}


def answers(folder: Path, chance: random.Random) -> None:
    """A list of findings that comes back damaged."""
    of = dict(_checked())
    name = chance.choice(["xl/worksheets/sheet1.xml"] * 3 + list(of))
    of[name] = flipped(of[name], chance)
    data = packed(of) if chance.random() < 0.8 else flipped(packed(of), chance)
    (folder / "c").mkdir()
    (folder / "c" / "check.xlsx").write_bytes(data)
    command("check", write(folder, {"monitoring.xlsx": _with("")}), "--output", folder / "c")


KINDS: dict[str, tuple[Kind, int]] = {
    "cells": (cells, 8),
    "structure": (structure, 6),
    "part bytes": (part_bytes, 4),
    "workbook bytes": (workbook_bytes, 4),
    "log cells": (log_cells, 5),
    "log bytes": (log_bytes, 3),
    "log workbook": (log_workbook, 4),
    "parquet bytes": (parquet_bytes, 5),
    "parquet types": (parquet_types, 3),
    "invoices": (invoices, 4),
    "units": (units, 3),
    "cards": (cards, 3),
    "answers": (answers, 2),
}
"""Each kind with its weight among the inputs."""

__all__ = ["HEADS", "KINDS", "datetime"]
