# `make build` and `make test` are all the set-up there is: each makes the environment
# first, from the pinned requirements, once and again when these change.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The warehouse is built by `dbt build`; unit tests judge the code, not the feed.
DBT_BUILD := $(BIN)/dbt --quiet build --exclude-resource-type unit_test

export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help environment build page test lint format docs sample mutants torture bench clean

# How many answers `make bench` generates, and how many histories `make torture` lives.
ROWS ?= 1000000
HISTORIES ?= 500
KILLS ?= 50

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

environment: $(VENV)/.complete ## Make .venv from requirements.txt, once

# An environment works where it was made: a project that was moved makes it anew.
ifneq ($(shell cat $(VENV)/.complete 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.complete
endif

$(VENV)/.complete: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..."; exit 1; }
	@echo "Making the environment in $(VENV) (about a minute, once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@echo "$(CURDIR)" > $@

build: environment ## Build the warehouse from CX_RAW_DIR (unset: the sample), check it, report
	@echo "Building the warehouse from $${CX_RAW_DIR:-the sample} ..."
	@$(BIN)/python -m cx_warehouse definitions
	@$(DBT_BUILD)
	@$(BIN)/python -m cx_warehouse check
	@echo
	@$(BIN)/python -m cx_warehouse report
	@$(BIN)/python -m cx_warehouse page

page: environment ## Write the page on the warehouse: one HTML file, target/cx_page.html
	@$(BIN)/python -m cx_warehouse page

test: environment lint ## Lint, then every test
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: environment ## sqlfluff on SQL and macros, ruff and mypy on Python
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 2 models analyses tests/singular tests/macros

format: environment ## Let ruff and sqlfluff put the layout right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix models analyses tests/singular tests/macros

docs: environment ## Write the documentation as one page, target/static_index.html
	@$(BIN)/dbt --quiet docs generate --static
	@echo "target/static_index.html"

sample: environment ## Write the sample anew, byte for byte what is committed
	@$(BIN)/python -m cx_warehouse sample

mutants: environment ## Plant bugs one at a time; every one must be caught
	@$(BIN)/python -m tests.mutants.mutants

torture: environment ## Random histories and kills; each must end like a full build
	@$(BIN)/python -m tests.torture --histories $(HISTORIES) --kills $(KILLS)

bench: environment ## Measure builds of ROWS generated answers against the limit
	@$(BIN)/python -m tests.benchmark --rows $(ROWS)

clean: ## Remove what was built; environment, feed and list of erased stay
	@rm -rf target logs warehouse.duckdb warehouse.duckdb.wal \
		.pytest_cache .hypothesis .mypy_cache .ruff_cache
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
