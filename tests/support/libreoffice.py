"""LibreOffice as the second engine, as the package has it."""

import csv
from collections.abc import Sequence
from pathlib import Path

from jcm_mrv.libreoffice import LibreOfficeError, convert_all, recalculate, recalculate_all, soffice

__all__ = ["LibreOfficeError", "recalculate", "recalculate_all", "recalculated_sheets", "soffice"]

_VALUES = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Commas, quotation marks, UTF-8; numbers as they are and not as shown; each sheet in a file of its own."""


def recalculated_sheets(
    paths: Sequence[Path], title: str, out_dir: Path, timeout: float
) -> list[list[list[float | str]]]:
    """The rows of one sheet of each workbook with all formulas recalculated: half of the time of a new .xlsx."""
    out_dir.mkdir(parents=True, exist_ok=True)
    assert convert_all(paths, out_dir, _VALUES, timeout) is None
    written = [(out_dir / f"{path.stem}-{title}.csv").read_text(encoding="utf-8") for path in paths]
    return [[[_value(cell) for cell in row] for row in csv.reader(text.splitlines())] for text in written]


def _value(text: str) -> float | str:
    """What a cell shows: a number, or the text that stands there."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
