"""Unpacking a package that comes from a stranger, into a folder of its own and nowhere else, within limits."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
import zipfile
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.guard import reading
from jcm_mrv.words import say
from jcm_mrv.workbook.unpacking import MAX_RATIO, RATIO_FROM

NAME, SIGNATURE = "manifest.json", "manifest.json.p7s"
INPUTS, REPORTS = "inputs/", "reports/"
MOST_FILES = 10_000
MOST_BYTES = 4_000_000_000  # unpacked, all together
LONGEST_NAME = 400
_BLOCK = 1 << 20
_WINDOWS = os.name == "nt"
_FORBIDDEN = set('\\<>:"|?*') if _WINDOWS else {"\\"}  # what means something else than a name
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".bz2", ".xz")


def unpack_package(path: Path, into: Path, only: Container[str] | None = None) -> dict[str, Path]:
    """The files of a package by their path in it, written below ``into``; of many ``only`` those.

    Raises UnsafeFileError for a file that is no package, is damaged or encrypted, leads out of the folder, holds
    links, two files of one name or archives among the reports, or is larger than the limits when really unpacked.
    """
    found: dict[str, Path] = {}
    left = MOST_BYTES
    with _opened(path) as archive:
        for info in _entries(archive, path.name):
            if only is not None and info.filename not in only:
                continue
            target = into / info.filename
            left -= _write(archive, info, target, left, path.name)
            found[info.filename] = target
    if NAME not in found and only is None:
        raise UnsafeFileError(
            say("{path}: there is no {name} in it, so it is no package of jcm-mrv", path=path.name, name=NAME)
        )
    return found


def package_checksums(path: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of each file of a package, read without writing anything. Raises UnsafeFileError."""
    found: dict[str, tuple[int, str]] = {}
    left = MOST_BYTES
    with _opened(path) as archive:
        for info in _entries(archive, path.name):
            digest, size = hashlib.sha256(), 0
            for block in _blocks(archive, info, left, path.name):
                digest.update(block)
                size += len(block)
            left -= size
            found[info.filename] = size, digest.hexdigest()
    return found


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    def refused(said: str) -> UnsafeFileError:
        return UnsafeFileError(say("{path}: it cannot be unpacked: {said}", path=path.name, said=said))

    with reading(refused), zipfile.ZipFile(path) as archive:
        yield archive


def _entries(archive: zipfile.ZipFile, file: str) -> list[zipfile.ZipInfo]:
    """The files of the archive, every name looked at before anything is written."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_FILES:
        raise UnsafeFileError(
            say(
                "{file}: it holds {number_of_infos:,} files, more than {most_files:,}",
                file=file,
                number_of_infos=len(infos),
                most_files=MOST_FILES,
            )
        )
    known: set[str] = set()
    for info in infos:
        if why := _fault(info):
            raise UnsafeFileError(
                say("{file}: {filename!r} is not unpacked: {why}", file=file, filename=info.filename[:120], why=why)
            )
        folded = unicodedata.normalize("NFC", info.filename).casefold()
        if folded in known:
            raise UnsafeFileError(
                say("{file}: two files have the name {filename!r}", file=file, filename=info.filename[:120])
            )
        known.add(folded)
    return infos


def _fault(info: zipfile.ZipInfo) -> str:
    """Why an entry is not unpacked; '' where nothing stands against it."""
    name, parts = info.filename, PurePosixPath(info.filename).parts
    if name != info.orig_filename or any(c in _FORBIDDEN or not c.isprintable() for c in name):
        return say("its name holds characters that lead elsewhere on some machines")
    if name.startswith("/") or ".." in parts or "." in name.split("/") or "" in name.split("/"):
        return say("its path leads out of the package")
    if len(name.encode()) > LONGEST_NAME or (_WINDOWS and any(part != part.rstrip(". ") for part in parts)):
        return say("its name is none on some machines")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return say("it is a link or a device, not a file")
    if info.flag_bits & 0x1:
        return say("it is encrypted")
    if name not in (NAME, SIGNATURE) and not name.startswith((INPUTS, REPORTS)):
        return say(
            "a package holds {name}, {signature}, {inputs} and {reports} only",
            name=NAME,
            signature=SIGNATURE,
            inputs=INPUTS,
            reports=REPORTS,
        )
    if name.startswith(REPORTS) and (len(parts) != 2 or name.lower().endswith(_ARCHIVES)):
        return say("no archive or folder belongs among the reports")
    return ""


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, left: int, file: str) -> int:
    """Unpack one file block by block. The bytes written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        return sum(out.write(block) for block in _blocks(archive, info, left, file))


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, file: str) -> Iterator[bytes]:
    """The content of one file block by block; never more than it may have."""
    most = min(left, max(RATIO_FROM, MAX_RATIO * info.compress_size))
    written = 0
    with archive.open(info) as source:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > most:
                raise UnsafeFileError(
                    say(
                        "{file}: {filename} is not unpacked: {compress_size:,} bytes become more than {most:,}",
                        file=file,
                        filename=info.filename,
                        compress_size=info.compress_size,
                        most=most,
                    )
                )
            yield block
