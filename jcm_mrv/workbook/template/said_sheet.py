"""A worksheet on which every text is written in the language of the workbook."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from jcm_mrv.languages import NEW_LINE, said_in
from jcm_mrv.words import SOURCE
from jcm_mrv.workbook.wording import said_choice

LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
"""Characters that Excel shows of what a drop-down says."""


def _said(text: str, lang: str) -> str:
    return said_in(text, lang).replace(NEW_LINE, "\n")


class SaidWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet of XlsxWriter that says words in ``lang``; names, and what a person entered, stay as they are."""

    lang = SOURCE

    def write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        """A text."""
        return int(super().write_string(row, col, _said(string, self.lang), cell_format))

    def write_comment(self, row: int, col: int, comment: str, options: Any = None) -> int:
        """A comment."""
        return int(super().write_comment(row, col, _said(comment, self.lang), options))

    def merge_range(self, row: int, col: int, last: int, last_col: int, data: str, cell_format: Any = None) -> int:
        """A text over several cells."""
        return int(super().merge_range(row, col, last, last_col, _said(data, self.lang), cell_format))

    def data_validation(self, row: int, col: int, last: int, last_col: int, options: dict[str, Any]) -> int:
        """A drop-down or limit with its messages."""
        said = {key: _said(value, self.lang) if isinstance(value, str) else value for key, value in options.items()}
        if isinstance(options.get("source"), list):
            said["source"] = [said_choice(one, self.lang) for one in options["source"]]
        for key, most in (("error_title", LONGEST_TITLE), ("error_message", LONGEST_MESSAGE)):
            if key in said:
                said[key] = said[key][:most]
        return int(super().data_validation(row, col, last, last_col, said))
