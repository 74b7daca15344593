"""The PDF report of each example: seconds, pages, and the ratio to the calculation in the same run.

python benchmarks/pdf.py
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from time import perf_counter

EXAMPLES = Path(__file__).parents[1] / "examples"


def main() -> None:
    """Print one line per example."""
    warnings.simplefilter("ignore")
    from pypdf import PdfReader

    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.reporting.document.pdf import report_pdf

    workbooks = sorted(EXAMPLES.glob("*/monitoring*.xlsx"))
    report_pdf(calculate_file(workbooks[-1]))  # imports and fonts, once
    for path in workbooks:
        start = perf_counter()
        result = calculate_file(path)
        calculated = perf_counter()
        pdf = report_pdf(result)
        seconds = perf_counter() - calculated
        pages = len(PdfReader(BytesIO(pdf)).pages)
        ratio = seconds / (calculated - start)
        print(f"{path.parent.name}/{path.name:<28} {pages:3} pages {seconds:6.2f} s  {ratio:5.1f}x the calculation")


if __name__ == "__main__":
    main()
