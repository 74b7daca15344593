"""Writing files into a folder as a set: all of them appear, or none, also when the process is killed in between.

The files are written into a hidden folder beside their places, with a manifest of what is to be done, and moved from
there. A run that finds such a folder of a run that was killed finishes it when its files were complete, and takes it
away when they were not. One process at a time writes into a folder.

Nothing is ever deleted but what a manifest names as written here, and what the caller knows as its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

PREFIX = ".jcm-mrv-"
PLAN, COMPLETE, NEW = "plan", "complete", "new"
MARK = b"jcm-mrv files 1\n"
_LARGEST_PLAN = 1_000_000  # bytes
PATIENCE = 30.0
"""Seconds to wait for another process that writes into the same folder."""

Say = Callable[[str], None]


class InTheWayError(JcmMrvError, FileExistsError):
    """Something that is no file bears the name of a file to be written."""


class BusyError(JcmMrvError, BlockingIOError):
    """Another process writes into the folder."""


def _silent(text: str) -> None:
    """Where nobody listens."""


def _any(name: str, content: bytes) -> bool:
    return True


def write_together(
    folder: Path,
    contents: Mapping[str, bytes],
    set_aside: Iterable[str] = (),
    *,
    own: Callable[[str, bytes], bool] = _any,
    tell: Say = _silent,
) -> list[Path]:
    """Write files into a folder so that all of them appear, or none and nothing is lost.

    A file of the same name is replaced where ``own`` says by its name and content that it may be; any other, and
    those named in ``set_aside``, are kept under a name with ``.earlier``. ``tell`` is told each of it.

    Raises OSError, InTheWayError and BusyError; the folder is then as it was before.
    """
    with _made(folder), alone(folder):
        for text in _finish(folder):
            tell(text)
        there = _there(folder, contents, set_aside, own)
        with _workspace(folder) as work:
            _stage(work, contents, there)
            _move_all(folder, work)
    for name, old in there.items():
        if old["to"]:
            tell(say("Kept: what was {name} is now {folder}", name=name, folder=folder / old["to"]))
        elif old["sha256"] != _digest(contents[name]):
            tell(say("Replaced: {folder} of an earlier run", folder=folder / name))
    return [folder / name for name in contents]


def finish_interrupted(folder: Path) -> list[str]:
    """Finish or take away what a run left that was killed while it wrote into ``folder``, and say what was done."""
    if not _leftovers(folder):
        return []
    with alone(folder):
        return list(_finish(folder))


# --- one set ---------------------------------------------------------------------


def _there(
    folder: Path, contents: Mapping[str, bytes], set_aside: Iterable[str], own: Callable[[str, bytes], bool]
) -> dict[str, dict[str, str]]:
    """Files that are in the way: their SHA-256, and the name under which each is kept ('' for one that is replaced)."""
    there: dict[str, dict[str, str]] = {}
    aside = set(set_aside)
    for name in dict.fromkeys((*contents, *sorted(aside))):
        path = folder / name
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise InTheWayError(
                say("{path} is not a file. Move it away or rename it, or choose another --output.", path=path)
            )
        if path.exists():
            content = path.read_bytes()
            replaced = name not in aside and (content == contents[name] or own(name, content))
            there[name] = {"sha256": _digest(content), "to": "" if replaced else _free_name(folder, name)}
    return there


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _free_name(folder: Path, name: str) -> str:
    """``result.earlier.json``, ``result.earlier-2.json`` …: the first that is free."""
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 1
    while os.path.lexists(folder / (earlier := f"{stem}.earlier{f'-{number}' if number > 1 else ''}{suffix}")):
        number += 1
    return earlier


def _stage(work: Path, contents: Mapping[str, bytes], there: Mapping[str, Mapping[str, str]]) -> None:
    plan = {"files": {name: _digest(content) for name, content in contents.items()}, "there": there}
    _write(work / PLAN, MARK + json.dumps(plan).encode())
    (work / NEW).mkdir()
    for name, content in contents.items():
        _write(work / NEW / name, content)
    _write(work / COMPLETE, MARK)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move_all(folder: Path, work: Path) -> None:
    """Move what is in the way aside and the new files in place. Raises OSError; then everything is as before."""
    plan = _plan(work)
    with ExitStack() as undo:
        aside = [name for name in plan["there"] if name not in plan["files"]]
        for name in (*aside, *plan["files"]):  # the files last: as long as one of them waits, the set is not finished
            waiting = work / NEW / name
            if os.path.lexists(folder / name) and (waiting.exists() or name not in plan["files"]):
                _move(folder / name, _aside(folder, work, name, plan["there"].get(name)), undo)
            if waiting.exists():
                _move(waiting, folder / name, undo)
        undo.pop_all()


def _aside(folder: Path, work: Path, name: str, old: Mapping[str, str] | None) -> Path:
    """Where to put what is in the way. What is not as it was when the plan was made is kept in any case."""
    path = folder / name
    if old is None or not path.is_file() or _digest(path.read_bytes()) != old["sha256"]:
        return folder / _free_name(folder, name)
    if not old["to"]:
        return work / f"{name}.before"
    return folder / (_free_name(folder, name) if os.path.lexists(folder / old["to"]) else old["to"])


def _move(source: Path, target: Path, undo: ExitStack) -> None:
    os.replace(source, target)  # noqa: PTH105 - Path.replace hides which of the two names refused
    undo.callback(os.replace, target, source)


# --- leftovers -------------------------------------------------------------------


def _leftovers(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.name.startswith(PREFIX) and p.is_dir() and not p.is_symlink())


def _finish(folder: Path) -> Iterator[str]:
    """Take up or take away what killed runs left."""
    for work in _leftovers(folder):
        plan = _plan(work)
        complete = _is_ours(work / COMPLETE)
        if complete and any((work / NEW / name).exists() for name in plan["files"]):
            _move_all(folder, work)
            yield say(
                "Finished: an earlier run was stopped while it put {plan} into {folder}",
                plan=", ".join(plan["files"]),
                folder=folder,
            )
        _take_away(work, plan)
        if work.exists():
            yield say("Left as it is: {work} holds something that jcm-mrv did not write", work=work)
        elif not complete:
            yield say(
                "Cleaned: an earlier run was stopped before it had written all into {folder}; nothing was changed",
                folder=folder,
            )


def _plan(work: Path) -> dict[str, Any]:
    """The plan of a set; an empty one where the run was killed before it was written whole."""
    nothing: dict[str, Any] = {"files": {}, "there": {}}
    try:
        with (work / PLAN).open("rb") as file:
            plan = json.loads(file.read(_LARGEST_PLAN).removeprefix(MARK))
        there = plan["there"].values()
        names = [
            *plan["files"],
            *plan["there"],
            *(old["to"] or "-" for old in there),
            *(old["sha256"] for old in there),
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return nothing
    plain = all(isinstance(n, str) and n == Path(n).name and n for n in names) and _is_ours(work / PLAN)
    return plan if plain and isinstance(plan["files"], dict) else nothing


def _is_ours(path: Path) -> bool:
    """True for a plan as written here, whole or cut off."""
    try:
        with path.open("rb") as file:
            return MARK.startswith(file.read(len(MARK)))
    except OSError:
        return False


def _take_away(work: Path, plan: Mapping[str, Any]) -> None:
    """Delete what the plan names and the plan itself, and the folders where nothing else is in them."""
    with suppress(OSError):  # what cannot be deleted now is taken away by the next run
        for name in plan["files"]:
            for path in (work / NEW / name, work / f"{name}.before"):
                path.unlink(missing_ok=True)
        for path in (work / COMPLETE, work / PLAN):
            if _is_ours(path):
                path.unlink()
        for path in (work / NEW, work):
            if path.is_dir():
                path.rmdir()


# --- the folder ------------------------------------------------------------------


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folder and its parents; on failure those that were not there go again."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    with ExitStack() as undo:
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            undo.callback(_remove_empty, path)
        yield
        undo.pop_all()


def _remove_empty(path: Path) -> None:
    with suppress(OSError):
        path.rmdir()


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    """A hidden folder on the same disk, so that what is in it can be moved in one step."""
    work = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
    try:
        yield work
    finally:
        _take_away(work, _plan(work))


@contextmanager
def alone(folder: Path, patience: float | None = None) -> Iterator[None]:
    """Wait, up to ``patience`` seconds, until no other process writes into the folder; keep others out."""
    with ExitStack() as stack:
        handle = _handle(folder, stack)
        waited = time.monotonic() + (PATIENCE if patience is None else patience)
        while not _locked(handle):
            if time.monotonic() > waited:
                raise BusyError(
                    say("another jcm-mrv writes into {folder}. Try again when it has finished.", folder=folder)
                )
            time.sleep(0.05)
        yield


if sys.platform == "win32":
    import msvcrt

    def _handle(folder: Path, stack: ExitStack) -> int:
        path = Path(tempfile.gettempdir()) / f"jcm-mrv-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()}"
        file: IO[bytes] = stack.enter_context(path.open("ab"))
        return file.fileno()

    def _locked(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _handle(folder: Path, stack: ExitStack) -> int:
        handle = os.open(folder, os.O_RDONLY)
        stack.callback(os.close, handle)
        return handle

    def _locked(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: then the last one's set is there, as a set of renames
            return True
        return True
