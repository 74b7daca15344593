"""What bills, stocks, tariffs and the register say beside the claim: no treatment follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Finding
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.meters.tree import tree_of
from jcm_mrv.quality.invoices import compared_with_nothing, invoice_findings
from jcm_mrv.quality.register import register_findings
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.tariffs import tariff_findings
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.records import MonitoringData


def reconciliation_findings(
    claim: Claim,
    series: SeriesResult,
    data: MonitoringData,
    meters: Mapping[str, Meter],
    timeline: Timeline,
    settings: Settings,
) -> Iterator[Finding]:
    """The findings of these rules, in the order in which a verifier asks."""
    yield from invoice_findings(series, timeline)
    yield from compared_with_nothing(series, tree_of(data.meters))
    yield from tariff_findings(claim, series, data, timeline)
    yield from register_findings(data, meters)
