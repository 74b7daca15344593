"""A methodology in an outside package, really installed, works without touching the project.

The package is the one of the page for methodology developers, file by file;
beside it stands a broken one, which must not keep the others from working.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.pages import write_files

PAGE = Path(__file__).parents[2] / "docs" / "methodology_developer.md"

# By hand, as on the page: RE = 12 x 25 / 10 x 0.5 = 15 t, PE = 12 x 0.5 = 6 t, ER = 9 t.
CALCULATE = """
from datetime import date, datetime
from pathlib import Path
from jcm_mrv.calculation import calculate_file
from jcm_mrv.workbook.template.writing import write_workbook
from jcm_mrv.methodology.template import template_methods

path = Path("monitoring.xlsx")
write_workbook(
    path,
    template_methods(["XX_AM001 0.1"]),
    {
        "title": "Lamps (illustrative)", "country": "Invented", "time_zone": "Asia/Ho_Chi_Minh",
        "period_start": date(2024, 1, 1), "period_end": date(2024, 1, 31), "report_date": date(2024, 2, 1),
    },
    {
        "equipment": [{"equipment_id": "L-1", "P_PJ": 10.0, "P_RE": 25.0, "operation_start": date(2023, 1, 1)}],
        "meters": [{"meter_id": "M-1", "unit": "kWh", "transformer_factor": 1.0}],
        "points": [{"point_no": "1", "parameter": "EC_PJ", "applies_to": "L-1", "meter_id": "M-1", "sign": "+"}],
        "fixed": [{"parameter": "EF_grid", "value": 0.5, "unit": "tCO2/MWh", "document": "invented", "page": "1"}],
        "readings": [{
            "meter_id": "M-1", "kind": "energy", "start": datetime(2024, 1, 1), "end": datetime(2024, 2, 1),
            "value": 12000.0, "unit": "kWh",
        }],
    },
)
result = calculate_file(path)
print("RESULT", result.reference, result.project, result.reductions, result.credited)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The package of the page and a broken entry point, installed into a folder of their own."""
    folder = tmp_path_factory.mktemp("outside")
    source, target = folder / "source", folder / "site"
    source.mkdir()
    write_files(PAGE, source)
    with (source / "setup.cfg").open("a", encoding="utf-8") as config:
        config.write("    broken = efficient_lamps.broken\n")
    (source / "efficient_lamps" / "broken.py").write_text("import not_there_at_all\n", encoding="utf-8")
    (source / "setup.py").write_text("from setuptools import setup\nsetup()\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*command, str(target), str(source)], check=True, capture_output=True)
    return {**os.environ, "PYTHONPATH": str(target)}


def run(arguments: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_it_is_listed_and_a_broken_one_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    said = run(["-m", "jcm_mrv", "methodologies", "list"], environment, tmp_path)
    assert "XX_AM001" in said
    assert "VN_AM007" in said, "the rest still works"
    assert "efficient_lamps.broken" in said and "not_there_at_all" in said


def test_it_is_shown_and_has_a_template(environment: dict[str, str], tmp_path: Path) -> None:
    shown = run(["-m", "jcm_mrv", "methodologies", "show", "XX_AM001"], environment, tmp_path)
    assert "RE_p = Σ_i (EC_PJ,i,p × P_RE,i / P_PJ,i × EF)" in shown
    run(["-m", "jcm_mrv", "template", "XX_AM001", "blank.xlsx"], environment, tmp_path)
    assert (tmp_path / "blank.xlsx").is_file()


def test_it_calculates_and_stays_indicative_until_it_is_confirmed(environment: dict[str, str], tmp_path: Path) -> None:
    said = run(["-c", CALCULATE], environment, tmp_path)
    assert "RESULT 15.0 6.0 9.0 None" in said
