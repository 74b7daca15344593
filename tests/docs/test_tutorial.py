"""The tutorial, followed by somebody who does exactly what it says, in its order.

Every command runs as it is written, in a fresh environment and in one folder:
what lies there must not stand in the way of what was installed.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
_BLOCK = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> Iterator[tuple[str, str, str]]:
    """Name of the file or nothing, language, text of every block of the page."""
    yield from (match.groups(default="") for match in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")))  # type: ignore[misc]


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines that the page shows of its output."""
    for part in text.split("$ ")[1:]:
        command, *shown = part.splitlines()
        yield command, shown


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment, which sees what is installed here and into which the page installs."""
    place = tmp_path_factory.mktemp("fresh") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    [folder] = place.glob("lib/python*/site-packages") or place.glob("Lib/site-packages")
    seen = "".join(f"import site; site.addsitedir({str(path)!r})\n" for path in site.getsitepackages())
    (folder / "outer.pth").write_text(seen, encoding="utf-8")
    return next(p for p in (place / "bin" / "python", place / "Scripts" / "python.exe") if p.exists())


def run(command: str, folder: Path, python: Path) -> str:
    """What a command of the page says, started where the page starts it.

    ``python`` looks in the folder in which it starts, as it does for a reader; ``jcm-mrv`` and ``pip`` do not.
    """
    program, *arguments = shlex.split(command)
    words = {
        "jcm-mrv": [str(python), "-P", "-m", "jcm_mrv", *arguments],
        "python": [str(python), *arguments],
        "pip": [str(python), "-P", "-m", "pip", *arguments],
    }[program]
    if program == "pip":  # nothing is fetched
        words += ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"PYTHONIOENCODING": "utf-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("soffice"), reason="the page shows that LibreOffice reaches the same tonnes")
def test_every_step_of_the_page_in_its_order(tmp_path: Path, python: Path) -> None:
    for name, language, text in blocks():
        if name:
            assert (tmp_path / name).is_file(), f"{name} is to replace a file that is there"
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        assert language == "console", "a block is a file with its name, or commands"
        for command, shown in commands(text):
            rest = said = run(command, tmp_path, python)
            for line in shown:
                assert line in rest, f"{command} does not say {line!r} where the page has it, but:\n{said}"
                rest = rest.split(line, 1)[1]
    assert (tmp_path / "monitoring.xlsx").is_file()


def test_the_page_does_something() -> None:
    found = list(blocks())
    assert [name.rpartition("/")[2] for name, _, _ in found if name] == [
        "__init__.py",
        "XX_AM903_0.1.toml",
        "XX_AM903_0.1.toml",
        "README.md",
    ]
    assert sum(len(list(commands(text))) for name, _, text in found if not name) == 8
