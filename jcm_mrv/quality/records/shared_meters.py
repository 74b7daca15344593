"""One meter divided among units by shares: where the units' ratios differ, the shares decide how much is credited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.groups import reductions_with, terms_of
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.references import names
from jcm_mrv.workbook.rows import PointRow

SHARED = Code(
    "points.shared_meter", Severity.MAJOR, "Shares of one meter among unlike units raise ER above the lowest ratio."
)

_SAME = 1e-9
_EMPTY = hashlib.sha256(b"").hexdigest()


def shared_meter_findings(claim: Claim, data: MonitoringData) -> Iterator[Finding]:
    """A finding for each meter whose shares among units give a higher ER than its unit with the lowest ratio.

    A share of nothing for the unit with the lowest ratio is a share like any other. An error where no basis of the
    shares is stated, minor where each row names documents for its basis whose files lie beside the workbook. Equal
    parts and parts of nothing or all stay major whatever is filed: nobody measures them of units that are unlike.
    """
    rows: dict[tuple[str, str, str], list[PointRow]] = {}
    for row in data.points:
        rows.setdefault((row.meter_id, row.parameter.strip(), row.sign), []).append(row)
    methodologies = dict.fromkeys(point.methodology for point in claim.points)
    for (meter, parameter, _), shared in rows.items():
        if any(row.share is not None for row in shared):
            for methodology in methodologies:
                yield from _finding(claim, methodology, parameter, meter, shared, data)


def _finding(
    claim: Claim, methodology: str, parameter: str, meter: str, rows: list[PointRow], data: MonitoringData
) -> Iterator[Finding]:
    try:
        chain, terms = terms_of(claim, methodology, parameter, meter, [row.applies_to.strip() for row in rows])
    except KeyError:
        return  # the rows are of another methodology
    by_term = {t: reductions_with(claim, chain, terms, t) for t in terms}
    lowest = min(terms, key=lambda t: (np.nan_to_num(by_term[t], nan=np.inf), t))
    effect = claim.reductions() - by_term[lowest]
    if not claim.raised_by(effect):
        return
    blank = [row for row in rows if not row.share_basis.strip()]
    unit = chain.points[chain.terms[lowest][0]].applies_to
    proven = not blank and _measured(rows) and _shown(rows, data)
    basis = (
        say("; their basis: {fromkeys}", fromkeys=named(list(dict.fromkeys(row.share_basis.strip() for row in rows))))
        if proven
        else ""
    )
    yield SHARED(
        say(
            "meter {meter} is divided among {number_of_rows} units whose ratios differ",
            meter=meter,
            number_of_rows=len(rows),
        )
        + (
            say(", and nothing says why the shares are right")
            if blank
            else say("; the shares decide how much is credited{basis}", basis=basis)
        ),
        (blank or rows)[0].origin("share_basis" if blank else "share"),
        found=say("all of it for {unit} would give {effect:,.3f} tCO2e less", unit=unit, effect=effect),
        action=say(
            "State the Basis of the share (sub-meters, running hours) of each row, or write the group once in Applies "
            "to: the lowest ratio is used then."
        )
        if blank
        else say(
            "The verifier finds the shares again from the documents, or asks for the lowest ratio (the group in "
            "Applies to)."
        )
        if proven
        else say(
            "Show how each unit's part is known: in the column Evidence of each row name documents of the sheet "
            "Evidence that have a file and its SHA-256 (not the meter's own log or bill), or write the group once in "
            "Applies to. Equal parts, and parts of nothing or all, stay a question whatever is filed: leave out the "
            "row of a unit that the meter does not serve."
        ),
        data={"units": len(rows), "lowest": unit},
        effect_tco2e=effect,
        severity=Severity.ERROR if blank else Severity.MINOR if proven else None,
    )


def _measured(rows: list[PointRow]) -> bool:
    """False for equal parts and for parts of nothing or all, which no measurement gives of units that are unlike."""
    shares = [row.share or 0.0 for row in rows]  # without one it is all
    return max(shares) - min(shares) > _SAME and all(_SAME < share < 1 - _SAME for share in shares)


def _shown(rows: list[PointRow], data: MonitoringData) -> bool:
    """True where each row names documents with a file that is not empty, nor what the meter itself is known by."""
    meter = rows[0].meter_id
    own = {row.file.strip() for table in (data.logs, data.invoices) for row in table if row.meter_id == meter}
    filed = {
        row.document_id.strip()
        for row in data.evidence
        if row.file.strip()
        and row.file.strip() not in {*own, data.path.name}
        and row.sha256.strip()
        and row.sha256.strip().casefold() != _EMPTY
    }
    documents = [names(row.evidence) for row in rows]
    return all(found and filed.issuperset(found) for found in documents)
