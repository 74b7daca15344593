"""Findings about the project's records rather than its readings: what a verifier asks for beside the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Finding
from jcm_mrv.quality.records.check_meters import check_meter_findings
from jcm_mrv.quality.records.choices import choice_findings
from jcm_mrv.quality.records.earlier import earlier_findings
from jcm_mrv.quality.records.eligibility import eligibility_findings
from jcm_mrv.quality.records.equipment import equipment_findings
from jcm_mrv.quality.records.evidence import evidence_file_findings
from jcm_mrv.quality.records.impossible import impossible_parameters
from jcm_mrv.quality.records.overrides import override_value_findings
from jcm_mrv.quality.records.percent import percentage_findings
from jcm_mrv.quality.records.plates import plate_findings
from jcm_mrv.quality.records.points import point_findings
from jcm_mrv.quality.records.previous import previous_findings
from jcm_mrv.quality.records.project import (
    adoption_findings,
    country_findings,
    crediting_findings,
    project_findings,
)
from jcm_mrv.quality.records.remainders import remainder_findings
from jcm_mrv.quality.records.shared_meters import shared_meter_findings
from jcm_mrv.quality.records.unproven import unproven_findings
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.records import MonitoringData


def record_findings(claim: Claim | None, data: MonitoringData, timeline: Timeline) -> list[Finding]:
    """Every finding about eligibility, equipment, points, fixed values, evidence, earlier reports and the project.

    ``claim`` is None where errors kept it from being built; what needs it is then left out. Reads the files that the
    sheet Evidence names and the results of earlier calculations in or below the folder of the workbook.
    """
    bounds = claim.bounds if claim is not None else []
    return [
        *eligibility_findings(bounds, data),
        *equipment_findings(data),
        *plate_findings(data),
        *point_findings(claim, data),
        *check_meter_findings(data),
        *(_of_claim(claim, data) if claim is not None else ()),
        *evidence_file_findings(data),
        *earlier_findings(data),
        *previous_findings(bounds, data),
        *project_findings(data, timeline),
        *crediting_findings(data, timeline),
        *country_findings(bounds, data),
        *adoption_findings(bounds, data, timeline),
    ]


def _of_claim(claim: Claim, data: MonitoringData) -> Iterator[Finding]:
    yield from override_value_findings(claim, data)
    yield from shared_meter_findings(claim, data)
    yield from remainder_findings(claim)
    yield from unproven_findings(claim, data)
    yield from impossible_parameters(claim)
    yield from percentage_findings(claim)
    yield from choice_findings(claim, data)
