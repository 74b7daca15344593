"""Templates, colours and a logo of one's own, from a folder: checked whole before anything is rendered with them.

A person's template may come from a stranger. It runs in Jinja's sandbox with escaping on, sees the document alone,
and takes in no file but the templates of the package and of its folder. The head of a page stays the package's own,
and with it the policy by which a browser fetches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from markupsafe import Markup

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.sandbox import SandboxedEnvironment

Kind = TypeVar("Kind", bound="Environment")

TEMPLATES = ("blocks.html.jinja", "cover.html.jinja")
STYLE, LOGO = "own.css", "logo.svg"
NAMES = (*TEMPLATES, STYLE, LOGO)
"""What a folder of templates may hold."""
MOST_BYTES = 500_000
_LINKS = re.compile(r"@import|url\s*\(|</|\\", re.IGNORECASE)
_SHAPES = frozenset(
    ["svg", "g", "title", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"]
)  # nothing that refers to something else, or runs
_WITHIN = re.compile(r"[a-z]+\.html\.jinja")


class OwnTemplatesError(JcmMrvError, ValueError):
    """A folder of templates that cannot be used; the text names the file, the line and what to do."""


@dataclass(frozen=True)
class OwnTemplates:
    """The texts of a folder by name; ``logo`` is the drawing, empty where there is none."""

    texts: tuple[tuple[str, str], ...] = ()
    logo: str = ""

    def text(self, name: str) -> str:
        """One of its texts, '' for what it does not have."""
        return dict(self.texts).get(name, "")


_OWN: ContextVar[OwnTemplates | None] = ContextVar("templates of one's own", default=None)


def in_use() -> OwnTemplates | None:
    """The templates of one's own that reports are rendered with now."""
    return _OWN.get()


@contextmanager
def own_templates(found: OwnTemplates | None) -> Iterator[None]:
    """Within it reports are rendered with these templates; a fault of theirs is an OwnTemplatesError."""
    before = _OWN.set(found)
    try:
        yield
    finally:
        _OWN.reset(before)


def read_templates(folder: Path) -> OwnTemplates:
    """The templates in a folder. Raises OwnTemplatesError with every fault that can be seen before they are used."""
    faults: list[str] = []
    texts: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        text, fault = _read(folder, path)
        texts[path.name] = text
        faults += [f"{path}: {fault}"] if fault else []
    if not texts:
        faults.append(say("{folder} is empty: it may hold {names}", folder=folder, names=", ".join(NAMES)))
    if faults:
        raise OwnTemplatesError("\n".join(faults))
    logo = texts.pop(LOGO, "")
    return OwnTemplates(tuple(texts.items()), logo)


def _read(folder: Path, path: Path) -> tuple[str, str]:
    """The text of a file and what is wrong with it, '' where nothing is."""
    if path.name not in NAMES:
        return "", say("a folder of templates holds only {names}; move it away", names=", ".join(NAMES))
    if not path.is_file() or path.resolve().parent != folder.resolve():
        return "", say("no file of this folder: put the file itself here, not a link")
    if path.stat().st_size > MOST_BYTES:
        return "", say("larger than {count} bytes", count=MOST_BYTES)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return "", say("not in UTF-8: save it as UTF-8")
    if path.name == STYLE and (found := _LINKS.search(text)):
        return "", say("line {line}: {found!r} is not allowed in a style sheet, since a report fetches nothing",
                       line=text.count("\n", 0, found.start()) + 1, found=found[0])  # fmt: skip
    return _drawing(text) if path.name == LOGO else (text, _syntax(path.name, text))


def _syntax(name: str, text: str) -> str:
    from jinja2 import TemplateSyntaxError
    from jinja2.sandbox import SandboxedEnvironment

    if name not in TEMPLATES:
        return ""
    try:
        SandboxedEnvironment().parse(text)
    except TemplateSyntaxError as error:
        return say("line {line}: {fault}", line=error.lineno, fault=error.message or "")
    return ""


def _drawing(text: str) -> tuple[str, str]:
    """A drawing of plain shapes, written anew; anything else in it is refused."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(text, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError) as error:
        return "", say("no drawing that can be read: {fault}", fault=error)
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        bad = [key for key, value in element.attrib.items() if _refers(key, value)]
        if name not in _SHAPES or bad:
            found = name if name not in _SHAPES else f"{name} {bad[0].rpartition('}')[2]}"
            return "", say("{found!r} is not allowed in a logo: draw it with {shapes} and colours as attributes",
                           found=found, shapes=", ".join(sorted(_SHAPES)))  # fmt: skip
        element.tag = name
    return _written(root), ""


def _refers(key: str, value: str) -> bool:
    return key.startswith(("{", "on")) or key in ("href", "style", "class", "id") or "url" in value.lower()


def _written(root: object) -> str:
    from xml.etree.ElementTree import Element, tostring

    assert isinstance(root, Element)
    root.attrib.setdefault("class", "logo")
    root.attrib.setdefault("aria-hidden", "true")
    return tostring(root, encoding="unicode")


def styled(texts: str) -> str:
    """A style sheet, followed by that of the templates in use."""
    own = in_use()
    return texts if own is None or not own.text(STYLE) else f"{texts}\n{own.text(STYLE)}"


def environment_of(
    kind: type[Kind], load: Callable[[str], str | None], logo: str, finalize: Callable[[object], object]
) -> Kind:
    """An environment of templates, of the package or a folder: escaping on, an unknown name is an error."""
    from jinja2 import FunctionLoader, StrictUndefined

    made = kind(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(logo=logo, own_drawing=made.sandboxed)
    return made


@cache
def sandbox(
    own: OwnTemplates, package: Callable[[str], str], finalize: Callable[[object], object]
) -> SandboxedEnvironment:
    """The environment in which the templates of a folder run; ``package`` gives the texts of the package's own."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def load(name: str) -> str | None:
        if not _WITHIN.fullmatch(name):
            return None  # no path leads out of the two folders
        return own.text(name) or package(name)

    return environment_of(ImmutableSandboxedEnvironment, load, Markup(own.logo), finalize)


@contextmanager
def faults_told() -> Iterator[None]:
    """A fault of a template in use becomes an OwnTemplatesError that says where it is."""
    from jinja2 import TemplateError

    try:
        yield
    except (TemplateError, TypeError, AttributeError, ZeroDivisionError, OverflowError, RecursionError) as error:
        if in_use() is None:
            raise
        line, step = 0, error.__traceback__
        name = ""
        while step is not None:
            if Path(step.tb_frame.f_code.co_filename).name in ("<template>", *TEMPLATES):
                name, line = str(step.tb_frame.f_globals.get("name", "")), step.tb_lineno
            step = step.tb_next
        where = f"{name}, line {line}" if name else "--templates"
        raise OwnTemplatesError(f"{where}: {error}") from error
