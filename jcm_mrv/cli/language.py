"""The option --lang, which every command has: the language in which a person is spoken to, and of what is written."""

from __future__ import annotations

from collections.abc import Sequence

import click

from jcm_mrv.cli.helps import asked_language, let_click_speak, said_command
from jcm_mrv.cli.speaking import speak, spoken
from jcm_mrv.languages import BESIDE, LANGUAGES, of_environment
from jcm_mrv.words import say

BOTH = (*LANGUAGES, *BESIDE)
"""With two languages beside each other, for what is written."""
HELP = say("Language of what is printed and written; without it JCM_MRV_LANG, else the locale, else English.")


def with_language(command: click.Command) -> click.Command:
    """The command with --lang; one that writes in the language has the option already."""
    own = next((option for option in command.params if option.name == "lang"), None)
    if own is None:
        own = click.Option(["--lang"], type=click.Choice(LANGUAGES), help=HELP, expose_value=False, callback=_speak)
        command.params.append(own)
    own.callback, own.is_eager = _speak, True
    return said_command(command, spoken())


def _speak(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    """The language that is asked for, else that of the terminal, which :func:`speak_as_asked` chose."""
    lang = value or spoken()
    speak(lang)
    return lang


def speak_as_asked(arguments: Sequence[str]) -> str:
    """Speak the language of the arguments or of the environment from the first word on, and say which it is."""
    let_click_speak()
    speak(asked_language(arguments, BOTH) or of_environment())
    return spoken()
