"""The software by its content: two machines, or two runs, with the same digest calculate the same."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from jcm_mrv import __version__
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.verification.manifest import source_sha256

# Libraries whose versions may move a number or decide how a file is read.
_LIBRARIES = ("numpy", "pandas", "pyarrow", "pint", "scipy", "pvlib", "python-calamine", "openpyxl", "xlrd", "tzdata")
_SOURCES = (".py", ".toml", ".csv", ".json", ".txt")


@cache
def software_digest() -> str:
    """SHA-256 over jcm-mrv, every methodology and card, Python and the libraries that numbers pass through."""
    digest = hashlib.sha256()
    for line in _lines():
        digest.update(line.encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()


def software_name() -> str:
    """How the software is called in a message: its version and the beginning of its digest."""
    return f"jcm-mrv {__version__} ({software_digest()[:8]})"


def _lines() -> Iterator[str]:
    yield f"jcm-mrv {__version__}"
    yield f"Python {platform.python_version()}"
    for name in _LIBRARIES:
        yield f"{name} {_version(name)}"
    folder = Path(str(files("jcm_mrv")))
    for path in sorted(folder.rglob("*")):
        if path.suffix in _SOURCES and path.is_file():
            yield f"{path.relative_to(folder).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    for entry in catalogue().entries:
        source = "" if entry.declared is None else source_sha256(entry.declared)
        yield f"{entry.package} {entry.package_version} {entry.card.id} {entry.sha256} {source}"
    for failure in catalogue().failures:
        yield f"failed {failure.name} {failure.reason}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
