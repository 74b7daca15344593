"""Putting the facts of a draft together: what was handed in, recomputed, checked, asked and answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.result import Result
from jcm_mrv.verification.checks import Verification
from jcm_mrv.verification.opening import opened, stated
from jcm_mrv.verification.register.entries import Register
from jcm_mrv.verification.register.files import read_register
from jcm_mrv.verification.register.updating import updated
from jcm_mrv.verification.report.writeup import Writeup
from jcm_mrv.verification.sampling.evaluation import evaluated
from jcm_mrv.verification.sampling.worksheet import read_worksheet
from jcm_mrv.verification.uncertainty.budget import budget

DRAWS, SEED = 2000, 1


@dataclass(frozen=True)
class Sources:
    """What lies beside the report: the register of both sides, and worksheets of samples. ``materiality`` is a "
    "fraction."""

    register: Path | None = None
    samples: Sequence[Path] = ()
    materiality: float = 0.05


def drafted(path: Path, evidence: Path | None, verification: Verification | None, sources: Sources) -> Writeup:
    """The facts of a draft about what was handed in at ``path``.

    Raises InputRefusedError where its inputs cannot be calculated, or a register or worksheet cannot be read, and
    OSError.
    """
    with opened(path, evidence) as result:
        samples = []
        for sheet in sources.samples:
            drawn, answers = read_worksheet(sheet, result)
            samples.append((drawn, evaluated(drawn, answers)))
        register = _register(result, verification, sources)
        sure = budget(result, sources.materiality, DRAWS, SEED)
        data = None if verification is None else _stated(path)
        return Writeup(result, register, sources.register is not None, verification, data, tuple(samples), sure)


def _register(result: Result, verification: Verification | None, sources: Sources) -> Register:
    """The register as it is, or one that follows from this version alone; it is not written anywhere."""
    if sources.register is not None:
        return read_register(sources.register)
    return updated(result, Register(), sources.samples, verification)


def _stated(path: Path) -> Mapping[str, Any] | None:
    try:
        return stated(path)
    except UnsafeFileError:
        return None  # the verification says so
