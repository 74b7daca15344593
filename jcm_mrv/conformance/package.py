"""Starting a methodology: a package that installs and whose checks pass, to be filled from a document.

With a family it takes over the equations of that family; card and case are
those of a built-in number, every statement marked unconfirmed. From nothing
it is a small invented example. The texts are in ``templates/methodology``.
"""

from __future__ import annotations

import keyword
import re
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

from jcm_mrv.conformance.cases import home
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.meant import nearest
from jcm_mrv.methodology.catalogue import BUILT_IN, Entry, catalogue
from jcm_mrv.methodology.factors import shared_defaults
from jcm_mrv.methodology.toml_text import toml_text
from jcm_mrv.words import say

VERSION = "0.1"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
_BY_SYMBOL = ("choices", "defaults", "parameters")
_COPIED = ("family", "scope", "summary", "equation", "rounding", *_BY_SYMBOL)


class NewPackageError(JcmMrvError, ValueError):
    """The package cannot be started: its name, its family or its place does not serve."""


@dataclass(frozen=True)
class _Texts:
    """What differs between a package of a family and one from nothing."""

    equations: str
    card: str
    case: str
    about: str
    equation: str


def new_package(number: str, family: str, folder: Path) -> None:
    """Write the package of a methodology ``number`` into ``folder``, which must not exist yet; whole or not at all.

    ``family`` is one that is built in, or empty for an invented example.
    Raises NewPackageError, with what would serve.
    """
    package = _package_name(number)
    if folder.exists():
        raise NewPackageError(
            say("{folder} exists already; nothing is overwritten. Choose another folder.", folder=folder)
        )
    words = {
        "number": number,
        "version": VERSION,
        "card": f"{number} {VERSION}",
        "package": package,
        "distribution": package.replace("_", "-"),
        "class_name": "".join(part.capitalize() for part in number.split("_")),
        "family": family or package,
    }
    texts = _of_family(family, words) if family else _from_nothing(words)
    written = {
        "pyproject.toml": _filled("pyproject.toml", words),
        f"{package}/__init__.py": texts.equations,
        f"{package}/cards/{number}_{VERSION}.toml": texts.card,
        f"{package}/cases/{number}_{VERSION}.toml": texts.case,
        f"{package}/README.md": _filled("README.md", {**words, "about": texts.about, "equation": texts.equation}),
        f"tests/test_{package}.py": _filled("test.py", words),
    }
    _write(written, folder)


def _package_name(number: str) -> str:
    """The Python package of a number. Raises NewPackageError where it cannot be one or is taken."""
    package = number.lower()
    if not _NAME.fullmatch(number) or keyword.iskeyword(package):
        raise NewPackageError(
            say("{number!r} is no name: letters, digits and single underscores, such as XX_AM001", number=number)
        )
    taken = [e for e in catalogue().entries if e.card.id.casefold() == f"{package} {VERSION}"]
    if taken:
        raise NewPackageError(
            say("{id} is in the catalogue already (package {package})", id=taken[0].card.id, package=taken[0].package)
        )
    if package in sys.stdlib_module_names or _is_importable(package):
        raise NewPackageError(
            say("a Python package of the name {package} is there already; choose another number", package=package)
        )
    return package


def _is_importable(package: str) -> bool:
    """Whether there is a module of this name; a mere folder without ``__init__.py`` is none."""
    found = find_spec(package)
    return found is not None and found.origin is not None


def _from_nothing(words: Mapping[str, str]) -> _Texts:
    return _Texts(
        equations=_filled("example.py", words),
        card=_filled("example_card.toml", words),
        case=_filled("example_case.toml", words),
        about="An **invented** example, to be replaced: output times a specific consumption, less what was consumed.",
        equation="RE_p = SUM_i P_i,p x SEC_RE x EF; PE_p = SUM_i EC_PJ,i,p x EF; ER_p = RE_p - PE_p",
    )


def _of_family(family: str, words: Mapping[str, str]) -> _Texts:
    model, case = _model(family)
    declared = model.methodology
    names = {**words, "family_module": declared.__module__, "family_class": declared.__name__}
    note = f"# Taken over from {model.card.id}: replace what the document says otherwise, and say where it was read.\n"
    return _Texts(
        equations=_filled("family.py", names),
        card=note + toml_text(_card(model, words)),
        case=note + toml_text(_case(case, model, words)),
        about=f"The equations of the family `{family}`; card and case are taken over from {model.card.id}, as a start.",
        equation=model.card.equation.text,
    )


def _model(family: str) -> tuple[Entry, dict[str, Any]]:
    """A built-in card of the family that has a case, confirmed equations before patterns, and the case."""
    built_in = [e for e in catalogue().entries if e.package == BUILT_IN and e.card.computes]
    for entry in sorted(built_in, key=lambda e: (e.card.status != "computable", e.card.order)):
        if entry.card.family == family:
            for path in sorted((home(entry) / "cases").iterdir(), key=lambda p: p.name):
                if path.name.endswith(".toml"):
                    case = tomllib.loads(path.read_text(encoding="utf-8"))
                    if case["card"] == entry.card.id:
                        return entry, case
    families = sorted({e.card.family for e in built_in})
    near = nearest(family, families, 3, 0.6)
    guess = (
        say("did you mean {listed}?", listed=" or ".join(near))
        if near
        else say("there are {listed}.", listed=", ".join(families))
    )
    raise NewPackageError(say("no family {family} is calculated; {guess}", family=family, guess=guess))


def _card(model: Entry, words: Mapping[str, str]) -> dict[str, Any]:
    """The model's card under the new number: nothing confirmed, and what it includes of shared defaults in full."""
    path = home(model) / "cards" / Path(model.file).name
    old = tomllib.loads(path.read_text(encoding="utf-8"))
    sets = [shared_defaults()[name] for name in old.get("includes", [])]
    old["defaults"] = {s: dict(d) for table in [*sets, old.get("defaults", {})] for s, d in table.items()}
    title = {"text": f"{words['number']} (title to be read in the document)", "source": "to be read in the document"}
    card = {
        "number": words["number"],
        "version": VERSION,
        "country": "to be read in the document",
        "status": "pattern",
        "scope_evidence": "unconfirmed",
        "title": {**title, "evidence": "unconfirmed"},
        **{key: old[key] for key in _COPIED if key in old},
    }
    tables = [card["equation"], *(t for key in _BY_SYMBOL for t in card.get(key, {}).values())]
    for table in tables:
        table["evidence"] = "unconfirmed"
        if "source" in table:
            table["source"] = f"taken over from {model.card.id}, to be read in the document; there: {table['source']}"
    return card


def _case(case: Mapping[str, Any], model: Entry, words: Mapping[str, str]) -> dict[str, Any]:
    """The model's case under the new number: indicative, so that nothing is confirmed and nothing credited."""
    return {
        **case,
        "card": words["card"],
        "title": f"{words['number']}: an indicative figure, nothing credited",
        "source": f"taken over from a case of {model.card.id}: {case['source']}",
        "fixed": [row for row in case.get("fixed", []) if row["parameter"] != "equation"],
        "expected": [{k: v for k, v in year.items() if k != "credited"} for year in case["expected"]],
    }


def _filled(name: str, words: Mapping[str, str]) -> str:
    template = files("jcm_mrv.templates") / "methodology" / f"{name}.template"
    return Template(template.read_text(encoding="utf-8")).substitute(words)


def _write(texts: Mapping[str, str], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".jcm-mrv-", dir=folder.parent) as place:
        unfinished = Path(place) / "package"
        for name, text in texts.items():
            path = unfinished / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        unfinished.rename(folder)
