"""Check meters among the monitoring points: what a meter and its check meter count is the same energy."""

from __future__ import annotations

from collections.abc import Iterator

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

CHECK_COUNTED = Code("points.check_meter", Severity.ERROR, "A check meter is counted beside the meter that it checks.")


def check_meter_findings(data: MonitoringData) -> Iterator[Finding]:
    """A finding for each check meter in a monitoring point: an error where the meter that it checks is in one too."""
    checks = {row.meter_id: row.checks.strip() for row in data.meters if row.checks}
    counted = {row.meter_id for row in data.points}
    reported: set[str] = set()
    for row in data.points:
        meter = row.meter_id
        checked = checks.get(meter, "")
        if not checked or meter in reported:
            continue
        reported.add(meter)
        both = checked in counted
        yield CHECK_COUNTED(
            say("meter {meter} is the check meter of {checked}", meter=meter, checked=checked)
            + (
                say(", and both are in monitoring points: the metered quantity would count twice")
                if both
                else say(" and counts for it")
            ),
            row.origin("meter_id"),
            found=say("{meter} with sign {sign}", meter=meter, sign=row.sign),
            action=say(
                "Take {meter} out of the monitoring points; or, if it measures something else than {checked}, clear "
                "Check meter of on Meters.",
                meter=meter,
                checked=checked,
            )
            if both
            else say(
                "Let {checked} count, as in the PDD, or say why it does not and clear Check meter of on Meters.",
                checked=checked,
            ),
            severity=None if both else Severity.MAJOR,
        )
