"""Write every unit of units.txt, with each prefix, as scale and dimensions, so that pint need not read it: FILE."""

import json
import sys
from pathlib import Path

from jcm_mrv.quantities.units import by_pint, registry


def known_units() -> dict[str, list[object]]:
    """Scale and dimensions by name, of all names that pint makes of the definitions."""
    units = registry()
    names = sorted({prefix + name for prefix in units._prefixes for name in units._units})
    found = {name: unit for name in names if name.isascii() and (unit := by_pint(name)) is not None}
    return {name: [unit.scale, unit.dimensions] for name, unit in found.items()}


def text() -> str:
    """The file: one line per unit."""
    lines = [f"{json.dumps(name)}: {json.dumps(unit)}" for name, unit in known_units().items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
