"""Recomputing a report without the machine of those who made it, and holding everything that it states against that.

The inputs are calculated anew with what is installed here, every report is rendered anew and compared with the one
handed in, and a second engine computes the workbook's formulas. Nothing is written but below a temporary folder.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from jcm_mrv import __version__
from jcm_mrv.calculation import calculate_file
from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.reporting.document.pdf import MANIFEST as CHECKSUMS
from jcm_mrv.reporting.document.pdf import checksums
from jcm_mrv.reporting.result_json import canonical_sha256, result_data
from jcm_mrv.reporting.write import NAMES
from jcm_mrv.result import Result
from jcm_mrv.verification.books import read_book
from jcm_mrv.verification.checks import Check, Verdict, Verification, blamed, compared, listed
from jcm_mrv.verification.comparing import json_differences
from jcm_mrv.verification.manifest_checks import manifest_checks
from jcm_mrv.verification.pdf_reading import Pdf, read_pdf
from jcm_mrv.verification.rendering import Rendering, report_checks
from jcm_mrv.verification.second_engine import engine_checks
from jcm_mrv.verification.signing.checking import NOBODY, Trust
from jcm_mrv.verification.submission import (
    RESULT,
    Report,
    Submission,
    open_submission,
    original_checks,
    result_checks,
    with_originals,
)
from jcm_mrv.verification.tonnes import result_tonnes, workbook_tonnes
from jcm_mrv.verification.versions import version_checks, versions_text
from jcm_mrv.versions.strict_json import read_json
from jcm_mrv.versions.values import shown
from jcm_mrv.words import say

_EMBEDDED = re.compile(rb'download="result\.json" href="data:application/json;base64,([A-Za-z0-9+/=]*)"')
# What stands in the workbook itself; no version of the software reads it as something else.
_FROM_INPUTS = ("project", "equipment", "meters", "inputs", "monitoring_period", "overrides")
_MOST_FINDINGS = 8

Progress = Callable[[str], None]


def verify(
    path: Path,
    evidence: Path | None = None,
    progress: Progress = lambda text: None,
    *,
    second_engine: bool = True,
    trust: Trust = NOBODY,
) -> Verification:
    """Recompute what was handed in at ``path``, with the originals of the folder ``evidence`` where it is given.

    Without ``second_engine`` LibreOffice is left out, which a check says. ``trust`` is what the verifier relies on
    where something is signed.

    Raises OSError where a file cannot be read. What is damaged, dangerous or missing is a check that says so.
    """
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-verify-") as folder:
        try:
            submission = open_submission(path, Path(folder), trust)
            return _Verifier(path, submission, evidence, Path(folder), progress, second_engine, trust).verification()
        except UnsafeFileError as error:
            refused = Check(say("file"), path.name, Verdict.REFUSED, note=str(error))
            return Verification(path.name, "", (refused,), {}, {"jcm-mrv": __version__})


@dataclass
class _Verifier:
    path: Path
    submission: Submission
    evidence: Path | None
    temporary: Path
    progress: Progress
    second_engine: bool
    trust: Trust
    pdfs: dict[str, Pdf] = field(default_factory=dict)

    def verification(self) -> Verification:
        faults = [*self._read_pdfs(), *self._read_results()]
        self._find_originals()
        submission = self.submission
        differing = versions_text(submission)
        checks = [*self._tonnes(), *self._refused(), *submission.checks, *faults]
        checks += self._originals()
        checks += version_checks(submission)
        checks += self._results(differing)
        checks += self._digests()
        if self._result is not None and submission.manifest and submission.stated:
            software = submission.stated["software"]
            checks += manifest_checks(submission.manifest, self._result, software, differing)
        checks += self._reports(differing)
        return Verification(self.path.name, submission.kind, tuple(checks), self._software(), {"jcm-mrv": __version__})

    def _software(self) -> Mapping[str, str]:
        stated = self.submission.manifest or self.submission.stated or {}
        software: Mapping[str, str] = stated.get("software", {})
        return software

    # --- what was handed in --------------------------------------------------------

    def _read_pdfs(self) -> Iterator[Check]:
        for report in self.submission.reports:
            if report.name == NAMES["pdf"]:
                try:
                    pdf = self.pdfs[report.label] = read_pdf(report.content, report.label)
                except UnsafeFileError as error:
                    yield Check(say("file"), report.label, Verdict.REFUSED, note=str(error))
                    continue
                signed_by = (self.submission.manifest or {}).get("signed_by")
                yield from pdf.signed.checks(report.content, report.label, self.trust, signed_by)

    def _read_results(self) -> Iterator[Check]:
        """Every copy of the result, read strictly; one that does not keep its schema counts as none."""
        results: dict[str, Any] = {}
        for where, content in self._copies():
            try:
                data = read_json(content, where)
            except UnsafeFileError as error:
                yield Check(say("result as data"), where, Verdict.REFUSED, note=str(error))
                continue
            faults = list(result_checks(data, where))
            yield from faults
            if not faults:
                results[where] = data
        self.submission = replace(self.submission, results=results)

    def _copies(self) -> Iterator[tuple[str, bytes]]:
        for report in self.submission.reports:
            if report.name == NAMES["json"]:
                yield report.label, report.content
        for report in self.submission.reports:
            if report.label in self.pdfs:
                # The checksums of the inputs lie beside the result and are no copy of it.
                copies = (one for one in self.pdfs[report.label].attachments if one[0] != CHECKSUMS)
                for name, content in copies:
                    yield say("{report}, attachment {name}", report=report.label, name=name), content
            if report.name == NAMES["html"]:
                for text in _EMBEDDED.findall(report.content):
                    yield say("{report}, download {result}", report=report.label, result=RESULT), base64.b64decode(text)

    def _find_originals(self) -> None:
        """The folder that was given; else, beside an output folder, a workbook of the stated checksum."""
        if self.evidence is not None:
            self.submission = with_originals(self.submission, [self.evidence])
        elif self.submission.workbook is None and self.submission.stated:
            place = self.path.resolve()
            found = with_originals(self.submission, [place, *place.parents[:2]])
            inputs = self.submission.stated["inputs"]
            if found.workbook and all(c.verdict is Verdict.REPRODUCED for c in _hashes_of(inputs, found.workbook)):
                self.submission = found

    def _originals(self) -> Iterator[Check]:
        workbook = self.submission.workbook
        if self.evidence is not None:
            yield from original_checks(self.submission, self.evidence)
        if workbook is not None and self._data is None and self.submission.stated:
            folder = workbook.parent  # what cannot be calculated may be other files than it was calculated from
            checks = original_checks(self.submission, folder, enclosed=True)
            yield from (c for c in checks if c.verdict is not Verdict.REPRODUCED)
        if workbook is None:
            note = say("give the folder in which the monitoring workbook and its logs lie: --evidence DIR")
            yield Check(say("monitoring workbook and logs"), self.path.name, Verdict.MISSING, note=note)

    # --- what follows from it --------------------------------------------------------

    @cached_property
    def _recomputed(self) -> Result | InputRefusedError | None:
        """The result of the inputs with what is installed here; None where there are no inputs."""
        if self.submission.workbook is None:
            return None
        self.progress("Calculating ...")
        try:
            return calculate_file(self.submission.workbook, self.submission.elsewhere)
        except InputRefusedError as error:
            return error

    @property
    def _result(self) -> Result | None:
        return self._recomputed if isinstance(self._recomputed, Result) else None

    @cached_property
    def _data(self) -> Any:
        return None if self._result is None else result_data(self._result)

    def _refused(self) -> Iterator[Check]:
        if isinstance(self._recomputed, InputRefusedError):
            for finding in self._recomputed.findings[:_MOST_FINDINGS]:
                note = say(
                    "the inputs cannot be calculated: {message} [{finding_code}]",
                    message=finding.message,
                    finding_code=finding.code,
                )
                yield Check(say("inputs"), str(finding.where), Verdict.DIFFERS, shown(finding.found), note=note)

    def _tonnes(self) -> Iterator[Check]:
        """The tonnes, first: what was stated by year, and what follows."""
        stated, found = self.submission.stated, self._data
        if stated is not None and found is not None:
            yield from result_tonnes(stated, found, next(iter(self.submission.results)))

    def _results(self, differing: str) -> Iterator[Check]:
        """Every copy of the result against what follows from the inputs, else against each other."""
        first = self.submission.stated
        found = first if self._data is None else self._data
        for where, data in self.submission.results.items():
            if data is first and self._data is None:
                continue
            checks = list(json_differences(data, found, where))
            from_inputs = [c for c in checks if c.what.partition("[")[0].partition(".")[0] in _FROM_INPUTS]
            others = [c for c in checks if c not in from_inputs]
            yield from listed([*from_inputs, *blamed(others, differing)], where)
            if not checks:
                digest = canonical_sha256(data)
                yield Check(say("result as data"), where, Verdict.REPRODUCED, digest, digest)

    def _digests(self) -> Iterator[Check]:
        """The checksums that are printed, against the result that is stated; no version explains a difference."""
        if self.submission.stated is None:
            return
        digest = canonical_sha256(self.submission.stated)
        if self.submission.manifest:
            stated = self.submission.manifest["result_sha256"]
            yield compared(say("SHA-256 of result.json"), "manifest.json: result_sha256", stated, digest)
        for label, pdf in self.pdfs.items():
            # It may be broken over lines, with those of a heading of two lines beside it in between.
            words = pdf.pages[0].text.split() if pdf.pages else []
            texts = "".join(words), "".join(word for word in words if re.fullmatch("[0-9a-f]{2,}", word))
            other = next((found[0] for text in texts if (found := re.findall("[0-9a-f]{64}", text))), "nothing")
            printed = digest if any(digest in text for text in texts) else other
            yield compared(say("SHA-256 of result.json"), say("{label}, page 1", label=label), printed, digest)
            expected = hashlib.sha256(checksums(self.submission.stated["inputs"])).hexdigest()
            for content in (content for name, content in pdf.attachments if name == CHECKSUMS):
                where = say("{report}, attachment {name}", report=label, name=CHECKSUMS)
                yield compared(say("checksums of the inputs"), where, hashlib.sha256(content).hexdigest(), expected)

    def _reports(self, differing: str) -> Iterator[Check]:
        rendering = Rendering(self._result, self.submission, self.pdfs)
        done: set[bytes] = set()
        for report in self.submission.reports:
            if report.name == NAMES["json"]:
                continue
            self.progress(say("Comparing {report} ...", report=report.label))
            checks = list(report_checks(report, rendering))
            yield from blamed(list(self._workbook_tonnes(report, rendering)), differing)
            yield from listed(blamed(checks, differing), report.label)
            if report.name == NAMES["xlsx"] and report.content not in done:
                done.add(report.content)
                yield from self._second_engine(report)

    def _workbook_tonnes(self, report: Report, rendering: Rendering) -> Iterator[Check]:
        if report.name != NAMES["xlsx"]:
            return
        with suppress(UnsafeFileError):  # which the comparison says
            if (anew := rendering.of(report)) is not None:
                books = read_book(report.content, report.label), read_book(anew, report.label)
                yield from workbook_tonnes(*books, self._data)

    def _second_engine(self, report: Report) -> Iterator[Check]:
        self.progress(say("Recalculating {report} with LibreOffice ...", report=report.label))
        yield from listed(engine_checks(report, self.temporary if self.second_engine else None), report.label)


def _hashes_of(inputs: Any, workbook: Path) -> Iterator[Check]:
    yield from original_checks(Submission("", (), {"": {"inputs": inputs}}), workbook.parent)
