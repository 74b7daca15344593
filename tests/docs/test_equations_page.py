"""The page of the equation language: its blocks run one after another, and print what the page says they print."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "equations.md"
_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Each block of code, and the text shown below it ('' where there is none)."""
    found: list[tuple[str, str]] = []
    for kind, text in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "python":
            found.append((text, ""))
        else:
            code, shown = found.pop()
            assert not shown, "a block of output follows a block of output"
            found.append((code, text))
    return found


def test_every_block_prints_what_the_page_shows() -> None:
    names: dict[str, object] = {"__name__": "page"}
    blocks = examples()
    assert len(blocks) >= 12
    for number, (code, shown) in enumerate(blocks, start=1):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, f"{PAGE.name}, block {number}", "exec", dont_inherit=True), names)
        assert printed.getvalue() == shown, f"block {number}"


def test_the_page_lists_every_set_mapping_unit_and_option() -> None:
    """What can be declared: nothing of it is undocumented."""
    from jcm_mrv.methodology import declare
    from jcm_mrv.quantities.sets import Mapping, Set
    from jcm_mrv.quantities.units import __file__ as units_file

    text = PAGE.read_text(encoding="utf-8")
    wanted = {name for name, value in vars(declare).items() if isinstance(value, Set | Mapping)}
    for line in Path(units_file).with_name("units.txt").read_text(encoding="utf-8").splitlines():
        name, _, definition = line.partition("=")
        if definition and not line.startswith("#") and not name.strip().endswith("-"):
            wanted.add((definition.split("=")[1] if "=" in definition else name).strip())
    words = ("monitored", "in_operation", "fixed", "default", "switch", "constant", "intermediate", "result")
    for word in words:
        wanted |= {word, *(f"{option}=" for option in inspect.signature(getattr(declare, word)).parameters)}
    wanted |= {f'"{aggregate}"' for aggregate in declare.AGGREGATES} | {"product_of"}
    assert len(wanted) > 60
    assert sorted(name for name in wanted if f"`{name}`" not in text) == []


def test_the_page_names_every_word_of_the_language() -> None:
    """A new operator needs its row in the table."""
    from jcm_mrv.quantities import expression

    words = [name for name in expression.__all__ if name.islower() and name not in ("number", "union")]
    text = PAGE.read_text(encoding="utf-8")
    assert [word for word in words if f"`{word}(" not in text] == []
