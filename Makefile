# make demo        set up and calculate an example
# make test        set up and run every test
# make lint        style, format and types
# make benchmarks  the figures in benchmarks/
# make docs        write the generated pages of docs/ anew, and a site that is searched offline: build/site
# make words       collect the texts that people read, and bring the catalogues of the languages up to date
# make clean       remove everything that make has made
#
# Setting up asks nothing: scripts/setup.sh says what it needs and does.

SHELL := /bin/bash
PYTHON := .venv/bin/python
WORKERS ?= 2
TESTS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint benchmarks docs rows words clean setup-demo setup-test

help:
	@sed -n '/^# make/s/^# //p' Makefile

setup-demo:
	@bash scripts/setup.sh demo

setup-test:
	@bash scripts/setup.sh test

demo: setup-demo
	@bash scripts/demo.sh

test: setup-test
	$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

lint: setup-test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

benchmarks: setup-test
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; $(PYTHON) "$$script"; done

docs: setup-test
	$(PYTHON) scripts/write_first_paragraphs.py jcm_mrv/cli/first_paragraphs.py
	$(PYTHON) scripts/write_cli_docs.py docs/cli.md
	$(PYTHON) scripts/write_workbook_docs.py docs/monitoring_workbook.md
	$(PYTHON) scripts/write_findings_index.py docs/findings/README.md
	$(PYTHON) scripts/write_settings_docs.py docs/settings.md
	$(PYTHON) scripts/write_excel_docs.py docs/excel_report.md
	$(PYTHON) scripts/write_methodologies_docs.py docs/methodologies.md
	$(PYTHON) scripts/write_portfolio_docs.py docs/portfolio.md
	$(PYTHON) scripts/write_architecture_docs.py docs/architecture.md docs/images/rooms.svg
	$(PYTHON) -m sphinx --fail-on-warning --keep-going --quiet -c docs -d build/doctrees . build/site
	@echo "The documentation: build/site/docs/README.html"

# The typed rows of the monitoring workbook, from its schema; the units, as pint reads units.txt.
rows: setup-demo
	$(PYTHON) scripts/write_rows.py jcm_mrv/workbook
	$(PYTHON) scripts/write_units.py jcm_mrv/quantities/units.json

# Every text that a person reads, for translators: docs/glossary has the terms.
words: setup-test
	$(PYTHON) scripts/write_words.py jcm_mrv/translations

clean:
	rm -rf .venv .setup build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
