"""JSON that comes from a stranger: one meaning, finite numbers, no depth that breaks a reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.guard import reading
from jcm_mrv.limits import number_fault
from jcm_mrv.words import say

MOST_BYTES = 100_000_000
DEEPEST = 30
_LONGEST_NUMBER = 40  # digits
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # half of a character, written by its number


def read_json(content: bytes, name: str) -> Any:
    """The data of a JSON file.

    Raises UnsafeFileError for what is no JSON in UTF-8, names a key twice, holds a number that is not finite or
    beyond all sizes, or is too large or too deep.
    """

    def refused(why: str) -> UnsafeFileError:
        return UnsafeFileError(f"{name}: {why}")

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in found}) != len(found):
            twice = next(k for n, (k, _) in enumerate(found) if k in {other for other, _ in found[:n]})
            raise refused(
                say("the key {twice!r} is there twice, so that two readers may read two things", twice=twice[:60])
            )
        return dict(found)

    def real(text: str) -> float:
        if fault := number_fault(float(text)):
            raise refused(
                say("the number {text} is none of a result: {fault}", text=text[:_LONGEST_NUMBER], fault=fault)
            )
        return float(text)

    def whole(text: str) -> int:
        if len(text) > _LONGEST_NUMBER or number_fault(float(text)):
            raise refused(say("the number {text} is none of a result", text=text[:_LONGEST_NUMBER]))
        return int(text)

    def constant(text: str) -> float:
        raise refused(say("{text} is no number of JSON", text=text))

    if len(content) > MOST_BYTES:
        raise refused(
            say(
                "it has {number_of_content:,} bytes, more than {most_bytes:,}",
                number_of_content=len(content),
                most_bytes=MOST_BYTES,
            )
        )
    too_deep = refused(say("its lists and objects lie more than {deepest} deep within each other", deepest=DEEPEST))
    with reading(lambda said: refused(say("it cannot be read as JSON: {said}", said=said))), _no_deeper(too_deep):
        data = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=pairs, parse_float=real, parse_int=whole, parse_constant=constant,
        )  # fmt: skip
    if _HALF.search(content):
        with reading(lambda said: refused(say("a text in it is none of Unicode: {said}", said=said))):
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    if _deeper(data, DEEPEST):
        raise too_deep
    return data


@contextmanager
def _no_deeper(error: UnsafeFileError) -> Iterator[None]:
    """What breaks off reading for its depth is too deep by far."""
    try:
        yield
    except RecursionError:
        raise error from None


def _deeper(data: Any, most: int) -> bool:
    level = [data]
    for _ in range(most):
        level = [one for part in level for one in _inside(part)]
        if not level:
            return False
    return True


def _inside(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return list(part.values())
    return part if isinstance(part, list) else []
