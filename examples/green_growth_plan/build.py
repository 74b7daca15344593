"""Writes the monitoring workbooks of the green growth plan example; the same bytes every time.

    python examples/green_growth_plan/build.py

Every pilot and every figure is illustrative: see README.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from small_plants import air_conditioner, pumps, solar  # noqa: E402


def build(folder: Path) -> None:
    """Write every workbook into a folder."""
    air_conditioner(folder / "factory_cooling", "Cooling of a factory", "illustrative-G1", 640.0)
    air_conditioner(folder / "hospital_cooling", "Air conditioners of a hospital", "illustrative-G2", 410.0)
    solar(folder / "school_solar", "Solar roofs of schools", "illustrative-G3", 300.0)
    pumps(folder / "intake_pumps", "Pumps of the drinking-water intake", "illustrative-G4", 2100.0)


if __name__ == "__main__":
    build(HERE)
