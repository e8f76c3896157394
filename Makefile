# Two commands on a fresh machine: `make demo` to see Jarvis, `make test` to check it.
# Each step that installs something leaves a stamp in .venv/ and is skipped until what it was made from changes.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ARGS ?=
WORKERS ?= 4
SEED ?=
MINUTES ?=
BENCHES ?= sync ingress up

BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt

.PHONY: help demo test eval chaos soak bench performance lint types format install constraints

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.installed-runtime ## play a day at a branch, with a chat page to join it (ARGS=--headless: play all scenes, check, exit)
	@scripts/debian-packages.sh runtime
	@$(BIN)/jarvis demo $(ARGS)

test: .venv/.installed-dev ## run every test but the soak (WORKERS=4 processes; ARGS go to pytest)
	@scripts/debian-packages.sh tests
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

eval: .venv/.installed-dev ## run the written cases against a model (MODEL= BASE_URL= API_KEY= PROVIDER=; K, CASES, JSON=path)
	@MODEL="$(MODEL)" BASE_URL="$(BASE_URL)" API_KEY="$(API_KEY)" PROVIDER="$(PROVIDER)" K="$(K)" CASES="$(CASES)" \
		AT_ONCE="$(AT_ONCE)" JSON="$(JSON)" $(BIN)/pytest -m evals -s tests/evals/test_evals.py $(ARGS)

chaos: .venv/.installed-dev ## kill and break real processes and servers for minutes, then look (SEED, MINUTES)
	@$(BIN)/pytest -m chaos -s tests/chaos $(ARGS)
	@SEED=$(SEED) MINUTES=$(or $(MINUTES),2) $(BIN)/pytest -m soak -s tests/chaos/test_soak.py $(ARGS)

soak: .venv/.installed-dev ## the same for half an hour (SEED, MINUTES)
	@SEED=$(SEED) MINUTES=$(or $(MINUTES),30) $(BIN)/pytest -m soak -s tests/chaos/test_soak.py $(ARGS)

bench: .venv/.installed-runtime ## measure Jarvis against a peer in the same run (BENCHES="sync ingress up")
	@for name in $(BENCHES); do $(BIN)/jarvis bench "$$name" $(ARGS); done

performance: .venv/.installed-runtime ## measure everything beside the peers and renew docs/PERFORMANCE.md (an hour; a quiet machine)
	@scripts/bench-peers.sh
	@for name in dispatch kill latency; do $(BIN)/jarvis bench "$$name" --against all --into docs/PERFORMANCE.md; done
	@for name in history ingress; do $(BIN)/jarvis bench "$$name" --into docs/PERFORMANCE.md; done

lint: .venv/.installed-dev ## check style, form and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

# pyright and its node come with the wheels; this keeps it from asking the network whether there is a newer one.
types: export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
types: .venv/.installed-dev ## check types
	@$(BIN)/pyright

format: .venv/.installed-dev ## rewrite the code in the house's form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

install: .venv/.installed-dev ## make .venv with Jarvis and everything its tests need

constraints: ## renew the pins of constraints.txt from the newest packages that pyproject.toml allows
	@scripts/constraints.sh

.venv/bin/python:
	@scripts/venv.sh

.venv/.installed-runtime: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing Jarvis into .venv (about a minute the first time) ..."
	@$(PIP_INSTALL) -e .
	@touch $@

.venv/.installed-dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing Jarvis and its test tools into .venv (about two minutes the first time) ..."
	@$(PIP_INSTALL) -e '.[dev]'
	@touch .venv/.installed-runtime $@
