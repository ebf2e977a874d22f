#!/usr/bin/env bash
# Runs the engine's tests on several engines, and writes into README.md what came of it:
#
#   tests/engines.sh                           on Debian's bookworm and trixie
#   tests/engines.sh bookworm trixie sid podman
#
# Each run is logged in target/engines/SUITE.log. The table keeps the rows of engines that are not run.
# The exit status is 1 if a test failed.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly LIMIT=400 # seconds for one file of tests/engine: on Podman some wait for what does not come
readonly FOLDER=${CARGO_TARGET_DIR:-target}/engines
readonly BEGIN='<!-- engines -->' END='<!-- /engines -->'

main() {
  local suite failed=0
  mkdir -p "$FOLDER"
  [ $# -gt 0 ] || set -- bookworm trixie
  cargo test --locked --all-features --test engine --no-run
  for suite in "$@"; do
    LONGSHORE_TEST_SUITE=$suite tests/engine.sh --suite "$suite" tests/engines.sh --beside >"$FOLDER/$suite.log" 2>&1 || failed=1
    write_row "$suite"
    grep -E '^test .* FAILED$|^engines.sh: ' "$FOLDER/$suite.log" | sort -u >&2 || true
  done
  exit "$failed"
}

beside() { # the engine that tests/engine.sh has started
  local file module status failed=0
  curl -q -sS --unix-socket "${DOCKER_HOST#unix://}" http://localhost/version
  echo
  for file in tests/engine/*.rs; do
    module=$(basename "$file" .rs)
    if [ "$module" = main ]; then continue; fi
    status=0
    mapfile -t skipped < <(skipped "$module" && longer "$module")
    timeout -k 5 "$LIMIT" cargo test --locked --all-features --test engine -- --include-ignored \
      "$module::" "${skipped[@]}" || status=$?
    if [ "$status" = 124 ]; then echo "engines.sh: $file: not all of it within $LIMIT seconds"; fi
    if [ "$status" != 0 ]; then failed=1; fi
  done
  exit "$failed"
}

skipped() { # MODULE: what Podman cannot do, by the table of tests/scripts/podman.md
  [ "$LONGSHORE_TEST_SUITE" = podman ] || return 0
  awk -F ' *[|] *' -v module="$1" '$2 == module { print "--skip"; print module "::" $3 }' tests/scripts/podman.md
}

longer() { # MODULE: the modules whose names end with this one, which its filter finds as well
  local file other
  for file in tests/engine/*_"$1".rs; do
    other=$(basename "$file" .rs)
    [ ! -e "$file" ] || printf '%s\n' --skip "$other::"
  done
}

write_row() { # SUITE
  local log=$FOLDER/$1.log version api run passed
  version=$(grep -o '"Version":"[^"]*","ApiVersion"' "$log" | cut -d'"' -f4 || true)
  api=$(grep -o '"ApiVersion":"[^"]*","MinAPIVersion"' "$log" | cut -d'"' -f4 | tail -n 1 || true)
  if [ -z "$version" ]; then
    tail -n 20 "$log" >&2
    return
  fi
  read -r run passed <<<"$(awk '
    /^ +Running tests\/engine/ { begun = 1 }
    /^running [0-9]+ tests?$/ && begun { begun = 0; counting = 1; run += $2 }
    /^failures:$/ { counting = 0 } # what follows is what failed tests have written, who may run some too
    /^test .* ok$/ && counting { passed++ }
    END { print run + 0, passed + 0 }
  ' "$log")"
  echo "engines.sh: $1: $version, API $api: $passed of $run passed" >&2
  replace_row "| $(name "$1") | $version | $api | $run | $passed |"
}

name() {
  case $1 in
    podman) echo "Podman (Debian sid)" ;;
    *) echo "Docker (Debian $1)" ;;
  esac
}

replace_row() { # ROW: takes the place of the one with the same name, or is the last
  local name=${1#| } new
  new=$(mktemp)
  awk -v row="$1" -v name="| ${name%% |*} |" -v begin="$BEGIN" -v end="$END" '
    $0 == begin { inside = 1 }
    $0 == end { if (!done) print row; inside = 0 }
    inside && index($0, name) == 1 { print row; done = 1; next }
    { print }
  ' README.md >"$new"
  cat "$new" >README.md # keeps its mode
  rm "$new"
}

if [[ ${1-} == --beside ]]; then beside; else main "$@"; fi
