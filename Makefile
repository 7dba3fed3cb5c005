# Plain make (3.81 or newer) and a POSIX shell. uv is used where it is present; `make UV=` does without.

UV ?= $(shell command -v uv 2>/dev/null)

# The first Python that is new enough; `make PYTHON=...` names another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

# The browser that the report is tested in; AUDITOR_CHROMIUM=... names another.
CHROMIUM = $(shell for c in "$$AUDITOR_CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable \
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do \
	command -v "$$c" 2>/dev/null && break; done)

BIN = .venv/bin
PIP_FLAGS = -qq --disable-pip-version-check --no-compile
# Whoever has nothing left takes over tests of another process: accounts are shared by all of them.
PYTEST_FLAGS ?= -n auto --dist worksteal
LOCK_FLAGS ?= --upgrade
EXAMPLES ?= 3000
# Tests start some hundred processes: without byte code kept each would compile all that it imports again.
unexport PYTHONDONTWRITEBYTECODE
BASE ?= main

.PHONY: help install demo test check fuzz lint browser schema new-type new-rule docs plans mutation-report golden lock clean

help: ## show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: .venv/.installed ## put the command at .venv/bin/auditor
	@echo 'Installed: $(BIN)/auditor'

demo: .venv/.installed ## audit an example account, simulated on this machine
	@$(BIN)/auditor demo

test: .venv/.installed .venv-checkov/.installed browser lint ## everything that CI runs
	@echo '== tests with the newest boto3 and networkx'
	@AUDITOR_CHROMIUM="$(CHROMIUM)" $(BIN)/python -m pytest -q $(PYTEST_FLAGS)
	@echo "== contract and e2e tests with checkov and the boto3 and networkx that it pins"
	@AUDITOR_CHROMIUM="$(CHROMIUM)" .venv-checkov/bin/python -m pytest -q -m 'contract or e2e' $(PYTEST_FLAGS)

check: .venv/.installed ## style, and the tests that a change touches (BASE=main): under a minute for most
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/python -m tools.affected "$(BASE)"

# What it finds becomes a file in tests/fuzz/corpus, which every run of the tests reads again.
fuzz: .venv/.installed ## look longer for bytes that bring a reader down (EXAMPLES=3000 of each)
	@AUDITOR_FUZZ=$(EXAMPLES) $(BIN)/python -m pytest -q tests/fuzz $(PYTEST_FLAGS)

lint: .venv/.installed ## style, types and the direction of imports
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --strict auditor
	@$(BIN)/lint-imports --no-logo

browser: ## Chromium for the tests of the report, where apt can install it
	@if [ -n "$(CHROMIUM)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo 'Installing Chromium for the browser tests'; \
		export DEBIAN_FRONTEND=noninteractive; \
		get='apt-get install -qq --yes --no-install-recommends chromium fonts-liberation'; \
		$$get >/dev/null 2>&1 || { apt-get update -qq && $$get >/dev/null; } || \
			echo 'Chromium could not be installed: browser tests will be skipped'; \
	else \
		echo 'No Chromium: browser tests will be skipped. Install chromium or Google Chrome, or set AUDITOR_CHROMIUM.'; \
	fi

schema: .venv/.installed ## distil auditor/resources/schema.json from the schemas that cfn-lint carries
	@$(BIN)/python -m tools.distil_schema

new-type: .venv/.installed ## a resource type with its golden: make new-type T=AWS::SQS::Queue
	@$(BIN)/python -m tools.new_type "$(T)"

new-rule: .venv/.installed ## a rule with examples to complete: make new-rule ID=storage/name ON=AWS::S3::Bucket
	@$(BIN)/python -m tools.new_rule "$(ID)" "$(ON)" $(PROPERTY)

docs: .venv/.installed ## the reference and the JSON Schemas of rule and baseline files, from the code
	@$(BIN)/python -m tools.definitions

plans: .venv/.installed ## tests/plans.jsonl.gz again: what a real Terraform plans of the code in the tests
	@$(BIN)/python -m tools.plans

mutation-report: .venv/.installed ## what catches each mutation of the example accounts, and what mends it (NAMES="glimpse couple")
	@$(BIN)/python -m bench.mutations $(NAMES)

golden: .venv/.installed ## write the golden samples again
	@$(BIN)/python -m tests.report.golden

# uv either way: one lock for every Python and system is what pip-tools cannot write.
lock: ## pin requirements/*.txt again, with hashes (LOCK_FLAGS= keeps what still fits)
	@set -e; uv='$(UV)'; tmp=; trap 'rm -rf "$$tmp"' EXIT; \
	if [ -z "$$uv" ]; then \
		$(need-python); \
		tmp=$$(mktemp -d); "$(PYTHON)" -m venv "$$tmp"; "$$tmp/bin/python" -m pip install $(PIP_FLAGS) uv; uv="$$tmp/bin/uv"; \
	fi; \
	export UV_CUSTOM_COMPILE_COMMAND='make lock'; \
	pin() { out=$$1; shift; "$$uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-emit-index-url --no-emit-find-links $(LOCK_FLAGS) -o "$$out" pyproject.toml "$$@" >/dev/null; }; \
	pin requirements/newest.txt --extra demo --group dev; \
	pin requirements/checkov.txt --extra demo --group test --extra checkov; \
	pin requirements/run.txt --constraint requirements/newest.txt

clean: ## remove environments, builds and caches
	@rm -rf .venv .venv-checkov build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find auditor tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# An environment is made anew when its pins change; the package in it again when pyproject.toml does.
.venv/.pinned: requirements/newest.txt
.venv-checkov/.pinned: requirements/checkov.txt
.venv/.pinned .venv-checkov/.pinned:
	@$(need-python); rm -rf '$(@D)'; echo 'Creating $(@D) from $<'
	@if [ -n "$(UV)" ]; then \
		"$(UV)" venv -q --python "$(PYTHON)" '$(@D)' && \
		"$(UV)" pip install -q --python '$(@D)/bin/python' --require-hashes -r $<; \
	else \
		"$(PYTHON)" -m venv '$(@D)' && \
		'$(@D)/bin/python' -m pip install $(PIP_FLAGS) --require-hashes -r $<; \
	fi
	@touch $@

.venv/.installed: .venv/.pinned pyproject.toml
.venv-checkov/.installed: .venv-checkov/.pinned pyproject.toml
.venv/.installed .venv-checkov/.installed:
	@if [ -n "$(UV)" ]; then \
		"$(UV)" pip install -q --python '$(@D)/bin/python' --no-deps --no-build-isolation -e .; \
	else \
		'$(@D)/bin/python' -m pip install $(PIP_FLAGS) --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

need-python = "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo 'Python 3.11 or newer is needed and was not found. Install it, or name it: make PYTHON=/path/to/python3' >&2; exit 1; }
