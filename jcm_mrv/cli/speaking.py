"""The language in which a person is spoken to at the terminal."""

from __future__ import annotations

from jcm_mrv.words import SOURCE

_LANGUAGE = [SOURCE]


def speak(lang: str) -> None:
    """From now on the terminal is spoken to in this language; in the first of two."""
    _LANGUAGE[0] = lang.partition("+")[0]


def spoken() -> str:
    """The language of the terminal."""
    return _LANGUAGE[0]
