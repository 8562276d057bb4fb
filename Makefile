# One command each to run, test, check and fix. `make help` lists them.

PYTHON ?= python3
PORT ?= 8000
DATA ?= langson
# Tests at once: one more than two processors have, since many of them wait for a server, a lock or a time-out.
WORKERS ?= 3
CATALOGUE := lanson/locale/vi/LC_MESSAGES/django

BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet install --require-hashes
NPM := $(shell command -v npm)

.DEFAULT_GOAL := help
.PHONY: help run test faults image check fix screenshots bench messages lock clean

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 17

run: .venv/run.done node_modules/.package-lock.json $(CATALOGUE).mo ## serve on 127.0.0.1 and keep what is entered; PORT=8001 and DATA=mau to change port and data
	@$(BIN)/python scripts/serve.py $(DATA) $(PORT)

test: .venv/test.done node_modules/.package-lock.json $(CATALOGUE).mo ## the whole suite, on SQLite and on PostgreSQL; ARGS="-k name" for a part
	@CHROMIUM=$$($(BIN)/python scripts/chromium.py) && export CHROMIUM && \
	$(BIN)/python scripts/run_tests.py -n $(WORKERS) $(ARGS)

faults: .venv/test.done $(CATALOGUE).mo ## kill, stop, fill up and overload real servers and databases, the long tests too; ARGS="-k name" for a part
	@CHROMIUM=$$($(BIN)/python scripts/chromium.py) && export CHROMIUM && \
	$(BIN)/python -m pytest --long --show-capture=no tests/faults $(ARGS)

image: ## build the Dockerfile without a registry of images and ask what it built; as root, with buildah and debootstrap
	@scripts/build_image.sh

check: export DEBUG := on
check: .venv/test.done ## lint, formatting of code, pages and styles, types, import order, missing migrations, untranslated messages, security
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --check templates
	$(BIN)/python scripts/format_static.py check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python scripts/messages.py check
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive indicators lanson scripts manage.py
	$(BIN)/python scripts/audit.py

fix: .venv/test.done ## repair what lint and formatting can repair by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djangofmt --quiet templates
	$(BIN)/python scripts/format_static.py fix

screenshots: .venv/test.done node_modules/.package-lock.json $(CATALOGUE).mo ## pictures of every page, to look at, in screenshots/
	@CHROMIUM=$$($(BIN)/python scripts/chromium.py) && export CHROMIUM && $(BIN)/python -m scripts.screenshots $(DATA_SETS)

bench: .venv/test.done node_modules/.package-lock.json $(CATALOGUE).mo ## the benchmark table
	@CHROMIUM=$$($(BIN)/python scripts/chromium.py) && export CHROMIUM && $(BIN)/python -m benchmarks $(ARGS)

messages: .venv/run.done ## bring the Vietnamese catalogue up to date with code and templates
	$(BIN)/python scripts/messages.py update

# Of every file of a release, whatever machine it is for; what is pinned stays unless the two requirements files ask for another.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-package pip \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

lock: ## pin everything that the two requirements files bring along, by version and checksum
	rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/pip --disable-pip-version-check --quiet install uv
	var/lock/bin/$(LOCK) requirements-dev.txt --output-file requirements-dev.lock
	var/lock/bin/$(LOCK) requirements.txt --constraint requirements-dev.lock --output-file requirements.lock
	rm -rf var/lock

clean: ## remove what make installed; var/, with the databases and the secret key, stays
	rm -rf .venv node_modules var/static var/static.collected $(CATALOGUE).mo
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# What the commands stand on. Each file tells make that the step is done until its sources change.

.venv/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) scripts/check_python.py
	$(PYTHON) -m venv .venv

.venv/run.done: requirements.lock | .venv/bin/pip
	$(PIP) -r requirements.lock
	@touch $@

.venv/test.done: requirements-dev.lock | .venv/bin/pip
	$(PIP) -r requirements-dev.lock
	@touch $@ .venv/run.done

$(CATALOGUE).mo: $(CATALOGUE).po | .venv/run.done
	$(BIN)/python scripts/messages.py compile

# Without npm, or when it fails, the charts work just as well, from a larger file of the Python package, and prints are
# set in a font of the system.
node_modules/.package-lock.json: package.json package-lock.json .npmrc
ifeq ($(NPM),)
	@echo "No npm here: charts use the full plotly bundle of the Python package, prints a font of the system."
else
	@npm ci --omit=dev --ignore-scripts --loglevel=error --fetch-retries=0 && touch $@ || \
	{ rm -rf node_modules; echo "npm failed: charts use the full plotly bundle of the Python package, prints a font of the system."; }
endif
