#!/usr/bin/env bash
# Runs a command beside a Docker Engine, a throwaway registry and two tiny images:
#
#   tests/engine.sh cargo test --all-features -- --include-ignored
#   tests/engine.sh --private cargo run --example deploy
#   tests/engine.sh --suite trixie cargo test --test engine -- --include-ignored
#
# COMMAND runs in the caller's directory and environment, and finds
#   DOCKER_HOST              an engine that answers
#   LONGSHORE_TEST_REGISTRY  a registry on loopback that this engine pulls from and pushes to
#   LONGSHORE_TEST_IMAGE     an image there: a web server on port 80 with a health check
#   LONGSHORE_TEST_IMAGE_2   its second version, with another page
#   LONGSHORE_TEST_SUITE     what --suite was given, or else `host`
#
# The engine is the one that DOCKER_HOST, or else the default socket, names. If none answers,
# or with --private, it is a dockerd of the script's own, in namespaces of its own: no other
# engine, bridge or firewall rule is touched. That needs root or sudo; COMMAND stays the caller's.
#
# With --suite it is the `docker.io` of that Debian release (sid-containerd: sid's with the containerd image store), or
# sid's Podman, in a root that debootstrap makes once in
# the caller's cache folder (XDG_CACHE_HOME/longshore; removed, it is made anew, with newer packages).
#
# What is missing is installed on Debian and Ubuntu. What was started is ended and what was
# made is removed, however COMMAND ends; its exit status is the script's.
# shellcheck disable=SC2317,SC2034 # functions are also called through wait_for and trap, variables used in scripts/*.sh
set -euo pipefail

SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/scripts
readonly SCRIPTS
readonly DEFAULT_HOST=unix:///var/run/docker.sock
readonly CALLER_PATH=$PATH
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # for dockerd and iptables, where PATH is a user's

private=false
suite=''        # bookworm, trixie, sid, sid-containerd or podman: whose engine it is to be
cache=${XDG_CACHE_HOME:-${HOME-}/.cache}/longshore
root=/          # the private engine's file system
caller_env=     # file with the environment to give COMMAND, when sudo has replaced it
work=           # folder of everything made here
inside=()       # prefix that runs a command in the private engine's network
transport=()    # curl's options, and
base=           # the start of the URL, to reach the engine
published=()    # tags made in the engine
holder=''       # ids of the processes started here
slirp=''
engine=''
registry_pid=''
command_pid=''
missing=()      # packages to install, by Debian's names, and
absent=()       # what was looked for

for part in install api suite private registry; do
  # shellcheck source=/dev/null
  . "$SCRIPTS/$part.sh"
done

main() {
  parse "$@"
  need curl curl
  install_needed
  if ! $private && ! engine_answers "${DOCKER_HOST:-$DEFAULT_HOST}"; then
    say "no engine answers at ${DOCKER_HOST:-$DEFAULT_HOST}: starting a private one"
    private=true
  fi
  if $private && [ "$(id -u)" != 0 ]; then
    become_root
  fi

  need docker-registry docker-registry
  need ip iproute2 # for the tests of TLS, and
  need sshd openssh-server # for those of SSH
  need_static_busybox
  if [ -n "$suite" ]; then need_suite; elif $private; then need_private_engine; fi
  install_needed

  trap clean_up EXIT
  trap 'interrupted 130 INT' INT
  trap 'interrupted 143 TERM' TERM
  work=$(mktemp -d /tmp/longshore-XXXXXX) # not in TMPDIR: paths of sockets must be short
  if [ -n "$suite" ]; then make_suite; fi
  if $private; then make_network; fi
  start_registry
  publish 1 "hello from longshore" LONGSHORE_TEST_IMAGE
  publish 2 "hello from longshore, version 2" LONGSHORE_TEST_IMAGE_2
  say "registry $LONGSHORE_TEST_REGISTRY with $LONGSHORE_TEST_IMAGE and $LONGSHORE_TEST_IMAGE_2"
  if $private; then start_private_engine; else use_engine; fi
  say "engine $(engine_version) at $DOCKER_HOST"
  run "${command[@]}"
}

