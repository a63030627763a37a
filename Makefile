# Wirewatch. `make` alone says what there is.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
DEMO   ?= .wirewatch

.DEFAULT_GOAL := help
.PHONY: help run test check audit sbom lock clean browser

help:    ## Say what there is
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: $(VENV)/.run    ## Set up, start Kafka and Elasticsearch here, feed the sample articles, show what arrives
	$(BIN)/wirewatch --data-dir $(DEMO) up --samples

test: $(VENV)/.test browser    ## Set up and run every test, against real brokers and nodes started for them
ifdef TESTS
	$(BIN)/python -m pytest $(TESTS)
else
	$(BIN)/python -m pytest -m compute --numprocesses 2 --dist worksteal
	$(BIN)/python -m pytest -m "not compute" --numprocesses 2 --dist loadscope --no-loadscope-reorder
endif

check: $(VENV)/.test    ## Lint, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(VENV)/.test    ## Ask the registry for known faults of what we depend on; no answer is no all-clear
	$(BIN)/python -m tests.security.dependencies audit

sbom: $(VENV)/.test    ## Write the software bill of materials (CycloneDX) to sbom.json
	$(BIN)/python -m tests.security.dependencies sbom sbom.json

lock: $(VENV)/.test    ## Pin every dependency again, with hashes and without addresses
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --extra build --extra trace pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --extra build --extra trace --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:    ## Remove the environment and the demo's data
	rm -rf $(VENV) $(DEMO)

# The tests of the desk's page want a browser: Debian's, where root finds none. Elsewhere they say what to install.
browser:
	@if [ -z "$$CHROMIUM" ] && ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing chromium for the tests of the page"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null || true; \
	fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Wirewatch needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
