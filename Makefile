# `make` lists the commands. Each one prepares what it needs and repeats nothing that is done.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
TEST_READY := $(VENV)/.ready-test
BROWSER_FILES := node_modules/.package-lock.json
export INSIGHTS_DATA_DIR ?= data

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types unit format clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(RUN_READY): setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[postgres]'
	@touch $@

$(TEST_READY): setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(RUN_READY)

$(BROWSER_FILES): package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

setup: $(RUN_READY) ## Prepare .venv with all that running needs

run: export INSIGHTS_DEMO ?= 1
run: setup ## Migrate, load the demo organisation if there is nobody yet, and serve
	@$(BIN)/insights db upgrade
	@$(BIN)/insights demo --if-empty
	@exec $(BIN)/insights serve

test: $(TEST_READY) $(BROWSER_FILES) lint types unit ## Everything that must be green

lint: $(TEST_READY) ## Style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TEST_READY) ## Types
	$(BIN)/mypy

# Python reads its own modules much faster the second time.
unit: export PYTHONDONTWRITEBYTECODE :=
unit: $(TEST_READY) $(BROWSER_FILES) ## The test suite with coverage
	$(BIN)/pytest --numprocesses=auto --dist=worksteal --cov --cov-report=term:skip-covered

format: $(TEST_READY) ## Bring the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what was prepared; the data stays
	rm -rf $(VENV) node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache
