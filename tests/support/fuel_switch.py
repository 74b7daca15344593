"""The invented methodology ``tests/data/packages/fuel_switch`` with slips in its text, and cases on the bench."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jcm_mrv.conformance.bench import Bench, bench_of
from jcm_mrv.conformance.cases import Case, calculate_case, cases_of
from jcm_mrv.conformance.conformance import Outcome, examine
from jcm_mrv.methodology.catalogue import catalogue
from support.packages import installed

PACKAGE = Path(__file__).parents[1] / "data" / "packages" / "fuel_switch"
CLASS, CARD, CASE = "__init__.py", "cards/XX_AM950_1.0.toml", "cases/XX_AM950_1.0.toml"
Change = tuple[str, str, str]


@contextmanager
def package(folder: Path, *changes: Change) -> Iterator[None]:
    """The package with some text in place of other, installed."""
    home = folder / "fuel_switch"
    shutil.copytree(PACKAGE, home / "fuel_switch")
    for file, old, new in changes:
        path = home / "fuel_switch" / file
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), encoding="utf-8")
    sys.modules.pop("fuel_switch", None)
    with installed(home):
        yield
    sys.modules.pop("fuel_switch", None)


def found(folder: Path, *changes: Change) -> dict[str, Outcome]:
    """The outcomes that are neither pass nor skipped, by check, but for what no check can ever tell."""
    with package(folder, *changes):
        *outcomes, last = examine(catalogue().find("XX_AM950"))
    assert last.check == "only a second source can tell"
    return {o.check: o for o in outcomes if o.status in ("fail", "named")}


def benches(number: str, folder: Path, wanted: Callable[[Case], bool] = lambda case: True) -> list[tuple[Case, Bench]]:
    """The cases of a built-in card on the bench."""
    entry = catalogue().find(number)
    found = []
    for n, case in enumerate(case for case in cases_of(entry) if wanted(case)):
        (folder / str(n)).mkdir()
        found.append((case, bench_of(entry, calculate_case(case, folder / str(n)))))
    return found
