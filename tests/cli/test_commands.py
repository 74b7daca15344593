"""The commands as a person meets them: what they say, what they write, and with which status they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv import __version__
from jcm_mrv.calculation import calculate_file
from jcm_mrv.cli import afterwards
from jcm_mrv.cli.afterwards import next_step
from jcm_mrv.cli.lazy import system_message
from jcm_mrv.reporting.document import requirements
from jcm_mrv.workbook.reading import read_workbook
from support.scripts import load_script
from support.workbooks import solar_workbook

ROOT = Path(__file__).parents[2]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return solar_workbook(tmp_path / "monitoring.xlsx")


class TestUsage:
    """Exit status 2: the command was not understood, nothing was looked at."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ("calculat",),
            ("calculate",),
            ("calculate", "no-such-file.xlsx"),
            ("check", "no-such-file.xlsx"),
            ("template", "VN_AM007"),
            ("template", "VN_AM007", "monitoring.xls"),
            ("methodologies", "shwo"),
            ("methodologies", "show"),
            ("methodologies", "list", "--format", "xml"),
            ("--no-such-option",),
        ],
        ids=" ".join,
    )
    def test_wrong_usage(self, arguments: tuple[str, ...], jcm: Any, tmp_path: Path) -> None:
        done = jcm(*arguments)
        assert done.status == 2
        assert "Usage: jcm-mrv" in done.err or "Usage: program" in done.err
        assert done.out == ""

    @pytest.mark.parametrize("formats", ["docx", "json,docx", "", ","])
    def test_unknown_formats(self, formats: str, jcm: Any, good: Path) -> None:
        done = jcm("calculate", good, "--formats", formats)
        assert done.status == 2
        assert "json, xlsx, pdf, html" in done.err
        assert [p.name for p in good.parent.iterdir()] == ["monitoring.xlsx"]

    def test_a_folder_is_no_workbook(self, jcm: Any, tmp_path: Path) -> None:
        assert jcm("calculate", tmp_path).status == 2

    @pytest.mark.parametrize("command", ["", "template", "check", "calculate", "methodologies"])
    def test_help_ends_with_0(self, command: str, jcm: Any) -> None:
        done = jcm(*command.split(), "--help")
        assert done.status == 0
        assert "Usage:" in done.out

    def test_version(self, jcm: Any) -> None:
        assert jcm("--version").out.split() == ["jcm-mrv", __version__]


class TestTemplate:
    def test_it_writes_a_workbook_that_says_what_to_do_next(self, jcm: Any, tmp_path: Path) -> None:
        done = jcm("template", "VN_AM007", tmp_path / "monitoring.xlsx")
        assert done.status == 0
        assert "jcm-mrv check" in done.out
        assert [p.name for p in tmp_path.iterdir()] == ["monitoring.xlsx"]

    def test_it_never_replaces_a_file(self, jcm: Any, tmp_path: Path) -> None:
        work = tmp_path / "monitoring.xlsx"
        work.write_bytes(b"a year of work")
        done = jcm("template", "VN_AM007", work)
        assert done.status == 1
        assert "exists already" in done.err and "--force" in done.err
        assert work.read_bytes() == b"a year of work"

    def test_unless_it_is_told_to(self, jcm: Any, tmp_path: Path) -> None:
        work = tmp_path / "monitoring.xlsx"
        work.write_bytes(b"")
        assert jcm("template", "VN_AM007", work, "--force").status == 0
        assert work.read_bytes().startswith(b"PK")

    @pytest.mark.parametrize("wanted", ["VN_AM07", "VN-AM007", "vn_am0007"])
    def test_an_unknown_methodology_names_the_nearest(self, wanted: str, jcm: Any, tmp_path: Path) -> None:
        done = jcm("template", wanted, tmp_path / "monitoring.xlsx")
        assert done.status == 1
        assert f"{wanted} is not in the catalogue. Did you mean VN_AM007 1.0" in done.err
        assert list(tmp_path.iterdir()) == []

    def test_an_unknown_version_names_those_there_are(self, jcm: Any, tmp_path: Path) -> None:
        done = jcm("template", "VN_AM007@9.9", tmp_path / "monitoring.xlsx")
        assert done.status == 1
        assert "this number is there as VN_AM007 1.0" in done.err

    def test_a_name_like_nothing_says_where_to_look(self, jcm: Any, tmp_path: Path) -> None:
        done = jcm("template", "quux", tmp_path / "monitoring.xlsx")
        assert done.status == 1
        assert "did you mean" not in done.err
        assert "jcm-mrv methodologies list" in done.err

    def test_several_for_one_claim(self, jcm: Any, tmp_path: Path) -> None:
        path = tmp_path / "monitoring.xlsx"
        assert jcm("template", "VN_AM007, VN_AM006", path).status == 0
        assert read_workbook(path).project.methodologies == "VN_AM007 1.0; VN_AM006 1.0"

    def test_methodologies_of_several_countries_are_named(self, jcm: Any, tmp_path: Path) -> None:
        done = jcm("template", "VN_AM007, ID_AM004", tmp_path / "monitoring.xlsx")
        assert done.status == 0
        assert "VN_AM007 1.0: Viet Nam; ID_AM004 2.0: Indonesia" in done.err
        assert jcm("template", "VN_AM007, VN_AM006", tmp_path / "other.xlsx").err == ""

    def test_a_folder_that_is_not_there(self, jcm: Any, tmp_path: Path) -> None:
        done = jcm("template", "VN_AM007", tmp_path / "nowhere" / "monitoring.xlsx")
        assert done.status == 1
        assert done.err.startswith("Error: ")

    def test_the_same_bytes_every_time(self, jcm: Any, tmp_path: Path) -> None:
        for name in ("a.xlsx", "b.xlsx"):
            jcm("template", "ID_AM004", tmp_path / name)
        assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


