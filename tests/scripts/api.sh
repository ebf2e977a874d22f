# shellcheck shell=bash disable=SC2154 # variables of tests/engine.sh
# Calls to the engine's API, by curl. Sourced by tests/engine.sh.

connect() { # HOST, as in DOCKER_HOST
  case $1 in
    unix://*)
      transport=(--unix-socket "${1#unix://}")
      base=http://localhost
      ;;
    tcp://localhost | tcp://localhost:* | tcp://127.*)
      transport=()
      base=http://${1#tcp://}
      [[ $1 == tcp://*:* ]] || base+=:2375
      ;;
    *) die "DOCKER_HOST is $1, an engine elsewhere, which cannot reach a registry on this" \
      "machine's loopback: set it to a unix:// socket or tcp://127.0.0.1, or use --private" ;;
  esac
}

api() { # METHOD PATH [CURL-OPTION...]
  local method=$1 path=$2
  shift 2
  curl -q -sS --fail-with-body --noproxy '*' "${transport[@]}" -X "$method" "$@" "$base$path"
}

engine_answers() { # HOST
  connect "$1"
  [ "$(api GET /_ping --max-time 5 2>/dev/null)" = OK ]
}

engine_version() {
  [[ $(api GET /version) =~ \"Version\":\ *\"([^\"]+)\" ]] && printf '%s' "${BASH_REMATCH[1]}"
}
