# `make demo` and `make test` need Python 3.11 or newer and nothing else: they set up .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

PYWB ?= .venv-pywb

.PHONY: demo test parts lint fix bench bench-extraction clean

demo: $(READY)
	$(BIN)/archiver demo

test: $(READY)
	$(BIN)/python -m pytest $(ARGS)

# What some tests need beside Python and skip without it: a real browser, and pywb in an
# environment of its own, since its brotlipy breaks Scrapy's Brotli.
parts: $(PYWB)/ready
	command -v chromium >/dev/null && command -v unzip >/dev/null || { \
	  SUDO=$$(test "$$(id -u)" = 0 || echo sudo); export DEBIAN_FRONTEND=noninteractive; \
	  $$SUDO apt-get update --quiet && \
	  $$SUDO apt-get install --quiet --yes --no-install-recommends chromium unzip; }

$(PYWB)/ready:
	$(PYTHON) -m venv $(PYWB)
	$(PYWB)/bin/python -m pip install --quiet --upgrade pip
	$(PYWB)/bin/python -m pip install --quiet "pywb==2.10.*"
	touch $@

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python benchmarks/crawl.py

bench-extraction: $(READY)
	$(BIN)/python benchmarks/extraction.py $(ARGS)

clean:
	rm -rf $(VENV) $(PYWB) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The constraints pin every version; the interpreter is checked first, for a clear word.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "archiver needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable .
	$(BIN)/python -m archiver.replay.bundle
	touch $@
