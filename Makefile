# make demo   the whole road at once: central server, printer, kiosk
# make test   every test; make bench, make soak, make lint, make program, make messages: see README.md

VENV ?= .venv
PY := $(VENV)/bin/python
SHELL := /bin/bash

.PHONY: demo test lint bench soak program sbom messages lock clean help

help:
	@sed -n 's/^# //p' Makefile

demo: $(VENV)/.run
	@$(PY) -m tests.acceptance.demo

test: $(VENV)/.dev lint
	$(PY) -m pytest -n auto --dist worksteal

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: $(VENV)/.dev
	$(PY) -m tests.bench

soak: $(VENV)/.dev
	$(PY) -m tests.simulation.faults
	$(PY) -m tests.simulation.soak $(or $(HISTORIES),1000)
	EVERY_SERVICE=1 $(PY) -m pytest -q tests/screens/test_by_keys_alone.py
	POWER_CUTS=2000 $(PY) -m tests.bench power_cuts

program: $(VENV)/.dev
	@echo "Building the kiosk's program (about a minute) ..."
	@$(PY) -m PyInstaller --noconfirm --log-level ERROR --distpath build/dist --workpath build/work kiosk.spec

sbom: $(VENV)/.dev
	@mkdir -p build
	@$(PY) -m tests.materials > build/bom.cdx.json
	@echo "build/bom.cdx.json: what the program is made of (CycloneDX)"

messages: $(VENV)/.dev
	$(PY) -m tests.messages

$(VENV)/bin/python:
	@.ci/find-python -m venv $(VENV)

$(VENV)/.run: requirements.lock .ci/system-packages
	@.ci/system-packages demo
	@$(MAKE) --silent --no-print-directory $(VENV)/bin/python
	@echo "Python packages of the kiosk and the central server (requirements.lock, checked by hash):"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo "  installed in $(VENV)"
	@touch $@

$(VENV)/.dev: requirements-dev.lock .ci/system-packages
	@.ci/system-packages test
	@$(MAKE) --silent --no-print-directory $(VENV)/bin/python
	@echo "Python packages of the tests (requirements-dev.lock, checked by hash):"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@echo "  installed in $(VENV)"
	@touch $@ $(VENV)/.run

# Names, versions and hashes for Python 3.11 to 3.13, x86_64 and aarch64; no index addresses. The
# tests' lock is made first and binds the other: what runs in the field is what was tested.
LOCK := uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --quiet pyproject.toml \
	--extra kiosk --extra central --extra camera
lock:
	$(PY) -m pip install --quiet uv
	$(VENV)/bin/$(LOCK) --extra dev -o requirements-dev.lock
	$(VENV)/bin/$(LOCK) --constraint requirements-dev.lock -o requirements.lock

clean:
	rm -rf build .venv .mypy_cache .ruff_cache .pytest_cache
