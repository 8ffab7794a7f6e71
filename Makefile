# Tally: every target sets up what it needs. `make` alone lists them.
# `make` itself ends with 2 whenever a command fails; scripts that read exit codes call `tally`.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python)
SUITABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

BROWSERS := chromium chromium-browser google-chrome
INSTALL_BROWSER := DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends --yes chromium

# A virtual environment whose Python was taken away is made anew, with all that was in it.
_ := $(shell test -x $(BIN)/python || rm -rf $(VENV))

.SILENT:
.DEFAULT_GOAL := help
.PHONY: help demo test browser init verify extract transform plan load report run runs show \
	conflicts undo prune restore publish named sandbox bench campaign lock format clean

help:
	awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	echo "TRANSFER=name, RUN=id, OPTIONS='--load' go to a command; PYTHON=path chooses one"

# A virtual environment without pip is worse than none, so a failure takes it away again.
$(BIN)/python:
	for python in $(PYTHONS); do \
		"$$python" -c '$(SUITABLE)' 2>/dev/null || continue; \
		"$$python" -m venv --clear $(VENV) && exit; \
		rm -rf $(VENV); exit 2; \
	done; \
	echo "Tally needs Python 3.11, 3.12 or 3.13 with its venv module (on Debian: python3-venv)," \
		"and $(if $(PYTHON),$(PYTHON) is none,found none; make PYTHON=/path/to/python3 shows it one)." >&2; \
	exit 2

$(VENV)/installed: requirements/sandbox.txt pyproject.toml $(BIN)/python
	echo "Installing what Tally needs into $(VENV) (once)"
	$(PIP) --require-hashes -r requirements/sandbox.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/developing: requirements/development.txt $(VENV)/installed
	echo "Installing what the tests need into $(VENV) (once)"
	$(PIP) --require-hashes -r requirements/development.txt
	touch $@

# Analysts' older clients, to open what is published. Without a registry the test tells what it missed.
CLIENTS := $(VENV)/client-oldest $(VENV)/client-older
$(CLIENTS): $(VENV)/%: requirements/%.txt $(BIN)/python
	echo "Installing an older DuckDB into $@ (once)"
	rm -rf $@
	$(PIP) --require-hashes --no-deps --only-binary :all: --target $@ -r $< \
		|| { rm -rf $@; echo "There is none here; its test will be skipped." >&2; }

demo: $(VENV)/installed ## Watch two nights of transfer in an invented country
	$(BIN)/tally demo $(OPTIONS)

# Many tests start Tally as a process of its own, which need not compile it again each time.
test: $(VENV)/developing $(CLIENTS) ## Check everything: style, types, floors, tests
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet || { echo "make format puts these into form" >&2; exit 1; }
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --quiet -n 3 --dist worksteal

# A browser reads the reports in the tests. Only root may install one, and only Debian's is tried.
browser:
	for name in $(BROWSERS); do "$$name" --version >/dev/null 2>&1 && exit; done; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the tests of what people open (once)"; \
		$(INSTALL_BROWSER) >/dev/null 2>&1 && exit; \
		{ apt-get -qq update && $(INSTALL_BROWSER); } >/dev/null 2>&1 && exit; \
	fi; \
	echo "The browser tests will be skipped: they need Chromium (Debian: apt-get install chromium)."

init: ## Write the configuration of a new transfer
verify: ## Check servers, account and mapping; write nothing
extract: ## Begin a run: ask the source what it counts
transform: ## Make values of the newest run, or of RUN=id
plan: ## Say what a load would do; nothing is sent
load: ## Send exactly the newest plan, and read it back
report: ## Tell what a run did
run: ## Extract, transform and plan in one go
runs: ## List the runs of a transfer
show: ## Tell what a run did, and where its time went
conflicts: ## List the cells that need a person
undo: ## Plan to set back what RUN=id wrote; make load sends it
prune: ## Take away what is old, as [keep] of the transfer says
restore: ## Make a lost or damaged store anew from a publication
publish: ## Give analysts the newest run

init verify extract transform plan load report run runs show conflicts undo prune restore publish: named \
		$(VENV)/installed
	$(BIN)/tally $@ "$(TRANSFER)" $(if $(RUN),--run "$(RUN)") $(OPTIONS)

named:
	$(if $(TRANSFER),:,$(error say which transfer: make $(firstword $(MAKECMDGOALS)) TRANSFER=name))

sandbox: $(VENV)/installed ## Serve an invented country as a DHIS2 to try things on
	$(BIN)/tally sandbox $(OPTIONS)

campaign: $(VENV)/developing ## Try random histories for half an hour, OPTIONS='--minutes 5'
	$(BIN)/python -m tests.campaign.run $(OPTIONS)

bench: $(VENV)/developing ## Measure speed and memory (minutes)
	$(BIN)/python -m tests.bench.measure $(OPTIONS)

# uv only resolves here; it is no part of what is installed, so it is thrown away.
lock: $(BIN)/python ## Renew the locked requirement files
	$(BIN)/python -m venv --clear $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	for groups in "sandbox.txt pyproject.toml --extra sandbox --group build" \
		"development.txt pyproject.toml --extra sandbox --group development" \
		"client-oldest.txt --group client-oldest" "client-older.txt --group client-older"; do \
		$(VENV)-lock/bin/uv pip compile --quiet --upgrade \
			--universal --python-version 3.11 --generate-hashes --no-annotate \
			--custom-compile-command "make lock" --output-file requirements/$$groups || exit 1; \
	done
	rm -rf $(VENV)-lock

format: $(VENV)/developing ## Put the code into its form, and renew what is generated
	$(BIN)/ruff check --quiet --fix
	$(BIN)/ruff format --quiet
	$(BIN)/python -m tests.guards.transfer_schema
	$(BIN)/python -m tests.guards.example_transfer

clean: ## Remove what make installed; never what a deployment owns
	rm -rf $(VENV) $(VENV)-lock dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
