"""The report's own words: ``templates/translations/<language>/<part>.toml``.

English is the source. A translation has exactly its keys; nothing is compiled
and nothing falls back in silence. What people wrote (titles, findings) is
never translated.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.languages import Beside, beside
from jcm_mrv.words import say

SOURCE = "en"


class UnknownLanguageError(JcmMrvError, ValueError):
    """No translation exists for a language; the text lists those that do."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        super().__init__(
            say(
                "there is no translation {lang!r}; use one of: {languages}", lang=lang, languages=", ".join(languages())
            )
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (UnknownLanguageError, (self.lang,))


@cache
def languages() -> tuple[str, ...]:
    """The languages a report can be written in."""
    folder = files("jcm_mrv.templates") / "translations"
    return tuple(sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith("_")))


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All words of one language by key. Raises UnknownLanguageError."""
    if lang not in languages():
        raise UnknownLanguageError(lang)
    folder = files("jcm_mrv.templates") / "translations" / lang
    texts = [p.read_text(encoding="utf-8") for p in folder.iterdir() if p.name.endswith(".toml")]
    groups = [item for text in texts for item in tomllib.loads(text).items()]
    return {f"{group}.{key}": word for group, words in groups for key, word in words.items()}


class Translator:
    """Gives the words of one language: ``t("result.year")``. Raises UnknownLanguageError."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        first, _, second = lang.partition("+")
        self._words = catalogue(first)
        self._second = Translator(second) if second else None

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with ``{name}`` filled in. Raises KeyError for a key that does not exist."""
        if key not in self._words:
            raise KeyError(f"no words for {key} in {self.lang}: templates/translations/{self.lang}/*.toml")
        own = {name: value.first if isinstance(value, Beside) else value for name, value in values.items()}
        said = self._words[key].format_map(own) if own else self._words[key]
        if self._second is None:
            return said
        other = {name: value.second if isinstance(value, Beside) else value for name, value in values.items()}
        return beside(said, self._second(key, **other))

    def known(self, group: str, word: str) -> str:
        """The translation of a word of a closed list, or the word itself where the list does not hold it."""
        said = self._words.get(f"{group}.{word.replace(' ', '_').replace('-', '_')}", word)
        return said if self._second is None else beside(said, self._second.known(group, word))
