"""LibreOffice as the second engine: every formula computed anew, whatever values are cached in the file."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class LibreOfficeError(JcmMrvError, RuntimeError):
    """LibreOffice is not installed, or did not write the workbook."""


def soffice() -> str | None:
    """The program of LibreOffice; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def recalculate(path: Path, out_dir: Path, timeout: float = 120) -> Path:
    """The workbook with all formulas recalculated, as a new .xlsx in ``out_dir`` (see :func:`recalculate_all`)."""
    return recalculate_all([path], out_dir, timeout)[0]


def recalculate_all(paths: Sequence[Path], out_dir: Path, timeout: float = 120) -> list[Path]:
    """Workbooks, whose names differ, with all formulas recalculated, as new .xlsx in ``out_dir``, by one process.

    Each call uses a profile of its own, so calls may run side by side.
    Raises LibreOfficeError when it is not installed, leaves one out, or takes
    longer than ``timeout`` [s] for all.
    """
    failed = convert_all(paths, out_dir, "xlsx:Calc MS Excel 2007 XML", timeout)
    results = [out_dir / f"{path.stem}.xlsx" for path in paths]
    for path, result in zip(paths, results, strict=True):
        if failed is not None or not result.exists() or result.resolve() == path.resolve():
            raise LibreOfficeError(
                say(
                    "LibreOffice did not recalculate {file}: {reason}",
                    file=path.name,
                    reason=failed or say("it wrote nothing"),
                )
            )
    return results


def convert_all(paths: Sequence[Path], out_dir: Path, form: str, timeout: float) -> str | None:
    """Write workbooks with all formulas recalculated in a form of LibreOffice; what it said where it failed.

    Raises LibreOfficeError when it is not installed or takes longer than ``timeout`` [s].
    """
    program = soffice()
    if program is None:
        raise LibreOfficeError(say("LibreOffice (soffice) is not installed"))
    names = ", ".join(path.name for path in paths)
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="soffice-") as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        command = [program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", form, "--outdir", str(out_dir), *map(str, paths)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired as error:
            raise LibreOfficeError(
                say("LibreOffice took longer than {timeout:g} s for {names}", timeout=timeout, names=names)
            ) from error
    return done.stderr if done.returncode else None
