# Fengqiao: everything a person does with this repository. `make` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help setup demo run seed test test-pg check lint types fmt messages reference bench faults vendor clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(RUN_STAMP): requirements.lock tools/setup.sh
	@tools/setup.sh run

$(DEV_STAMP): requirements-dev.lock tools/setup.sh
	@tools/setup.sh dev

setup: $(DEV_STAMP) ## Make the environment in .venv, with all tools

demo: $(RUN_STAMP) ## Set everything up, load a subdistrict, and serve it on 127.0.0.1:PORT
	@DEMO=1 $(PY) manage.py demo --port $(PORT)

run: $(RUN_STAMP) ## Serve what is there, without demonstration data
	@$(PY) manage.py migrate --verbosity 0 && $(PY) manage.py collectstatic --noinput --verbosity 0 && $(PY) manage.py serve --port $(PORT)

seed: $(RUN_STAMP) ## Load the demonstration subdistrict only
	@DEMO=1 $(PY) manage.py migrate --verbosity 0 && DEMO=1 $(PY) manage.py seed_demo --scale small

test: $(DEV_STAMP) ## Run the whole suite (DATABASE_URL and REDIS_URL choose another database and bus)
	@$(PY) -m pytest -n 2 --dist loadscope $(ARGS)

# What says nothing about the database (`once`) has run with `make test`.
test-pg: $(DEV_STAMP) ## The same suite on a local PostgreSQL and Redis
	@DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/0} $(PY) -m pytest -n 2 --dist loadscope -m "not once" $(ARGS)

lint: $(DEV_STAMP) ## Style, import contracts, templates, vendored files
	@$(VENV)/bin/ruff check --quiet
	@$(VENV)/bin/ruff format --check --quiet
	@$(VENV)/bin/lint-imports > /dev/null || $(VENV)/bin/lint-imports
	@$(VENV)/bin/djlint --lint --quiet templates
	@$(PY) tools/vendor.py --check

types: $(DEV_STAMP) ## mypy, strict
	@$(VENV)/bin/mypy

check: lint types ## Everything that CI runs
	@tools/check.sh

fmt: $(DEV_STAMP) ## Format the code
	@$(VENV)/bin/ruff check --fix --quiet; $(VENV)/bin/ruff format --quiet

messages: $(DEV_STAMP) ## Collect and compile the texts of the interface (needs gettext)
	@$(PY) tools/messages.py

reference: $(DEV_STAMP) ## Write the generated pages of docs/reference
	@$(PY) manage.py reference

bench: $(DEV_STAMP) ## Measure commands, notices and lists
	@for name in command deadlines fanout lists; do FENGQIAO_ENV=test $(PY) manage.py bench $$name --json; done

faults: $(DEV_STAMP) ## The long kill, race and walk suites
	@LONG=1 $(PY) -m pytest tests/faults tests/workflows/test_walk.py tests/security

vendor: ## Fetch the pinned browser libraries anew (needs npm)
	@$(PY) tools/vendor.py

clean: ## Remove everything that was made (keeps the data directory)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
