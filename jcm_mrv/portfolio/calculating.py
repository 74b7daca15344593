"""One member calculated, or its package verified, in whatever process: from a path to the record of the store.

Nothing that is wrong with one member is raised: its record says why it failed, and the others go on.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.errors import JcmMrvError, UnsafeFileError
from jcm_mrv.findings import LISTED, Code, Finding, InputRefusedError, Severity
from jcm_mrv.guard import reading, said
from jcm_mrv.inputs import read_monitoring
from jcm_mrv.origin import Origin
from jcm_mrv.portfolio.definition import Source
from jcm_mrv.portfolio.fingerprint import contents_of, named_files
from jcm_mrv.portfolio.identities import identities_of
from jcm_mrv.portfolio.outcome import State
from jcm_mrv.portfolio.records import Record
from jcm_mrv.portfolio.rows import finding_rows, rows_of
from jcm_mrv.portfolio.software import software_digest, software_name
from jcm_mrv.portfolio.tonnes import Kind
from jcm_mrv.reporting.result_json import canonical_sha256, result_data
from jcm_mrv.result import Result
from jcm_mrv.verification.checks import PASSING, Verification
from jcm_mrv.verification.opening import opened, stated
from jcm_mrv.verification.verifying import verify
from jcm_mrv.words import say

FAILED = Code("portfolio.failed", Severity.ERROR, "A member could not be calculated")
UNVERIFIED = Code("portfolio.unverified", Severity.MAJOR, "A member's package does not verify")


class OtherSoftwareError(JcmMrvError, RuntimeError):
    """The process that was to calculate has other software than the one that asked."""


class _CrashedError(JcmMrvError, RuntimeError):
    """An error of jcm-mrv itself, or of the machine, while a member was calculated."""


@dataclass(frozen=True)
class Task:
    """A member to be calculated; ``sha256`` of its file and ``software`` are as who asked for it has them."""

    member: str
    source: Source
    path: str
    sha256: str
    software: str


def calculate_member(task: Task) -> Record:
    """The record of a member. Raises OtherSoftwareError where this process has other software; nothing else."""
    if task.software != software_digest():
        raise OtherSoftwareError(
            say(
                "this process has {software}, not the software that asks: it was changed meanwhile. Run it again",
                software=software_name(),
            )
        )
    started = time.time_ns()
    path = Path(task.path)
    if not task.sha256:
        action = say("Copy it there, or correct its path in the portfolio.")
        return _failed(task, [FAILED(say("the file is not there"), Origin(file=path.name), action=action)])
    if contents_of(path, ()).sha256 != task.sha256:
        return _failed(task, [_other_file(path)])
    record, named, lasting = _made(task, path)
    contents = contents_of(path, named)
    # What was changed while it was read is calculated again the next time.
    lasting = lasting and contents.newest < started
    return replace(record, named=named, fingerprint=contents.fingerprint(task.software) if lasting else "")


def _made(task: Task, path: Path) -> tuple[Record, tuple[str, ...], bool]:
    """The record without its fingerprint, the files that its workbook names, and whether trying again is useless."""
    try:
        with reading(_CrashedError):
            if task.source is Source.PACKAGE:
                return _package(task, path), (), True
            result = calculate_file(path)
            return _calculated(task, result), named_files(result.data), True
    except InputRefusedError as error:
        findings = [*error.findings, *error.others]
        return _failed(task, findings), _named(path), True
    except (_CrashedError, OSError) as error:
        action = say("Run it again; if it fails again, jcm-mrv calculate FILE shows more.")
        return _failed(task, [_failure(path, error, action)]), _named(path), False
    except JcmMrvError as error:
        action = say("Correct the file, or name another one in the portfolio.")
        return _failed(task, [_failure(path, error, action)]), _named(path), True


def _failure(path: Path, error: Exception, action: str) -> Finding:
    message = say("it could not be calculated: {why}", why=said(error))
    return FAILED(message, Origin(file=path.name), action=action)


def _other_file(path: Path) -> Finding:
    message = say("{host} finds no such file or another one than the run began with", host=platform.node())
    action = say(
        "Run it again. On a cluster the folder of the portfolio has to be there for every worker under the same path: "
        "{path}",
        path=path,
    )
    return FAILED(message, Origin(file=path.name), action=action)


def _failed(task: Task, findings: Sequence[Finding]) -> Record:
    return Record(task.member, "", (), State.FAILED, rows={"findings": finding_rows(findings)})


def _named(path: Path) -> tuple[str, ...]:
    """The files that a workbook names which was refused; none where it cannot be read at all."""
    if path.suffix.lower() == ".zip":
        return ()
    try:
        with reading(_CrashedError):
            return named_files(read_monitoring(path))
    except (JcmMrvError, OSError):
        return ()


def _calculated(task: Task, result: Result) -> Record:
    kind = Kind.INDICATIVE if result.indicative else Kind.CREDITED
    record = _of_data(task, result_data(result), kind, State.CALCULATED)
    return replace(record, rows={**record.rows, "identities": identities_of(result)})


def _of_data(task: Task, data: Any, kind: Kind, state: State) -> Record:
    """The record of a result as data, without what identifies its meters."""
    period = data["monitoring_period"]
    return Record(
        task.member,
        "",
        (),
        state,
        kind,
        tuple(f"{one['number']} {one['version']}" for one in data["methodologies"]),
        period["start"],
        period["end"],
        canonical_sha256(data),
        data["software"],
        rows_of(data, kind),
    )


def _package(task: Task, path: Path) -> Record:
    """A package that verifies counts as its inputs do; the figures of one that does not are marked and kept apart."""
    verification = verify(path, second_engine=False)
    if verification.reproduced:
        with opened(path) as result:
            return _calculated(task, result)
    reasons = list(_reasons(path, verification))
    try:
        data = stated(path)
    except UnsafeFileError as error:
        action = say("Name a package as jcm-mrv calculate writes it.")
        return _failed(task, [_failure(path, error, action), *reasons])
    record = _of_data(task, data, Kind.UNVERIFIED, State.UNVERIFIED)
    findings = [*finding_rows(reasons), *record.rows["findings"]]
    return replace(record, rows={**record.rows, "findings": findings})


def _reasons(path: Path, verification: Verification) -> list[Finding]:
    checks = [check for check in verification.checks if check.verdict not in PASSING]
    action = say(
        "jcm-mrv verify {file} shows all of it. Ask those who made the package for one that verifies.", file=path.name
    )
    return [
        UNVERIFIED(
            say("{what}: {verdict}", what=check.what, verdict=check.verdict)
            + (say(", {note}", note=check.note) if check.note else ""),
            Origin(file=path.name),
            found=say("stated {stated}, recomputed {found}", stated=check.stated, found=check.recomputed)
            if check.stated or check.recomputed
            else "",
            action=action,
        )
        for check in checks[:LISTED]
    ]
