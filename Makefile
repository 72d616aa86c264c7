# Each target sets up what it needs on its first use, in .venv: `make demo` and `make test` are all a newcomer needs.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TOOLS := $(VENV)/.tools

HOST ?= http://127.0.0.1:8080
USERS ?= 10
DURATION ?= 60s
ARGS ?=
PROCESSES ?= 3
BENCHES ?= $(subst /,.,$(basename $(shell grep -l '^if __name__' bench/*.py)))

.DEFAULT_GOAL := help
.PHONY: help install demo run test pytest lint types security sbom complexity chaos load bench clean links

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

install: $(TOOLS)  ## the package with every extra and the tools, editable, in .venv

demo: $(INSTALLED)  ## the whole job once, against a server of its own (ARGS="--exit" to end with it)
	$(BIN)/countersign demo $(ARGS)

run: $(INSTALLED)  ## API, workers and scheduler, until Ctrl-C
	$(BIN)/countersign init
	@pids=""; trap 'kill $$pids 2>/dev/null; wait' EXIT; trap 'exit 130' INT TERM; \
	for part in serve work schedule; do $(BIN)/countersign $$part & pids="$$pids $$!"; done; wait

test: lint types security pytest  ## everything that guards the code, and the tests last

pytest: $(TOOLS)
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder -m "not chaos" --cov --cov-report=term $(ARGS)

lint: $(TOOLS) links  ## format, lint and import rules
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	PYTHONPATH=.links $(BIN)/lint-imports --no-logo

types: $(TOOLS) links  ## mypy --strict, rooms, tests and benchmarks
	$(BIN)/mypy
	$(BIN)/mypy tests bench .ci

security: $(TOOLS)  ## bandit's rules, and known vulnerabilities of what is installed
	$(BIN)/ruff check --select S
	$(BIN)/python .ci/audit.py
	$(BIN)/python .ci/sbom.py

sbom: $(TOOLS)  ## dist/countersign.cdx.json: every library, its version, source and licence (CycloneDX)
	$(BIN)/python .ci/sbom.py

complexity: $(TOOLS)  ## functions that branch too much or take too much
	$(BIN)/ruff check --select C90,PLR09

chaos: $(TOOLS)  ## killed workers and servers that hang up, at full size (minutes); shows its figures
	CHAOS_MAILS=1000 CHAOS_DELIVERIES=1000 CHAOS_DOCUMENTS=300 CHAOS_KILLS=50 CHAOS_LEASE_S=15 $(BIN)/python -m pytest -m chaos --log-cli-level=WARNING $(ARGS)

load: $(TOOLS)  ## USERS for DURATION against HOST (set LOAD_ADMIN_EMAIL, LOAD_ADMIN_PASSWORD)
	$(BIN)/locust -f tests/performance/locustfile.py --headless --users $(USERS) --spawn-rate $(USERS) \
		--run-time $(DURATION) --host $(HOST) $(ARGS)

bench: $(TOOLS)  ## each hot path beside its limit
	@for bench in $(BENCHES); do echo "$$bench"; $(BIN)/python -m "$$bench" || exit 1; done

clean:  ## what builds and tools left behind, the environment too
	rm -rf $(VENV) .links build dist *.egg-info .coverage .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

links: $(TOOLS)
	@$(BIN)/python .ci/links.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Countersign needs Python 3.11 or newer; '$(PYTHON)' is not. Name one: make PYTHON=python3.12 ..." >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "'$(PYTHON)' cannot make virtual environments (Debian: apt install python3-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --upgrade pip

$(INSTALLED): setup.cfg | $(VENV)/bin/python
	@echo "Installing Countersign in $(VENV) ..."
	@$(BIN)/python -m pip install -qq --editable .
	@touch $@

$(TOOLS): setup.cfg | $(VENV)/bin/python
	@echo "Installing Countersign and its tools in $(VENV), which takes a minute or two ..."
	@$(BIN)/python -m pip install -qq --editable '.[complete]'
	@touch $@ $(INSTALLED)
