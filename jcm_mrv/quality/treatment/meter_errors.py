"""The error within which a meter is relied on."""

from __future__ import annotations

from collections.abc import Sequence

from jcm_mrv.meters.instruments import error_of
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.workbook.rows import MeterRow

# Where neither class nor permissible error is given: class 2, the coarsest of meters for billing.
CROSSCHECK_UNKNOWN_ERROR = Setting(
    "crosscheck.unknown_error", 0.02, "1", "the error of a meter whose class is not stated", most=0.2
)
CROSSCHECK_INVOICE_ERROR = Setting(
    "crosscheck.invoice_error", 0.01, "1", "the error of the supplier's own meter", most=0.2
)


class MeterErrors:
    """Errors by meter as fractions: the permissible error, else the accuracy class, else that of the settings."""

    def __init__(self, rows: Sequence[MeterRow], settings: Settings) -> None:
        self._unknown = settings[CROSSCHECK_UNKNOWN_ERROR]
        self._known: dict[str, float] = {}
        for row in rows:
            error = error_of(row)
            if error is not None:
                name = row.meter_id
                self._known[name] = max(self._known.get(name, 0.0), error)

    def of(self, meter_id: str) -> float:
        """The error of one meter; of several meters in its place the largest."""
        return self._known.get(meter_id, self._unknown)
