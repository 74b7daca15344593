"""Example rows of a template: left out by the reader, refused where only a part of one was typed over."""

from __future__ import annotations

from jcm_mrv.findings import Code, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.cells import FindingList, Raw, is_blank
from jcm_mrv.workbook.scan import column_letters

EXAMPLE = "e.g. "
"""With it begins every cell of an example row, and none that a person fills in."""

EXAMPLE_LEFT = Code("input.example_left", Severity.ERROR, "A cell still holds the example of the template")


def without_examples(rows: list[list[Raw]], sheet: Origin, findings: FindingList) -> list[list[Raw]]:
    """The rows with those emptied that are wholly examples; a cell left over from one is a finding."""
    kept = list(rows)
    for number, row in enumerate(rows):
        left = [n for n, raw in enumerate(row) if isinstance(raw, str) and raw.startswith(EXAMPLE)]
        if not left or number == 0:
            continue
        if len(left) < sum(not is_blank(raw) for raw in row):
            where = Origin(file=sheet.file, sheet=sheet.sheet, cell=f"{column_letters(left[0] + 1)}{number + 1}")
            message = say("the cell still holds the example of the template, beside cells that are filled in")
            action = say(
                "Write your own value, or empty it. A value of your own does not begin with “{mark}”.",
                mark=EXAMPLE.strip(),
            )
            findings.add(EXAMPLE_LEFT(message, where, found=str(row[left[0]]), action=action))
        kept[number] = []
    return kept
