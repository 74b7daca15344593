"""What a misspelt name may mean: one way to guess, for meters, equipment, fuels, parameters, settings and zones.

It is asked, never assumed. Case, width, spaces, marks and accents make no difference; figures do: a meter M-12 is none
that is called M-21.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from jcm_mrv.words import say

CUTOFF = 0.75
"""How alike two names have to be (the share of their letters that stand in the same order)."""

_LETTERS = str.maketrans({"đ": "d", "ı": "i", "ø": "o", "ł": "l"})
_MOST, _LONGEST = 2_000, 200  # names that are looked through, and characters of one


def nearest(name: str, known: Iterable[str], most: int = 2, cutoff: float = CUTOFF) -> list[str]:
    """The known names that a name may mean, the nearest first; those alone that differ by marks, where there are."""
    wanted, by_plain = _plain(name[:_LONGEST]), _by_plain(tuple(sorted(known)))
    if not wanted:
        return []
    if wanted in by_plain:
        return by_plain[wanted][:most]
    figures = _figures(wanted)
    alike = [plain for plain in by_plain if plain and _figures(plain) == figures][:_MOST]
    near = get_close_matches(wanted, alike, n=most, cutoff=cutoff)
    return [other for plain in near for other in by_plain[plain]][:most]


@lru_cache(maxsize=8)  # a sheet with many unknown names asks for the same known ones
def _by_plain(known: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for other in known:
        found.setdefault(_plain(other[:_LONGEST]), []).append(other)
    return found


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``Did you mean “M-1”?``, "" where no known name is near."""
    near = nearest(name, known)
    return say("Did you mean {near}?", near=" or ".join(f"“{one}”" for one in near)) if near else ""


def _plain(text: str) -> str:
    """Letters and figures alone: ``Máy đo  M-01`` is ``maydom1``."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS))
    letters = "".join(c for c in bare if c.isalnum())
    return re.sub(r"\d+", lambda m: m[0].lstrip("0") or "0", letters)


def _figures(plain: str) -> list[str]:
    return re.findall(r"\d+", plain)
