"""One meter divided among units by shares: where the units' ratios differ, the shares decide how much is credited."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.groups import reductions_with, terms_of
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.references import names
from jcm_mrv.workbook.rows import PointRow

SHARED = Code(
    "points.shared_meter", Severity.MAJOR, "Shares of one meter among unlike units raise ER above the lowest ratio."
)

_SAME = 1e-9


def shared_meter_findings(claim: Claim, data: MonitoringData) -> Iterator[Finding]:
    """A finding for each meter whose shares among units give a higher ER than its unit with the lowest ratio.

    A share of nothing for the unit with the lowest ratio is a share like any other. An error where no basis of the
    shares is stated, a note where each row names documents for its basis whose files lie beside the workbook.
    """
    filed = {row.document_id.strip() for row in data.evidence if row.file.strip() and row.sha256.strip()}
    rows: dict[tuple[str, str, str], list[PointRow]] = {}
    for row in data.points:
        rows.setdefault((row.meter_id, row.parameter.strip(), row.sign), []).append(row)
    for point in {(p.methodology, p.parameter): p for p in claim.points}.values():
        for (meter, parameter, _), shared in rows.items():
            units = [row.applies_to.strip() for row in shared]
            stated = any(row.share is not None for row in shared)
            if parameter == point.parameter and stated and len(set(units)) > 1:
                yield from _finding(claim, point.methodology, parameter, meter, shared, filed)


def _finding(
    claim: Claim, methodology: str, parameter: str, meter: str, rows: list[PointRow], filed: Collection[str]
) -> Iterator[Finding]:
    try:
        chain, terms = terms_of(claim, methodology, parameter, meter, [row.applies_to.strip() for row in rows])
    except KeyError:
        return  # the rows are of another methodology
    now = claim.evaluate().scalar(claim.total_ER)
    by_term = {t: reductions_with(claim, chain, terms, t) for t in terms}
    lowest = min(terms, key=lambda t: (np.nan_to_num(by_term[t], nan=np.inf), t))
    effect = now - by_term[lowest]
    if not effect > _SAME * max(1.0, abs(now)):
        return
    blank = [row for row in rows if not row.share_basis.strip()]
    unit = chain.points[chain.terms[lowest][0]].applies_to
    proven = not blank and all(_shown(row, filed) for row in rows)
    basis = f"; their basis: {named(list(dict.fromkeys(row.share_basis.strip() for row in rows)))}" if proven else ""
    yield SHARED(
        f"meter {meter} is divided among {len(rows)} units whose ratios differ"
        + (
            ", and nothing says why the shares are right"
            if blank
            else f"; the shares decide how much is credited{basis}"
        ),
        (blank or rows)[0].origin("share_basis" if blank else "share"),
        found=f"all of it for {unit} would give {effect:,.3f} tCO2e less",
        action="State the Basis of the share (sub-meters, running hours) of each row, or write the group once in "
        "Applies to: the lowest ratio is used then."
        if blank
        else "Keep the documents ready: the verifier finds the shares again from them."
        if proven
        else "Show how each unit's part is known: in the column Evidence of each row name documents of the sheet "
        "Evidence that have a file and its SHA-256; equal parts of unlike units are not known.",
        data={"units": len(rows), "lowest": unit},
        effect_tco2e=effect,
        severity=Severity.ERROR if blank else Severity.NOTE if proven else None,
    )


def _shown(row: PointRow, filed: Collection[str]) -> bool:
    documents = names(row.evidence)
    return bool(documents) and all(one in filed for one in documents)
