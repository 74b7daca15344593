"""What the README says can be done, can be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jcm_mrv import __version__
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.catalogue import catalogue

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_methodology_in_the_readme_loads() -> None:
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    head = (
        "from jcm_mrv.methodology import Methodology\n"
        "from jcm_mrv.methodology.declare import constant, default, equipment, monitored, result\n"
        "from jcm_mrv.quantities.expression import total\n"
    )
    space: dict[str, object] = {}
    exec(compile(head + code[1], "README.md", "exec"), space)  # our own page, run as its reader would
    assert issubclass(space["SolarPV"], Methodology)  # type: ignore[arg-type]


def test_every_family_and_every_card_that_computes_is_named() -> None:
    """In the column of its status."""
    rows = [[cell.strip() for cell in line.split("|")] for line in README.splitlines() if line.startswith("|")]
    columns = next(row for row in rows if "computable" in row)
    for entry in catalogue().entries:
        status, name = entry.card.status, entry.card.id
        assert status == "catalogued" or any(name in row[columns.index(status)].split(", ") for row in rows), name


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_exist(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_change_log_has_this_version() -> None:
    assert f"\n## {__version__}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
