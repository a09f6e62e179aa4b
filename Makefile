# Every command of the house. Needs Python 3.11 or newer and make, nothing else.

SHELL := /bin/sh
# An interpreter of your choice: make run PYTHON=python3.13
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin/python
PIP := $(BIN) -m pip --disable-pip-version-check --quiet install --no-compile
PYTEST_ARGS ?=
# Some rows only: make bench ROWS="filing claims"; sizes are in docs/measurements.md.
ROWS ?=

.PHONY: help run test check bench faults messages clean
.DEFAULT_GOAL := help

help:
	@echo "make run     start everything; the address and the demonstration logins are printed"
	@echo "make test    run every test          make check    lint, types, import contracts"
	@echo "make bench   measure speed           make faults   kill parts under load"
	@echo "make clean   remove .venv and caches; the data in var/ stay"

run: $(VENV)/.runtime
	@DEMO=$${DEMO:-1} exec $(BIN) -m workers stack

test: $(VENV)/.dev
	@$(BIN) -m pytest -n auto --dist loadfile -m "not load and not faults" $(PYTEST_ARGS)

check: $(VENV)/.dev
	@$(BIN) -m ruff check .
	@$(BIN) -m ruff format --check .
	@$(BIN) -m mypy --strict consult workers
	@$(BIN) -c "from importlinter.cli import lint_imports_command as check; check()"

bench: $(VENV)/.dev
	@$(BIN) -m tests.load $(ROWS)

faults: $(VENV)/.dev
	@$(BIN) -m tests.faults

messages: $(VENV)/.runtime
	@$(BIN) -m babel.messages.frontend -q extract -F babel.cfg -k _ -k N_ -k ngettext:1,2 \
	    --project=Consult -o consult/translations/messages.pot consult
	@echo "consult/translations/messages.pot holds every message; make a catalogue with: pybabel init -l LANGUAGE"

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "The data in var/ are kept."

# The stamps say what was installed; they age when a requirement changes.
$(VENV)/.runtime: requirements.txt constraints.txt $(BIN)
	@echo "Installing what Consult needs (a minute or two the first time) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing test tools ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(BIN):
	@for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python); do \
	    "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    "$$candidate" -m venv --clear $(VENV) && exit 0; \
	    echo "$$candidate cannot make environments. On Debian and Ubuntu: apt install python3-venv"; \
	    rm -rf $(VENV); exit 1; \
	done; \
	echo "Consult needs Python 3.11 or newer; $(or $(PYTHON),python3) is: $$($(or $(PYTHON),python3) -V 2>&1 | tail -1)"; \
	echo "Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1
