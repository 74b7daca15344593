"""A verification as a table: for a terminal, as JSON, and as a workbook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO

from jcm_mrv.languages import said_in
from jcm_mrv.verification.checks import VERDICTS, Check, Verdict, Verification
from jcm_mrv.versions.changes import CHANGE_HEADS, change_cells
from jcm_mrv.words import SOURCE, Words, joined, say
from jcm_mrv.workbook.change import Change

SCHEMA = "jcm-mrv-verification/1"
HEADS = (
    *(say("Verdict"), say("What"), say("Where"), say("Stated"), say("Recomputed"), say("Difference"), say("Note")),
)
_WIDTHS = (14, 44, 52, 30, 30, 16, 70)
_CHANGE_WIDTHS = (16, 12, 52, 44, 44, 16)
_HASH = 64


def sentence(verification: Verification) -> str:
    """What it comes to, in one sentence."""
    counts = joined(
        ", ", (say("{count} {what}", count=n, what=VERDICTS[verdict]) for verdict, n in verification.counts.items())
    )
    if verification.reproduced:
        return say("Everything that was stated is reproduced ({counts}).", counts=counts)
    return say("Not everything that was stated is reproduced ({counts}).", counts=counts)


def cells(check: Check, longest: int = 0) -> tuple[str, ...]:
    """A check as the cells below the heads; texts and checksums shortened to ``longest`` where that is given."""
    texts = (
        VERDICTS[check.verdict],
        check.what,
        check.where,
        check.stated,
        check.recomputed,
        check.difference,
        check.note,
    )
    return tuple(_short(text, longest) if 2 < n < 5 and longest else text for n, text in enumerate(texts))


def _short(text: str, longest: int) -> str:
    if len(text) == _HASH and text.isalnum():
        return f"{text[:10]}…"
    return text if len(text) <= longest or isinstance(text, Words) else f"{text[: longest - 1]}…"


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


def verification_json(verification: Verification, changes: Sequence[Change] | None = None) -> str:
    """The verification as JSON text, with the changes since another version where these were asked for."""
    data = {
        "schema": SCHEMA,
        "subject": verification.subject,
        "kind": verification.kind,
        "reproduced": verification.reproduced,
        "software": {"stated": dict(verification.stated), "installed": dict(verification.installed)},
        "counts": {verdict.value: count for verdict, count in verification.counts.items()},
        "checks": [dict(zip((head.lower() for head in HEADS), cells(c), strict=True)) for c in verification.checks],
        **({} if changes is None else {"changes": [asdict(change) for change in changes]}),
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2)


def verification_xlsx(verification: Verification, changes: Sequence[Change] | None = None, lang: str = SOURCE) -> bytes:
    """The verification as a workbook in a language, with a sheet of changes where these were asked for.

    Every text is written as text, whatever it begins with.
    """
    from xlsxwriter import Workbook

    from jcm_mrv.workbook.template.styles import CREATED

    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": said_in(say("Verification"), lang), "created": CREATED})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})

    def listed(name: str, title: str, heads: Sequence[str], widths: Sequence[int], rows: list[tuple[str, ...]]) -> None:
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, said_in(title, lang), bold)
        for n, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(n, n, width)
            sheet.write_string(2, n, said_in(head, lang), bold)
        for row, texts in enumerate(rows, 3):
            for n, text in enumerate(texts):
                sheet.write_string(row, n, said_in(text, lang)[:32_000], wrapped)
        sheet.autofilter(2, 0, 2 + len(rows), len(heads) - 1)
        sheet.freeze_panes(3, 1)

    title = joined(": ", (verification.subject, sentence(verification)))
    listed("Verification", title, HEADS, _WIDTHS, [cells(check) for check in verification.checks])
    if changes is not None:
        title = say("{number_of_changes} changes since the other version", number_of_changes=len(changes))
        listed("Changes", title, CHANGE_HEADS, _CHANGE_WIDTHS, [change_cells(change) for change in changes])
    book.close()
    return buffer.getvalue()
