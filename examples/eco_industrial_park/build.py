"""Writes the monitoring workbooks of the eco-industrial park example; the same bytes every time.

    python examples/eco_industrial_park/build.py

Every firm and every figure is illustrative: see README.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from small_plants import air_conditioner, pumps, solar  # noqa: E402


def build(folder: Path) -> None:
    """Write every workbook into a folder."""
    solar(folder / "solar_steel", "Solar roof of the steel works", "illustrative-S1", 2400.0)
    solar(folder / "solar_plastics", "Solar roof of the plastics factory", "illustrative-S2", 960.0)
    air_conditioner(
        folder / "cooling_electronics", "Air conditioners of the electronics factory", "illustrative-A1", 820.0
    )
    air_conditioner(folder / "cooling_packaging", "Air conditioners of the packaging factory", "illustrative-A2", 300.0,
                    spoilt=True)  # fmt: skip
    pumps(folder / "pumps_water", "Pumps of the water works", "illustrative-P1", 1500.0)
    # For the spoilt copy: the meter of the steel works' roof under another name.
    solar(folder / "solar_again", "Solar roof of the workshop", "illustrative-S1", 2400.0)


if __name__ == "__main__":
    build(HERE)
