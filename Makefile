# The one front door. `make demo` shows a city; `make test` passes the tests; each sets up what it needs.
.PHONY: setup demo test check bench docs screenshots messages lock clean
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin

help:
	@echo "make demo    a synthetic city, served at a local address (PORT=8000 SCALE=city)"
	@echo "make test    the test suite"
	@echo "make setup   $(BIN)/qualipolis, ready"
	@echo "make check   style, types, layers, translations"
	@echo "make docs    the documentation, into site/"
	@echo "make bench   the benchmarks"

# --- what is needed, made only when it is out of date -------------------------------------------------------------
$(VENV)/.runtime: requirements.lock pyproject.toml tools/bootstrap.sh
	@sh tools/bootstrap.sh runtime

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	@sh tools/bootstrap.sh development

$(VENV)/.engines: requirements-engines.lock $(VENV)/.development
	@sh tools/bootstrap.sh engines

ASSET_SOURCES := $(shell find frontend hatch_build.py -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
CATALOGUES := $(shell find src -name '*.po' 2>/dev/null)

$(VENV)/.assets: $(ASSET_SOURCES) $(CATALOGUES) $(VENV)/.runtime
	@$(BIN)/python hatch_build.py
	@touch $@

setup: $(VENV)/.assets
engines: $(VENV)/.engines $(VENV)/.assets

# --- what people run ----------------------------------------------------------------------------------------------
PORT ?= 8000
SCALE ?= city

demo: setup
	@$(BIN)/qualipolis demo --home var/demo-$(SCALE) --scale $(SCALE) --port $(PORT)

test: $(VENV)/.development $(VENV)/.assets
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.development $(VENV)/.assets
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/messages.py check

docs: $(VENV)/.development $(VENV)/.assets
	@$(BIN)/python tools/write_reference.py
	@NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.development
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

screenshots: $(VENV)/.development $(VENV)/.assets
	@$(BIN)/python tools/screenshots.py

lock:
	@tools/lock.sh

clean:
	rm -rf $(VENV) site build dist var src/qualipolis/faces/static/dist src/qualipolis/faces/report/fonts
