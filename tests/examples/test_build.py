"""The committed workbooks are what build.py writes, and name nothing that exists."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
WORKBOOKS = {
    "rooftop_solar": ["monitoring.xlsx"],
    "grocery_air_conditioning": ["monitoring.xlsx", "monitoring_VN_AM006.xlsx"],
    "hai_phong_compost": ["monitoring.xlsx"],
}


def builder(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"build_{name}", EXAMPLES / name / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def build(name: str, folder: Path) -> None:
    module = builder(name)
    module.build(folder / "monitoring.xlsx" if name == "rooftop_solar" else folder)


def members(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_building_again_gives_the_committed_workbooks(name: str, tmp_path: Path) -> None:
    build(name, tmp_path)
    for workbook in WORKBOOKS[name]:
        # Part by part: another version of zlib may compress the same content to other bytes.
        hint = f"run python examples/{name}/build.py: {workbook} is not what it writes"
        assert members(tmp_path / workbook) == members(EXAMPLES / name / workbook), hint


@pytest.mark.parametrize("name", WORKBOOKS)
def test_two_processes_build_the_same_bytes(name: str, tmp_path: Path) -> None:
    build(name, tmp_path)
    copied = tmp_path / "elsewhere" / name
    copied.mkdir(parents=True)
    for path in ("build.py", "data/pv_ac_power_15min.csv"):
        if (EXAMPLES / name / path).exists():
            (copied / path).parent.mkdir(exist_ok=True)
            (copied / path).write_bytes((EXAMPLES / name / path).read_bytes())
    environment = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "PATH": ""}
    subprocess.run([sys.executable, copied / "build.py"], check=True, env=environment)
    for workbook in WORKBOOKS[name]:
        assert (copied / workbook).read_bytes() == (tmp_path / workbook).read_bytes()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_title_in_the_report_says_that_the_plant_is_illustrative(name: str) -> None:
    assert "illustrative" in (EXAMPLES / name / "README.md").read_text()
    for workbook in WORKBOOKS[name]:
        shared = members(EXAMPLES / name / workbook)["xl/sharedStrings.xml"].decode()
        assert "Example plant (illustrative)" in shared
