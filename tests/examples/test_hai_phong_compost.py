"""The composting example against plain arithmetic on its own files: the log by truck load and the samples."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file

KINDS = ("food", "garden", "paper", "textiles", "wood", "inert")
RATES = (0.40, 0.17, 0.07, 0.07, 0.035, 0.17)
CARBON = (0.15, 0.20, 0.40, 0.24, 0.43, 0.0)
PER_CARBON = 0.85 * (1 - 0.1) * 0.5 * 0.5 * 1.0 * 16 / 12 * 28


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tonnes_by_month(folder: Path) -> list[float]:
    """The loads of each month, added up from the tickets."""
    found = [0.0] * 36
    for row in rows(folder / "data/weighbridge.csv"):
        if row["truck"]:
            year, number, _ = row["weighed_at"].split("-", 2)
            found[(int(year) - 2023) * 12 + int(number) - 1] += int(row["net_kg"]) / 1000
    return found


def mean_shares(folder: Path) -> list[float]:
    samples = rows(folder / "data/composition.csv")
    return [sum(float(s[f"{kind}_percent"]) for s in samples) / len(samples) / 100 for kind in KINDS]


def shares_by_year(folder: Path, kind: str) -> list[float]:
    """The mean of the four samples of each year, or its lower end where 20 % at 95 % confidence are missed.

    Student's t of 3 degrees of freedom at 97.5 % is 3.182446 (any table). ER rises with the share of each type that has
    carbon; of inert waste any share will do.
    """
    found = []
    for year in ("2023", "2024", "2025"):
        own = [
            float(s[f"{kind}_percent"]) / 100 for s in rows(folder / "data/composition.csv") if year in s["sampled_on"]
        ]
        mean = sum(own) / 4
        half = 3.182446305284263 * math.sqrt(sum((x - mean) ** 2 for x in own) / 3) / 2
        found.append(mean - half if half > 0.2 * mean else mean)
    return found


def methane_avoided(folder: Path) -> list[float]:
    """By year [tCO2e]: 24 months of 450 t before the period, then the loads; a share 1 - e^(-k/12) goes each month."""
    found = [0.0] * 3
    for kind, share, rate, carbon in zip(KINDS, mean_shares(folder), RATES, CARBON, strict=True):
        by_year = shares_by_year(folder, kind)
        kept, there = math.exp(-rate / 12), 0.0
        for _ in range(24):
            there = (there + 450 * share) * kept
        there = round(there, 1)
        for n, tonnes in enumerate(tonnes_by_month(folder)):
            there += tonnes * by_year[n // 12]
            found[n // 12] += there * (1 - kept) * carbon * PER_CARBON
            there *= kept
    return found


def test_the_methane_avoided_is_that_of_the_tickets_and_samples(copy_of: Callable[[str], Path]) -> None:
    folder = copy_of("hai_phong_compost")
    result = calculate_file(folder / "monitoring.xlsx")
    assert [year.reference for year in result.years] == pytest.approx(methane_avoided(folder), rel=1e-9)


def test_the_project_emissions_are_those_of_the_readings(
    copy_of: Callable[[str], Path], rows_of: Callable[..., list[dict[str, object]]]
) -> None:
    """Electricity with 20 % losses, diesel, methane 0.002 t/t and N2O 0.0005 t/t of what passes the belt scale."""
    workbook = copy_of("hai_phong_compost") / "monitoring.xlsx"
    factors = {
        "E-1": 0.001 * 0.6766 * 1.2,
        "F-1": 43.0 * 0.0741,
        "BS-1": 0.002 * 28 + 0.0005 * 265,
    }
    expected = dict.fromkeys((2023, 2024, 2025), 0.0)
    for row in rows_of(workbook, "Readings"):
        start, value = row["From"], row["Value"]
        if row["Kind"] == "sample":
            continue
        expected[start.year] += factors[str(row["Meter ID"])] * value  # type: ignore[attr-defined, operator]
    years = calculate_file(workbook).years
    assert {year.year: year.project for year in years} == pytest.approx(expected, rel=1e-9)


def test_types_whose_samples_say_too_little_are_taken_at_the_lower_end(copy_of: Callable[[str], Path]) -> None:
    result = calculate_file(copy_of("hai_phong_compost") / "monitoring.xlsx")
    found = [f for f in result.findings if f.code == "samples.precision"]
    assert {f.where.sheet for f in found} == {"Readings"} and len(found) == 6
    assert {t.meter_id for t in result.treatments} == {"S-garden", "S-wood"}
    assert all(f.effect_tco2e is not None and f.effect_tco2e < 0 for f in found)


def test_a_draft_credits_nothing(copy_of: Callable[[str], Path]) -> None:
    result = calculate_file(copy_of("hai_phong_compost") / "monitoring.xlsx")
    assert [year.credited for year in result.years] == [None, None, None]
    assert {f.code for f in result.findings} >= {"methodology.pattern", "crosscheck.agrees"}


def with_shares(folder: Path) -> Path:
    """The example with waste weighed by type: the weighbridge times a share of each, in place of samples by year."""
    from openpyxl import load_workbook

    path = folder / "monitoring.xlsx"
    book = load_workbook(path)
    points, fixed, readings = book["Monitoring points"], book["Fixed values"], book["Readings"]
    column = {cell.value: cell.column for cell in points[1]}
    by_kind = dict(zip(KINDS, mean_shares(folder), strict=True))
    for row in range(points.max_row, 1, -1):
        symbol, kind = (points.cell(row, column[name]).value for name in ("Parameter", "Applies to"))
        if symbol == "W_all":
            points.delete_rows(row)
        elif symbol == "p":
            new = {
                "Parameter": "W", "Meter ID": "WB-1", "Share [1]": by_kind[kind], "Sampling": None,
                "Basis of the share": "mean of 12 samples, data/composition.csv (illustrative)",
            }  # fmt: skip
            for name, value in new.items():
                points.cell(row, column[name]).value = value
    for cells in fixed.iter_rows(min_row=2):
        for cell in cells:
            cell.value = "weighed by type" if cell.value == "sampled" else cell.value
    for row in range(readings.max_row, 1, -1):
        if readings.cell(row, 2).value == "sample":
            readings.delete_rows(row)
    book.save(path)
    return path


def test_shares_that_the_samples_show_are_minor(copy_of: Callable[[str], Path]) -> None:
    """The mean of the twelve samples as shares of the weighbridge; that they are illustrative is said with them."""
    folder = copy_of("hai_phong_compost")
    result = calculate_file(with_shares(folder))
    (finding,) = [f for f in result.findings if f.code == "points.shared_meter"]
    assert str(finding.severity) == "minor" and "mean of 12 samples" in finding.message
    assert finding.effect_tco2e == pytest.approx(6652.884489920546)
    assert result.reductions == pytest.approx(6821.205525182417)
    majors = {f.code for f in result.findings if str(f.severity) == "major"}
    assert majors <= {"methodology.pattern", "defaults.unconfirmed"}


def test_nobody_can_confirm_a_draft(copy_of: Callable[[str], Path]) -> None:
    """A row that would confirm a pattern changes nothing: there is no approved document to compare it with."""
    import openpyxl

    path = copy_of("hai_phong_compost") / "monitoring.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Fixed values"]
    heads = [cell.value for cell in sheet[1]]
    row = {"Parameter": "equation", "Value": "confirmed", "Unit": "1", "Document": "read by the user", "Page": "1"}
    sheet.append([row.get(str(head)) for head in heads])
    book.save(path)
    result = calculate_file(path)
    assert result.indicative and result.credited is None
    (finding,) = [f for f in result.findings if f.code == "methodology.pattern"]
    assert "no Joint Committee has approved it" in finding.found


def test_a_gap_of_one_meter_among_several_units_is_written_in_every_format(
    copy_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """One unit's chain has a correction, the others have none."""
    from openpyxl import load_workbook

    from jcm_mrv.reporting.document.pdf import paper_html
    from jcm_mrv.reporting.write import write_reports

    path = copy_of("hai_phong_compost") / "monitoring.xlsx"
    book = load_workbook(path)
    sheet = book["Readings"]
    of_meter = [row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == "E-1"]
    sheet.delete_rows(of_meter[3])
    book.save(path)
    result = calculate_file(path)
    assert any(treatment.meter_id == "E-1" for treatment in result.treatments)
    written = write_reports(result, tmp_path / "out", ["json", "xlsx", "html"])
    assert {p.suffix for p in written} == {".json", ".xlsx", ".html"}
    assert "E-1" in paper_html(result, "en"), "what the PDF prints"
