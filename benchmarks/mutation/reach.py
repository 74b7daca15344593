"""Which test runs through which line of the rooms, kept between runs as long as the test's file stays as it is.

Each test runs alone in a process of its own, so that nothing that an earlier test left in a cache hides a line.
A line is written down as its function and its distance from that function's first line: what is inserted above
a function moves nothing.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SOMEWHERE = -1
"""The distance of a line in a module that has changed since: where in its function is not known."""
Places = dict[str, dict[str, list[int]]]
"""Module (from the root of the repository) -> function -> distances of the lines that ran."""


@dataclass
class Reach:
    """The tests that reach each place, and the time [s] that each takes alone and watched, without a change."""

    root: Path
    kept: Path
    seconds: dict[str, float] = field(default_factory=dict)
    at: dict[tuple[str, str, int], set[str]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    """Of each file when it was first seen: who edits it while the tests of others run changes nothing here."""

    def see(self, files: Iterable[str]) -> None:
        """Takes the files of the tests as they are now, when the tests were collected."""
        for file in files:
            self._digest(file)

    def known(self, file: str) -> bool:
        """Takes over what was kept of a test file; whether it was kept, of the file as it is now."""
        place = self._place(file)
        if not place.exists():
            return False
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["of"] != self._digest(file):
            return False
        modules = kept.get("modules", {})
        for test, (seconds, places) in kept["tests"].items():
            same = {module for module in places if modules.get(module) == self._digest(module)}
            known = {m: of if m in same else {name: [SOMEWHERE] for name in of} for m, of in places.items()}
            self._add(test, seconds, known)
        return True

    def keep(self, file: str, tests: Mapping[str, tuple[float, Places]]) -> None:
        """Writes down what the tests of a file reach."""
        self.kept.mkdir(parents=True, exist_ok=True)
        modules = {module: self._digest(module) for _, places in tests.values() for module in places}
        text = json.dumps({"of": self._digest(file), "tests": tests, "modules": modules})
        self._place(file).write_text(text, encoding="utf-8")
        for test, (seconds, places) in tests.items():
            self._add(test, seconds, places)

    def tests(self, module: str, function: str, *lines: Iterable[int]) -> set[str]:
        """The tests that run through any of these lines of a function; of the next lines where none does.

        With them those that ran through the function when its module was another; at last all that run through it.
        """
        somewhere = self.at.get((module, function, SOMEWHERE), set())
        own = {distance for of, name, distance in self.at if (of, name) == (module, function)}
        for distances in (*lines, own):
            if found := set().union(*(self.at.get((module, function, distance), ()) for distance in distances)):
                return found | somewhere
        return set()

    def _add(self, test: str, seconds: float, places: Places) -> None:
        self.seconds[test] = seconds
        for module, functions in places.items():
            for function, distances in functions.items():
                for distance in distances:
                    self.at.setdefault((module, function, distance), set()).add(test)

    def _place(self, file: str) -> Path:
        return self.kept / (file.replace("/", "__") + ".json")

    def _digest(self, file: str) -> str:
        """Of a file that is there no more, that of nothing."""
        if file not in self.digests:
            path = self.root / file
            self.digests[file] = hashlib.sha256(path.read_bytes() if path.exists() else b"").hexdigest()
        return self.digests[file]


def places_of(root: Path, lines: Mapping[str, Iterable[int]]) -> Places:
    """The lines of each file as distances within its functions."""
    found: Places = {}
    for file, ran in lines.items():
        functions = outermost(Path(file))
        for line in ran:
            for name, (first, last) in functions.items():
                if first <= line <= last:
                    of = found.setdefault(str(Path(file).relative_to(root)), {})
                    of.setdefault(name, []).append(line - first)
    return found


@cache
def outermost(path: Path) -> dict[str, tuple[int, int]]:
    """First and last line of each outermost function and method of a module."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        for function in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(function, ast.FunctionDef):
                name = f"{node.name}.{function.name}" if isinstance(node, ast.ClassDef) else function.name
                found[name] = (function.lineno, function.end_lineno or function.lineno)
    return found