use_engine() { # the one that answers
  export DOCKER_HOST=${DOCKER_HOST:-$DEFAULT_HOST}
  pull_test_image || die "the engine does not pull from $LONGSHORE_TEST_REGISTRY: is it on this machine's network?"
  remove_test_image
}

parse() {
  while [[ ${1-} == --* ]]; do
    case $1 in
      --private) private=true ;;
      --suite)
        suite=${2-}
        [[ $suite =~ ^(bookworm|trixie|sid|sid-containerd|podman)$ ]] || usage
        private=true
        shift
        ;;
      --cache) cache=$2; shift ;; # this and the next only from become_root
      --caller-env) caller_env=$2; shift ;;
      *) break ;;
    esac
    shift
  done
  [[ $# -gt 0 && $1 != -* ]] || usage
  command=("$@")
  export LONGSHORE_TEST_SUITE=${suite:-host}
}

usage() {
  printf 'usage: tests/engine.sh [--private | --suite bookworm|trixie|sid|sid-containerd|podman] COMMAND [ARGUMENT...]\n' >&2
  exit 2
}

say() { printf 'engine.sh: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

wait_for() { # SECONDS COMMAND...: until it succeeds
  local tries=$(($1 * 10))
  shift
  until "$@"; do
    ((tries-- > 0)) || return 1
    sleep 0.1
  done
}

# --- COMMAND and the end ------------------------------------------------------------------

run() { # in the background, as only `wait` lets a trap run at once
  local as_caller=()
  if [ -n "$caller_env" ]; then
    {
      cat "$caller_env"
      declare -p DOCKER_HOST "${!LONGSHORE_TEST_@}"
      echo 'unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_CONTEXT; shift; exec "$@"'
    } >"$work/caller.sh"
    chown "$SUDO_UID" "$work/caller.sh"
    # shellcheck disable=SC2016 # expanded by the shell that it is for
    as_caller=(setpriv --reuid "$SUDO_UID" --regid "$SUDO_GID" --init-groups
      bash -c '. "$1"' engine.sh "$work/caller.sh")
  fi
  (
    trap - INT QUIT TERM EXIT # a shell has its background jobs ignore Ctrl-C
    PATH=$CALLER_PATH exec "${inside[@]}" "${as_caller[@]}" "$@"
  ) <&0 &
  command_pid=$!
  local status=0
  wait "$command_pid" || status=$?
  command_pid=''
  exit "$status"
}

interrupted() { # STATUS SIGNAL
  say "ended by SIG$2"
  if [[ $2 == INT && -n $command_pid ]]; then # a terminal has told COMMAND too
    wait_for 5 ended "$command_pid" || true
  fi
  exit "$1"
}

clean_up() {
  local status=$? ref
  trap '' INT TERM
  set +e
  # shellcheck disable=SC2046 # one word for each process
  if [ -n "$command_pid" ]; then stop $(tree "$command_pid"); fi
  for ref in "${published[@]}"; do # gone, unless COMMAND pulled it
    $private || api DELETE "/images/$ref?force=1" >/dev/null 2>&1
  done
  stop "$registry_pid"
  if [ -n "$engine" ]; then stop_engine; fi
  if [ -n "$holder" ]; then stop_network; fi
  if [ -n "$work" ]; then rm -rf "$work" || { sleep 1; rm -rf "$work"; }; fi
  if [ -n "$caller_env" ]; then rm -f "$caller_env"; fi
  exit "$status"
}

stop() { # PID...: asks them to end, and after 20 seconds makes them
  [ -n "$1" ] || return 0
  kill "$@" 2>/dev/null || true
  wait_for 20 ended "$@" || kill -KILL "$@" 2>/dev/null || true # `wait` would hang in a trap
}

ended() { ! kill -0 "$@" 2>/dev/null; }

tree() { # PID: prints it and what it started, as `cargo` does not pass a signal on
  local children=() child
  echo "$1"
  read -ra children 2>/dev/null <"/proc/$1/task/$1/children" # without a newline: `false`
  for child in "${children[@]}"; do tree "$child"; done
}

main "$@"
