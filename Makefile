# make demo    the portal on this machine         ARGS=--check  ARGS=--fresh  PORT=8001
# make test    every test                         ARGS="-k search"
# make lint    style, types, imports, templates, migrations
# make bench   measurements                       ARGS=search
# make drill   break the running site, and look  ARGS="'beat killed'"  SIZE=small
# make audit   known weaknesses of dependencies  AUDIT_REQUIRED=1
# make soak    half an hour of load, flat memory  MINUTES=30
# make assets  styles, scripts and fonts
# make messages  collect the words to translate (needs GNU gettext); docs/translating.md
# make lock    pin the newest versions that pyproject.toml allows
# make clean   forget .venv, .portico and what tools leave behind
#
# Kept to what GNU make 3.81 knows, the one macOS ships.

SHELL := /bin/sh
BIN := .venv/bin
SIZE ?= full
UV := uv==0.13.9

.PHONY: demo test lint bench drill audit soak assets messages lock clean

demo: .venv/.ready
	@$(BIN)/portico demo $(ARGS)

test: assets
	@$(BIN)/pytest -n logical --maxprocesses 4 --dist worksteal $(ARGS)

lint: .venv/.ready
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/ruff format --check --output-format concise .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --lint --quiet platform/portico
	@git ls-files '*.html' | xargs $(BIN)/djade --check
	@# Without a database it would warn that it cannot look at the history there.
	@DJANGO_SETTINGS_MODULE=portico.settings.test \
	  $(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	@# With one, of its own: would the release before still work after each migration?
	@$(BIN)/python -m tests.lint_migrations

bench: .venv/.ready
	@$(BIN)/python -m tests.benchmarks $(ARGS)

drill: assets
	@SIZE=$(SIZE) $(BIN)/python -m tests.drill $(ARGS)

audit: .venv/.ready
	@$(BIN)/python .ci/audit

soak: .venv/.ready
	@MINUTES="$(or $(MINUTES),30)" $(BIN)/python -m tests.benchmarks soak

assets: .venv/.ready
	@$(BIN)/python -m portico.web.build_assets

messages: .venv/.ready
	@DJANGO_SETTINGS_MODULE=portico.settings.test $(BIN)/python manage.py makemessages -l es \
	  --no-location --no-obsolete --ignore=.venv --ignore=build --ignore=tests --ignore=.portico

lock: .venv/.ready
	@$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes \
	  --extra dev pyproject.toml --output-file requirements.lock

clean:
	@rm -rf .venv .portico build staticfiles .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: requirements.lock pyproject.toml .ci/venv
	@UV=$(UV) .ci/venv
	@touch $@
