"""Headings and choices as a workbook in any of the languages words them; each stands for the one of the schema.

A blank workbook in another language shows a heading above the English one, and choices in its own words. A person may
also write a heading of a sheet in their language alone. Nothing else is taken for a heading or a choice: a word that
would stand for two of a sheet or column stands for neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from jcm_mrv.languages import LANGUAGES, said_in
from jcm_mrv.words import as_words
from jcm_mrv.workbook.schema import fold
from jcm_mrv.workbook.schema_columns import Column, Sheet


def fold_choice(text: str) -> str:
    """A choice or heading as it is compared; the several signs for minus are one."""
    return fold(text).replace("−", "-").replace("–", "-")


def column_of(schema: Sheet, text: str) -> Column | None:
    """The column of a sheet, or field of a form, that a heading names."""
    by_name = {fold_choice(column.heading): column for column in schema.columns}
    column = by_name.get(fold_choice(text)) or by_name.get(fold_choice(own_name(text)))
    if column is None and text.strip():
        said = _in_any_language(tuple(column.heading for column in schema.columns))
        column = by_name.get(said.get(fold_choice(text), ""))
    return column


def own_name(text: str) -> str:
    """A heading in English: where a workbook is in another language, that stands below the translation."""
    return text.rstrip().rpartition("\n")[2].strip()


def named(heading: str, lang: str) -> str:
    """A heading in a language, or in two; below it in English, by which it is read and messages name it."""
    said = [said_in(heading, one) for one in lang.split("+")]
    return "\n".join(dict.fromkeys([*(one for one in said if one != heading), heading]))


def choice_of(choices: Iterable[str], text: str) -> str | None:
    """The choice that a text names, in English."""
    offered = {fold_choice(choice): str(choice) for choice in choices}
    wanted = fold_choice(text)
    if wanted and wanted not in offered:
        wanted = _in_any_language(tuple(offered.values())).get(wanted, "")
    return offered.get(wanted)


def said_choice(choice: str, lang: str) -> str:
    """A choice as a workbook in a language, or in the first of two, offers it."""
    return said_in(as_words(choice), lang.partition("+")[0])


@cache
def _in_any_language(english: tuple[str, ...]) -> Mapping[str, str]:
    """The English of each text by what it is in the other languages, both as they are compared."""
    found: dict[str, set[str]] = {}
    for text in english:
        for lang in LANGUAGES:
            found.setdefault(fold_choice(said_in(as_words(text), lang)), set()).add(fold_choice(text))
    return {said: meant.pop() for said, meant in found.items() if len(meant) == 1}
