"""LibreOffice as the second engine: every formula computed anew, whatever values are cached in the file."""

import shutil
import subprocess
import tempfile
from pathlib import Path

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculate(path: Path, out_dir: Path, timeout: float = 120) -> Path:
    """The workbook with all formulas recalculated, as a new .xlsx in ``out_dir``.

    Each call uses a profile of its own, so calls may run side by side.
    Raises RuntimeError when LibreOffice writes nothing.
    """
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise RuntimeError("LibreOffice (soffice) is not installed; make test installs it")
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="soffice-") as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        command = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--norestore"]
        command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out_dir), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    result = out_dir / f"{path.stem}.xlsx"
    if done.returncode or not result.exists() or result.resolve() == path.resolve():
        raise RuntimeError(f"LibreOffice did not recalculate {path.name}: {done.stderr}")
    return result
