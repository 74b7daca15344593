"""Findings about the project's records rather than its readings: what a verifier asks for beside the numbers."""

from __future__ import annotations

from jcm_mrv.claim import Claim
from jcm_mrv.findings import Finding
from jcm_mrv.monitoring.records import MonitoringData
from jcm_mrv.monitoring.timeline import Timeline
from jcm_mrv.quality.records_choices import choice_findings
from jcm_mrv.quality.records_earlier import earlier_findings
from jcm_mrv.quality.records_eligibility import eligibility_findings
from jcm_mrv.quality.records_equipment import equipment_findings
from jcm_mrv.quality.records_evidence import evidence_file_findings
from jcm_mrv.quality.records_percent import percentage_findings
from jcm_mrv.quality.records_points import point_findings
from jcm_mrv.quality.records_project import adoption_findings, project_findings


def record_findings(claim: Claim | None, data: MonitoringData, timeline: Timeline) -> list[Finding]:
    """Every finding about eligibility, equipment, points, fixed values, evidence, earlier reports and the project.

    ``claim`` is None where errors kept it from being built; what needs it is then left out. Reads the files that the
    sheet Evidence names and the results of earlier calculations in or below the folder of the workbook.
    """
    bounds = claim.bounds if claim is not None else []
    return [
        *eligibility_findings(bounds, data),
        *equipment_findings(data),
        *point_findings(claim, data),
        *(percentage_findings(claim) if claim is not None else ()),
        *(choice_findings(claim, data) if claim is not None else ()),
        *evidence_file_findings(data),
        *earlier_findings(data),
        *project_findings(data, timeline),
        *adoption_findings(bounds, data, timeline),
    ]
