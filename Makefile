# `make build` and `make test` are all the set-up there is: each makes the environment
# first, from the pinned requirements, once and again when these change.

PYTHON ?= python3
# Where the warehouse is: duckdb (a file), postgres or spark. A server needs packages that
# a user of DuckDB does not install: they lie in an environment of their own.
export CX_TARGET ?= duckdb
ifeq ($(CX_TARGET),duckdb)
VENV := .venv
REQUIREMENTS := requirements.txt
else
VENV := .venv-servers
REQUIREMENTS := requirements.txt requirements-servers.txt
endif
# Clients of what is published, in environments of their own.
CLIENTS := .venv-clients
OLDEST_CLIENT := .venv-clients-oldest
# MetricFlow, which asks the semantic layer.
SEMANTIC := .venv-semantic
# Adapters of warehouses that cannot be reached.
RENDERS := .venv-renders
# A Superset, which is asked for its charts.
SUPERSET := .venv-superset
BIN := $(VENV)/bin
ON_SERVERS := $(MAKE) --no-print-directory CX_TARGET=postgres
# The warehouse is built by `dbt build`; unit tests judge the code, not the feed.
DBT_BUILD := $(BIN)/dbt --quiet build --exclude-resource-type unit_test

export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help environment build publish page clients semantic superset test lint format docs \
	sample mutants torture bench clean servers engines renders spark-up spark-down \
	run-engines run-spark-up run-spark-down

# How many hostile feeds `make engines` builds on each engine, and from which seed on.
FEEDS ?= 1
SEED ?= 1

# How many answers `make bench` generates, and how many histories `make torture` lives.
ROWS ?= 1000000
HISTORIES ?= 500
KILLS ?= 50

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

environment: $(VENV)/.complete ## Make .venv from requirements.txt, once

# An environment works where it was made: a project that was moved makes it anew.
ifneq ($(shell cat $(VENV)/.complete 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.complete
endif

$(VENV)/.complete: $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..."; exit 1; }
	@echo "Making the environment in $(VENV) (about a minute, once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check \
		$(REQUIREMENTS:%=--requirement %)
	@echo "$(CURDIR)" > $@

$(CLIENTS)/.complete: requirements-clients.txt
$(OLDEST_CLIENT)/.complete: requirements-clients-oldest.txt
$(SEMANTIC)/.complete: requirements-semantic.txt
$(RENDERS)/.complete: requirements-renders.txt
$(SUPERSET)/.complete: bi/superset/requirements.txt
$(CLIENTS)/.complete $(OLDEST_CLIENT)/.complete $(SEMANTIC)/.complete $(RENDERS)/.complete \
$(SUPERSET)/.complete:
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

build: environment ## Build the warehouse from CX_RAW_DIR (unset: the sample), check, publish
	@echo "Building the warehouse from $${CX_RAW_DIR:-the sample} ..."
	@$(BIN)/python -m cx_warehouse definitions
ifneq ($(CX_TARGET),duckdb)
	@$(BIN)/python -m cx_warehouse load
	@$(DBT_BUILD)
ifeq ($(CX_TARGET),postgres)
	@$(BIN)/python -m cx_warehouse publish
endif
else
	@$(DBT_BUILD) || { echo "Nothing is published; what was published stays."; exit 1; }
	@$(BIN)/python -m cx_warehouse check || \
		{ echo "Nothing is published; what was published stays."; exit 1; }
	@$(BIN)/python -m cx_warehouse publish
	@echo
	@$(BIN)/python -m cx_warehouse report
	@$(BIN)/python -m cx_warehouse page
endif

publish: environment ## Publish the marts of the last build that passed
	@$(BIN)/python -m cx_warehouse publish

clients: environment $(CLIENTS)/.complete $(OLDEST_CLIENT)/.complete ## Read what is published as BI tools do
	@$(BIN)/python -m tests.clients --oldest $(OLDEST_CLIENT)/bin/python \
		--newer $(CLIENTS)/bin/python

page: environment ## Write the page on the warehouse: one HTML file, target/cx_page.html
	@$(BIN)/python -m cx_warehouse page

semantic: environment $(SEMANTIC)/.complete ## Ask the semantic layer, compare with the marts
	@$(BIN)/dbt --quiet parse
	@$(BIN)/python -m tests.semantic --mf $(SEMANTIC)/bin/mf

superset: $(SUPERSET)/.complete ## Import the dashboard into a Superset, compare its charts
	@$(SUPERSET)/bin/python -m bi.superset.check $(if $(PORT),--serve $(PORT))

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

servers: ## Make .venv-servers, the environment for PostgreSQL and Spark
	@$(ON_SERVERS) environment

engines: ## Build the same feeds on PostgreSQL and Spark; every mart must equal DuckDB's
	@$(ON_SERVERS) run-engines

run-engines: environment
	@$(BIN)/python -m pytest tests/engines/postgres_publication.py
	@$(BIN)/python -m tests.engines --feeds $(FEEDS) --seed $(SEED)

renders: $(RENDERS)/.complete ## Render the models for warehouses out of reach, offline; marts must be equal
	@$(RENDERS)/bin/python -m tests.renders

spark-up: ## Start a Spark cluster on this machine (profile `spark`)
	@$(ON_SERVERS) run-spark-up

run-spark-up: environment
	@$(BIN)/python -m cx_warehouse spark up

spark-down: ## Stop it
	@$(ON_SERVERS) run-spark-down

run-spark-down: environment
	@$(BIN)/python -m cx_warehouse spark down

bench: environment ## Measure builds of ROWS generated answers against the limit
	@$(BIN)/python -m tests.benchmark --rows $(ROWS)

clean: ## Remove what was built; environment, feed, list of erased, published stay
	@rm -rf target logs warehouse.duckdb warehouse.duckdb.wal warehouse.duckdb.checked \
		.pytest_cache .hypothesis .mypy_cache .ruff_cache
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
