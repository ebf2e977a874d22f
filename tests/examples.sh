#!/usr/bin/env bash
# Runs each of the examples: tests/engine.sh tests/examples.sh
set -euo pipefail
cd "$(dirname "$0")/.."
: "${LONGSHORE_TEST_IMAGE:?run me through tests/engine.sh}"

cargo build --locked --all-features --examples
for file in examples/*.rs; do
  example=$(basename "$file" .rs)
  case $example in
    own_socket | swarm | testing) continue ;; # a virtual machine, an engine that may begin a swarm, and what is a test
  esac
  printf '\n-- %s\n' "$example"
  timeout 120 cargo run --locked --quiet --all-features --example "$example"
done
timeout 120 cargo test --locked --all-features --example testing
