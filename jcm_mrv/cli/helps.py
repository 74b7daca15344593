"""The help of every command in the language of the person, and click's own words in it.

Each paragraph of a command's help is one message of the catalogue, each option's help another; ``make words`` asks
:func:`paragraphs` and the options for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from inspect import cleandoc
from itertools import pairwise
from typing import Any, TypeVar

import click
from click import core, decorators, exceptions, formatting, parser, types

from jcm_mrv.cli.speaking import spoken
from jcm_mrv.languages import catalogue_of, said_in
from jcm_mrv.words import SOURCE, Words

CLICK = (
    "Aborted!", "Options", "Commands", "Missing command.", "default: {default}", "Show the version and exit.",
    "Show this message and exit.", "Error: {message}", "Try '{command} {option}' for help.", "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}", "Missing argument", "Missing option", "Missing parameter",
    "No such option {name!r}.", "No such command {name!r}.", "Usage:", "Option {name!r} does not take a value.",
    "Choose from:\n\t{choices}", "{value!r} is not a valid {number_type}.", "{value} is not in the range {range}.",
    "file", "directory", "path", "{name} {filename!r} does not exist.", "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.", "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.", "Got unexpected extra argument ({args})", "Did you mean {possibility}?",
    "Option {name!r} requires an argument.", "{value!r} is not one of {choices}.", "required",
    "[OPTIONS]", "COMMAND [ARGS]...",
)  # fmt: skip
"""What click says, as far as a person meets it here."""
_ONE_FORM = {
    "Got unexpected extra arguments ({args})": "Got unexpected extra argument ({args})",
    "(Did you mean one of: {possibilities}?)": "Did you mean {possibility}?",
}
_PATHS = ("File", "Directory", "Path")
_WIDE = 56  # letters of a line of Japanese, each of which takes two columns
_MODULES = (core, decorators, exceptions, formatting, parser, types)
Spoken = TypeVar("Spoken", bound=click.Command)


class _Said(str):
    """A message of click that says our words, which are filled into it, in the same language."""

    __slots__ = ()

    def format(self, *given: object, **values: object) -> str:
        return str.format(self, *given, **{name: _value(value) for name, value in values.items()})


def _value(value: object) -> object:
    """What is filled in; the name of a kind of path was chosen when the command was read."""
    if not isinstance(value, str):
        return value
    return text_in(value.lower(), spoken()) if value in _PATHS else said_in(value, spoken())


def _said(message: str) -> str:
    return _Said(text_in(message, spoken()))


def _said_plural(one: str, many: str, number: int) -> str:
    if spoken() == SOURCE:
        return _Said(one if number == 1 else many)
    translated = text_in(many, spoken())
    return _Said(translated if translated != many else text_in(one, spoken()))


def let_click_speak() -> None:
    """Let click look up its words in our catalogues; its own way, gettext, needs files that are compiled."""
    for module in _MODULES:
        for name, ours in (("_", _said), ("ngettext", _said_plural)):
            if hasattr(module, name):
                setattr(module, name, ours)


def text_in(text: str, lang: str) -> str:
    """A text of a command in a language, English where the catalogue does not have it."""
    catalogue = catalogue_of(lang)
    if isinstance(text, Words) or catalogue is None:
        return said_in(text, lang)
    found = catalogue.template(text, "", 1)
    return text if found is None else found


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a help; lines of one that click leaves as they are stay lines."""
    for paragraph in re.split(r"\n\s*\n", cleandoc(text)):
        lines = [line.strip() if not paragraph.startswith("\b") else line.rstrip() for line in paragraph.splitlines()]
        yield "\n".join(lines[1:]) if paragraph.startswith("\b") else " ".join(lines)


def said_command(command: Spoken, lang: str) -> Spoken:
    """The command with its help in a language, also of --help itself, which click keeps from the time before."""
    said = copy(command)
    said._help_option = None
    if lang == SOURCE:
        return said
    kept = ["\b\n" if part.startswith("\b") else "" for part in re.split(r"\n\s*\n", cleandoc(command.help or ""))]
    texts = [text_in(part, lang) for part in paragraphs(command.help or "")]
    said.help = "\n\n".join(mark + text for mark, text in zip(kept, texts, strict=True))
    said.short_help = re.split(r"(?<=[.。])(?: |$)|(?<=。)", texts[0])[0].rstrip(".。")
    if command.options_metavar:
        said.options_metavar = text_in(command.options_metavar, lang)
    if isinstance(said, click.Group):
        said.subcommand_metavar = text_in(said.subcommand_metavar, lang)
    said.params = [_said_option(one, lang) for one in command.params]
    return said


def _said_option(option: click.Parameter, lang: str) -> click.Parameter:
    if not isinstance(option, click.Option) or not option.help:
        return option
    said = copy(option)
    said.help = text_in(option.help, lang)
    return said


def asked_language(arguments: Sequence[str], languages: Sequence[str]) -> str | None:
    """The language that the arguments ask for, also where --help stands before it."""
    given = [value for name, value in pairwise(arguments) if name == "--lang"]
    given += [one.partition("=")[2] for one in arguments if one.startswith("--lang=")]
    return next((one for one in given if one in languages), None)


def columns(lang: str) -> dict[str, Any]:
    """Settings of a context: how wide its help may be."""
    return {"max_content_width": _WIDE} if lang == "ja" else {}
