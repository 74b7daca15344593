"""What bills, stocks, tariffs and the register say beside the claim: no treatment follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.groups import most_less
from jcm_mrv.findings import Finding
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.meters.tree import tree_of
from jcm_mrv.quality.invoices import compared_with_nothing, invoice_findings
from jcm_mrv.quality.register import register_findings
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.tariffs import tariff_findings
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_UNKNOWN_ERROR
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

    def exposed(meter: str, error: float) -> float | None:
        """What ER would be lower by with all of a meter wrong by its error, and what is made of its readings."""
        made = (one.meter_id for one in series.combined if meter in one.wanted.meters)
        return most_less(claim, {meter, *made}, (1 - error, 1 + error))

    yield from register_findings(data, meters, exposed, settings[CROSSCHECK_UNKNOWN_ERROR])
