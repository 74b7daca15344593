"""The crediting period and Article 6.2 on the sheet Project: entered, compared, and carried into JSON and report."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.document.templating import visible_text
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.mutations import edit

LATER = ("Crediting period", "Renewal of crediting", "Article 6.2")


def calculated(folder: Path, **project: str | date) -> Result:
    """A roof that is claimed for 2024, with more fields of Project."""
    path = folder / "monitoring.xlsx"
    fields = {
        "title": "Roof (illustrative)",
        "country": "Viet Nam",
        "time_zone": "Asia/Ho_Chi_Minh",
        "period_start": date(2024, 1, 1),
        "period_end": date(2024, 12, 31),
        "report_date": date(2025, 1, 31),
        **project,
    }
    write_workbook(
        path,
        template_methods(["VN_AM007"]),
        fields,
        {
            "equipment": [{"equipment_id": "PV-1", "connection": "grid"}],
            "meters": [{"meter_id": "M-1", "unit": "MWh", "transformer_factor": 1}],
            "points": [{"parameter": "EG", "applies_to": "PV-1", "meter_id": "M-1", "sign": "+"}],
            "readings": [
                {
                    "meter_id": "M-1",
                    "kind": "energy",
                    "start": datetime(2024, 1, 1),
                    "end": datetime(2025, 1, 1),
                    "value": 100.0,
                    "unit": "MWh",
                }
            ],
        },
    )
    return calculate_file(path)


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2024, 1, 1), date(2024, 12, 31)), (date(2020, 5, 1), date(2030, 4, 30)), (None, date(2024, 12, 31))],
)
def test_a_period_within_is_counted(start: date | None, end: date, tmp_path: Path) -> None:
    given = {"crediting_end": end} if start is None else {"crediting_start": start, "crediting_end": end}
    assert calculated(tmp_path, **given).credited == 33  # 100 MWh x 0.333 = 33.3 t


@pytest.mark.parametrize(
    ("start", "end", "cell_of", "said"),
    [
        (date(2024, 1, 2), date(2030, 1, 1), "first day", "begins before the crediting period"),
        (date(2014, 1, 1), date(2024, 12, 30), "last day", "ends after the crediting period"),
    ],
)
def test_a_day_outside_is_refused(start: date, end: date, cell_of: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as error:
        calculated(tmp_path, crediting_start=start, crediting_end=end)
    [finding] = [f for f in error.value.findings if f.code == "project.outside_crediting_period"]
    assert said in finding.message and finding.where.sheet == "Project" and finding.where.cell
    assert str(start) in finding.found and str(end) in finding.found


def test_an_end_before_the_beginning_is_named_alone(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as error:
        calculated(tmp_path, crediting_start=date(2025, 1, 1), crediting_end=date(2015, 1, 1))
    assert [f.code for f in error.value.findings] == ["project.crediting_period"]


def test_what_is_entered_travels_to_json_and_report(tmp_path: Path) -> None:
    entered = {
        "crediting_renewal": "renewed by decision 7 (invented)",
        "authorisation": "letter 12 (invented)",
        "vintage": "2024",
        "first_transfer": "at issuance (invented)",
        "corresponding_adjustment": "not yet applied",
    }
    result = calculated(tmp_path, crediting_start=date(2020, 1, 1), **entered)
    project = json.loads(result_json(result))["project"]
    assert {key: project[key] for key in entered} == entered and project["crediting_start"] == "2020-01-01"
    text = visible_text(report_page(result, "en").decode())
    assert "Article 6.2: corresponding adjustment" in text and all(value in text for value in entered.values())


def test_left_blank_it_asks_for_nothing(tmp_path: Path) -> None:
    result = calculated(tmp_path)
    assert not [f for f in result.findings if "crediting" in f.code or "rediting" in f.message]
    assert "Article 6.2" not in visible_text(report_page(result, "en").decode())


def test_a_workbook_of_an_earlier_template_has_no_such_rows_and_is_not_asked_for_them(tmp_path: Path) -> None:
    new = calculated(tmp_path)

    def older(book: Any) -> None:
        sheet = book["Project"]
        rows = [row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 1).value).startswith(LATER)]
        assert len(rows) == 7
        for row in reversed(rows):
            sheet.delete_rows(row)

    old = calculate_file(edit(tmp_path / "monitoring.xlsx", older))
    assert [f.code for f in old.findings] == [f.code for f in new.findings]
    assert old.credited == new.credited
