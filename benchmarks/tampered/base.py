"""A package in memory, to be tampered with; afterwards its manifest is made to fit again, as a careful forger would."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.result_json import canonical_sha256
from jcm_mrv.reporting.write import NAMES, rendered
from jcm_mrv.result import Result
from jcm_mrv.verification.packing import package

RESULT, XLSX = "reports/result.json", "reports/monitoring_report.xlsx"
PDF, HTML = "reports/monitoring_report.pdf", "reports/monitoring_report.html"
MANIFEST = "manifest.json"


class NotHereError(Exception):
    """This package has nothing of the kind that is to be changed."""


@dataclass
class Tampered:
    """The files of a package by path, the result that it was made from, and whether the manifest is to fit again."""

    files: dict[str, bytes]
    result: Result
    fits: bool = True
    added: list[tuple[str, bytes]] = field(default_factory=list)

    def data(self, path: str = RESULT) -> Any:
        """A JSON file as data."""
        return json.loads(self.files[path])

    def put(self, data: Any, path: str = RESULT) -> None:
        """Data as a JSON file."""
        self.files[path] = (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()

    def input(self, end: str) -> str:
        """The path of an input whose name ends so. Raises NotHereError."""
        found = [path for path in self.files if path.startswith("inputs/") and path.endswith(end)]
        if not found:
            raise NotHereError(end)
        return found[0]

    def content(self) -> bytes:
        """The package as a zip file."""
        if self.fits:
            self._fit()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in [*self.files.items(), *self.added]:
                archive.writestr(path, data)
        return buffer.getvalue()

    def _fit(self) -> None:
        """Checksums and sizes of the manifest as the files now are."""
        manifest = self.data(MANIFEST)
        for one in manifest["files"]:
            data = self.files[one["path"]]
            one["size"], one["sha256"] = len(data), hashlib.sha256(data).hexdigest()
        with suppress(ValueError):  # a result that has no canonical form was put there on purpose
            manifest["result_sha256"] = canonical_sha256(self.data())
        self.put(manifest, MANIFEST)


@dataclass(frozen=True)
class Kind:
    """A way to tamper: ``change`` does it at random and returns words that the verification has to say.

    ``formats`` are the reports of the package; ``originals`` gives the verifier the true inputs.
    """

    name: str
    change: Callable[[Tampered, random.Random], str]
    formats: tuple[str, ...] = ("json", "xlsx", "html")
    originals: bool = False


KINDS: dict[str, Kind] = {}


def kind(
    name: str, formats: tuple[str, ...] = ("json", "xlsx", "html"), *, originals: bool = False
) -> Callable[[Callable[[Tampered, random.Random], str]], Callable[[Tampered, random.Random], str]]:
    """Put a function among the kinds."""

    def register(change: Callable[[Tampered, random.Random], str]) -> Callable[[Tampered, random.Random], str]:
        assert name not in KINDS, name
        KINDS[name] = Kind(name, change, formats, originals)
        return change

    return register


def clean(workbook: Path, formats: tuple[str, ...], lang: str = "en") -> Tampered:
    """A package as ``jcm-mrv calculate`` makes it."""
    result = calculate_file(workbook)
    reports = {NAMES[name]: rendered(name, result, lang) for name in formats}
    asked = f"jcm-mrv calculate {workbook.name} --formats {','.join(formats)},package --lang {lang}"
    with zipfile.ZipFile(io.BytesIO(package(result, reports, asked, lang))) as archive:
        return Tampered({name: archive.read(name) for name in archive.namelist()}, result)
