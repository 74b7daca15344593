"""``check.xlsx`` and ``check.json``: the findings of a workbook as a list to work through.

Both hold every finding once, in the order of the groups that the command line
prints. Neither needs a finished calculation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from jcm_mrv.file_sets import Say, write_together
from jcm_mrv.reporting.check.answers import key_of, read_answers
from jcm_mrv.reporting.check.check import Check, page_of
from jcm_mrv.reporting.result_json import Json, number, origin_data
from jcm_mrv.reporting.write import written_here
from jcm_mrv.result import Result

SCHEMA = "jcm-mrv-check/1"
NAMES: Mapping[str, str] = {"xlsx": "check.xlsx", "json": "check.json"}
"""Format to file name, in the order in which they are written."""


def write_check(check: Check, folder: Path, formats: Iterable[str], tell: Say = lambda text: None) -> list[Path]:
    """Write the lists into ``folder``, all or none, and return their paths.

    Answers that stand in an earlier list there are taken over. Where not all of them can be, because their finding is
    settled or has changed, the earlier list is kept as ``check.earlier.xlsx``; ``tell`` is told so.

    Raises ValueError for an unknown format, OSError where the folder cannot be written to.
    """
    wanted = set(formats)
    if unknown := wanted - set(NAMES):
        raise ValueError(f"no format {', '.join(sorted(unknown))}")
    answers = read_answers(folder / NAMES["xlsx"])
    check = replace(check, answers=answers)
    contents = {NAMES[name]: _render(name, check) for name in NAMES if name in wanted}
    kept = {key_of(finding) for finding in check.findings}
    lost = not answers.readable or any(key not in kept for key in answers.by_finding)
    aside = [NAMES["xlsx"]] if lost and "xlsx" in wanted else []

    def own(name: str, content: bytes) -> bool:
        return name == NAMES["xlsx"] or written_here(name, content)  # a list that was read above, with its answers

    return write_together(folder, contents, aside, own=own, tell=tell)


def _render(name: str, check: Check) -> bytes:
    if name == "json":
        return check_json(check)
    from jcm_mrv.reporting.check.xlsx import check_workbook

    return check_workbook(check)


# --- check.json ----------------------------------------------------------------------


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) that describes ``check.json``."""
    return (files("jcm_mrv") / "check.schema.json").read_text(encoding="utf-8")


def check_json(check: Check) -> bytes:
    """The check as UTF-8 JSON text with a final newline."""
    text = json.dumps(check_data(check), ensure_ascii=False, allow_nan=False, indent=2)
    return (text + "\n").encode("utf-8", errors="backslashreplace")


def check_data(check: Check) -> dict[str, Json]:
    """The check as plain data, in the order of the schema."""
    return {
        "schema": SCHEMA,
        "software": dict(sorted(check.software.items())),
        "workbook": {"path": check.workbook, "sha256": check.sha256},
        "project": _project(check.result),
        "calculable": check.result is not None,
        "counts": {str(severity): count for severity, count in check.counts.items()},
        "findings": list(_findings(check)),
    }


def _project(result: Result | None) -> dict[str, Json] | None:
    if result is None:
        return None
    return {
        "title": result.data.project.title,
        "reference_number": result.data.project.reference_number,
        "start": result.start.isoformat(),
        "end": result.end.isoformat(),
        "reductions_tco2e": number(result.reductions),
        "credited": result.credited,
    }


def _findings(check: Check) -> Iterator[dict[str, Json]]:
    count = 0
    for group in check.groups:
        for finding in group.findings:
            count += 1
            yield {
                "number": count,
                "group": group.number,
                "code": finding.code,
                "severity": str(finding.severity),
                "title": group.title,
                "message": finding.message,
                "where": origin_data(finding.where),
                "found": finding.found,
                "action": finding.action,
                "data": {
                    key: number(value) if isinstance(value, float) else value
                    for key, value in sorted(finding.data.items())
                },
                "effect_tco2e": number(finding.effect_tco2e),
                "page": page_of(finding.code),
                "answer": check.answers.of(finding),
            }
