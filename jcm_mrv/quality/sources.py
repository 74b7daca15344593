"""What else covers a meter beside what counts of it: each source as one curve, and how far it may be wrong.

Comparisons (:mod:`jcm_mrv.quality.crosscheck`) and treatments (:mod:`jcm_mrv.quality.treatment`) ask the same curves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jcm_mrv.meters.segments import SecondaryKind, SeriesResult
from jcm_mrv.meters.sources.counted import Counted, layers
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_INVOICE_ERROR, MeterErrors
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

_NAMES = {
    SecondaryKind.REGISTER: say("the register readings"),
    SecondaryKind.READING: say("the readings on the sheet Readings"),
    SecondaryKind.INVOICE: say("the invoices"),
}


@dataclass(frozen=True)
class Source:
    """Another source of a meter: its curve, and the share by which it may be wrong, the meter's own error included.

    It is of one ``kind``, or the check meter ``check``. It stands at ``where``; what it states from an instant on at
    the origin of that instant, if there is one.
    """

    kind: SecondaryKind | None
    curve: Curve
    error: float
    where: Origin
    check: str = ""
    origins: Mapping[int, Origin] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is, in words."""
        return say("the check meter {check}", check=self.check) if self.kind is None else _NAMES[self.kind]


class SecondarySources:
    """What else covers each meter, in the amounts that ``counted`` has of what counts."""

    def __init__(self, series: SeriesResult, counted: Counted, data: MonitoringData, settings: Settings) -> None:
        self.counted, self.errors = counted, MeterErrors(data.meters, settings)
        self._series, self._invoice_error = series, settings[CROSSCHECK_INVOICE_ERROR]
        self._where = Origin(file=data.file, sheet="Meters")

    def of(self, meter_id: str, unit: str) -> Iterator[Source]:
        """Those of a meter: its register or readings, check meters, invoices; in this order, in which they bridge."""
        own = self.errors.of(meter_id)
        yield from self._stated(meter_id, unit, SecondaryKind.REGISTER, 0.0)
        yield from self._stated(meter_id, unit, SecondaryKind.READING, 0.0)
        for name in self._series.checks.get(meter_id, ()):
            try:
                curve = self.counted.curve(name, unit)
            except UnitError:
                continue  # of another kind: the reader of the workbook has named the cell
            yield Source(None, curve, own + self.errors.of(name), self._where, name)
        yield from self._stated(meter_id, unit, SecondaryKind.INVOICE, own + self._invoice_error)

    def _stated(self, meter_id: str, unit: str, kind: SecondaryKind, error: float) -> Iterator[Source]:
        seconds = self._series.secondary.get((meter_id, kind), ())
        for layer in layers(seconds):
            try:
                curve = self.counted.stated(layer, unit)
            except UnitError:
                continue  # the reader of the workbook has named the cell
            yield Source(kind, curve, error, seconds[0].origin, origins={one.start: one.origin for one in layer})
