"""The help of every command is in the person's language, as are click's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from jcm_mrv.cli import program
from jcm_mrv.cli.output import speak, table

ENGLISH = re.compile(r"\b(the|of|and|is|with|for|from|are|default|usage)\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    speak("en")


def names(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    yield before
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from names(command, (*before, name))
        else:
            yield (*before, name)


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_no_help_holds_an_english_sentence(lang: str, jcm: Any) -> None:
    for command in list(names(program)):
        said = jcm(*command, "--help", "--lang", lang).out if command else ""
        plain = re.sub(r"--?[a-z-]+|[\"「'][^\"」']*[\"」']|\b[A-Z_]+\b|jcm-mrv [a-z ]+|\[[^]]*\]", "", said)
        assert ENGLISH.findall(plain) == [], (command, said)


def test_each_help_is_in_the_language_asked_for_after_another_one(jcm: Any) -> None:
    ends = [jcm("template", "--help", "--lang", lang).out.splitlines()[-1].strip() for lang in ("en", "vi", "ja", "en")]
    assert ends[0] == ends[3] == "-h, --help                      Show this message and exit."
    assert len(set(ends)) == 3


def test_wrong_usage_is_said_in_the_language(jcm: Any) -> None:
    said = jcm("calculate", "there_is_none.xlsx", "--lang", "vi").err.casefold()
    assert "lỗi: giá trị không hợp lệ cho 'monitoring': tệp 'there_is_none.xlsx' không tồn tại." in said


def test_numbers_of_a_table_are_written_as_the_language_does() -> None:
    speak("vi")
    assert table(("a", "b"), [("1,234.5", "-1,234.50"), ("2024", "x 1.5")], right=(1,)).splitlines()[2:] == [
        "1,234.5  -1.234,50",
        "2024         x 1.5",
    ]