class TestCalculate:
    def test_the_tonnes_by_year_and_where_the_reports_lie(self, jcm: Any, good: Path) -> None:
        """100 + 120 + 140 MWh x 0.5 t/MWh = 180 t."""
        done = jcm("calculate", good, "--formats", "json")
        assert done.status == 0
        total = next(line for line in done.out.splitlines() if line.startswith("Total"))
        assert total.split() == ["Total", "180.000", "0.000", "180.000", "180", "-"]
        folder = good.parent / "output" / "example-roof-illustrative_2024-01-01_2024-03-31"
        assert [p.name for p in folder.iterdir()] == ["result.json"]
        assert str(folder / "result.json") in done.out

    def test_in_the_folder_that_is_named(self, jcm: Any, good: Path, tmp_path: Path) -> None:
        done = jcm("calculate", good, "--output", tmp_path / "here", "--formats", " JSON ")
        assert done.status == 0
        assert json.loads((tmp_path / "here" / "result.json").read_bytes())["emission_reductions"]["credited"] == 180
        assert not (good.parent / "output").exists()

    def test_a_folder_that_cannot_be_made(self, jcm: Any, good: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        done = jcm("calculate", good, "--output", tmp_path / "file" / "out", "--formats", "json")
        assert done.status == 1
        assert done.err.startswith("Error: ")

    def test_an_open_file_is_named_with_what_to_do(self) -> None:
        message = system_message(PermissionError(13, "Permission denied", "monitoring_report.xlsx"))
        assert "monitoring_report.xlsx" in message and "Close the file if it is open in Excel" in message

    @pytest.mark.parametrize(("title", "folder"), [("../../evil", "evil"), ("/", "monitoring"), ("Đà Nẵng", "đà-nẵng")])
    def test_the_folder_is_named_for_the_project_and_stays_beside_the_workbook(
        self, title: str, folder: str, jcm: Any, tmp_path: Path
    ) -> None:
        path = solar_workbook(tmp_path / "monitoring.xlsx", project={"title": title})
        assert jcm("calculate", path, "--formats", "json").status == 0
        assert [p.name for p in (tmp_path / "output").iterdir()] == [f"{folder}_2024-01-01_2024-03-31"]

    def test_other_peoples_words_do_not_steer_the_terminal(self, jcm: Any, tmp_path: Path) -> None:
        path = solar_workbook(tmp_path / "monitoring.xlsx", project={"title": "roof \x1b[2J\x1b]0;x\x07 end"})
        done = jcm("calculate", path, "--formats", "json")
        assert "\x1b" not in done.out + done.err and "\x07" not in done.out + done.err


class TestAfterwards:
    """What a person is told to do next, and the report on the screen."""

    def test_an_open_question_comes_first(self, jcm: Any, good: Path) -> None:
        done = jcm("calculate", good, "--formats", "json")
        assert done.out.splitlines()[-1].startswith(
            "Next: mend the one major finding, or answer it on the sheet Answers"
        )
        assert f"jcm-mrv check {good} --output checks" in done.out.splitlines()[-1]

    def test_without_one_the_package_goes_to_the_verifier(self, good: Path) -> None:
        result = calculate_file(good)
        answered = replace(result, findings=tuple(f for f in result.findings if f.severity != "major"))
        package = good.parent / "monitoring_package.zip"
        assert f"jcm-mrv verify {package}" in next_step(answered, good, [package])
        assert "--formats json,xlsx,pdf,package" in next_step(answered, good, [good.parent / "result.json"])

    @pytest.mark.parametrize("screen", [True, False])
    def test_the_report_is_opened_where_there_is_a_screen(
        self, screen: bool, jcm: Any, good: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown: list[Path] = []
        monkeypatch.setattr(afterwards, "_screen", lambda: screen)
        monkeypatch.setattr(afterwards, "_launched", lambda path: shown.append(path) or True)
        done = jcm("calculate", good, "--formats", "json,xlsx", "--open")
        assert done.status == 0
        assert [path.name for path in shown] == ["monitoring_report.xlsx"] * screen
        assert ("could not be opened here" in done.err) == (not screen)


class TestWithoutPdfLibraries:
    """A machine on which WeasyPrint's system libraries are missing."""

    @pytest.fixture(autouse=True)
    def no_pango(self, monkeypatch: pytest.MonkeyPatch) -> None:
        load = requirements._load
        monkeypatch.setattr(requirements, "_load", lambda names: None if "pango-1.0" in names else load(names))

    def test_it_says_what_to_install_and_what_works_without(self, jcm: Any, good: Path) -> None:
        done = jcm("calculate", good)
        assert done.status == 1
        assert "the library pango" in done.err
        assert "the library glib" not in done.err, "only what is missing"
        for word in ("Debian", "apt-get install libpango-1.0-0", "macOS", "brew install pango", "Windows", "MSYS2"):
            assert word in done.err
        assert "--formats json,xlsx" in done.err
        assert [p.name for p in good.parent.iterdir()] == ["monitoring.xlsx"]

    def test_and_that_does_work(self, jcm: Any, good: Path) -> None:
        assert jcm("calculate", good, "--formats", "json,xlsx").status == 0

    def test_missing_fonts_are_named(self, jcm: Any, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(requirements, "missing_libraries", list)
        monkeypatch.setattr(requirements, "missing_fonts", lambda lang: ["a font with Vietnamese letters"])
        done = jcm("calculate", good)
        assert done.status == 1
        assert "a font with Vietnamese letters" in done.err and "fonts-noto-core" in done.err


class TestCheck:
    def test_a_good_workbook(self, jcm: Any, good: Path) -> None:
        done = jcm("check", good)
        assert done.status == 0
        assert "Findings: 1 major, 3 minor" in done.out
        assert [p.name for p in good.parent.iterdir()] == ["monitoring.xlsx"]

    def test_a_blank_one_lists_what_is_needed(self, jcm: Any, tmp_path: Path) -> None:
        jcm("template", "VN_AM007", tmp_path / "monitoring.xlsx")
        done = jcm("check", tmp_path / "monitoring.xlsx")
        assert done.status == 1
        assert "Project!B2" in done.out
        assert "cannot be calculated before the errors are mended" in done.out


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, **environment}
    return subprocess.run([sys.executable, *arguments], capture_output=True, env=env, check=False, timeout=120)


def test_as_a_module() -> None:
    done = python("-m", "jcm_mrv", "--version")
    assert (done.returncode, done.stdout.decode().split()) == (0, ["jcm-mrv", __version__])


def test_status_2_reaches_the_shell() -> None:
    assert python("-m", "jcm_mrv", "calculate").returncode == 2


def test_a_narrow_console_does_not_crash() -> None:
    done = python("-m", "jcm_mrv", "methodologies", "show", "VN_AM007", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


def test_the_page_of_commands_is_current() -> None:
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == load_script("write_cli_docs").page(), "make docs"


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    written = load_script("write_first_paragraphs").text()
    kept = (ROOT / "jcm_mrv" / "cli" / "first_paragraphs.py").read_text(encoding="utf-8")
    assert kept == written, "make docs"
    assert '    "calculate": "Calculate the emission reductions of MONITORING and write the reports.",\n' in kept


def test_help_imports_no_command() -> None:
    code = "import sys\nfrom jcm_mrv.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
    code += "print([m for m in sys.modules if m.startswith('jcm_mrv.cli.calculate') or m == 'jcm_mrv.findings'])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"
    assert "\n  calculate      Calculate the emission reductions of MONITORING" in shown
