"""Unpacking a workbook that comes from a stranger: is it one, and how large does it really get?

The sizes in a zip's directory are promises, so every part is unpacked here
under a limit before any other reader sees the file.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.bulk import places_of

NOT_FOUND = Code("input.not_found", Severity.ERROR, "The file is not there")
NOT_XLSX = Code("input.not_xlsx", Severity.ERROR, "The file is not an Excel workbook (.xlsx)")
DAMAGED = Code("input.damaged", Severity.ERROR, "The workbook is damaged")
ENCRYPTED = Code("input.encrypted", Severity.ERROR, "The workbook is protected by a password")
TOO_LARGE = Code("input.too_large", Severity.ERROR, "The workbook is too large when unpacked")
UNSAFE_XML = Code("input.unsafe_xml", Severity.ERROR, "The workbook holds XML that no spreadsheet program writes")

MAX_UNPACKED = 300_000_000  # bytes, all parts together; a year of 15-minute readings of 10 meters takes about 60 MB
MAX_RATIO = 400  # unpacked to packed; spreadsheets reach about 50
RATIO_FROM = 10_000_000  # bytes; smaller parts are harmless at any ratio
MAX_PARTS = 10_000
MACROS = "vbaProject.bin"
XLSX_PARTS = ("[Content_Types].xml", "xl/workbook.xml")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_SAVE_AS = say("Open it in Excel or LibreOffice and save it as Excel workbook (.xlsx).")
_NEW_COPY = say("Open it in Excel or LibreOffice, save it under a new name, and use the new file.")


class PackageError(JcmMrvError, ValueError):
    """The file cannot be read at all; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))

    def __reduce__(self) -> tuple[object, ...]:
        return (PackageError, (self.finding,))


def unpack(content: bytes, file: str, needed: tuple[str, ...] = XLSX_PARTS) -> dict[str, bytes]:
    """The XML parts of a workbook by their name in the package; macros are named but not unpacked into it.

    ``needed`` are parts without which it is no workbook of its kind.

    Raises PackageError for what is no such workbook, damaged, encrypted, too large
    when really unpacked, or holds a document type or entities.
    """
    where = Origin(file=file)
    _look_at_beginning(content, where)
    parts: dict[str, bytes] = {}
    total = 0
    for info in _directory(content, where):
        data = _part(content, info, MAX_UNPACKED - total, where)
        total += len(data)
        if info.filename.endswith((".xml", ".rels")):
            _check_xml(data, info.filename, where)
            parts[info.filename] = data
        elif info.filename.endswith(MACROS):
            parts[info.filename] = b""
    if not set(needed) <= set(parts):
        what = say("an Excel workbook (.xlsx)") if needed == XLSX_PARTS else say("the workbook that its name says")
        raise PackageError(NOT_XLSX(say("this is a zip file but not {what}", what=what), where, action=_SAVE_AS))
    return parts


def _look_at_beginning(content: bytes, where: Origin) -> None:
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            message = say("the workbook is protected by a password and cannot be read")
            raise PackageError(ENCRYPTED(message, where, action=say("Save a copy without the password and use that.")))
        found = say("the format of Excel 97-2003 (.xls)")
        raise PackageError(NOT_XLSX(say("this is not an .xlsx workbook"), where, found=found, action=_SAVE_AS))
    if not content:
        raise PackageError(
            DAMAGED(say("the file is empty (0 bytes)"), where, action=say("Copy it again from where it was."))
        )
    if not content.startswith(b"PK"):
        found = say("a file that begins with {content!r}", content=content[:8])
        raise PackageError(NOT_XLSX(say("this is not an .xlsx workbook"), where, found=found, action=_SAVE_AS))


def _directory(content: bytes, where: Origin) -> list[zipfile.ZipInfo]:
    try:
        infos = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise _damaged(where, str(error)) from error
    names = [info.filename.casefold() for info in infos]
    if len(set(names)) != len(names):
        raise _damaged(where, say("two parts of the same name"))
    if len(names) > MAX_PARTS:
        raise _too_large(where, say("{number_of_names} parts", number_of_names=len(names)))
    return infos


def _damaged(where: Origin, found: str) -> PackageError:
    action = say("Copy it again from where it was, or open it in Excel or LibreOffice, let it be repaired and save it.")
    return PackageError(
        DAMAGED(say("the workbook is damaged and cannot be unpacked"), where, found=found, action=action)
    )


def _too_large(where: Origin, found: str) -> PackageError:
    message = say(
        "the workbook is larger than {max_unpacked} MB when unpacked, or packed suspiciously tight",
        max_unpacked=MAX_UNPACKED // 1000000,
    )
    action = say("Put long series of readings into .csv files and name them on the sheet Logs.")
    return PackageError(TOO_LARGE(message, where, found=found, action=action))


def _part(content: bytes, info: zipfile.ZipInfo, room: int, where: Origin) -> bytes:
    """One part, unpacked; never more than ``room`` bytes are made."""
    if info.flag_bits & 0x1:
        message = say("the part {filename} is encrypted", filename=info.filename)
        raise PackageError(ENCRYPTED(message, where, action=say("Save a copy without the password and use that.")))
    packed = _packed(content, info, where)
    if info.compress_type == zipfile.ZIP_STORED:
        data = packed
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        data = _inflate(packed, room, info.filename, where)
    else:
        raise _damaged(
            where,
            say(
                "{filename} is packed by an unknown method ({compress_type})",
                filename=info.filename,
                compress_type=info.compress_type,
            ),
        )
    if len(data) > room:
        raise _too_large(
            where, say("{filename}: {number_of_data:,} bytes", filename=info.filename, number_of_data=len(data))
        )
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise _damaged(where, say("the checksum of {filename} does not fit", filename=info.filename))
    return data


def _packed(content: bytes, info: zipfile.ZipInfo, where: Origin) -> bytes:
    header = content[info.header_offset : info.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise _damaged(where, say("{filename} is not where the directory says", filename=info.filename))
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    begin = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    packed = content[begin : begin + info.compress_size]
    if len(packed) != info.compress_size:
        raise _damaged(where, say("{filename} is cut off", filename=info.filename))
    return packed


def _inflate(packed: bytes, room: int, name: str, where: Origin) -> bytes:
    inflater = zlib.decompressobj(-15)
    most = min(room, max(RATIO_FROM, MAX_RATIO * len(packed)))
    try:
        data = inflater.decompress(packed, most + 1)
    except zlib.error as error:
        raise _damaged(where, f"{name}: {error}") from error
    if len(data) > most:
        raise _too_large(
            where,
            say(
                "{name}: {number_of_packed:,} bytes become more than {most:,}",
                name=name,
                number_of_packed=len(packed),
                most=most,
            ),
        )
    if not inflater.eof:
        raise _damaged(where, say("{name} ends too early", name=name))
    return data


_FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def _check_xml(data: bytes, name: str, where: Origin) -> None:
    found = _FORBIDDEN.search(data) if places_of(data, b"<!") else None
    if found:
        message = say("the part {name} declares a document type or entities", name=name)
        raise PackageError(UNSAFE_XML(message, where, found=found[0].decode(), action=_NEW_COPY))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:64]:
        message = say("the part {name} is not written in UTF-8", name=name)
        raise PackageError(UNSAFE_XML(message, where, found="UTF-16", action=_NEW_COPY))
