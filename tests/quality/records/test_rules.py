"""What a verifier asks for beside the numbers: eligibility, equipment, points, people."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError
from jcm_mrv.languages import catalogue_of
from jcm_mrv.methodology.declare import Monitored
from jcm_mrv.quality.records.points import point_findings
from jcm_mrv.quality.records.project import adoption_findings
from jcm_mrv.words import in_language
from jcm_mrv.workbook.scan import column_letters
from jcm_mrv.workbook.schema import sheet
from support.claims import solar
from support.workbooks import PROJECT, Rows, months, solar_tables, solar_workbook


def findings(folder: Path, project: Mapping[str, Any] | None = None, **tables: Rows) -> list[Finding]:
    path = solar_workbook(folder / "monitoring.xlsx", project=project, tables=tables)
    try:
        return list(calculate_file(path).findings)
    except InputRefusedError as error:
        return list(error.findings)


def only(found: list[Finding], code: str) -> list[Finding]:
    return [f for f in found if f.code == code]


def cell(table: str, column: str, row: int) -> str:
    """A cell by the key of its column."""
    return column_letters([c.key for c in sheet(table).columns].index(column) + 1) + str(row)


def changed(table: str, **cells: Any) -> list[dict[str, Any]]:
    """The first row of a table of the small workbook with some cells changed."""
    return [{**solar_tables()[table][0], **cells}]


def test_a_complete_workbook_has_no_finding_of_these_rules(tmp_path: Path) -> None:
    found = findings(tmp_path, estimates=[{"year": 2024, "reductions": 180.0}])
    rooms = ("eligibility.", "equipment.", "estimates.", "evidence.", "project.")
    assert [f.code for f in found if f.code.startswith(rooms)] == []
    assert {f.code for f in found} & {"points.undescribed", "points.share_basis", "points.other_loads"} == set()


class TestEligibility:
    def test_a_criterion_that_is_not_met_blocks(self, tmp_path: Path) -> None:
        [finding] = findings(tmp_path, eligibility=changed("eligibility", met="no"))
        assert (finding.code, str(finding.severity)) == ("eligibility.not_met", "error")
        assert (finding.where.sheet, finding.where.cell) == ("Eligibility", cell("eligibility", "met", 2))

    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            ({"met": None}, "eligibility.open"),
            ({"evidence": None}, "eligibility.no_evidence"),
            ({"evidence": " "}, "eligibility.no_evidence"),
            ({"met": None, "evidence": None}, "eligibility.open"),
        ],
    )
    def test_what_is_left_open(self, cells: dict[str, Any], code: str, tmp_path: Path) -> None:
        found = findings(tmp_path, eligibility=changed("eligibility", **cells))
        assert [(f.code, str(f.severity)) for f in found if f.code.startswith("eligibility.")] == [(code, "major")]

    @pytest.mark.parametrize(
        ("text", "bare"),
        [
            ("Criterion 1", True),
            ("criterion no. 2", True),
            ("  ", True),
            ("1.", True),
            ("Tiêu chí 3", True),
            ("要件4", True),
            ("Criterion 1: the chiller has a COP above that of the reference", False),
            ("Solar PV", False),
        ],
    )
    def test_a_number_is_no_text(self, text: str, bare: bool, tmp_path: Path) -> None:
        found = findings(tmp_path, eligibility=changed("eligibility", criterion=text))
        assert [f.code for f in found if f.code.startswith("eligibility.")] == ["eligibility.no_text"] * bare

    def test_no_criterion_at_all(self, tmp_path: Path) -> None:
        [finding] = only(findings(tmp_path, eligibility=[]), "eligibility.empty")
        assert finding.severity == "major"

    def test_a_criterion_of_the_card_that_has_no_row(self) -> None:
        from dataclasses import replace

        from jcm_mrv.methodology.binding import bind
        from jcm_mrv.methodology.card import Criterion
        from jcm_mrv.methodology.catalogue import catalogue
        from jcm_mrv.quality.records.eligibility import eligibility_findings
        from support.claims import record, solar

        entry = catalogue().find("VN_AM007 1.0")
        criteria = (Criterion("1", "It is on a roof.", "summary"), Criterion("2", "It is new.", "summary"))
        bound = bind(replace(entry, card=replace(entry.card, criteria=criteria)))
        data = solar().data()
        rows = [record("eligibility", 2, {"number": "１.", "met": "yes", "evidence": "D"})]
        data = replace(data, eligibility=rows)
        [finding] = eligibility_findings([bound], data)
        assert finding.code == "eligibility.missing_criterion"
        assert "It is new." in finding.message and "It is on a roof." not in finding.message
        data = replace(data, eligibility=[])
        assert [f.code for f in eligibility_findings([bound], data)] == ["eligibility.missing_criterion"] * 2


def unit(n: int, **cells: Any) -> dict[str, Any]:
    return {**solar_tables()["equipment"][0], "equipment_id": f"PV-{n}", "serial_number": f"SN-{n}", **cells}


def two_units(folder: Path, first: dict[str, Any], second: dict[str, Any], **project: Any) -> list[Finding]:
    """Two systems, each with its own meter and 100 MWh a month."""
    point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
    edges = months((2024, 1), 3)
    return findings(
        folder,
        project,
        equipment=[unit(1, **first), unit(2, **second)],
        meters=[{**meter, "meter_id": f"M-{n}", "serial_number": f"KWH-{n}"} for n in (1, 2)],
        points=[{**point, "applies_to": f"PV-{n}", "meter_id": f"M-{n}"} for n in (1, 2)],
        readings=[
            {"meter_id": f"M-{n}", "kind": "energy", "start": a, "end": b, "value": 1e5, "unit": "kWh"}
            for n in (1, 2)
            for a, b in pairwise(edges)
        ],
    )


class TestEquipment:
    @pytest.mark.parametrize("serial", [None, " ", "-", "N/A", "n.a.", "ｕｎｋｎｏｗｎ", "不明", "Không có"])
    def test_no_serial_number(self, serial: str | None, tmp_path: Path) -> None:
        [finding] = only(
            findings(tmp_path, equipment=changed("equipment", serial_number=serial)), "equipment.serial_missing"
        )
        assert finding.severity == "minor" and finding.where.cell == cell("equipment", "serial_number", 2)

    def test_the_same_serial_number_twice(self, tmp_path: Path) -> None:
        found = two_units(tmp_path, {"serial_number": "AB 123"}, {"serial_number": "ａｂ123"})
        [finding] = only(found, "equipment.serial_twice")
        assert (
            finding.severity == "major"
            and finding.where.cell == cell("equipment", "serial_number", 3)
            and "PV-1" in finding.message
        )

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ({"serial_number": "A1"}, {"serial_number": "A2"}),
            ({"serial_number": "unknown"}, {"serial_number": "unknown"}),
            ({"serial_number": "7", "manufacturer": "X"}, {"serial_number": "7", "manufacturer": "Y"}),
            (  # one system that was moved to another roof
                {"serial_number": "7", "operation_end": date(2024, 1, 31)},
                {"serial_number": "7", "operation_start": date(2024, 2, 1)},
            ),
        ],
    )
    def test_two_things(self, first: dict[str, Any], second: dict[str, Any], tmp_path: Path) -> None:
        assert only(two_units(tmp_path, first, second), "equipment.serial_twice") == []

    @pytest.mark.parametrize(("until", "told"), [(date(2024, 1, 31), 0), (date(2024, 2, 1), 1)])
    def test_one_unit_that_was_moved(self, until: date, told: int, tmp_path: Path) -> None:
        """It may run in the old place and in the new one on the day of the move, and not on two days."""
        first, second = {"operation_end": until}, {"operation_start": date(2024, 1, 31)}
        found = two_units(tmp_path, {"serial_number": "7", **first}, {"serial_number": "7", **second})
        assert len(only(found, "equipment.serial_twice")) == told

    @pytest.mark.parametrize(
        ("days", "word", "column"),
        [
            ({"operation_start": date(2025, 1, 1)}, "after", "operation_start"),  # a slip in the year
            ({"operation_end": date(2023, 12, 31)}, "before", "operation_end"),
            ({"operation_start": date(2024, 3, 31)}, "", ""),
            ({"operation_end": date(2024, 1, 1)}, "", ""),
        ],
    )
    def test_operation_outside_the_period(self, days: dict[str, Any], word: str, column: str, tmp_path: Path) -> None:
        found = only(two_units(tmp_path, {}, days), "equipment.operation_outside")
        assert [(f"only {word} the" in f.message, f.where.cell) for f in found] == (
            [(True, cell("equipment", column, 3))] if word else []
        )

    def test_no_first_day_of_operation(self, tmp_path: Path) -> None:
        equipment = changed("equipment", operation_start=None)
        assert only(findings(tmp_path, equipment=equipment), "equipment.operation_missing") == []  # the project has one
        found = findings(tmp_path, {**PROJECT, "operation_start": None}, equipment=equipment)
        assert len(only(found, "equipment.operation_missing")) == 1

    def test_the_projects_start_of_operation_stands_for_that_of_its_units(self, tmp_path: Path) -> None:
        """From February on: the reading of January is outside the operation and named, not claimed in silence."""
        equipment = changed("equipment", operation_start=None)
        found = findings(tmp_path, {**PROJECT, "operation_start": date(2024, 2, 1)}, equipment=equipment)
        assert "readings.not_used" in {f.code for f in found}
        late = findings(tmp_path, {**PROJECT, "operation_start": date(2024, 4, 1)}, equipment=equipment)
        [finding] = only(late, "equipment.operation_outside")
        assert "only after" in finding.message

    def test_own_renewables(self, tmp_path: Path) -> None:
        for answer, count in (("yes", 1), ("no", 0), (None, 0)):
            found = findings(tmp_path, equipment=changed("equipment", own_renewables=answer))
            assert [str(f.severity) for f in only(found, "equipment.own_renewables")] == ["major"] * count

    def test_equipment_that_no_meter_measures(self, tmp_path: Path) -> None:
        found = findings(tmp_path, equipment=[unit(1), unit(2)])
        assert [f.code for f in found if "PV-2" in f.message] == ["points.missing"]


class TestPoints:
    def test_undescribed(self, tmp_path: Path) -> None:
        points = changed("points", frequency=None, responsible=" ")
        [finding] = only(findings(tmp_path, points=points), "points.undescribed")
        assert finding.message == "monitoring point 1 (EG, PV-1) leaves open: Frequency, Responsible"
        assert finding.severity == "minor" and finding.where.sheet == "Monitoring points"

    @pytest.mark.parametrize(
        ("share", "basis", "count"), [(0.25, None, 1), (0.25, "by rated capacity", 0), (1.0, None, 0), (None, None, 0)]
    )
    def test_basis_of_a_share(self, share: float | None, basis: str | None, count: int, tmp_path: Path) -> None:
        found = findings(tmp_path, points=changed("points", share=share, share_basis=basis))
        assert [f.found for f in only(found, "points.share_basis")] == ["share 0.25"] * count

    def test_other_loads(self, tmp_path: Path) -> None:
        [finding] = only(findings(tmp_path, points=changed("points", other_loads="yes")), "points.other_loads")
        assert finding.severity == "major" and "Sign -" in finding.action
        assert only(findings(tmp_path, points=changed("points", other_loads="no")), "points.other_loads") == []

    def test_other_loads_of_which_something_is_subtracted(self, tmp_path: Path) -> None:
        point = solar_tables()["points"][0]
        edges = months((2024, 1), 3)
        found = findings(
            tmp_path,
            meters=[{**solar_tables()["meters"][0], "meter_id": f"M-{n}", "serial_number": f"KWH-{n}"} for n in (1, 2)],
            points=[{**point, "other_loads": "yes"}, {**point, "meter_id": "M-2", "sign": "-"}],
            readings=[
                {"meter_id": m, "kind": "energy", "start": a, "end": b, "value": v, "unit": "kWh"}
                for m, v in (("M-1", 1e5), ("M-2", 1e4))
                for a, b in pairwise(edges)
            ],
        )
        [finding] = only(found, "points.other_loads")
        assert finding.severity == "minor" and "M-2 is subtracted" in finding.message


class TestUnusedMeter:
    def unused(self, folder: Path, **cells: Any) -> list[str]:
        meter = solar_tables()["meters"][0]
        other = {**meter, "meter_id": "M-9", "serial_number": "KWH-9", **cells}
        return [f.message for f in only(findings(folder, meters=[meter, other]), "points.meter_unused")]

    def test_a_meter_that_nothing_names(self, tmp_path: Path) -> None:
        [message] = self.unused(tmp_path)
        assert message.startswith("meter M-9 is in no monitoring point")

    def test_a_check_meter_has_its_use(self, tmp_path: Path) -> None:
        assert self.unused(tmp_path, checks="M-1") == []


class TestOneMeterUnderTwoNames:
    def run(self, folder: Path, second: float, **cells: Any) -> list[Finding]:
        point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
        edges = months((2024, 1), 3)
        found = findings(
            folder,
            equipment=[unit(1), unit(2)],
            meters=[
                {**meter, "serial_number": "KWH-77"},
                {**meter, "meter_id": "M-2", "serial_number": "kwh-77", **cells},
            ],
            points=[{**point, "applies_to": f"PV-{n}", "meter_id": f"M-{n}"} for n in (1, 2)],
            readings=[
                {"meter_id": m, "kind": "energy", "start": a, "end": b, "value": v, "unit": "kWh"}
                for m, v in (("M-1", 1e5), ("M-2", second))
                for a, b in pairwise(edges)
            ],
        )
        return only(found, "points.same_meter_two_lines")

    def test_the_same_amounts_are_counted_twice(self, tmp_path: Path) -> None:
        [finding] = self.run(tmp_path, 1e5)
        assert finding.severity == "error" and "in 3 month(s)" in finding.message

    def test_other_amounts_in_two_systems_are_a_question_with_its_effect(self, tmp_path: Path) -> None:
        """Without M-1 the 3 x 100 MWh at 0.5 t/MWh (150 t) are missing, without M-2 3 x 20 MWh: the more of both."""
        [finding] = self.run(tmp_path, 2e4)
        assert (finding.severity, finding.effect_tco2e) == ("major", pytest.approx(150.0))

    def test_registers_of_one_monitoring_point_are_only_named(self, tmp_path: Path) -> None:
        point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
        edges = months((2024, 1), 3)
        found = findings(
            tmp_path,
            meters=[{**meter, "meter_id": m, "serial_number": "KWH-77"} for m in ("M-1", "M-2")],
            points=[{**point, "meter_id": m} for m in ("M-1", "M-2")],
            readings=[
                {"meter_id": m, "kind": "energy", "start": a, "end": b, "value": v, "unit": "kWh"}
                for m, v in (("M-1", 1e5), ("M-2", 2e4))
                for a, b in pairwise(edges)
            ],
        )
        [finding] = only(found, "points.same_meter_two_lines")
        assert finding.severity == "minor" and "registers of one meter" in finding.action

    def test_other_makes(self, tmp_path: Path) -> None:
        assert len(self.run(tmp_path, 1e5, manufacturer="X")) == 1  # the other row says nothing

    def test_each_name_is_told_once(self, tmp_path: Path) -> None:
        """Four names of one meter are three too many, not six pairs."""
        meter, point = solar_tables()["meters"][0], solar_tables()["points"][0]
        names = [f"M-{n}" for n in range(1, 5)]
        found = findings(
            tmp_path,
            meters=[{**meter, "meter_id": m, "serial_number": "KWH-77"} for m in names],
            points=[{**point, "meter_id": m, "share": 0.25} for m in names],
        )
        assert [f.message.split(" have ")[0] for f in only(found, "points.same_meter_two_lines")] == [
            f"M-1 and {m}" for m in names[1:]
        ]

    def test_another_serial_number(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, 1e5, serial_number="KWH-78") == []


class TestChoices:
    @pytest.mark.parametrize(
        ("cells", "count"),
        [({"document": "D-01"}, 0), ({"evidence": "D-01"}, 0), ({}, 1), ({"document": " "}, 1)],
    )
    def test_a_choice_needs_a_document_as_a_number_does(
        self, cells: dict[str, Any], count: int, tmp_path: Path
    ) -> None:
        choice = {"parameter": "connection", "value": "grid", "unit": "choice", **cells}
        found = findings(tmp_path, fixed=[choice, solar_tables()["fixed"][1]])
        assert [(f.found, str(f.severity)) for f in only(found, "fixed.no_document")] == [("grid", "minor")] * count

    def test_a_column_of_equipment_is_proven_by_the_evidence_of_its_row(self, tmp_path: Path) -> None:
        for evidence, count in ((None, 1), ("D-01", 0)):
            equipment = changed("equipment", connection="grid", evidence=evidence)
            found = findings(tmp_path, equipment=equipment, fixed=solar_tables()["fixed"][1:])
            assert len(only(found, "fixed.no_document")) == count


class TestProject:
    def test_no_estimate_of_a_year(self, tmp_path: Path) -> None:
        span = {"period_start": date(2023, 12, 1), "period_end": date(2024, 2, 29)}
        readings = [
            {"meter_id": "M-1", "kind": "energy", "start": a, "end": b, "value": 1e5, "unit": "kWh"}
            for a, b in pairwise(months((2023, 12), 3))
        ]
        estimates = [{"year": 2024, "reductions": 100.0}]
        found = findings(tmp_path, {**PROJECT, **span}, readings=readings, estimates=estimates)
        [finding] = only(found, "estimates.missing")
        assert "2023" in finding.message and finding.where.sheet == "Estimates"

    def test_nobody_is_responsible(self, tmp_path: Path) -> None:
        assert len(only(findings(tmp_path, team=[]), "project.team_missing")) == 1

    def test_blank_fields(self, tmp_path: Path) -> None:
        found = findings(tmp_path, {**PROJECT, "pdd": None, "prepared_by": None})
        [finding] = only(found, "project.incomplete")
        assert finding.message == "left blank: Project design document, Prepared by"
        in_vi = in_language(finding.message, catalogue_of("vi"))
        assert in_vi.endswith(": Tài liệu thiết kế dự án, Người lập")
        assert finding.severity == "note"


def test_everything_that_blocks_is_said_at_once(tmp_path: Path) -> None:
    """A criterion that is not met does not hide a cell that cannot be read, and the other way round."""
    eligibility = changed("eligibility", met="no")
    found = findings(tmp_path, eligibility=eligibility, equipment=[unit(1), unit(2)])
    assert {f.code for f in found} == {"eligibility.not_met", "points.missing"}


@pytest.mark.parametrize(("installed", "told"), [(datetime(2024, 2, 1), 0), (datetime(2024, 1, 31, 23), 1)])
def test_moments_of_meters_are_compared(installed: datetime, told: int, tmp_path: Path) -> None:
    """A meter that was moved in February has the same number under two names, one after the other; not an hour both."""
    swap = datetime(2024, 2, 1)
    point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
    edges = months((2024, 1), 3)
    found = findings(
        tmp_path,
        meters=[
            {**meter, "serial_number": "KWH-77", "removed": swap},
            {**meter, "meter_id": "M-2", "serial_number": "KWH-77", "installed": installed},
        ],
        points=[point, {**point, "meter_id": "M-2"}],
        readings=[
            {"meter_id": m, "kind": "energy", "start": a, "end": b, "value": 1e5, "unit": "kWh"}
            for m, a, b in (("M-1", *edges[:2]), ("M-2", *edges[1:3]), ("M-2", *edges[2:4]))
        ],
    )
    assert len(only(found, "points.same_meter_two_lines")) == told


@pytest.mark.parametrize(("said", "severity"), [(None, "minor"), ("counted", "major"), ("none", ""), ("left out", "")])
def test_rejected_product_is_asked_for_where_output_is_counted(said: str | None, severity: str) -> None:
    """The label of the parameter says that it is an output; the plant stands in for one that makes something."""
    sketch = solar()
    sketch.points = [{**sketch.points[0], "rejects": said}]
    claim, _ = sketch.build()
    assert not [f for f in point_findings(claim, sketch.data()) if f.code == "points.rejects"]
    (parameter,) = claim.parameters
    relabel = replace(parameter, declared=relabelled(parameter.declared, "good output by type of product"))
    claim = replace(claim, parameters=(relabel,))
    found = [f for f in point_findings(claim, sketch.data()) if f.code == "points.rejects"]
    assert [str(f.severity) for f in found] == ([severity] if severity else [])


def relabelled(node: Monitored, label: str) -> Monitored:
    again = copy(node)
    again.label = label
    return again


@pytest.mark.parametrize(("first", "count"), [(date(2017, 1, 1), 1), (date(2017, 10, 10), 0), (date(2024, 1, 1), 0)])
def test_a_period_before_the_methodology_was_adopted(first: date, count: int) -> None:
    """VN_AM007 1.0 was adopted on 10 October 2017."""
    sketch = solar(start=first, end=date(first.year, 12, 31))
    claim, _ = solar().build()
    found = list(adoption_findings(claim.bounds, sketch.data(), sketch.timeline))
    assert [f.code for f in found] == ["methodology.before_adoption"] * count
