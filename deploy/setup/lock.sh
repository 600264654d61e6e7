#!/bin/sh
# Write the locks anew. They hold checksums and no address; uv.lock and pylock.toml would hold a thousand.
set -eu
cd "$(dirname "$0")/../.."
compile() { .venv/bin/uv pip compile -q --universal --no-header --no-annotate --generate-hashes "$@"; }
compile pyproject.toml --group test --group bench -o requirements.txt
compile pyproject.toml -c requirements.txt -o requirements-run.txt
echo "lock: $(grep -c '^[a-z0-9].*==' requirements.txt) packages, $(grep -c '^[a-z0-9].*==' requirements-run.txt) of them in the image"
