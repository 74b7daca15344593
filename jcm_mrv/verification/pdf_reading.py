"""What a PDF says: the text of each page, what is drawn on it, what is attached. Read in a process of its own.

A PDF comes from a stranger. The process that reads it has little memory, little time and writes only what it found;
``python -m jcm_mrv.verification.pdf_reading FILE`` is that process.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.guard import reading
from jcm_mrv.verification.signing.in_pdf import Signed, signed_data
from jcm_mrv.words import say

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

SECONDS = 240
MEMORY = 3_000_000_000  # bytes
MOST_BYTES = 200_000_000  # of the file, and of what is found in it
MOST_PAGES = 3_000
MOST_ATTACHED = 20
# What acts by itself, asks for input or brings other files along; the report has nothing of it.
_ACTIVE = ("/OpenAction", "/AA", "/AcroForm", "/JavaScript", "/Collection", "/XFA")


@dataclass(frozen=True)
class Page:
    """A page: its words, and a checksum of what is drawn and laid over it."""

    text: str
    sha256: str


@dataclass(frozen=True)
class Pdf:
    """A PDF as far as it matters here.

    ``active`` names what acts by itself or lies over a page; ``fonts`` have name and checksum.
    """

    pages: tuple[Page, ...]
    attachments: tuple[tuple[str, bytes], ...]
    made_by: str
    fonts: tuple[str, ...]
    active: tuple[str, ...]
    language: str
    signed: Signed

    @property
    def drawn_by(self) -> tuple[str, tuple[str, ...]]:
        """What decides how the same words are drawn: the software, and the fonts of the machine."""
        return self.made_by, self.fonts


def read_pdf(content: bytes, name: str) -> Pdf:
    """What a PDF holds.

    Raises UnsafeFileError for one that cannot be read, or not within the limits of time, memory and size.
    """
    if len(content) > MOST_BYTES:
        raise UnsafeFileError(
            say(
                "{name}: it has {number_of_content:,} bytes, more than {most_bytes:,}",
                name=name,
                number_of_content=len(content),
                most_bytes=MOST_BYTES,
            )
        )
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-pdf-") as folder:
        file, out = Path(folder) / "report.pdf", Path(folder) / "found.json"
        file.write_bytes(content)
        data = _found(file, out, name)
    return Pdf(
        pages=tuple(Page(text, sha256) for text, sha256 in data["pages"]),
        attachments=tuple((label, base64.b64decode(text)) for label, text in data["attachments"]),
        made_by=data["made_by"],
        fonts=tuple(data["fonts"]),
        active=tuple(data["active"]),
        language=data["language"],
        signed=Signed(**data["signed"]),
    )


def _found(file: Path, out: Path, name: str) -> Any:
    command = [sys.executable, "-m", "jcm_mrv.verification.pdf_reading", str(file), str(out)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnsafeFileError(
            say("{name}: it takes longer than {seconds} s to be read", name=name, seconds=SECONDS)
        ) from error
    if done.returncode or not out.is_file():
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UnsafeFileError(
            say(
                "{name}: it cannot be read: {said}",
                name=name,
                said=said[-1][:200] if said else say("its reader was stopped"),
            )
        )
    return json.loads(out.read_bytes())


# --- in the process of its own -----------------------------------------------------


def _limit() -> None:
    """Bounds on what this process may take, where the system knows them."""
    if sys.platform != "win32":
        import resource

        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))


def _read(content: bytes) -> dict[str, Any]:
    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise ValueError("it is encrypted")
    if len(reader.pages) > MOST_PAGES:
        raise ValueError(f"it has {len(reader.pages):,} pages, more than {MOST_PAGES:,}")
    root: Any = reader.trailer["/Root"].get_object()
    about: Any = reader.metadata or {}
    known: dict[int, bytes] = {}
    return {
        "pages": [(page.extract_text(), _drawn(page, known)) for page in reader.pages],
        "attachments": list(_attachments(reader)),
        "made_by": f"{about.get('/Creator', '')}; {about.get('/Producer', '')}",
        "fonts": sorted(set(_fonts(reader))),
        "active": sorted(_active(root)) + [say("{what} on page {n}", what=what, n=n) for n, what in _laid_over(reader)],
        "language": str(root.get("/Lang", "")),
        "signed": signed_data(content),
    }


def _active(root: Any) -> set[str]:
    """What acts by itself or asks for input; a form of signatures that show nothing does not."""
    found = {key for key in _ACTIVE if key in root or key in root.get("/Names", {})}
    fields = [field.get_object() for field in _inside(root, "/AcroForm").get("/Fields", ())]
    return found - {"/AcroForm"} if fields and all(_is_signature(field) for field in fields) else found


def _laid_over(reader: PdfReader) -> Iterator[tuple[int, str]]:
    """What lies over a page and is neither a link nor a signature that shows nothing, and pictures on it."""
    for n, page in enumerate(reader.pages, 1):
        for one in (annotation.get_object() for annotation in page.annotations or ()):
            if one.get("/Subtype") != "/Link" and not _is_signature(one):
                yield n, str(one.get("/Subtype", "something"))
        drawings = _inside(page, "/Resources", "/XObject")
        if any(drawings[key].get("/Subtype") == "/Image" for key in drawings):
            yield n, "/Image"


def _is_signature(field: Any) -> bool:
    """Whether a field or what is laid over a page is a signature that shows nothing and does nothing."""
    shows = any(float(side) for side in field.get("/Rect", ()))
    return field.get("/FT") == "/Sig" and not shows and not {"/A", "/AA", "/AP", "/Kids"} & set(field)


def _attachments(reader: PdfReader) -> Iterator[tuple[str, str]]:
    total = 0
    for n, one in enumerate(reader.attachment_list):
        data = one.content
        total += len(data)
        if n >= MOST_ATTACHED or total > MOST_BYTES:
            raise ValueError("more is attached to it than a report has")
        yield one.name, base64.b64encode(data).decode("ascii")


# Where the page begins and ends, how it is turned, what is drawn on it, and what that uses: fonts with their letters.
_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
_LOOKS = (*_BOXES, "/Rotate", "/UserUnit", "/Contents", "/Resources")
_UPWARD = ("/Parent", "/P", "/StructParent", "/StructParents", "/Dest", "/D", "/V")


def _drawn(page: PageObject, known: dict[int, bytes]) -> str:
    """A checksum of how a page looks, and of what is laid over it; ``known`` holds those of what pages share."""
    over = [one.get_object() for one in page.annotations or ()]
    looks = [[key, page.get(key)] for key in _LOOKS]
    return _digest([looks, [one for one in over if not _is_signature(one)]], known).hex()


def _digest(one: Any, known: dict[int, bytes]) -> bytes:
    """A checksum of an object with all that it refers to, whichever of its parts are written once or often."""
    from pypdf.generic import IndirectObject, StreamObject

    if isinstance(one, IndirectObject):
        if one.idnum not in known:
            known[one.idnum] = b"within itself"
            known[one.idnum] = _digest(one.get_object(), known)
        return known[one.idnum]
    digest = hashlib.sha256()
    if isinstance(one, dict):
        digest.update(one.get_data() if isinstance(one, StreamObject) else b"")
        skipped = {*_UPWARD, "/Length", "/Filter", "/DecodeParms"}
        for key in sorted(set(one) - skipped):
            digest.update(str(key).encode() + _digest(dict.__getitem__(one, key), known))
    elif isinstance(one, list):
        digest.update(b"".join(_digest(part, known) for part in one))
    else:
        digest.update(repr(one).encode("utf-8", "replace"))
    return digest.digest()


def _inside(one: Any, *keys: str) -> Any:
    """A dictionary within a page or another one by its keys; an empty one where there is none."""
    found: Any = one
    for key in keys:
        inner = found.get(key)
        found = {} if inner is None else inner.get_object()
    return found


def _fonts(reader: PdfReader) -> Iterator[str]:
    """Names of the fonts without the letters that mark a part of one, each with a checksum of the part embedded."""
    for page in reader.pages:
        for font in _inside(page, "/Resources", "/Font").values():
            yield f"{str(font.get_object().get('/BaseFont', '')).split('+')[-1]} {_embedded(font.get_object())}"


def _embedded(font: Any) -> str:
    """A checksum of the font file that is embedded; '' where there is none."""
    parts = font.get("/DescendantFonts")
    holder = parts.get_object()[0].get_object() if parts is not None else font
    about = holder.get("/FontDescriptor")
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        if about is not None and key in about.get_object():
            return hashlib.sha256(about.get_object()[key].get_object().get_data()).hexdigest()[:16]
    return ""


def _main(file: str, out: str) -> None:
    """Read one file and write what was found."""
    _limit()
    with reading(ValueError):
        Path(out).write_text(json.dumps(_read(Path(file).read_bytes())), encoding="utf-8")


if __name__ == "__main__":
    import logging

    logging.disable()  # what the library thinks of the file is said by the error, if there is one
    try:
        _main(*sys.argv[1:])
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
