"""Opening XML from strangers: no document type, no entities, nothing fetched, a limit to its size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_BYTES = 4_000_000
"""Of an invoice. One takes some 20 kB; one of 1,000 lines with signatures below 1 MB."""

MAX_DEPTH = 64
"""Elements within elements; an invoice with its signatures has about 15, interval data about 8."""


class XmlError(JcmMrvError, ValueError):
    """A file that is not read as XML; the text says why."""


def parse_xml(content: bytes, most: int = MAX_BYTES, kind: str = "invoice") -> Element:
    """The root element of a file of some kind, of ``most`` bytes.

    Raises XmlError for what is no XML, too large or deep, or declares a document type.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(content) > most:
        raise XmlError(say("the file is larger than {most} MB, which no {kind} is", most=most // 1000000, kind=kind))
    try:
        root: Element = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except ParseError as error:
        raise XmlError(say("the file is not XML: {error}", error=error)) from error
    except DefusedXmlException as error:
        raise XmlError(say("the file declares a document type or entities, which no {kind} does", kind=kind)) from error
    except (LookupError, ValueError) as error:  # an encoding that is not known, or not of single bytes
        raise XmlError(say("the file is written in an encoding that cannot be read")) from error
    _check_depth(root, kind)
    return root


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """The content of a file, of one that is too large only so much that this shows. Raises OSError."""
    with path.open("rb") as file:
        return file.read(most + 1)


def _check_depth(root: Element, kind: str) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise XmlError(
        say("the file holds elements more than {max_depth} deep, which no {kind} does", max_depth=MAX_DEPTH, kind=kind)
    )


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The direct children of that name."""
    return (child for child in (() if element is None else element) if local(child) == name)


def child(element: Element | None, *names: str) -> Element | None:
    """The first element down a path of names; None where one is missing."""
    for name in names:
        element = next(children(element, name), None)
    return element


def text(element: Element | None, *names: str) -> str:
    """The text down a path, white space trimmed; '' where it is missing."""
    found = child(element, *names)
    return " ".join((found.text or "").split()) if found is not None else ""
