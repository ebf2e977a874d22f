# What is done often, as `just RECIPE`; CONTRIBUTING.md says more.

# Lists the recipes.
default:
    @just --list

# Tests without an engine.
test *ARGS:
    cargo test --locked {{ARGS}}

# Tests everything beside an engine: yours, or a private one.
test-engine *ARGS:
    tests/engine.sh cargo test --locked --all-features {{ARGS}} -- --include-ignored

# Runs the tests of engines on other Debian releases, or on Podman, and makes the README's table.
test-engines *SUITES='bookworm trixie sid sid-containerd podman':
    tests/engines.sh {{SUITES}}

# Tests a swarm of three nodes.
test-swarm:
    tests/swarm.sh

# Runs the examples.
examples:
    tests/engine.sh tests/examples.sh

# Checks the oldest Rust that is supported.
msrv:
    tests/fresh.sh trixie msrv

# Formats the code.
fmt:
    cargo fmt --all

# Checks format, lints and the documentation's links.
lint:
    cargo fmt --all --check
    cargo clippy --locked --all-targets --all-features -- -D warnings
    RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --all-features

# Opens the documentation, with all features.
doc:
    cargo doc --locked --no-deps --all-features --open

# Fuzzes each target, or those that are named, for so many seconds.
fuzz SECONDS='60' *TARGETS:
    fuzz/run {{SECONDS}} {{TARGETS}}

# Runs the benchmarks.
bench *ARGS:
    cargo bench --locked {{ARGS}}

# Compares the public API with that of a tag or commit, or of the newest release.
semver BASELINE='':
    cargo semver-checks --all-features {{ if BASELINE == '' { '' } else { '--baseline-rev ' + BASELINE } }}

# Shows which files a release has, and does all but upload it.
package:
    cargo package --locked --list
    cargo publish --locked --dry-run

# All that must hold before a change lands.
ci:
    .ci/run
