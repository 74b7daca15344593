"""Every format of a report, of each case as it is and with what real workbooks have: gaps, overrides, overdue tests.

A report that is written of a few examples ends in a traceback at the first card of another shape.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from jcm_mrv.conformance.cases import Case, calculate_case
from jcm_mrv.conformance.methodology_checks import Problem
from jcm_mrv.conformance.official_checks import recalculated_problems
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.libreoffice import LibreOfficeError, recalculate_all, soffice
from jcm_mrv.result import Result
from jcm_mrv.words import say

FORMATS = ("json", "xlsx", "html", "pdf")
TROUBLES = frozenset({"gaps.month", "calibrations.not_covering", "overrides.used"})
_CHECK = "formats"


def plain_and_troubled(case: Case, folder: Path) -> Iterator[tuple[str, Result]]:
    """The results of a case, ``plain`` and ``troubled``, each calculated in a folder of its own.

    Raises what :func:`~jcm_mrv.conformance.cases.calculate_case` does.
    """
    for kind in ("plain", "troubled"):
        place = folder / kind
        place.mkdir(parents=True)
        yield kind, calculate_case(case, place, troubled=kind == "troubled")


def format_problems(case: Case, folder: Path) -> Iterator[Problem]:
    """What goes wrong where a case is written in every format; LibreOffice, if there, recalculates the workbooks."""
    try:
        results = dict(plain_and_troubled(case, folder))
    except JcmMrvError as error:
        yield Problem(_CHECK, case.name, say("in trouble it is refused: {error}", error=error))
        return
    yield from trouble_problems(case.name, results)
    written: dict[str, Path] = {}
    for kind, result in results.items():
        try:
            written[kind] = _written(result, folder / f"{kind} reports")
        except (JcmMrvError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            yield Problem(_CHECK, case.name, f"{kind}: {type(error).__name__}: {error}")
    if soffice() and written:
        yield from _recalculated(case, results, written, folder)


def trouble_problems(name: str, results: Mapping[str, Result]) -> Iterator[Problem]:
    """Whether the troubles of a case are found where it has readings."""
    for kind, result in results.items():
        missing = TROUBLES - {f.code for f in result.findings}
        if kind == "troubled" and result.claim.chains and missing:
            yield Problem(_CHECK, name, say("in trouble it has no {listed}", listed=", ".join(sorted(missing))))


def _written(result: Result, place: Path) -> Path:
    """The workbook report, beside the other formats. Raises ValueError for JSON that is none."""
    from jcm_mrv.reporting.write import write_reports

    paths = {path.suffix: path for path in write_reports(result, place, list(FORMATS))}
    json.loads(paths[".json"].read_text(encoding="utf-8"))
    return paths[".xlsx"]


def _recalculated(
    case: Case, results: Mapping[str, Result], written: Mapping[str, Path], folder: Path
) -> Iterator[Problem]:
    copies = {kind: folder / f"{kind}.xlsx" for kind in written}
    for kind, path in written.items():
        copies[kind].write_bytes(path.read_bytes())
    try:
        anew = recalculate_all(list(copies.values()), folder / "anew")
    except LibreOfficeError as error:
        yield Problem(_CHECK, case.name, str(error))
        return
    for kind, path in zip(copies, anew, strict=True):
        yield from recalculated_problems(f"{case.name} {kind}", results[kind], path)
