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

# What the catalogue of the package translates, as it stands in the blank workbook, in check, on the page and on paper.
NAME, NAME_VI = "power of the reference lamps of the same light", "công suất của đèn tham chiếu cùng độ sáng"
WORDS = f"""
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "{NAME}"
msgstr "{NAME_VI}"
"""
IN_VIETNAMESE = (
    CALCULATE
    + """
from zipfile import ZipFile
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.document.pdf import paper_html
from jcm_mrv.workbook.template.writing import write_template



def unmeasured(path):
    from openpyxl import load_workbook

    book = load_workbook(path)
    heads = [cell.value for cell in book["Equipment"][1]]
    book["Equipment"].cell(2, heads.index("P_RE [kW]") + 1).value = None
    book.save("without.xlsx")
    try:
        calculate_file(Path("without.xlsx"))
    except InputRefusedError as error:
        return error.findings


NAME = "công suất của đèn tham chiếu cùng độ sáng"
write_template(Path("blank.xlsx"), template_methods(["XX_AM001 0.1"]), lang="vi")
book = ZipFile("blank.xlsx")
template = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
missing = [finding for finding in unmeasured(path) if "P_RE" in finding.message]
for where, text in (
    ("TEMPLATE", template), ("PAGE", report_page(result, "vi").decode()), ("PAPER", paper_html(result, "vi")),
    ("CHECK", missing[0].said("vi").message),
):
    print(where, NAME in text, "power of the reference lamps of the same light" in text)
"""
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The package of the page and a broken entry point, installed into a folder of their own."""
    folder = tmp_path_factory.mktemp("outside")
    source, target = folder / "source", folder / "site"
    source.mkdir()
    write_files(PAGE, source)
    with (source / "setup.cfg").open("a", encoding="utf-8") as config:
        config.write("    broken = efficient_lamps.broken\n")
    settings = (source / "setup.cfg").read_text(encoding="utf-8")
    settings = settings.replace("cards/*.toml", "cards/*.toml, translations/*.po")
    (source / "setup.cfg").write_text(settings, encoding="utf-8")
    words = source / "efficient_lamps" / "translations" / "vi.po"
    words.parent.mkdir()
    words.write_text(WORDS, encoding="utf-8")
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


def test_it_speaks_vietnamese_by_the_catalogue_that_it_brings(environment: dict[str, str], tmp_path: Path) -> None:
    """In the blank workbook, on the page and on paper, and in what check finds where the value is missing."""
    said = run(["-c", IN_VIETNAMESE], {**environment, "PYTHONUTF8": "1"}, tmp_path)
    for where in ("TEMPLATE", "PAGE", "PAPER", "CHECK"):
        assert f"{where} True False" in said
