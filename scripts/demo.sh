#!/usr/bin/env bash
# Calculates the first example; without the libraries for PDF, the JSON and Excel reports only.
set -euo pipefail
cd "$(dirname "$0")/.."

workbook=examples/rooftop_solar/monitoring.xlsx
formats=json,xlsx,pdf,package
if ! missing=$(.venv/bin/python -m jcm_mrv.reporting.document.requirements 2>&1); then
    printf '%s\n\nWithout the PDF, then:\n' "$missing" >&2
    formats=json,xlsx,package
fi
printf '\n$ jcm-mrv calculate %s --formats %s\n' "$workbook" "$formats"
exec .venv/bin/jcm-mrv calculate "$workbook" --formats "$formats"
