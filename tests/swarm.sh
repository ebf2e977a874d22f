#!/usr/bin/env bash
# A swarm of three nodes: three private engines on one machine, each with a network of its own, joined by a bridge. One is drained,
# cut off and killed. It needs root, as `tests/engine.sh --private` does.
set -euo pipefail
cd "$(dirname "$0")/.."
exec env LONGSHORE_TEST_NODES=3 tests/engine.sh --private \
  cargo test --locked --all-features --test engine -- --include-ignored swarm_nodes:: "$@"
