"""The PDF report: seconds, pages and seconds a page, of each example and of one claim with 5, 50 and 500 units.

    python benchmarks/pdf.py [--units 5,50,500] [--lang en]

Each is calculated and printed once, imports and fonts done before; then once more by WeasyPrint alone, which reads
each equation as a drawing of its own and collects garbage meanwhile: "of WeasyPrint alone" is our time as a part of
that. The last column is the time of a page against that of a page of the smallest claim of units in the same run:
where it stays near 1, time grows no faster than pages.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import warnings
from datetime import date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import Row, write_workbook

EXAMPLES = Path(__file__).parents[1] / "examples"
METHODOLOGY = "VN_AM007 1.0"
MONTHS = [datetime(2023 + n // 12, n % 12 + 1, 1) for n in range(13)]


def units_workbook(path: Path, count: int) -> Path:
    """A claim of so many solar systems, each with a meter that is read every month."""
    names = [f"{n:03d}" for n in range(1, count + 1)]
    tables: dict[str, list[Row]] = {
        "equipment": [{"equipment_id": f"PV-{n}", "connection": "grid"} for n in names],
        "meters": [{"meter_id": f"M-{n}", "unit": "kWh", "transformer_factor": 1} for n in names],
        "points": [{"parameter": "EG", "applies_to": f"PV-{n}", "meter_id": f"M-{n}", "sign": "+"} for n in names],
        "readings": [
            {"meter_id": f"M-{n}", "kind": "energy", "start": start, "end": end, "value": 900 + m + k, "unit": "kWh"}
            for k, n in enumerate(names)
            for m, (start, end) in enumerate(pairwise(MONTHS))
        ],
    }
    project: Row = {
        "title": f"Benchmark of {count} units (illustrative)",
        "country": "Viet Nam",
        "period_start": date(2023, 1, 1),
        "period_end": date(2023, 12, 31),
        "time_zone": "Asia/Ho_Chi_Minh",
        "report_date": date(2024, 2, 1),
    }
    write_workbook(path, template_methods([METHODOLOGY]), project, tables)
    return path


def by_weasyprint(result: Result, lang: str) -> float:
    """Seconds that the same report takes without what the project does to be faster."""
    from weasyprint import HTML

    from jcm_mrv.reporting.document import pdf, templating

    start, once = perf_counter(), templating.once
    templating.once = str  # every drawing with its own outlines
    try:
        HTML(string=pdf.paper_html(result, lang)).write_pdf(pdf_variant=pdf.VARIANT, pdf_tags=True)
    finally:
        templating.once = once
    return perf_counter() - start


def printed(path: Path, lang: str) -> tuple[int, float, float, float]:
    """Pages of a report, seconds that it took, seconds of the calculation before it, and seconds by WeasyPrint."""
    from pypdf import PdfReader

    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.reporting.document.pdf import report_pdf

    start = perf_counter()
    result = calculate_file(path)
    calculated = perf_counter()
    pdf = report_pdf(result, lang)
    seconds = perf_counter() - calculated
    return len(PdfReader(BytesIO(pdf)).pages), seconds, calculated - start, by_weasyprint(result, lang)


def main() -> None:
    """Print one line per report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", default="5,50,500")
    parser.add_argument("--lang", default="en")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # the same outline stands in many drawings
    workbooks = sorted(EXAMPLES.glob("*/monitoring*.xlsx"))
    first = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        counts = [int(count) for count in arguments.units.split(",")]
        made = [units_workbook(Path(scratch) / f"{count}_units.xlsx", count) for count in counts]
        printed(made[0], arguments.lang)  # imports and fonts, once
        for path in [*made, *workbooks]:
            pages, seconds, calculation, alone = printed(path, arguments.lang)
            first = first or seconds / pages
            name = path.stem if path in made else f"{path.parent.name}/{path.name}"
            print(
                f"{name:<48} {pages:3} pages {seconds:6.2f} s  {seconds / calculation:5.1f}x the calculation"
                f"  {seconds / alone:4.2f} of WeasyPrint alone"
                f"  {seconds / pages * 1000:5.0f} ms a page  {seconds / pages / first:4.1f}x"
            )


if __name__ == "__main__":
    main()
