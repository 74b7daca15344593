"""What an installation holds, and that the set-up scripts say what they need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from configparser import ConfigParser
from importlib.metadata import entry_points
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PLACED = {"jcm_mrv": "jcm_mrv", "methodologies": "jcm_mrv/methodologies", "templates": "jcm_mrv/templates"}
NOT_INSTALLED = {"__pycache__"}


def run(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing to read; its output as text."""
    return subprocess.run(
        arguments,
        cwd=cwd,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def copy_of_sources(to: Path) -> Path:
    for name in PLACED:
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns(*NOT_INSTALLED))
    for name in ("setup.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, to / name)
    return to


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with a family that nobody has listed anywhere."""
    folder = copy_of_sources(tmp_path_factory.mktemp("sources"))
    family = folder / "methodologies" / "brand_new"
    (family / "cards").mkdir(parents=True)
    (family / "__init__.py").write_text('"""A new family."""\n')
    (family / "cards" / "XX_AM001_1.0.toml").write_text("")
    (family / "deep").mkdir()
    (family / "deep" / "__init__.py").write_text("")
    return folder


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    done = run(*pip, "--wheel-dir", target, ".", cwd=sources)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


def test_the_wheel_holds_every_file_on_disk(wheel: Path, sources: Path) -> None:
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        f"{inside}/{path.relative_to(sources / outside).as_posix()}"
        for outside, inside in PLACED.items()
        for path in (sources / outside).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == expected


def test_a_new_family_is_registered_without_being_listed(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith("entry_points.txt"))
        text = archive.read(name).decode()
    assert "brand_new = jcm_mrv.methodologies.brand_new" in text
    assert "jcm-mrv = jcm_mrv.cli:main" in text


def test_the_installed_program_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    # -S: no site-packages, so that the editable installation of the checkout cannot help; the others' come by path.
    program = (
        f"import sys; sys.path[:0] = [{str(site)!r}]; sys.path.append({sysconfig.get_path('purelib')!r});"
        f"import jcm_mrv; assert jcm_mrv.__file__.startswith({str(site)!r});"
        "from jcm_mrv.cli import main; main()"
    )
    done = run(sys.executable, "-S", "-c", program, "methodologies", "list", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "VN_AM007" in done.stdout


def test_every_family_of_the_checkout_is_discovered() -> None:
    """Fails after a family was added until the checkout is installed anew (make does it)."""
    folders = {path.parent.name for path in (ROOT / "methodologies").glob("*/__init__.py")}
    names = {point.name for point in entry_points(group="jcm_mrv.methodologies") if point.value.startswith("jcm_mrv.")}
    assert names == folders


def test_constraints_pin_every_requirement() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    wanted = config["options"]["install_requires"] + config["options.extras_require"]["dev"]
    names = {line.partition(">")[0].strip().lower() for line in wanted.splitlines() if line.strip()}
    pinned = {
        line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    }
    assert names <= pinned


@pytest.mark.skipif(os.name == "nt", reason="the set-up scripts are for Debian and Ubuntu")
class TestSetupScript:
    """scripts/setup.sh where nobody can install anything."""

    @pytest.fixture
    def checkout(self, tmp_path: Path) -> Path:
        shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
        return tmp_path

    @pytest.fixture
    def programs(self, tmp_path: Path) -> Path:
        """A PATH on which dpkg knows no package, nobody is root and Python has no ensurepip."""
        folder = tmp_path / "bin"
        folder.mkdir()
        fakes = {
            "dpkg-query": "exit 1",
            "apt-get": "echo apt-get was called >&2; exit 100",
            "id": "echo 1000",
            "sudo": "exit 1",
            "python3.11": f'case "$*" in *ensurepip*|*pip*|*virtualenv*) exit 1;; esac; exec {sys.executable} "$@"',
        }
        for name, body in fakes.items():
            (folder / name).write_text(f"#!/bin/sh\n{body}\n")
            (folder / name).chmod(0o755)
        return folder

    def test_it_says_everything_to_install_at_once(self, checkout: Path, programs: Path) -> None:
        done = run("bash", "scripts/setup.sh", "test", cwd=checkout, PATH=f"{programs}:/usr/bin:/bin")
        assert done.returncode == 1
        command = next(line for line in done.stderr.splitlines() if "apt-get install" in line).split()
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        assert {version, "libpango-1.0-0", "fonts-noto-core", "libreoffice-calc-nogui", "poppler-utils"} <= set(command)
        assert "apt-get was called" not in done.stderr

    def test_an_old_python_is_named(self, checkout: Path) -> None:
        done = run("bash", "scripts/setup.sh", "demo", cwd=checkout, JCM_MRV_PYTHON="no-such-python")
        assert done.returncode == 1
        assert "Python 3.11 or newer" in done.stderr
