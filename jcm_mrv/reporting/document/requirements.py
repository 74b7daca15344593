"""What a PDF needs beyond Python packages: system libraries and fonts, checked before anything is rendered.

WeasyPrint cannot be imported without pango, and drops characters that no
installed font has without a word. ``python -m jcm_mrv.reporting.document.requirements``
says what is missing and exits with 1.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

# As WeasyPrint loads them (its module text/ffi.py): any one of the names of each will do.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "glib": ("libgobject-2.0.so.0", "libgobject-2.0-0", "gobject-2.0", "libgobject-2.0.0.dylib"),
    "pango": ("libpango-1.0.so.0", "libpango-1.0-0", "pango-1.0", "libpango-1.0.dylib"),
    "harfbuzz": ("libharfbuzz.so.0", "libharfbuzz-0", "harfbuzz", "libharfbuzz.0.dylib"),
    "harfbuzz-subset": (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset-0",
        "harfbuzz-subset",
        "libharfbuzz-subset.0.dylib",
    ),
    "fontconfig": ("libfontconfig.so.1", "libfontconfig-1", "fontconfig", "libfontconfig.1.dylib"),
    "pangoft2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0", "pangoft2-1.0", "libpangoft2-1.0.dylib"),
}
WINDOWS_FOLDERS = r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin;C:\Program Files\GTK3-Runtime Win64\bin"

# Characters that tell whether a language can be set, by what the language is called.
LATIN, VIETNAMESE, JAPANESE = "AZaz09²₂×", "ăđơưếộữ", "排出削減量あア"
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")

INSTALL = say(
    "Install it:\n  Debian, Ubuntu  apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "
    "fonts-dejavu-core fonts-noto-core fonts-noto-cjk\n  macOS           brew install pango; brew install --cask "
    "font-noto-sans font-noto-sans-cjk-jp\n  Windows         install MSYS2, then in its shell: pacman -S "
    "mingw-w64-x86_64-pango; fonts: Noto Sans, Noto Sans CJK JP\nWithout it, --formats json,xlsx writes the JSON and "
    "Excel reports."
)


class RequirementError(JcmMrvError, RuntimeError):
    """Something that a PDF needs is not on this machine; ``missing`` names it."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            say(
                "A PDF cannot be written here. Missing: {missing}.\n{install}",
                missing="; ".join(self.missing),
                install=INSTALL,
            )
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (RequirementError, (self.missing,))


def refuse_without(formats: Iterable[str], lang: str = "en") -> None:
    """Raise RequirementError when a PDF is wanted and a library, or a font for the report's language, is missing."""
    if "pdf" in formats:
        missing = missing_libraries() or missing_fonts(lang)
        if missing:
            raise RequirementError(missing)


def missing_libraries() -> list[str]:
    """The system libraries that WeasyPrint would not find."""
    return [say("the library {name}", name=name) for name, names in LIBRARIES.items() if _load(names) is None]


def _load(names: Iterable[str]) -> ctypes.CDLL | None:
    _add_windows_folders()
    for name in names:
        with suppress(OSError):
            return ctypes.CDLL(name)
    for name in filter(None, map(ctypes.util.find_library, names)):  # slow: may start a compiler
        with suppress(OSError):
            return ctypes.CDLL(name)
    return None


def _add_windows_folders() -> None:
    add = getattr(os, "add_dll_directory", None)
    if add is None:
        return
    for folder in os.environ.get("WEASYPRINT_DLL_DIRECTORIES", WINDOWS_FOLDERS).split(";"):
        with suppress(OSError):
            add(folder)


def missing_fonts(lang: str = "en") -> list[str]:
    """The scripts for which no installed font has every character."""
    needed = {"Latin letters": LATIN, "Vietnamese letters": VIETNAMESE}
    if "ja" in lang:
        needed["Japanese characters"] = JAPANESE
    with Fonts() as fonts:
        return [say("a font with {name}", name=name) for name, letters in needed.items() if not fonts.cover(letters)]


def unprintable(text: str) -> dict[str, str]:
    """The characters of a text that no installed font has, each with its code, as it is printed: ``[U+1F600]``."""
    visible = sorted({c for c in text if unicodedata.category(c) not in UNSEEN and not _is_selector(c)})
    with Fonts() as fonts:
        return {c: f"[U+{ord(c):04X}]" for c in visible if not fonts.cover(c)}


def _is_selector(character: str) -> bool:
    """True for a sign that only chooses how the one before it is drawn."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


@dataclass
class Fonts:
    """The installed fonts, as fontconfig (and so WeasyPrint) sees them."""

    library: ctypes.CDLL | None = None

    def __enter__(self) -> Fonts:
        self.library = _load(LIBRARIES["fontconfig"])
        if self.library is None:
            raise RequirementError(["the library fontconfig"])
        for name in ("FcPatternCreate", "FcCharSetCreate", "FcObjectSetCreate", "FcFontList"):
            getattr(self.library, name).restype = ctypes.c_void_p
        return self

    def __exit__(self, *_: object) -> None:
        self.library = None

    def cover(self, letters: str) -> bool:
        """True when one scalable font has all of the letters."""
        fc = self.library
        if fc is None:
            raise RuntimeError(say("Fonts is used outside its with block"))
        make = ("FcCharSetCreate", "FcPatternCreate", "FcObjectSetCreate")
        charset, pattern, wanted = (ctypes.c_void_p(getattr(fc, name)()) for name in make)
        for letter in letters:
            fc.FcCharSetAddChar(charset, ctypes.c_uint32(ord(letter)))
        fc.FcPatternAddCharSet(pattern, b"charset", charset)
        fc.FcPatternAddBool(pattern, b"scalable", 1)
        found = fc.FcFontList(None, pattern, wanted)
        count = ctypes.cast(found, ctypes.POINTER(ctypes.c_int)).contents.value if found else 0
        if found:
            fc.FcFontSetDestroy(ctypes.c_void_p(found))
        fc.FcObjectSetDestroy(wanted)
        fc.FcPatternDestroy(pattern)
        fc.FcCharSetDestroy(charset)
        return count > 0


if __name__ == "__main__":
    try:
        refuse_without(("pdf",), "ja")
    except RequirementError as error:
        sys.exit(str(error))
