PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin

.PHONY: demo test check renderer explore fuzz mutants format outline bench peers soak scaleout docs screenshot clean

demo: .venv/service
	$(BIN)/coverage-hooks demo --port $(PORT)

test: .venv/dev
	$(BIN)/pytest --numprocesses auto --dist loadfile --cov --cov-report=term $(ARGS)

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

renderer:  # LHC-Forms, which a browser test shows the forms in; without it that test is skipped
	$(PYTHON) -m tests.browser.install_lhc_forms

explore: .venv/dev
	EXAMPLES=2000 $(BIN)/pytest tests/properties $(ARGS)

fuzz: .venv/dev
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz $(ARGS)

mutants: .venv/dev
	$(BIN)/mutmut run $(ARGS)

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

outline: .venv/service
	$(BIN)/coverage-hooks policy 151

bench: .venv/dev
	$(BIN)/python -m benchmarks $(ARGS)

peers: .venv/bin/python  # what bench compares with, each in a folder of its own
	$(PYTHON) -m venv build/benchmarks/healthchain
	build/benchmarks/healthchain/bin/python -m pip install --quiet 'healthchain==0.16.1'
	mkdir -p build/benchmarks/node
	npm install --silent --no-fund --prefix build/benchmarks/node 'express@4' 'cql-execution@3' 'cql-exec-fhir@2'

soak: .venv/dev
	$(BIN)/python -m benchmarks.soak $(or $(ARGS),--seconds 60 --check)

scaleout: .venv/dev
	$(BIN)/python -m benchmarks.scale_out $(ARGS)

docs: .venv/dev
	$(BIN)/python -m documentation
	$(BIN)/mkdocs build --strict --quiet

screenshot: .venv/dev
	$(BIN)/python -m documentation.screenshot

clean:
	rm -rf .venv mutants .coverage .mypy_cache .ruff_cache .pytest_cache

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/service: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[insights]'
	touch $@

.venv/dev: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ .venv/service
