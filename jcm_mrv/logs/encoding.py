"""The encoding of a text file: stated, marked by a byte order mark, UTF-8, or proven by words that it holds.

A file in another encoding is read only where its own text leaves no doubt:
zeros of UTF-16, or words that loggers write in Japanese (Shift-JIS) or
Vietnamese (cp1258), or signs such as °C that stand at the same place in all
Western code pages. Otherwise it has to be stated.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JAPANESE = re.compile(
    "日時|日付|時刻|時間|年月|電力|電圧|電流|発電|消費|使用|積算|合計|平均|最大|最小|計測|測定|瞬時|温度|日射|有効|欠測|"
    "設備|記録|流量|蒸気|燃料|指示|メーター|メータ|データ|エネルギー|[0-9]年[0-9]{1,2}月"
)
_VIETNAMESE = re.compile(
    r"(?<!\w)(?:thời gian|ngày|giờ|tháng|điện|công suất|tổng|cộng|năng lượng|sản lượng|chỉ số|công tơ|nhiệt độ|"
    r"tiêu thụ|điện áp|dòng điện|phút|đồng hồ)(?!\w)"
)
_SIGNS = re.compile(rb"(?<=[ (\[,;\t0-9\"'])\xb0(?=[CF])|(?<=[mM])[\xb2\xb3]|\xa0(?=[0-9])|(?<=[0-9])\xa0")


class LogEncodingError(JcmMrvError, ValueError):
    """Bytes that are not in the given encoding, or an encoding that is none of text."""


def find_encoding(head: bytes, given: str, *, whole: bool) -> tuple[str, str]:
    """The encoding of a file from its beginning, and how it was found ("" where it is stated, marked or UTF-8).

    ``whole``: the beginning is all of the file. Raises LogEncodingError for a
    stated encoding that is none, and where nothing is certain.
    """
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), "")
    if given.strip():
        return marked or _stated(given), ""  # a byte order mark is the file's own word
    if marked:
        return marked, ""
    wide = _utf16(head)
    if wide:
        return wide, say("every other byte is zero")
    if _decodes(head, "utf-8", whole=whole) is not None:
        return "utf-8", ""
    return _proven(head, whole=whole)


def _stated(given: str) -> str:
    try:
        info = codecs.lookup(given.strip())
        codecs.getincrementaldecoder(info.name)
        "".encode(info.name)
    except (LookupError, UnicodeError) as error:  # unknown, or a codec that is none of text
        raise LogEncodingError(
            say("{given!r} is not a text encoding known here; try utf-8, cp932 or cp1258", given=given)
        ) from error
    return info.name


def _utf16(head: bytes) -> str:
    """UTF-16 without a mark: zeros at every other place only, and words before the first comma."""
    even, odd = head[0:4000:2].count(0), head[1:4000:2].count(0)
    pairs = min(len(head), 4000) // 2
    if pairs < 4 or (len(head) % 2 and len(head) < 4000):
        return ""
    if odd * 2 > pairs and not even:
        return "utf-16-le"
    return "utf-16-be" if even * 2 > pairs and not odd else ""


def _decodes(data: bytes, encoding: str, *, whole: bool) -> str | None:
    """The text, None where the bytes are not in the encoding; the last character may be cut off."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, whole)
    except UnicodeDecodeError:
        return None


def _proven(head: bytes, *, whole: bool) -> tuple[str, str]:
    japanese = _JAPANESE.search(_decodes(head, "cp932", whole=whole) or "")
    vietnamese = _VIETNAMESE.search(unicodedata.normalize("NFC", head.decode("cp1258", "replace")).casefold())
    rest = _SIGNS.sub(b"", head)
    if japanese and not vietnamese:
        return "cp932", say("it holds the word {japanese}", japanese=japanese[0])
    if vietnamese and not japanese:
        return "cp1258", say("it holds the word {vietnamese}", vietnamese=vietnamese[0])
    if rest.isascii():
        return "cp1252", say("it holds no other letters than those of ASCII, and signs such as °C")
    shown = next(line for line in head.splitlines() if not line.isascii())[:60]
    raise LogEncodingError(
        say(
            "the file is not in UTF-8, and its text does not show in which encoding it is; a line of it reads "
            "{decode!r} in cp932 and {decode_2!r} in cp1258",
            decode=shown.decode("cp932", "replace"),
            decode_2=shown.decode("cp1258", "replace"),
        )
    )
