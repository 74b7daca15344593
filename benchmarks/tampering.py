"""Packages that were tampered with: is it found, and is its place named? And is there no alarm on untouched ones?

    python benchmarks/tampering.py [--rounds 3] [--seed 1] [--kinds page,PDF] [--untouched 20]

Each kind (benchmarks/tampered) changes a package at random in place; the manifest is made to fit again afterwards.
What a kind returns has to stand in a failing row of the verification, else its place was not named.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import tampered.inputs
import tampered.reports
import tampered.results  # noqa: F401 - all three put their kinds into KINDS
from jcm_mrv.conformance.cases import calculate_case, read_case
from jcm_mrv.verification.checks import PASSING, Verification
from jcm_mrv.verification.verifying import verify
from tampered.base import KINDS, Kind, NotHereError, Tampered, clean
from tampered.inputs import INPUT

EXAMPLES = Path(__file__).parents[1] / "examples"
WORKBOOKS = (
    EXAMPLES / "rooftop_solar" / "monitoring.xlsx",
    EXAMPLES / "grocery_air_conditioning" / "monitoring.xlsx",
    EXAMPLES / "grocery_air_conditioning" / "monitoring_VN_AM006.xlsx",
    EXAMPLES / "hai_phong_compost" / "monitoring.xlsx",
)

CASES = sorted((Path(__file__).parents[1] / "methodologies").glob("*/cases/*.toml"))
ZONES = ("UTC", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kathmandu")
LANGUAGES = ("en", "vi", "ja")


@dataclass(frozen=True)
class Outcome:
    """What came of one case; ``said`` are the failing rows."""

    kind: str
    workbook: str
    wanted: str
    found: bool
    located: bool
    said: tuple[str, ...]


class Packages:
    """Clean packages of each workbook and set of formats, made once."""

    def __init__(self, workbooks: Sequence[Path]) -> None:
        self.workbooks = workbooks
        self._made: dict[tuple[Path, tuple[str, ...]], Tampered] = {}

    def copy(self, workbook: Path, formats: tuple[str, ...]) -> Tampered:
        """A package to be spoilt."""
        key = workbook, formats
        if key not in self._made:
            self._made[key] = clean(workbook, formats)
        made = copy(self._made[key])
        return replace(made, files=dict(made.files), added=[])


def tampered_with(kind: Kind, packages: Packages, seed: int) -> Outcome | None:
    """One case of a kind; None where no workbook has anything of the kind."""
    chance = random.Random(seed * 1_000_003 + zlib.crc32(kind.name.encode()))
    for workbook in chance.sample(packages.workbooks, len(packages.workbooks)):
        package = packages.copy(workbook, kind.formats)
        try:
            wanted = kind.change(package, chance)
        except NotHereError:
            continue
        verification = verified(package.content(), workbook.parent if kind.originals else None)
        said = tuple(failing(verification))
        # Inputs that cannot be calculated any more are located by the cell at which they break.
        broken = f"differs | inputs | {workbook.name}, " if wanted == INPUT else wanted
        located = any(wanted in row or row.startswith(broken) for row in said)
        return Outcome(kind.name, workbook.parent.name, wanted, bool(said), located, said)
    return None


def verified(content: bytes, originals: Path | None = None) -> Verification:
    """The verification of a package in a folder of its own, without the second engine."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitoring_package.zip"
        path.write_bytes(content)
        return verify(path, originals, second_engine=False)


def failing(verification: Verification) -> Iterator[str]:
    """The rows that do not pass, as text."""
    for check in verification.checks:
        if check.verdict not in PASSING:
            yield f"{check.verdict} | {check.what} | {check.where} | {check.stated} | {check.recomputed} | {check.note}"


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1, help="cases of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="", help="parts of the names of kinds, separated by commas; default all")
    parser.add_argument("--untouched", type=int, default=4, help="packages that nobody touched")
    options = parser.parse_args()
    wanted = [part for part in options.kinds.split(",") if part]
    kinds = [kind for kind in KINDS.values() if not wanted or any(part in kind.name for part in wanted)]
    begin = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcomes, alarms = _run(kinds, options.rounds, options.seed, options.untouched, Path(folder))
    _print(kinds, outcomes, alarms, options.untouched)
    print(f"{perf_counter() - begin:.0f} s")
    sys.exit(1 if alarms or not all(o.located for o in outcomes) else 0)


def with_gap(folder: Path) -> Path:
    """An example without a day of its log, so that there is a treatment."""
    plant = shutil.copytree(WORKBOOKS[0].parent, folder / "with_gap", ignore=shutil.ignore_patterns("output"))
    log = next((plant / "data").glob("*.csv"))
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:5000] + lines[5096:]))
    return Path(plant) / "monitoring.xlsx"


def _run(
    kinds: Sequence[Kind], rounds: int, seed: int, untouched: int, folder: Path
) -> tuple[list[Outcome], list[str]]:
    packages = Packages([*WORKBOOKS, with_gap(folder)])
    outcomes = [o for k in kinds for n in range(rounds) if (o := tampered_with(k, packages, seed + n))]
    return outcomes, list(_alarms(packages, untouched, folder))


def _print(kinds: Sequence[Kind], outcomes: Sequence[Outcome], alarms: Sequence[str], untouched: int) -> None:
    missed = [o for o in outcomes if not o.located]
    for outcome in missed:
        print(
            f"{'NOT LOCATED' if outcome.found else 'NOT FOUND'}: {outcome.kind} ({outcome.workbook}): {outcome.wanted}"
        )
        print("\n".join(f"    {row[:300]}" for row in outcome.said[:8]))
    tried = {o.kind for o in outcomes}
    print("\n".join(f"never tried: {kind.name}" for kind in kinds if kind.name not in tried))
    found, located = sum(o.found for o in outcomes), sum(o.located for o in outcomes)
    print(f"{len(tried)} kinds, {len(outcomes)} cases: {found} found, {located} located")
    print("\n".join([f"{untouched} untouched packages: {len(alarms)} alarms", *alarms[:20]]))


def _alarms(packages: Packages, count: int, folder: Path) -> Iterator[str]:
    """What is said of untouched packages: of the examples in every format, then of the built-in cases."""
    formats = (("json", "xlsx", "html"), ("json", "pdf"), ("json", "xlsx"))
    known = [(path, reports) for reports in formats for path in packages.workbooks]
    for n in range(count):
        # Made at one place of the world and verified at another.
        _move(ZONES[n % len(ZONES)])
        path, reports = known[n] if n < len(known) else (_case(n - len(known), folder), formats[-1])
        content = clean(path, reports, LANGUAGES[n % len(LANGUAGES)]).content()
        _move(ZONES[(n + 1) % len(ZONES)])
        yield from (f"{path}: {row}" for row in failing(verified(content)))


def _move(zone: str) -> None:
    os.environ["TZ"] = zone
    if hasattr(time, "tzset"):
        time.tzset()


def _case(n: int, folder: Path) -> Path:
    """The workbook of a built-in case, every other one with troubles in it."""
    path = CASES[n // 2 % len(CASES)]
    place = folder / f"case_{n}"
    place.mkdir()
    calculate_case(read_case(path.read_text(encoding="utf-8"), path.name), place, troubled=bool(n % 2))
    return next(place.glob("*.xlsx"))


if __name__ == "__main__":
    main()
