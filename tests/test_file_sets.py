"""A set of files is old or new, never mixed, at whatever step the process is killed; nobody else's file is deleted."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from jcm_mrv import file_sets
from jcm_mrv.file_sets import PREFIX, InTheWayError, finish_interrupted, write_together

OLD = {"result.json": b"old json", "report.xlsx": b"old workbook", "page.html": b"old page"}
NEW = {"result.json": b"new json", "report.xlsx": b"new workbook", "report.pdf": b"new pdf"}
BOTH = {**NEW, "page.earlier.html": b"old page"}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def fill(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in OLD.items():
        (folder / name).write_bytes(data)
    return folder


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed at the n-th thing it does to the disk; False when it got through."""
    child = os.fork()
    if child == 0:
        left = step

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def then(*arguments: object, **more: object) -> object:
                nonlocal left
                if left == 0:
                    os._exit(9)
                left -= 1
                return real(*arguments, **more)

            return then

        for name in ("replace", "rmdir", "unlink", "mkdir", "fsync"):
            setattr(os, name, counted(getattr(os, name)))
        file_sets._write = counted(file_sets._write)  # type: ignore[assignment]
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_killed_at_each_step_the_next_run_finds_old_or_new_as_a_set(tmp_path: Path) -> None:
    finished = cleaned = 0
    for step in range(200):
        folder = fill(tmp_path / f"out-{step}")
        if not killed_at(step, partial(write_together, folder, NEW, ["page.html"])):
            assert contents(folder) == BOTH
            break
        said = finish_interrupted(folder)
        assert contents(folder) in (OLD, BOTH), f"step {step}: {sorted(contents(folder))}"
        assert not list(folder.glob(f"{PREFIX}*"))
        finished += any("Finished" in text for text in said)
        cleaned += any("Cleaned" in text for text in said)
    else:
        raise AssertionError("it never got through")
    assert step > 15 and finished > 5 and cleaned > 5


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_a_second_kill_while_it_is_finished_changes_nothing(tmp_path: Path) -> None:
    for step in range(0, 40, 3):
        for again in range(0, 12, 2):
            folder = fill(tmp_path / f"out-{step}-{again}")
            killed_at(step, partial(write_together, folder, NEW, ["page.html"]))
            killed_at(again, partial(finish_interrupted, folder))
            finish_interrupted(folder)
            assert contents(folder) in (OLD, BOTH), (step, again)


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_what_a_person_put_there_after_the_kill_is_kept(tmp_path: Path) -> None:
    for step in range(40):
        folder = fill(tmp_path / f"out-{step}")
        if not killed_at(step, partial(write_together, folder, NEW)):
            break
        (folder / "result.json").write_bytes(b"mine")
        for work in folder.glob(f"{PREFIX}*"):
            (work / "notes.txt").write_bytes(b"mine too")
        said = finish_interrupted(folder)
        assert b"mine" in contents(folder).values(), step
        kept = list(folder.rglob("notes.txt"))
        assert not kept or any("Left as it is" in text for text in said)


def test_a_folder_of_the_name_of_a_report_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "result.json").mkdir()
    (tmp_path / "result.json" / "thesis.txt").write_bytes(b"mine")
    with pytest.raises(InTheWayError, match="is not a file"):
        write_together(tmp_path, NEW)
    assert contents(tmp_path) == {"result.json/thesis.txt": b"mine"}


def test_a_file_that_is_not_ones_own_is_kept_and_said(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "result.json").write_bytes(b"mine")
    (tmp_path / "result.earlier.json").write_bytes(b"mine as well")
    write_together(tmp_path, NEW, own=lambda name, content: False, tell=said.append)
    found = contents(tmp_path)
    assert found == {**NEW, "result.earlier.json": b"mine as well", "result.earlier-2.json": b"mine"}
    assert [text.split(":")[0] for text in said] == ["Kept"] and "result.earlier-2.json" in said[0]


def test_what_is_replaced_is_said_and_the_same_again_is_not(tmp_path: Path) -> None:
    said: list[str] = []
    write_together(tmp_path, NEW, tell=said.append)
    write_together(tmp_path, NEW, tell=said.append)
    assert said == []
    write_together(tmp_path, {**NEW, "report.pdf": b"newer"}, tell=said.append)
    assert len(said) == 1 and "report.pdf" in said[0]


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fill(tmp_path / "out")
    real, count = file_sets._write, 0

    def full(path: Path, content: bytes) -> None:
        nonlocal count
        count += 1
        real(path, content[: len(content) // 2] if count == step else content)
        if count == step:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(file_sets, "_write", full)
    for step in range(1, 6):  # noqa: B007 - full() looks at it
        count = 0
        with pytest.raises(OSError, match="No space"):
            write_together(folder, NEW)
        assert contents(folder) == OLD and len(list(folder.iterdir())) == len(OLD)


def test_two_processes_write_one_after_the_other(tmp_path: Path) -> None:
    """Each set holds files of one letter; whatever the order, the folder never mixes letters."""
    program = (
        "import sys; from pathlib import Path; from jcm_mrv.file_sets import write_together\n"
        "folder, letter = Path(sys.argv[1]), sys.argv[2].encode()\n"
        "for n in range(30): write_together(folder, {f'{k}.txt': letter * 1000 for k in range(8)})\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), letter]) for letter in "ab"]
    assert [process.wait(60) for process in both] == [0, 0]
    found = contents(tmp_path)
    assert len(found) == 8 and len(set(found.values())) == 1


def test_a_folder_in_use_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_sets, "PATIENCE", 0.1)
    with file_sets.alone(tmp_path), pytest.raises(file_sets.BusyError, match="Try again"):
        write_together(tmp_path, NEW)


@pytest.mark.parametrize(
    "plan",
    ["", "{", "[" * 5_000, '{"files": ["a"], "there": {}}', '{"files": {"../mine.txt": ""}, "there": {}}',
     '{"files": {"mine.txt": ""}, "there": {"mine.txt": {"to": "../x"}}}', '{"files": {}, "there": {"mine.txt": {}}}',
     '{"files": {"a": ""}, "there": {"mine.txt": {"to": "b", "sha256": ""}}}'],
)  # fmt: skip
def test_a_plan_that_was_made_up_deletes_nothing(plan: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    work = folder / f"{PREFIX}made-up"
    (work / "new").mkdir(parents=True)
    (work / "plan").write_bytes(file_sets.MARK + plan.encode())
    (work / "complete").write_bytes(file_sets.MARK)
    (tmp_path / "mine.txt").write_bytes(b"outside")
    (folder / "mine.txt").write_bytes(b"inside")
    finish_interrupted(folder)
    assert (tmp_path / "mine.txt").read_bytes() == b"outside"
    assert (folder / "mine.txt").read_bytes() == b"inside"
