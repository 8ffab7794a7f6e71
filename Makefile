# Tally: every target sets up what it needs. `make` alone lists them.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for one in python3.13 python3.12 python3.11 python3; do \
	$$one -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& command -v $$one && break; done)
NAMED = $(if $(TRANSFER),$(TRANSFER),$(error say which transfer: make $@ TRANSFER=name))
CHOSEN = $(NAMED) $(if $(RUN),--run $(RUN))

.DEFAULT_GOAL := help
.PHONY: help demo test init verify extract transform plan load run report runs publish sandbox bench lock format clean python

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

python:
	@test -n "$(PYTHON)" || { echo "Tally needs Python 3.11, 3.12 or 3.13, and none was found; install one or say make PYTHON=/path/to/python3.12"; exit 2; }

$(BIN)/python: | python
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements/sandbox.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Tally needs into $(VENV) (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/sandbox.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/developing: requirements/development.txt $(VENV)/installed
	@echo "Installing what the tests need into $(VENV) (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/development.txt
	@touch $@

demo: $(VENV)/installed ## Watch two nights of transfer in an invented country
	@$(BIN)/tally demo

test: $(VENV)/developing ## Check everything: style, types, floors, tests
	@$(BIN)/ruff check -q
	@$(BIN)/ruff format -q --check
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/pytest -q -n 2

init verify extract: $(VENV)/installed
	@$(BIN)/tally $@ $(NAMED)

transform plan load report: $(VENV)/installed
	@$(BIN)/tally $@ $(CHOSEN)

run runs publish: $(VENV)/installed
	@$(BIN)/tally $@ $(NAMED)

init: ## Write the configuration of a new transfer: make init TRANSFER=name
verify: ## Check servers, account and mapping; write nothing
extract: ## Begin a run: ask the source what it counts
transform: ## Make values of the newest run, or of RUN=id
plan: ## Say what a load would do; nothing is sent
load: ## Send exactly the newest plan, and read it back
report: ## Tell what a run did
run: ## Extract, transform and plan in one go
runs: ## List the runs of a transfer
publish: ## Give analysts the newest run

sandbox: $(VENV)/installed ## Serve an invented country as a DHIS2 to try things on
	@$(BIN)/tally sandbox

bench: $(VENV)/developing ## Measure speed and memory (minutes)
	@$(BIN)/python tests/bench/measure.py

lock: $(BIN)/python ## Renew the locked requirement files
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/python -m pip install -q uv
	@for what in "sandbox.txt --group build" "development.txt --group development"; do \
		$(VENV)-lock/bin/uv pip compile -q pyproject.toml --extra sandbox --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command "make lock" -o requirements/$$what || exit 1; done
	@rm -rf $(VENV)-lock

format: $(VENV)/developing ## Put the code into its form
	@$(BIN)/ruff check -q --fix && $(BIN)/ruff format -q

clean: ## Remove what make installed
	@rm -rf $(VENV) $(VENV)-lock dist
