"""The rows of the meter register: classes, serial numbers, swaps and check meters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError
from jcm_mrv.meters.meters import Installation, Meter
from jcm_mrv.origin import Origin
from jcm_mrv.quality.register import _replacements, register_findings
from support.boiler import boiler, boiler_tables
from support.claims import rows_of
from support.limits import codes
from support.workbooks import solar_tables, solar_workbook

SWAPPED = datetime(2024, 2, 1)
NOBODY = np.array([], dtype=np.str_)


def found(folder: Path, code: str, meters: Sequence[Mapping[str, Any]], **tables: Any) -> list[Finding]:
    path = solar_workbook(folder / "monitoring.xlsx", tables={"meters": meters, **tables})
    try:
        findings = calculate_file(path).findings
    except InputRefusedError as refused:
        findings = list(refused.findings)
    return [f for f in findings if f.code == code]


def meter(**changes: Any) -> dict[str, Any]:
    return {**solar_tables()["meters"][0], **changes}


@pytest.mark.parametrize(
    ("code", "changes", "says"),
    [
        ("meters.class_required", {"accuracy_class": 1.0, "required_class": 0.5}, "class 0.5 is required"),
        (
            "meters.class_required",
            {"accuracy_class": None, "permissible_error": 1.0, "required_class": 0.5},
            "a permissible error of 1 %",
        ),
        ("meters.class_as_fraction", {"accuracy_class": 0.005}, "it looks like 0.5 %"),
        ("meters.class_as_fraction", {"permissible_error": 0.002}, "it looks like 0.2 %"),
        ("meters.no_error_limit", {"accuracy_class": None}, "neither"),
        ("meters.serial_missing", {"serial_number": None}, "no serial number"),
        ("meters.serial_missing", {"serial_number": "-"}, "no serial number"),
    ],
)
def test_a_row_of_a_meter(code: str, changes: dict[str, Any], says: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, code, [meter(**changes)])
    assert says in finding.message and finding.where.sheet == "Meters"
    assert not found(tmp_path, code, [meter(required_class=0.5)])


def test_a_meter_that_the_claim_does_not_use_needs_no_class(tmp_path: Path) -> None:
    rows = [meter(), meter(meter_id="M-9", accuracy_class=None, serial_number=None)]
    assert not found(tmp_path, "meters.no_error_limit", rows) and not found(tmp_path, "meters.serial_missing", rows)


@pytest.mark.parametrize(
    ("check", "says"),
    [({"checks": "C-1"}, "itself"), ({"checks": "M-1", "unit": "Nm3"}, "counts in Nm3")],
)
def test_a_check_meter_that_checks_nothing(check: dict[str, Any], says: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "meters.check_unit", [meter(), meter(meter_id="C-1", **check)])
    assert says in finding.message


def registers() -> list[dict[str, Any]]:
    at = {
        datetime(2024, 1, 1): 0.0,
        datetime(2024, 1, 31): 900.0,
        datetime(2024, 2, 2): 10.0,
        datetime(2024, 4, 1): 800.0,
    }
    return [{"meter_id": "M-1", "kind": "register", "end": t, "value": v, "unit": "kWh"} for t, v in at.items()]


def test_a_swap_without_readings(tmp_path: Path) -> None:
    old, new = meter(removed=SWAPPED), meter(serial_number="B", installed=SWAPPED, opening_reading=0.0)
    (finding,) = found(tmp_path, "meters.swap_without_readings", [old, new], readings=registers())
    assert "without the closing reading of the old meter" in finding.message
    (finding,) = found(tmp_path, "meters.swap_without_readings", [old, {**new, "opening_reading": None}],
                       readings=registers())  # fmt: skip
    assert "and the opening reading of the new meter" in finding.message
    rows = [{**old, "closing_reading": 930.0}, new]
    assert not found(tmp_path, "meters.swap_without_readings", rows, readings=registers())


@pytest.mark.parametrize(
    ("changes", "code", "percent"),
    [
        # Wrong by its class, or permissible error, throughout; where neither is stated by the 2 % of the settings.
        ({"accuracy_class": 1.0, "required_class": 0.5}, "meters.class_required", 1.0),
        ({"accuracy_class": None, "permissible_error": 1.5, "required_class": 0.5}, "meters.class_required", 1.5),
        ({"accuracy_class": None}, "meters.no_error_limit", 2.0),
    ],
)
def test_a_meter_of_less_accuracy_says_what_hangs_on_it(
    changes: dict[str, Any], code: str, percent: float, tmp_path: Path
) -> None:
    """180 t rise with the roof's meter; 2.99 MWh of auxiliaries at 0.8 t/MWh lower ER: both lose by the error."""
    (roof,) = found(tmp_path, code, [meter(**changes)])
    assert roof.effect_tco2e == pytest.approx(180 * percent / 100)
    fuel, power = boiler_tables()["meters"]
    (burnt,) = [f for f in boiler(tables={"meters": [fuel, {**power, **changes}]}).findings if f.code == code]
    assert burnt.effect_tco2e == pytest.approx(2.99 * 0.8 * percent / 100)


def findings_of(
    *meters: dict[str, Any], option: str = "C", readings: Any = None, logs: Any = (), built: Any = None
) -> list[Finding]:
    given = [{"serial_number": "S", "accuracy_class": 0.5, "unit": "kWh", "meter_id": "M", **row} for row in meters]
    points = [{"meter_id": row["meter_id"], "option": option} for row in given]
    data: Any = SimpleNamespace(
        meters=rows_of("meters", given), points=rows_of("points", points), logs=logs,
        readings=readings or SimpleNamespace(meter_id=NOBODY, kind=NOBODY),
    )  # fmt: skip
    return register_findings(data, built or {}, lambda meter, error: 64.0 * error, 0.02)


