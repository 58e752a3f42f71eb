# Shortcuts for people who work on the code. Everything is also a plain command.
BIN := .venv/bin

.PHONY: test lint check pins pins-llm clean

test:            ## the tests, as the README says
	./troly test

lint:            ## style, types, and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check:           ## everything continuous integration does
	.ci/run

pins:            ## compile requirements.lock again after a change to requirements*.in
	uv pip compile requirements-dev.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	uv pip compile requirements-uv.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-uv.lock
	uv pip compile requirements-postgres.in -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-postgres.lock
	uv pip compile assistant/dialogue/requirements.in --override assistant/dialogue/overrides.txt --python-version 3.10 --python-platform linux --generate-hashes --no-emit-index-url --no-header -o assistant/dialogue/requirements.txt

pins-llm:        ## the same for the model runtime
	uv pip compile requirements-llm.in -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-llm.lock

clean:           ## what tools left behind; never the environment, never data
	rm -rf .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
