"""Where reports go when the user does not say."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.versions.numbers import version_numbers

if TYPE_CHECKING:
    from jcm_mrv.result import Result

LONGEST = 60


def output_folder(monitoring: Path, result: Result) -> Path:
    """``output/<project>_<first day>_<last day>`` beside the workbook, of a later version with ``_v<version>`` behind.

    The project is its reference number, else its title, else the workbook's
    name, reduced to letters and digits.
    """
    project = result.data.project
    texts = (project.reference_number, project.title, monitoring.stem, "project")
    name = next(filter(None, map(slug, texts)))
    number = version_numbers(project.report_version)
    version = f"_v{'.'.join(map(str, number))}" if number > (1,) else ""  # that before it stays where it is
    return monitoring.parent / "output" / f"{name}_{result.start}_{result.end}{version}"


def slug(text: str) -> str:
    """Letters and digits of any script, in lower case, joined by hyphens; '' when there are none."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())
    return "-".join(words)[:LONGEST].rstrip("-")
