#!/usr/bin/env bash
# Draws the page of the rooftop solar report that the README shows: write_report_picture.sh FILE.png
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/jcm-mrv calculate examples/rooftop_solar/monitoring.xlsx --formats pdf --output "$work" >/dev/null
pdftoppm -r 80 -f 3 -l 3 -singlefile -png "$work/monitoring_report.pdf" "$work/page"
mkdir -p "$(dirname "$1")"
mv "$work/page.png" "$1"
