"""The same input gives the same bytes: other processes, folders, time zones, locales, hash seeds, later."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORMATS = ("result.json", "monitoring_report.xlsx", "monitoring_report.pdf", "monitoring_report.html")


def written(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """The reports of the rooftop example, calculated in a process of its own: name to SHA-256."""
    shutil.copytree(ROOT / "examples" / "rooftop_solar", folder / "plant")
    command = [sys.executable, "-m", "jcm_mrv", "calculate", "monitoring.xlsx", "--formats", "json,xlsx,pdf,html"]
    done = subprocess.run(
        [*command, "--output", str(folder / "out")],
        cwd=folder / "plant",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name: hashlib.sha256((folder / "out" / name).read_bytes()).hexdigest() for name in FORMATS}


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path / "one", {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"})
    other = {"PYTHONHASHSEED": "2", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "LANG": "vi_VN", "SOURCE_DATE_EPOCH": "0"}
    second = written(tmp_path / "somewhere" / "else", other)
    assert first == second
