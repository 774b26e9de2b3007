# make demo: builds the sample pages and says what to open.   make test: everything that has to hold.
.DEFAULT_GOAL := help
.PHONY: help demo test lint golden floor figures bench clean
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
TORCH := torch==2.13.0
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help:
	@sed -n 's/^# \(.*\)/\1/p' $(firstword $(MAKEFILE_LIST))

# make demo: its own environment in .venv, then seeds/ → output/
demo: .venv/ready
	$(BIN)/kg build seeds -o output
	@echo
	@echo "Open in a browser 用浏览器打开: file://$(CURDIR)/output/graph.html"

# make test: linters, types, tests, then the demo
test: lint
	$(BIN)/python -m pytest -n 2
	$(MAKE) demo

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/mypy --strict kg

# make golden: writes output/graph.ttl anew and stages it, for a change of reading that is meant (look at the diff)
golden: .venv/ready
	$(BIN)/kg build seeds -o output --quiet
	git add output/graph.ttl
	git diff --cached --stat -- output/graph.ttl

# make floor: writes the figures of now, less 0.01, into tests/floor.json (where ../shared/corpus/dev is at hand)
floor: .venv/ready-dev
	$(BIN)/python -m tests.floor

# make figures: measures every set of train/splits.toml and writes the figures into the documents
figures: .venv/ready-dev
	$(BIN)/python -m scripts.measure_accuracy

# make bench: speeds, as ratios of one run
bench: .venv/ready-dev
	$(BIN)/python -m bench

# make clean: removes the environment and what was built, but not output/graph.ttl
clean:
	rm -rf .venv build dist bench/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	find output -mindepth 1 ! -name README.md ! -name graph.ttl -delete

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed 需要 Python 3.11 或更高版本" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/ready: pyproject.toml | .venv/bin/python
	$(PIP) install --editable .
	@touch $@

.venv/ready-dev: pyproject.toml | .venv/bin/python
	$(PIP) install --editable '.[dev]'
	@$(PIP) install --editable '.[ftm]' >/dev/null 2>&1 || \
		echo "make: followthemoney is not installed (it needs libicu-dev, pkg-config and g++); its tests are skipped"
	@$(PIP) install --editable '.[spark]' >/dev/null 2>&1 || \
		echo "make: PySpark is not installed; the tests of kg.spark are skipped 未安装，跳过 Spark 测试"
	@$(PIP) install $(TORCH) >/dev/null 2>&1 || \
		echo "make: $(TORCH) is not installed; the tests of kg.learn that need it are skipped 未安装，跳过训练相关测试"
	@touch $@ .venv/ready
