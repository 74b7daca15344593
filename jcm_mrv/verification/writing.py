"""A verification as a table: for a terminal, as JSON, and as a workbook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO

from jcm_mrv.verification.checks import Check, Verdict, Verification
from jcm_mrv.words import say

SCHEMA = "jcm-mrv-verification/1"
HEADS = ("Verdict", "What", "Where", "Stated", "Recomputed", "Difference", "Note")
_WIDTHS = (14, 44, 52, 30, 30, 16, 70)
_HASH = 64


def sentence(verification: Verification) -> str:
    """What it comes to, in one sentence."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verification.counts.items())
    if verification.reproduced:
        return say("Everything that was stated is reproduced ({counts}).", counts=counts)
    return say("Not everything that was stated is reproduced ({counts}).", counts=counts)


def cells(check: Check, longest: int = 0) -> tuple[str, ...]:
    """A check as the cells below the heads; texts and checksums shortened to ``longest`` where that is given."""
    texts = (check.verdict.value, check.what, check.where, check.stated, check.recomputed, check.difference, check.note)
    return tuple(_short(text, longest) if 2 < n < 5 and longest else text for n, text in enumerate(texts))


def _short(text: str, longest: int) -> str:
    if len(text) == _HASH and text.isalnum():
        return f"{text[:10]}…"
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def folded(checks: Sequence[Check]) -> list[Check]:
    """The checks with all files of the right checksum in one row."""
    files = [
        c for c in checks if c.verdict is Verdict.REPRODUCED and len(c.stated) == _HASH and c.stated == c.recomputed
    ]
    kept = [c for c in checks if c not in files]
    if files:
        count = f"{len(files):,}"
        kept.append(Check(say("checksums of files, results and cards"), "", Verdict.REPRODUCED, count, count))
    return kept


def verification_json(verification: Verification) -> str:
    """The verification as JSON text."""
    data = {
        "schema": SCHEMA,
        "subject": verification.subject,
        "kind": verification.kind,
        "reproduced": verification.reproduced,
        "software": {"stated": dict(verification.stated), "installed": dict(verification.installed)},
        "counts": {verdict.value: count for verdict, count in verification.counts.items()},
        "checks": [dict(zip((head.lower() for head in HEADS), cells(c), strict=True)) for c in verification.checks],
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2)


def verification_xlsx(verification: Verification) -> bytes:
    """The verification as a workbook of one sheet; every text is written as text, whatever it begins with."""
    from xlsxwriter import Workbook

    from jcm_mrv.workbook.template.styles import CREATED

    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "Verification", "created": CREATED})
    sheet = book.add_worksheet("Verification")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, f"{verification.subject}: {sentence(verification)}", bold)
    for n, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
        sheet.set_column(n, n, width)
        sheet.write_string(2, n, head, bold)
    for row, check in enumerate(verification.checks, 3):
        for n, text in enumerate(cells(check)):
            sheet.write_string(row, n, text[:32_000], wrapped)
    sheet.autofilter(2, 0, 2 + len(verification.checks), len(HEADS) - 1)
    sheet.freeze_panes(3, 1)
    book.close()
    return buffer.getvalue()
