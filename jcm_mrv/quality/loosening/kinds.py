"""The cells of a workbook by which a person can loosen what protects the claim, and the workbook without each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.instruments import LEAST_CLASS
from jcm_mrv.origin import Origin
from jcm_mrv.quality.loosening.judging import Loosening, Undo
from jcm_mrv.quality.settings import read_settings
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import parse_unit, same_dimension
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.row import Cell
from jcm_mrv.workbook.rows import MeterRow
from jcm_mrv.workbook.rows_data import ConversionRow, SettingRow

PERMISSIBLE = Code(
    "meters.permissible_error", Severity.NOTE, "The permissible error of a meter differs from its accuracy class."
)
COARSE = Code("meters.coarse_class", Severity.NOTE, "A meter is said to be less accurate than meters are made.")
MISSING_DATA = Code("meters.missing_data", Severity.NOTE, "Missing data of a meter are filled by a rule of the PDD.")
RATIO = Code("meters.ratio_below_one", Severity.NOTE, "The factor of transformers makes a reading smaller.")
FACTOR = Code("conversions.factor", Severity.NOTE, "Readings are multiplied by a factor that no unit asks for.")

# The coarsest classes that meters of such quantities are made in: IEC 62053-21 for electricity, class 5 of flow meters
# (EN 1434 has 3 for heat) for the rest.
_COARSEST_ELECTRIC, _COARSEST = 2.0, 5.0
_LISTED = 6
_ErrorKey = Literal["permissible_error", "accuracy_class", "missing_data", "transformer_factor"]


def loosenings(data: MonitoringData) -> list[Loosening]:
    """Every cell of a workbook that loosens a rule, whatever follows from it."""
    return [*_settings(data), *_errors_of_meters(data), *_missing_data(data), *_ratios(data), *_conversions(data)]


# --- the workbook without it -------------------------------------------------------------


def _without_setting(row: SettingRow) -> Undo:
    return lambda data: replace(data, settings=[one for one in data.settings if one.row != row.row])


def _without_conversion(row: ConversionRow) -> Undo:
    return lambda data: replace(data, conversions=[one for one in data.conversions if one.row != row.row])


@dataclass(frozen=True)
class _WithErrors:
    """Puts other errors into some rows of the sheet Meters."""

    rows: frozenset[int]
    values: Mapping[_ErrorKey, float | None]

    def __call__(self, data: MonitoringData) -> MonitoringData:
        rows = [self._changed(row) if row.row in self.rows else row for row in data.meters]
        return replace(data, meters=rows)

    def _changed(self, row: MeterRow) -> MeterRow:
        cells: dict[str, Cell] = {key: Cell(value, row.origin(key)) for key, value in self.values.items()}
        return replace(row, cells={**row.cells, **cells})


# --- settings ----------------------------------------------------------------------------


def _settings(data: MonitoringData) -> Iterator[Loosening]:
    _, findings = read_settings(data)
    changed: dict[Origin, Finding] = {f.where: f for f in findings if f.severity is Severity.NOTE}
    for row in data.settings:
        finding = changed.get(row.origin("value"))
        if finding is not None:
            yield Loosening(finding, _without_setting(row), proven=_proven(row.reason, row.evidence))


def _proven(reason: str, evidence: str) -> bool:
    return bool(reason.strip() and evidence.strip())


# --- errors of meters ----------------------------------------------------------------------


def _errors_of_meters(data: MonitoringData) -> Iterator[Loosening]:
    """Meters whose permissible error is not their class, or whose error is larger than any class; alike ones once."""
    groups: dict[tuple[float | None, float | None, float], list[MeterRow]] = {}
    for row in data.meters:
        stated = row.permissible_error, row.accuracy_class
        groups.setdefault((*stated, _coarsest(row.unit)), []).append(row)
    for (permissible, own_class, most), rows in groups.items():
        own, error = own_class or 0.0, permissible or 0.0
        if LEAST_CLASS <= own <= most:
            if permissible not in (None, own):
                yield _other_than_its_class(error, own, rows)
        elif max(error, own) > most:
            yield _coarse(error, own, most, rows)


def _other_than_its_class(permissible: float, own: float, rows: Sequence[MeterRow]) -> Loosening:
    return Loosening(
        PERMISSIBLE(
            say(
                "the permissible error of {names} is {permissible:g} %, the accuracy class {own:g} %",
                names=_names(rows),
                permissible=permissible,
                own=own,
            ),
            rows[0].origin("permissible_error"),
            found=say("{permissible:g} %", permissible=permissible),
            action=say("Say in Comment whose rule it is, and name the certificate in Evidence."),
            data={"permissible": permissible, "class": own},
        ),
        _WithErrors(_places(rows), {"permissible_error": None}),
        _all_proven(rows),
    )


def _coarse(permissible: float, own: float, most: float, rows: Sequence[MeterRow]) -> Loosening:
    largest = max(permissible, own)
    return Loosening(
        COARSE(
            say(
                "{names} may be wrong by {largest:g} %, more than meters of such a quantity are ({most:g} %)",
                names=_names(rows),
                largest=largest,
                most=most,
            ),
            rows[0].origin("accuracy_class" if own > most else "permissible_error"),
            found=say("{largest:g} %", largest=largest),
            action=say("Enter the class from the name plate."),
            data={"error": largest, "coarsest": most},
        ),
        _WithErrors(_places(rows), {"permissible_error": None, "accuracy_class": most}),
        _all_proven(rows),
    )


def _places(rows: Sequence[MeterRow]) -> frozenset[int]:
    return frozenset(row.row for row in rows)


def _all_proven(rows: Sequence[MeterRow]) -> bool:
    return all(_proven(row.comment, row.evidence) for row in rows)


def _coarsest(unit: str) -> float:
    return _COARSEST_ELECTRIC if _is_electric(unit) else _COARSEST


def _is_electric(unit: str) -> bool:
    return unit.strip().endswith("Wh")


def _names(rows: Sequence[MeterRow]) -> str:
    names = list(dict.fromkeys(row.meter_id for row in rows))
    more = say(" and {number_of_names} more", number_of_names=len(names) - _LISTED) if len(names) > _LISTED else ""
    return say(
        "meter{what} {names}{more}", what="s" if len(names) > 1 else "", names=", ".join(names[:_LISTED]), more=more
    )


# --- missing data ---------------------------------------------------------------------------


def _missing_data(data: MonitoringData) -> Iterator[Loosening]:
    """Rules of the PDD for times without reading, in place of the most cautious one; meters of one rule together."""
    groups: dict[str, list[MeterRow]] = {}
    for row in data.meters:
        if row.missing_data:
            groups.setdefault(row.missing_data, []).append(row)
    for rule, rows in groups.items():
        yield Loosening(
            MISSING_DATA(
                say("missing data of {names} are filled by a rule of the PDD: {rule}", names=_names(rows), rule=rule),
                rows[0].origin("missing_data"),
                found=rule,
                action=say("Say in Comment where the PDD prescribes it, and name the PDD in Evidence."),
                data={"rule": rule},
            ),
            _WithErrors(_places(rows), {"missing_data": None}),
            _all_proven(rows),
        )


def _ratios(data: MonitoringData) -> Iterator[Loosening]:
    """Factors of transformers below 1: these are made to lower current and voltage, so that factors are 1 or more."""
    for row in data.meters:
        factor = row.transformer_factor
        if factor is not None and factor < 1:
            yield Loosening(
                RATIO(
                    say(
                        "the factor of {meter_id} is {factor:g}, so that less counts than the meter shows",
                        meter_id=row.meter_id,
                        factor=factor,
                    ),
                    row.origin("transformer_factor"),
                    found=say("{factor:g}", factor=factor),
                    action=say(
                        "Enter the ratio of the transformers (200/5 is 40), 1 where there are none. If a display is "
                        "really to be multiplied by less than 1, say so in Comment and name the document in Evidence."
                    ),
                    data={"factor": factor},
                ),
                _WithErrors(frozenset({row.row}), {"transformer_factor": 1.0}),
                _proven(row.comment, row.evidence),
            )


# --- conversions -----------------------------------------------------------------------------


def _conversions(data: MonitoringData) -> Iterator[Loosening]:
    """Factors without a unit, whatever they are called: they change an amount and not what it is counted in."""
    units = {row.meter_id: row.unit for row in data.meters}
    known = {row.document_id.strip() for row in data.evidence} - {""}
    gross = {row.meter_id for row in data.conversions if row.property == "gross calorific value"}
    for row in data.conversions:
        meter = row.meter_id
        factor = (row.value or 0.0) * _dimensionless(row.unit)
        if factor in (0.0, 1.0):
            continue
        shown = bool(row.evidence.strip()) or row.document.strip() in known
        if _needed(row.property, units.get(meter, ""), gross=meter in gross, shown=shown):
            continue
        yield Loosening(
            FACTOR(
                say(
                    "the readings of meter {meter} are multiplied by {value:.6g} ({name}), which their unit does not "
                    "need",
                    meter=meter,
                    value=factor,
                    name=row.property,
                ),
                row.origin("value"),
                found=say(
                    "{value:.15g} {row_unit}, {document}",
                    value=row.value,
                    row_unit=row.unit,
                    document=row.document or say("no document"),
                ),
                action=say(
                    "Say in Comment what the factor is and name its document in Evidence; a transformer factor belongs "
                    "on Meters."
                ),
                data={"factor": factor},
            ),
            _without_conversion(row),
            _proven(row.comment, row.evidence),
        )


def _needed(name: str, unit: str, *, gross: bool, shown: bool) -> bool:
    """True for the ratios that fuels have: the net of a gross value, and a part of a blend that a document shows."""
    if name == "net of gross calorific value":
        return gross
    return name == "share of a blend" and shown and _is_fuel(unit)


def _is_fuel(unit: str) -> bool:
    """True for a unit of mass or volume: fuels are blended, energy is not."""
    kinds = ("t", "m3", "Nm3")
    try:
        return any(same_dimension(unit, kind) for kind in kinds)
    except UnitError:
        return False  # the reader of the workbook has named the unit


def _dimensionless(unit: str) -> float:
    """The scale of a unit without dimension, 0 of any other."""
    try:
        return parse_unit(unit).scale if same_dimension(unit, "1") else 0.0
    except UnitError:
        return 0.0  # the reader of the workbook has named the unit
