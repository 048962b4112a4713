# The two commands of a new user are `make demo` and `make test`; everything else is for developers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help install demo test slow check format results docs clean

help:
	@echo "make demo     install what the main job needs, analyse examples/, say where the reports are"
	@echo "make test     install everything for development and run the tests"
	@echo "make check    format, lint, types, layers, docs"
	@echo "make slow     the tests that take minutes"
	@echo "make results  generate the tables of the docs from results/"
	@echo "make docs     build the pages of docs/ into site/"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: pyproject.toml constraints.txt hatch_build.py | $(BIN)/python
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.full: pyproject.toml constraints.txt hatch_build.py | $(BIN)/python
	$(PIP) install --quiet --upgrade 'pip>=25.1'   # earlier ones know no dependency groups
	$(PIP) install --quiet --constraint constraints.txt --editable '.[tables,bench,serve,live,cluster,learn]' --group dev
	@touch $@ $(VENV)/.base

# What the tests of the report page need beside the build: types, vitest and axe.
$(VENV)/.web: web/package-lock.json $(VENV)/.full
	cd web && ../$(BIN)/npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

install: $(VENV)/.full $(VENV)/.web

demo: $(VENV)/.base
	$(BIN)/mien analyze examples --out out/demo --formats json,html
	@echo "Open the reports in out/demo with a browser, for instance: $$(ls out/demo/*.html | head -1)"

test: install
	cd web && ../$(BIN)/npm run --silent test
	$(BIN)/python -m pytest -n 2

slow: install
	$(BIN)/python -m pytest -n 2 -m slow

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/results_table.py --check
	$(BIN)/python tools/reference_pages.py --check
	cd web && ../$(BIN)/npm run --silent check

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

results: install
	$(BIN)/python tools/results_table.py
	$(BIN)/python tools/reference_pages.py

docs: install
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

clean:
	rm -rf $(VENV) build dist out web/node_modules src/mien/io/report.html src/mien/serve/page site