def of_register(*meters: dict[str, Any], option: str = "C") -> list[str]:
    return codes(findings_of(*meters, option=option))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, []),
        ({"accuracy_class": 0.05}, []),
        ({"accuracy_class": 0.049}, ["class_as_fraction"]),
        ({"accuracy_class": 0.0}, []),
        ({"permissible_error": 0.02}, ["class_as_fraction"]),
        ({"required_class": 0.5}, []),
        ({"required_class": 0.4}, ["class_required"]),
        ({"accuracy_class": None}, ["no_error_limit"]),
        ({"accuracy_class": None, "permissible_error": 2.0, "required_class": 1.0}, ["class_required"]),
        ({"accuracy_class": None, "permissible_error": 2.0}, []),
        ({"serial_number": ""}, ["serial_missing"]),
        ({"checks": "M"}, ["check_unit"]),
    ],
)
def test_the_register_of_meters(row: dict[str, Any], said: list[str]) -> None:
    assert of_register(row) == said
    if said not in (["class_as_fraction"], ["check_unit"]):
        assert of_register(row, option="A") == []


@pytest.mark.parametrize(("unit_", "said"), [("MWh", []), ("m3", ["check_unit"]), ("", [])])
def test_a_check_meter_counts_the_same_kind(unit_: str, said: list[str]) -> None:
    assert of_register({}, {"meter_id": "C", "checks": "M", "unit": unit_, "serial_number": "T"}) == said


def stood(serial: str, start: int, end: int, opening: float | None, closing: float | None) -> Installation:
    return Installation(
        serial, "kWh", 1.0, None, start, end, opening, closing, Origin(), Origin(cell="opening"), Origin(cell="closing")
    )


@pytest.mark.parametrize(
    ("closing", "opening", "serial", "cell", "words"),
    [
        (5.0, 1.0, "B", None, 0),
        (None, 1.0, "B", "closing", 1),
        (5.0, None, "B", "opening", 1),
        (None, None, "B", "closing", 2),
        (None, None, "A", None, 0),  # the same meter with new transformers
    ],
)
def test_a_meter_was_changed_with_its_readings(
    closing: float | None, opening: float | None, serial: str, cell: str | None, words: int
) -> None:
    meter = Meter("M", (stood("A", 0, 10, 0.0, closing), stood(serial, 10, 20, opening, None)))
    found = list(_replacements(meter))
    assert [f.where.cell for f in found] == ([] if cell is None else [cell])
    for one in found:
        assert ("closing" in one.found or "closing" in one.message) == (closing is None)
        assert ("opening" in one.found or "opening" in one.message) == (opening is None)
    assert words == (0 if not found else (closing is None) + (opening is None))


@pytest.mark.parametrize(
    ("readings", "logs", "option", "said"),
    [
        ([("M", "register")], [], "C", 1), ([("M", "energy")], [], "C", 0), ([("X", "register")], [], "C", 0),
        ([("M", "energy"), ("M", "register")], [], "C", 1), ([("M", "register")], [], "B", 0),
        ([], [("M", "register")], "C", 1), ([], [("M", "interval")], "C", 0), ([], [], "C", 0),
    ],
)  # fmt: skip
def test_only_of_a_register_that_counts_a_change_needs_readings(
    readings: list[tuple[str, str]], logs: list[tuple[str, str]], option: str, said: int
) -> None:
    ids, kinds = zip(*readings, strict=True) if readings else ((), ())
    read = SimpleNamespace(meter_id=np.array(ids, dtype=np.str_), kind=np.array(kinds, dtype=np.str_))
    rows = [SimpleNamespace(meter_id=meter_id, kind=kind) for meter_id, kind in logs]
    changed = Meter("M", (stood("A", 0, 10, 0.0, None), stood("B", 10, 20, 1.0, None)))
    found = findings_of({}, option=option, readings=read, logs=rows, built={"M": changed})
    assert codes(found) == ["swap_without_readings"] * said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"required_class": 0.25}, "meter M has class 0.5 %, but class 0.25 is required"),
        ({"accuracy_class": None, "permissible_error": 2.0, "required_class": 0.5},
         "meter M has a permissible error of 2 %, but class 0.5 is required"),
    ],
)  # fmt: skip
def test_what_is_required_of_a_meter_is_said_with_what_it_has(row: dict[str, Any], words: str) -> None:
    (found,) = findings_of(row)
    assert found.message == words and found.data["class"] == float(found.found.split()[0])
    assert found.effect_tco2e == pytest.approx(0.64 * found.data["class"]), "64 t if all were wrong by it"


def test_meters_without_a_serial_number_are_named_once() -> None:
    """Two rows of M-0 and one of each of nine others: ten names, of which as many are shown as elsewhere."""
    rows = [{"meter_id": f"M-{n}", "serial_number": ""} for n in (0, *range(10))]
    (found,) = findings_of(*rows)
    assert found.data == {"count": 11} and found.found.startswith("M-0, M-1, M-2") and found.found.endswith("more")


def test_a_check_meter_in_a_unit_that_nobody_knows_is_named_by_the_reader() -> None:
    assert of_register({}, {"meter_id": "C", "checks": "M", "unit": "xx", "serial_number": "T"}) == []
