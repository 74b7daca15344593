"""Words by which loggers and suppliers say how good a value is: measured, estimated, or not valid.

They stand beside a value, in a column of their own. What stands in place of a
value is a marker of missing data, of which ``workbook/missing_markers.py``
holds the one list: "none" there is no value, "none" under Fault is no fault.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from jcm_mrv.logs.cells import folded


class Quality(StrEnum):
    """What a word says of the value beside it."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    INVALID = "invalid"
    UNKNOWN = "unknown"


_MEASURED = frozenset(
    {"valid", "good", "ok", "okay", "measured", "actual", "real", "normal", "verified", "validated", "regular", "read",
     "raw", "v", "a", "act", "r", "m", "g", "o", "w", "192", "gültig", "gemessen", "wahrer wert", "valide", "mesuré",
     "mesurée", "réel", "réelle", "válido", "medido", "medida", "leída", "正常", "有効", "実測", "実測値", "良好",
     "hợp lệ", "đo", "tốt", "bình thường", "sah", "terukur", "ถูกต้อง", "ปกติ", "good data", "reliable", "pass",
     "passed", "reale", "misurato", "rilevato", "effettivo", "gemeten", "målt", "uppmätt", "lido", "medida real"}
)  # fmt: skip
_ESTIMATED = frozenset(
    {"estimated", "estimate", "est", "est.", "e", "substituted", "substitute", "s", "f", "interpolated", "extrapolated",
     "calculated", "forecast", "predicted", "adjusted", "edited", "manual", "profiled", "filled", "imputed",
     "geschätzt", "ersatzwert", "interpoliert", "estimé", "estimée", "estimado", "estimada",
     "projected", "derived", "mixed", "normalized", "stimato", "stimata", "geschat", "stipulert",
     "estimert", "beräknad",
     "推定", "推定値", "補間", "推計", "ước tính", "ước lượng", "perkiraan", "estimasi", "ประมาณ"}
)  # fmt: skip
_INVALID = frozenset(
    {"invalid", "bad", "error", "err", "fault", "faulty", "missing", "suspect", "suspicious", "questionable",
     "doubtful", "uncertain", "unreliable", "stale", "failed", "fail", "rejected", "not valid", "not ok", "nok", "n",
     "x", "corrupt", "timeout", "offline", "no data", "bad data", "comm error", "communication error", "out of range",
     "ungültig", "fehler", "gestört", "fehlt", "invalide", "erreur", "manquant", "inválido", "no válido", "異常",
     "無効", "欠測", "エラー", "不良", "không hợp lệ", "lỗi", "mất dữ liệu", "tidak sah", "rusak", "ผิดปกติ", "0x80"}
)  # fmt: skip
_YES = frozenset({"1", "true", "yes", "y", "t", "wahr", "ja", "vrai", "oui", "sí", "si", "có", "x", "はい"})
_NO = frozenset({"0", "false", "no", "n", "f", "falsch", "nein", "faux", "non", "không", "いいえ", ""})
_SHORT = frozenset(w for w in _MEASURED | _ESTIMATED | _INVALID if len(w) == 1)

_OF_GOOD = re.compile(
    r"\b(is[ _]?)?(valid|validity|good|validated|verified|reliable|measured)\b|有効|hợp lệ|gültig", re.I
)
_OF_ESTIMATED = re.compile(
    r"\b(is[ _]?)?(estimated?|interpolated|substituted?|filled)\b|推定|ước|geschätzt|estim[ée]", re.I
)
_OF_BAD = re.compile(r"\b(is[ _]?)?(invalid|missing|bad|error|suspect|gap|outlier)\b|欠測|ungültig|lỗi", re.I)
_OF_QUALITY = re.compile(
    r"quality|qualit|qualität|calidad|\bflags?\b|\bstatus\b|\bstate\b|\bstatut\b|\bestado\b|\bqc\b|\be/r\b|\ba/e\b|"
    r"valid|read(ing)? ?type|type of (read|value)|data ?type|method|\bstat\b|状態|品質|ステータス|chất lượng|"
    r"trạng thái|tình trạng|obtención|kennung|สถานะ|kvalit|kwalit|\best\b|\binterp\b",
    re.I,
)


def speaks_of_quality(heading: str) -> bool:
    """True for a heading under which the quality of values stands: Status, Valid, Estimated, E/R, Flags."""
    name = _name(heading)
    return any(p.search(name) for p in (_OF_QUALITY, _OF_GOOD, _OF_ESTIMATED, _OF_BAD))


def quality_of(word: str, heading: str) -> Quality:
    """What a word under a heading says; a yes or a no depends on what is asked there."""
    name, text = _name(heading), folded(word).casefold()
    flags = (
        (_OF_BAD, Quality.INVALID, Quality.MEASURED),
        (_OF_ESTIMATED, Quality.ESTIMATED, Quality.MEASURED),
        (_OF_GOOD, Quality.MEASURED, Quality.INVALID),
    )
    for pattern, yes, no in flags:
        if pattern.search(name) and text in _YES | _NO:
            return yes if text in _YES else no if text else Quality.MEASURED
    if not text:
        return Quality.UNKNOWN
    for words, quality in ((_MEASURED, Quality.MEASURED), (_ESTIMATED, Quality.ESTIMATED), (_INVALID, Quality.INVALID)):
        if text in words:
            return quality
    return _by_part(text)


def may_tell_quality(heading: str, words: Sequence[str]) -> bool:
    """True for a column of which the first words say nothing yet, but whose heading speaks of the quality of data."""
    if not words:
        return speaks_of_quality(heading)
    return only_quality(heading) and len(set(words)) <= _MOST_WORDS


def only_quality(heading: str) -> bool:
    """True for a heading that speaks of the quality of data, not of the state of equipment."""
    name = heading.casefold()
    return speaks_of_quality(heading) and not any(w in name for w in ("status", "state", "estado", "trạng", "状態"))


def tells_quality(heading: str, words: Iterable[str]) -> bool:
    """True for a column of which heading or words say that it holds the quality of values."""
    counts = Counter(folded(word).casefold() for word in words)
    del counts[""]
    told = {word for word in counts if quality_of(word, heading) is not Quality.UNKNOWN}
    found = told | {word for word, count in counts.items() if count * _RARE > counts.total()}
    if not found or len(found) > _MOST_WORDS:
        return False
    known = [quality_of(word, heading) for word in found]
    certain = sum(q is not Quality.UNKNOWN for q in known)
    if speaks_of_quality(heading):
        return certain > 0
    return certain == len(found) and any(w not in _SHORT and not w.isdecimal() for w in found)


_MOST_WORDS, _RARE = 20, 50


def _name(heading: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", folded(heading)).replace("_", " ")


def _by_part(text: str) -> Quality:
    """A word within longer ones: ``Estimated (substitute)``, ``INVALID_CRC``."""
    parts = set(re.split(r"[^\w]+|_", text)) - {""}
    if parts & {w for w in _INVALID if len(w) > 2} or re.search(r"\binvalid|\bnot valid|\berror", text):
        return Quality.INVALID
    if parts & {w for w in _ESTIMATED if len(w) > 2}:
        return Quality.ESTIMATED
    return Quality.MEASURED if parts & {w for w in _MEASURED if len(w) > 1} else Quality.UNKNOWN
