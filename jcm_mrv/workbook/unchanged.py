"""Files that changed while they were read: what follows from them would mix the old and the new."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.words import say

CHANGED = Code("input.changed", Severity.ERROR, "A file changed while it was being read")


def changed_files(workbook: Path, inputs: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Each file, by its path from the folder of the workbook, whose SHA-256 is another now than when it was read."""
    for name, digest in inputs:
        path = workbook if name == workbook.name else workbook.parent / name
        if _digest(path) != digest:
            message = say("the file changed while it was being read, so nothing can be said of it as a whole")
            action = say("Save and close it in other programs, wait until it is written, and calculate again.")
            yield CHANGED(message, Origin(file=name), found=say("another SHA-256 than before"), action=action)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
