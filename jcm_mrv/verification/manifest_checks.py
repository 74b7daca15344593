"""What a manifest states besides checksums of files, against the recomputed result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from jcm_mrv.reporting.excel.stretches import Rows
from jcm_mrv.reporting.write import NAMES, plain_name
from jcm_mrv.result import Result
from jcm_mrv.verification.checks import Check, Verdict, blamed, compared
from jcm_mrv.verification.comparing import json_differences
from jcm_mrv.verification.manifest import INPUTS, NAME, command_text
from jcm_mrv.words import say

_FORMATS = {name: key for key, name in NAMES.items()}


def manifest_checks(
    manifest: Mapping[str, Any], result: Result, software: Mapping[str, str], versions: str = ""
) -> Iterator[Check]:
    """Settings, documents, workbook, inputs and command; ``software`` is what the stated result says made it.

    ``versions`` names other versions, which may have other settings.
    """
    settings = dict(sorted(result.settings.items()))
    yield from blamed(list(json_differences(manifest["settings"], settings, NAME, "settings")), versions)
    yield from json_differences(manifest["software"], dict(software), NAME, "software")
    yield from _same("workbook", manifest["workbook"], INPUTS + result.data.file)
    named = [row.file.strip() for row in result.data.evidence if row.file.strip()]
    yield from _same("documents", sorted({one["file"] for one in manifest["documents"]}), sorted(set(named)))
    yield from _same("inputs", _inputs(manifest), sorted({INPUTS + path for path, _ in result.inputs}))
    yield from _methodologies(manifest, result)
    yield from _command(manifest, result)


def _same(what: str, stated: Any, found: Any) -> Iterator[Check]:
    if stated != found:
        yield compared(what, f"{NAME}: {what}", str(stated), str(found))


def _inputs(manifest: Mapping[str, Any]) -> list[str]:
    return sorted(one["path"] for one in manifest["files"] if one["role"] in ("workbook", "input"))


def _methodologies(manifest: Mapping[str, Any], result: Result) -> Iterator[Check]:
    stated = [f"{one['number']} {one['version']}" for one in manifest["methodologies"]]
    cards = [bound.entry.card for bound in result.claim.bounds]
    yield from _same("methodologies", stated, [f"{card.number} {card.version}" for card in cards])


def _command(manifest: Mapping[str, Any], result: Result) -> Iterator[Check]:
    """The command has to be one that writes these reports of this workbook in this language."""
    stated = str(manifest["command"])
    words = stated.removeprefix(say("jcm-mrv calculate {file}", file=result.data.file)).split()
    asked = {a: b for a, b in pairwise(words) if a.startswith("--")}
    formats = asked.get("--formats", "").split(",")
    held = {
        _FORMATS.get(plain_name(PurePosixPath(one["path"]).name), "?")
        for one in manifest["files"]
        if one["role"] == "report"
    }
    evidence, rows = "--with-evidence" in words, asked.get("--rows", Rows.MONTHLY)
    written = command_text(result.data.file, formats, manifest["language"], rows, with_evidence=evidence)
    if stated != written or rows not in tuple(Rows) or {*formats, "json", "package"} != held | {"package"}:
        note = say(
            "it does not write these reports ({held}) of {file}", held=", ".join(sorted(held)), file=result.data.file
        )
        yield Check(say("command"), say("{name}: command", name=NAME), Verdict.DIFFERS, manifest["command"], note=note)
