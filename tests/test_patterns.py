"""Every regular expression over a stranger's text is linear: long near-misses of each are looked at in no time.

The patterns are found in the modules, the near-misses are made from the patterns: each repeated part and each row of
parts, many times over, behind a beginning that fits, with an end that does not. A pattern that begins anew at every
place, or tries each way of dividing a text, takes seconds to hours for these; the others take milliseconds.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from time import process_time
from typing import Any

import pytest

import jcm_mrv

ROOT = Path(jcm_mrv.__file__).parent
LENGTH = 10_000  # characters
BOUND = 0.06  # seconds of the processor for one near-miss: a linear pattern takes 2 ms at most, a quadratic one 150
METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")


def patterns() -> dict[str, re.Pattern[Any]]:
    found: dict[str, re.Pattern[Any]] = {}
    for info in pkgutil.walk_packages(jcm_mrv.__path__, "jcm_mrv."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            inside = value.items() if isinstance(value, dict) else [("", value)]
            for key, one in inside:
                for n, pattern in enumerate(one if isinstance(one, tuple) else (one,)):
                    if isinstance(pattern, re.Pattern) and module.__name__.startswith("jcm_mrv"):
                        found.setdefault(f"{info.name.removeprefix('jcm_mrv.')}.{name}[{key}{n}]", pattern)
    return found


PATTERNS = patterns()


def literals() -> list[tuple[str, str]]:
    """Patterns that are written where they are used: (method, pattern)."""
    call = re.compile(r"\bre\.(\w+)\(\s*(r?b?f?\"(?:[^\"\\\n]|\\.)*\")\s*,")
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        for method, text in call.findall(path.read_text(encoding="utf-8")):
            if method in METHODS and not text.startswith(("f", "rf")):
                found.append((method, ast.literal_eval(text)))
    return found


# Patterns in tables, which the package uses under other names.
USED = {"numerals._PATTERNS": {"fullmatch"}}


def used_by(name: str) -> set[str]:
    """The methods by which the package uses a pattern of that name; search where that is not seen."""
    if (whole := name.partition("[")[0]) in USED:
        return USED[whole]
    attribute = re.escape(whole.rpartition(".")[2])
    sources = [path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")]
    calls = {m for text in sources for m in re.findall(rf"\b{attribute}\.(\w+)", text)} & set(METHODS)
    return calls or {"search"}


def sample(part: Any) -> str:
    """A text that a parsed pattern, or one element of it, matches."""
    if isinstance(part, parser.SubPattern):
        return "".join(sample(one) for one in part)
    kind, value = part
    if kind is codes.LITERAL:
        return chr(value)
    if kind is codes.NOT_LITERAL:
        return "x" if value != ord("x") else "y"
    if kind is codes.RANGE:
        return chr(value[0])
    if kind is codes.ANY:
        return "x"
    if kind is codes.IN:
        return chosen(value)
    if kind is codes.CATEGORY:
        return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(value), "-")
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return sample(value[2]) * max(1, value[0])
    if kind is codes.SUBPATTERN:
        return sample(value[3])
    if kind is codes.ATOMIC_GROUP:
        return sample(value)
    if kind is codes.BRANCH:
        return sample(value[1][0])
    return ""  # places, and what is looked at beside them


def chosen(among: list[Any]) -> str:
    if among[0][0] is codes.NEGATE:
        refused = re.compile("[" + "".join(re.escape(sample(one)) for one in among[1:]) + "]")
        return next(c for c in "xa1 -.<" if not refused.match(c))
    return sample(among[0])


def pieces(part: parser.SubPattern) -> Iterator[list[str]]:
    """The samples of each row of parts, at every depth."""
    yield [sample(one) for one in part]
    for kind, value in part:
        if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from pieces(value[2])
        elif kind is codes.SUBPATTERN:
            yield from pieces(value[3])
        elif kind is codes.BRANCH:
            for branch in value[1]:
                yield from pieces(branch)
        elif kind in (codes.ASSERT, codes.ASSERT_NOT):
            yield from pieces(value[1])


def near_misses(pattern: str, flags: int) -> set[str]:
    whole = parser.parse(pattern, flags)
    texts: set[str] = set()
    begins = ["", *(sample(parser.SubPattern(whole.state, list(whole)[:n])) for n in range(1, len(whole)))]
    for row in pieces(whole):
        for i in range(len(row)):
            for j in range(i + 1, len(row) + 1):
                again = "".join(row[i:j])
                if again:
                    for begin in begins[:4]:
                        texts.add(begin + again * (LENGTH // len(again)) + "\x00")
    return texts


def slowest(pattern: re.Pattern[Any], methods: set[str], texts: set[str]) -> tuple[float, str]:
    """The longest time that a text takes, and which; what takes long is looked at twice."""
    worst = (0.0, "")
    for text in sorted(texts):
        given: Any = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
        for method in sorted(methods):
            took = once(pattern, method, given)
            took = min(took, once(pattern, method, given)) if took > BOUND else took
            worst = max(worst, (took, f"{method} {text[:60]!r}"))
        if worst[0] > BOUND:
            break
    return worst


def once(pattern: re.Pattern[Any], method: str, text: Any) -> float:
    begin = process_time()
    if method == "sub":
        pattern.sub(text[:0], text)
    elif method == "finditer":
        list(pattern.finditer(text))
    else:
        getattr(pattern, method)(text)
    return process_time() - begin


def text_of(pattern: re.Pattern[Any]) -> str:
    return pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_linear(name: str) -> None:
    pattern = PATTERNS[name]
    texts = near_misses(text_of(pattern), pattern.flags & ~re.UNICODE)
    spent, worst = slowest(pattern, used_by(name), texts)
    assert spent < BOUND, f"{spent:.2f} s for {worst}"


def test_patterns_where_they_are_used_are_linear() -> None:
    for method, text in literals():
        try:
            pattern = re.compile(text)
        except re.error:  # the beginning of one that is put together
            continue
        spent, worst = slowest(pattern, {method}, near_misses(text_of(pattern), pattern.flags & ~re.UNICODE))
        assert spent < BOUND, f"{text!r}: {spent:.2f} s for {worst}"


def test_patterns_were_found() -> None:
    assert len(PATTERNS) > 50 and "workbook.scan._CELL_REF[0]" in PATTERNS and len(literals()) > 10


@pytest.mark.parametrize("bad", [r"a+b", r"<c\s[^<>]*\bt=[\"']s[\"'][^<>]*>", r"\s*x$"])
def test_a_pattern_that_is_not_linear_is_seen(bad: str) -> None:
    spent, _ = slowest(re.compile(bad), {"search"}, near_misses(bad, 0))
    assert spent > BOUND
