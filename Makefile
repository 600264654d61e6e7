# Works with make 3.81 (macOS) and later; every target but help sets the environment up first, which costs nothing when nothing changed.
SHELL := /bin/sh
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
.DEFAULT_GOAL := help
.PHONY: help setup run test test-browser lint types format contracts lock train bench soak compose-check doctor clean

help: ## show this list
	@echo "make TARGET, where TARGET is one of:"
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  %-15s%s\n", $$1, $$2 }' Makefile
	@echo "The command itself: .venv/bin/copytaster --help"

setup: ## make .venv with everything in it, by checksum (2 minutes; nothing to do the second time)
	@sh deploy/setup/setup.sh

run: setup ## start everything on this machine, with a demonstration morning, and show where it is
	@.venv/bin/copytaster run

test: setup ## run every test, in two processes; broker, ports and data are each one's own
	@$(PYTEST) -n 2 --dist loadscope --no-loadscope-reorder

test-browser: setup ## look at every page in Chromium; pictures are kept in .copytaster/pictures
	@$(PYTEST) tests/browser

lint: setup ## check style and format
	@$(PYTHON) -m ruff check . && $(PYTHON) -m ruff format --check .

types: setup ## check types
	@$(PYTHON) -m mypy schemas runtime services console

format: setup ## write the format that lint asks for
	@$(PYTHON) -m ruff check --fix-only -q . && $(PYTHON) -m ruff format .

contracts: setup ## write the generated files anew (JSON Schema, AsyncAPI, diagram, operators' rules, dashboard)
	@$(PYTHON) -m schemas.generate && $(PYTHON) -m deploy.prometheus.generate

lock: setup ## write requirements*.txt anew from pyproject.toml
	@sh deploy/setup/lock.sh

train: setup ## write the weights of tagging anew from labelled data (COPYTASTER_DATA names the folder)
	@OMP_NUM_THREADS=1 $(PYTHON) -m benchmarks.tagging train

bench: setup ## measure latency, throughput and memory on this machine
	@$(PYTHON) -m benchmarks

soak: setup ## kill -9 fifty times while the demonstration runs, and count
	@COPYTASTER_KILLS=50 $(PYTEST) tests/chaos

compose-check: setup ## bring docker-compose.yml up with podman, wait for the first alert, take it down
	@sh deploy/compose-check.sh

doctor: setup ## say what is missing on this machine, and the cure
	@.venv/bin/copytaster doctor

clean: ## stop the development broker and remove .venv and everything that running left behind
	@[ ! -x .venv/bin/copytaster ] || .venv/bin/copytaster broker stop
	@rm -rf .venv .copytaster .mypy_cache .ruff_cache .pytest_cache
