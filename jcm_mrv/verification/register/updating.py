"""Another round of a register: everything that a version of a report raises, put to what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from jcm_mrv.quality.records.earlier import earlier_periods
from jcm_mrv.reporting.result_json import result_sha256
from jcm_mrv.result import Result
from jcm_mrv.verification.checks import Verification
from jcm_mrv.verification.register.carrying import carried
from jcm_mrv.verification.register.entries import Register, Request
from jcm_mrv.verification.register.files import NAME, read_register
from jcm_mrv.verification.register.raising import (
    from_earlier_period,
    from_findings,
    from_sample,
    from_verification,
)
from jcm_mrv.verification.sampling.evaluation import evaluated
from jcm_mrv.verification.sampling.worksheet import read_worksheet
from jcm_mrv.words import SOURCE


def updated(
    result: Result,
    before: Register,
    samples: Sequence[Path] = (),
    verification: Verification | None = None,
    earlier: Sequence[Path] = (),
    lang: str = SOURCE,
) -> Register:
    """The register of a result, carried on from ``before``; what is new asks in a language.

    ``samples`` are filled-in worksheets, ``earlier`` registers of earlier periods; those that lie beside the results of
    earlier periods that the report's folder holds come by themselves. Raises InputRefusedError and OSError.
    """
    raised: list[Request] = []
    for path in dict.fromkeys((*earlier, *_beside_earlier(result))):
        left = read_register(path)
        if left.period != _period(result):
            raised += from_earlier_period(left)
    raised += from_findings(result, lang)
    raised += from_verification(verification) if verification is not None else ()
    for path in samples:
        drawn, answers = read_worksheet(path, result)
        raised += from_sample(drawn.wish.kind, drawn.wish.seed, evaluated(drawn, answers))
    return carried(before, raised, result_sha256(result), result.data.project.title, _period(result))


def _period(result: Result) -> str:
    return f"{result.start} to {result.end}"


def _beside_earlier(result: Result) -> Iterator[Path]:
    """Registers beside the results of earlier periods in the folder of the workbook."""
    for path in earlier_periods(result.data):
        register = path.parent / NAME
        if register.is_file() and not register.is_symlink():
            yield register
