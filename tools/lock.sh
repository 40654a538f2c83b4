#!/bin/sh
# Rewrite the three hash locks from pyproject.toml. None of them names a package index.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml "$@"; }
compile --group build -o requirements.lock
compile --group build --group dev -c requirements.lock -o requirements-dev.lock
compile --group build --group dev --group engines -c requirements-dev.lock -o requirements-engines.lock
