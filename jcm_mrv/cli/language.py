"""The option --lang, which every command has: the language in which a person is spoken to, and of what is written."""

from __future__ import annotations

import click

from jcm_mrv.words import say

LANGUAGES = ("en", "vi", "ja")
HELP = say("Language of what is printed and written; without it JCM_MRV_LANG, else the locale, else English.")


def with_language(command: click.Command) -> click.Command:
    """The command with --lang; one that writes in the language has the option already."""
    if isinstance(command, click.Group):
        return command
    own = next((option for option in command.params if option.name == "lang"), None)
    if own is None:
        own = click.Option(["--lang"], type=click.Choice(LANGUAGES), help=HELP, expose_value=False, callback=_speak)
        command.params.append(own)
    own.callback, own.is_eager = _speak, True
    return command


def _speak(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    from jcm_mrv.cli.output import speak
    from jcm_mrv.languages import of_environment

    lang = value or of_environment()
    speak(lang)
    return lang
