# A machine needs python3 and make; everything else is installed into .tools/ and .venv/ from here.
PYTHON ?= python3
export PREFECT_SERVER_ANALYTICS_ENABLED = false
export DO_NOT_TRACK = 1
export PREFECT_LOGGING_LEVEL ?= WARNING
BIN := .venv/bin
UV := .tools/bin/uv
INSTALL := $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python

.PHONY: help demo test check serve lock samples format bench bench-scale bench-searches bench-exports bench-ledger diagrams fuzz clean

help:
	@echo "make demo     set up .venv/ and run a living review twice on real references"
	@echo "make test     run the tests"
	@echo "make check    lint, format and types"
	@echo "make serve    start a Prefect server and a worker with all deployments and schedules"
	@echo "make samples  write data/samples/ anew from data/references.csv"
	@echo "make bench SETS=FOLDER  deduplicate labelled sets beside peers, see benchmarks/README.md"
	@echo "make bench-scale          deduplicate 80,000 to a million invented records, and updates against many known ones"
	@echo "make bench-searches     read, check and translate a search of 2,000 terms; hold 100,000 records against one"
	@echo "make bench-exports      read 100,000 records of an export, beside rispy and Bio.Medline"
	@echo "make diagrams draw docs/diagrams/ anew"
	@echo "make bench-ledger       counts of a million records and 36 updates; a living review, counted twice"
	@echo "make fuzz     read 20,000 files that were damaged on purpose; try properties on more examples"
	@echo "make lock     resolve the dependencies of pyproject.toml anew"

demo: .venv/.ready
	@$(BIN)/python -m flows.demo
	@$(BIN)/livingsearch prisma peer-support-personality-disorder
	@$(BIN)/livingsearch batch peer-support-personality-disorder --update 1
	@$(BIN)/livingsearch batch peer-support-personality-disorder --update 2

test: .venv/.ready-dev
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/.ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

serve: .venv/.ready
	@$(BIN)/python -m flows.serve

samples: .venv/.ready
	@$(BIN)/python -m livingsearch.samples

format: .venv/.ready-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/.ready-dev
	@$(MAKE) --no-print-directory .venv-peers/.ready || echo "The peers cannot be installed: ours runs alone."
	@$(BIN)/python -m benchmarks.labelled_sets $(SETS) --fitting $(BENCH)

bench-scale: .venv/.ready-dev
	@$(BIN)/python -m benchmarks.dedup_scale $(BENCH)

bench-searches: .venv/.ready-dev
	@$(BIN)/python -m benchmarks.strategies

bench-exports: .venv/.ready-dev
	@$(BIN)/python -m benchmarks.exports

diagrams: .venv/.ready-dev
	@$(BIN)/python tests/draw_diagrams.py

bench-ledger: .venv/.ready-dev
	@$(BIN)/python -m benchmarks.ledger_scale
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.living_review

fuzz: .venv/.ready-dev
	@$(BIN)/python tests/fuzz_exports.py
	@EXAMPLES=all $(BIN)/python -m pytest -n 2 -m hypothesis

lock: $(UV)
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--upgrade --output-file requirements.lock pyproject.toml
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--constraint requirements.lock --extra dev --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv .venv-peers .tools workspace

$(UV):
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"

.venv/.ready: requirements.lock pyproject.toml | $(UV)
	@echo "Setting up .venv/ (once)"
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@$(INSTALL) --require-hashes --requirements requirements.lock
	@$(INSTALL) --no-deps --editable .
	@$(BIN)/python -m compileall -q connectors dedup flows livingsearch
	@touch $@

# Other tools that deduplicate, for the benchmark alone; what they need must not meet what we need.
.venv-peers/.ready: benchmarks/peers.txt | $(UV)
	@echo "Setting up .venv-peers/ (once)"
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv-peers
	@$(UV) pip install --quiet --compile-bytecode --python .venv-peers/bin/python --requirements benchmarks/peers.txt
	@touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.lock
	@$(INSTALL) --require-hashes --requirements requirements-dev.lock
	@touch $@
