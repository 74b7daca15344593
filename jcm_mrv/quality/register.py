"""The meter register: classes, serial numbers, meter replacements and check meters, as the sheet Meters has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.meters.calibrations import samples_of
from jcm_mrv.meters.instruments import LEAST_CLASS
from jcm_mrv.meters.meters import Installation, Meter
from jcm_mrv.meters.serials import serial_number
from jcm_mrv.meters.tree import read_tree, same_kind
from jcm_mrv.quality.setting import Setting
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import MeterKey, MeterRow

CLASS_REQUIRED = Code("meters.class_required", Severity.MAJOR, "A meter is less accurate than required.")
AS_FRACTION = Code("meters.class_as_fraction", Severity.MAJOR, "A percentage of a meter is written as a fraction.")
NO_ERROR_LIMIT = Code("meters.no_error_limit", Severity.MAJOR, "Neither class nor error limit of a meter is known.")
SERIAL_MISSING = Code("meters.serial_missing", Severity.MINOR, "A meter has no serial number.")
REPLACEMENT = Code(
    "meters.swap_without_readings", Severity.MAJOR, "A meter was changed without closing or opening reading."
)
CHECK_METER = Code("meters.check_unit", Severity.ERROR, "A check meter cannot check its meter.")

_PERCENTS: tuple[tuple[MeterKey, str], ...] = (
    ("accuracy_class", "accuracy class"),
    ("required_class", "required accuracy class"),
    ("permissible_error", "maximum permissible error"),
)

CALIBRATION_VALIDITY_FROM = Setting(
    "calibration.validity_from",
    "certificate",
    "",
    "from when the interval of calibration counts where a meter was calibrated before it was installed",
    choices=("certificate", "installation"),
)


Exposed = Callable[[str, float], float | None]


def register_findings(
    data: MonitoringData, meters: Mapping[str, Meter], exposed: Exposed, unknown: float
) -> list[Finding]:
    """What is wrong with the rows of meters that monitoring points use (option C), and with check meters.

    ``exposed`` is what ER would be lower by if all that a meter counted were wrong by an error, which is ``unknown``
    where nobody states one.
    """
    rows = data.meters
    option_c = {r.meter_id for r in data.points if r.option not in ("A", "B")} - samples_of(data)
    used = [row for row in rows if row.meter_id in option_c]
    findings = [finding for row in rows for finding in _percentages(row)]
    findings += [finding for row in used for finding in _class(row, exposed, unknown)]
    nameless = [row for row in used if not serial_number(row.serial_number)]
    findings += [_no_serial(nameless)] if nameless else []
    findings += [f for row in rows for f in _check_meter(row, rows)]
    findings += read_tree(rows)[1]
    registers = _registers(data)
    findings += [f for name in meters if name in option_c & registers for f in _replacements(meters[name])]
    return findings


def _percentages(row: MeterRow) -> Iterator[Finding]:
    for key, name in _PERCENTS:
        value = row[key].number
        if value is not None and 0 < value < LEAST_CLASS:
            yield AS_FRACTION(
                say(
                    "the {name} of meter {meter_id} is below any class that meters are made in: it looks like "
                    "{value:g} % written as a fraction, and is used as that",
                    name=name,
                    meter_id=row.meter_id,
                    value=value * 100,
                ),
                row.origin(key),
                found=say("{value:g} %", value=value),
                action=say("Write {value:g}: the column is in per cent.", value=value * 100),
                data={"value": value},
            )


def _class(row: MeterRow, exposed: Exposed, unknown: float) -> Iterator[Finding]:
    key: MeterKey = "permissible_error" if row.accuracy_class is None else "accuracy_class"
    own, required = row[key].number, row.required_class
    meter, name = row.meter_id, "class" if key == "accuracy_class" else "a permissible error of"
    if own is None:
        yield NO_ERROR_LIMIT(
            say("neither the accuracy class nor the permissible error of meter {meter} is given", meter=meter),
            row.origin("accuracy_class"),
            found=say("empty; wrong by {error:.6g} % throughout, ER would be lower by the effect", error=unknown * 100),
            action=say("Enter the class from the name plate; questionable readings are corrected by it."),
            effect_tco2e=exposed(meter, unknown),
        )
    if own is not None and required is not None and own > required:
        yield CLASS_REQUIRED(
            say(
                "meter {meter} has {name} {own:g} %, but class {required:g} is required",
                meter=meter,
                name=name,
                own=own,
                required=required,
            ),
            row.origin(key),
            found=say("{own:g} %; wrong by that throughout, ER would be lower by the effect", own=own),
            action=say("Correct the class, or say on the sheet Answers why the meter may be used."),
            data={"class": own, "required": required},
            effect_tco2e=exposed(meter, own / 100),
        )


def _no_serial(rows: Sequence[MeterRow]) -> Finding:
    return SERIAL_MISSING(
        say(
            "{number_of_rows} meter(s) have no serial number: certificates cannot be matched with them",
            number_of_rows=len(rows),
        ),
        rows[0].origin("serial_number"),
        found=named(list(dict.fromkeys(row.meter_id for row in rows))),
        action=say("Enter the serial number from the name plate."),
        data={"count": len(rows)},
    )


def _check_meter(row: MeterRow, rows: Sequence[MeterRow]) -> Iterator[Finding]:
    name, own = row.checks, row.meter_id
    if not name:
        return
    checked = next((r for r in rows if r.meter_id == name), None)
    problem = ""
    if name == own:
        problem = say("a meter cannot check itself")
    elif checked is not None and not same_kind(row.unit, checked.unit):
        problem = say(
            "meter {own} counts in {row_unit}, the meter that it checks in {checked_unit}",
            own=own,
            row_unit=row.unit,
            checked_unit=checked.unit,
        )
    if problem:
        action = say("Name the meter that it checks, of the same kind of quantity.")
        yield CHECK_METER(problem, row.origin("checks"), found=name, action=action)


def _registers(data: MonitoringData) -> set[str]:
    """The meters that are read by their registers."""
    read = data.readings.meter_id[data.readings.kind == "register"].tolist()
    return {*read, *(r.meter_id for r in data.logs if r.kind == "register")}


def _replacements(meter: Meter) -> Iterator[Finding]:
    for old, new in pairwise(meter.installations):
        if old.same_meter(new) or (old.closing is not None and new.opening is not None):
            continue
        yield _replacement(meter.meter_id, old, new)


def _replacement(name: str, old: Installation, new: Installation) -> Finding:
    lacking, unknown = [], []
    if old.closing is None:
        lacking.append(say("the closing reading of the old meter"))
        unknown.append(say("between the last reading and the change"))
    if new.opening is None:
        lacking.append(say("the opening reading of the new meter"))
        unknown.append(say("between the change and the first reading"))
    return REPLACEMENT(
        say(
            "meter {name} was replaced without {lacking}: the metered quantity {unknown} is unknown",
            name=name,
            lacking=" and ".join(lacking),
            unknown=" and ".join(unknown),
        ),
        old.where_closing if old.closing is None else new.where_opening,
        found=say("empty"),
        action=say("Enter the closing reading of the old and the opening reading of the new meter."),
    )
