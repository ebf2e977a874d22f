#!/usr/bin/env bash
# Runs a command beside a Docker Engine, a throwaway registry and two tiny images:
#
#   tests/engine.sh cargo test --all-features -- --include-ignored
#   tests/engine.sh --private cargo run --example deploy
#
# COMMAND runs in the caller's directory and environment, and finds
#   DOCKER_HOST              an engine that answers
#   LONGSHORE_TEST_REGISTRY  a registry on loopback that this engine pulls from and pushes to
#   LONGSHORE_TEST_IMAGE     an image there: a web server on port 80 with a health check
#   LONGSHORE_TEST_IMAGE_2   its second version, with another page
#
# The engine is the one that DOCKER_HOST, or else the default socket, names. If none answers,
# or with --private, it is a dockerd of the script's own, in namespaces of its own: no other
# engine, bridge or firewall rule is touched. That needs root or sudo; COMMAND stays the caller's.
#
# What is missing is installed on Debian and Ubuntu. What was started is ended and what was
# made is removed, however COMMAND ends; its exit status is the script's.
# shellcheck disable=SC2317 # functions are also called through wait_for and trap
set -euo pipefail

readonly DEFAULT_HOST=unix:///var/run/docker.sock
readonly CALLER_PATH=$PATH
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # for dockerd and iptables, where PATH is a user's

private=false
caller_env=     # file with the environment to give COMMAND, when sudo has replaced it
work=           # folder of everything made here
inside=()       # prefix that runs a command in the private engine's namespaces
transport=()    # curl's options, and
base=           # the start of the URL, to reach the engine
published=()    # tags made in the engine
holder=''       # ids of the processes started here
slirp=''
dockerd=''
registry_pid=''
command_pid=''

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
  need_static_busybox
  if $private; then need_private_engine; fi
  install_needed

  trap clean_up EXIT
  trap 'interrupted 130 INT' INT
  trap 'interrupted 143 TERM' TERM
  work=$(mktemp -d /tmp/longshore-XXXXXX) # not in TMPDIR: paths of sockets must be short
  pack_image 1 "hello from longshore"
  pack_image 2 "hello from longshore, version 2"
  if $private; then start_private_engine; else export DOCKER_HOST=${DOCKER_HOST:-$DEFAULT_HOST}; fi
  say "engine $(engine_version) at $DOCKER_HOST"
  start_registry
  publish 1 LONGSHORE_TEST_IMAGE
  publish 2 LONGSHORE_TEST_IMAGE_2
  say "registry $LONGSHORE_TEST_REGISTRY with $LONGSHORE_TEST_IMAGE and $LONGSHORE_TEST_IMAGE_2"
  run "${command[@]}"
}

parse() {
  while [[ ${1-} == --* ]]; do
    case $1 in
      --private) private=true ;;
      --caller-env) caller_env=$2; shift ;; # only from become_root
      *) break ;;
    esac
    shift
  done
  if [[ $# == 0 || $1 == -* ]]; then
    printf 'usage: tests/engine.sh [--private] COMMAND [ARGUMENT...]\n' >&2
    exit 2
  fi
  command=("$@")
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

# --- What must be installed ---------------------------------------------------------------

missing=() # packages, by Debian's names, and
absent=()  # what was looked for

need() { # COMMAND PACKAGE
  command -v "$1" >/dev/null || { absent+=("$1"); missing+=("$2"); }
}

need_static_busybox() { # alone in an image, it has no shared library to load
  if ! command -v busybox >/dev/null || ldd "$(command -v busybox)" >/dev/null 2>&1; then
    absent+=("a static busybox")
    missing+=(busybox-static)
  fi
}

need_private_engine() {
  need dockerd docker.io
  need containerd containerd
  need runc runc
  need iptables iptables
  need slirp4netns slirp4netns
}

install_needed() {
  [[ ${#missing[@]} -gt 0 ]] || return 0
  local sudo=() log what
  what="not found: $(printf '%s, ' "${absent[@]}")"
  what=${what%, }
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  if ! command -v apt-get >/dev/null || { [ "${#sudo[@]}" = 1 ] && ! command -v sudo >/dev/null; }; then
    die "${what}. Install what Debian calls ${missing[*]} (there: apt-get install, as root)."
  fi
  say "$what; installing ${missing[*]}"
  log=$("${sudo[@]}" bash -s -- "${missing[@]}" 2>&1 <<<"$INSTALL") ||
    die "installing ${missing[*]} failed:"$'\n'"$log"
  missing=() absent=()
}

# The packages' services would start: the registry's takes port 5000, and a second engine is
# not what was asked for. Debian's way to say so is policy-rc.d; its own, if any, stays. Nor is the
# registry's to start with the machine.
# shellcheck disable=SC2016 # expanded by the shell that it is for
readonly INSTALL='
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap "rm -f $policy" EXIT
    printf "#!/bin/sh\nexit 101\n" >$policy
    chmod +x $policy
  fi
  export DEBIAN_FRONTEND=noninteractive
  install=(apt-get install -y --no-install-recommends "$@")
  "${install[@]}" </dev/null || { apt-get update && "${install[@]}"; } </dev/null || exit 1
  if [[ " $* " == *" docker-registry "* ]]; then update-rc.d docker-registry disable || true; fi
'

# --- The engine's API ---------------------------------------------------------------------

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

# --- A private engine ---------------------------------------------------------------------

become_root() { # starts the script again, with the caller's environment kept in a file
  command -v sudo >/dev/null || die "a private engine needs root: run this as root, or install sudo"
  sudo -v || die "a private engine needs root, and sudo refuses"
  caller_env=$(mktemp /tmp/longshore-env-XXXXXX)
  PATH=$CALLER_PATH
  export -p >"$caller_env"
  exec sudo -- bash "$0" --private --caller-env "$caller_env" "${command[@]}"
}

start_private_engine() {
  make_namespaces
  local socket=$work/docker.sock driver
  export DOCKER_HOST=unix://$socket
  unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_CONTEXT
  for driver in overlay2 fuse-overlayfs vfs; do # best first; the last works everywhere
    if start_dockerd "$driver" && starts_containers 2>/dev/null; then
      # The caller's, where sudo is root's; the folder is then to be passed through, not read.
      if [ -n "$caller_env" ]; then
        chown "$SUDO_UID" "$socket"
        chmod 711 "$work"
      fi
      return 0
    fi
    stop_dockerd
  done
  tail -n 20 "$work/dockerd.log" >&2
  die "no private engine could be started: its log ends above"
}

# A network for dockerd's bridge and firewall rules, with slirp4netns for the way out, and a
# mount table for what dockerd mounts. A process that only sleeps keeps both alive.
make_namespaces() {
  [ -e /dev/net/tun ] || die "a private engine needs /dev/net/tun, for slirp4netns"
  mkdir -p /run/containerd
  setsid unshare --net --mount sleep infinity &
  holder=$!
  wait_for 5 unshared || die "unshare --net --mount failed"
  inside=(nsenter --target "$holder" --net --mount "--wd=$PWD" --)
  # dockerd would use a system's containerd, which is outside: hide its socket.
  "${inside[@]}" mount -n -t tmpfs tmpfs /run/containerd
  # A resolver on the machine's loopback is out of reach in here, slirp4netns's own is not.
  if [ -e /etc/resolv.conf ]; then
    sed 's/^nameserver.*//' /etc/resolv.conf >"$work/resolv.conf"
    echo 'nameserver 10.0.2.3' >>"$work/resolv.conf"
    chmod 644 "$work/resolv.conf"
    "${inside[@]}" mount -n --bind "$work/resolv.conf" /etc/resolv.conf
  fi
  setsid slirp4netns --configure --disable-host-loopback --netns-type=path \
    "/proc/$holder/ns/net" tap0 >"$work/slirp.log" 2>&1 &
  slirp=$!
  wait_for 10 grep -q tap0 "/proc/$holder/net/route" || die "slirp4netns: $(tail -n 3 "$work/slirp.log")"
}

unshared() { [[ $(cat "/proc/$holder/comm") == sleep ]]; } # unshare has done its part

start_dockerd() { # STORAGE-DRIVER
  cat >"$work/daemon.json" <<END
{
  "hosts": ["$DOCKER_HOST"], "pidfile": "$work/dockerd.pid",
  "data-root": "$work/data", "exec-root": "$work/exec", "storage-driver": "$1"
}
END
  # setsid: Ctrl-C is for COMMAND; dockerd is ended after it, in order.
  setsid "${inside[@]}" dockerd --config-file "$work/daemon.json" >>"$work/dockerd.log" 2>&1 &
  dockerd=$!
  wait_for 60 up_or_over
  engine_answers "$DOCKER_HOST"
}

up_or_over() { engine_answers "$DOCKER_HOST" || ! kill -0 "$dockerd" 2>/dev/null; }

starts_containers() { # some storage drivers start but then cannot mount
  local name=longshore-trial
  import_image "$name" 1 &&
    api POST "/containers/create?name=$name" -H 'Content-Type: application/json' \
      -d "{\"Image\": \"$name:1\"}" >/dev/null &&
    api POST "/containers/$name/start" >/dev/null &&
    api DELETE "/containers/$name?force=1" &&
    api DELETE "/images/$name:1" >/dev/null
}

stop_dockerd() {
  local id
  # Containers that COMMAND left would hold dockerd up, and outlive it if it is killed.
  for id in $(api GET '/containers/json?all=1' 2>/dev/null | grep -o '"Id":"[0-9a-f]*"' | cut -d'"' -f4); do
    api DELETE "/containers/$id?force=1&v=1" >/dev/null 2>&1 || true
  done
  stop "$dockerd"
  dockerd=''
}

# --- The registry and its images ----------------------------------------------------------

start_registry() {
  # Port 0: any free one, which its log then names.
  cat >"$work/registry.yml" <<END
version: 0.1
log: {level: info, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $work/registry}, delete: {enabled: true}}
http: {addr: "127.0.0.1:0"}
END
  : >"$work/registry.log"
  OTEL_TRACES_EXPORTER=none setsid "${inside[@]}" docker-registry serve "$work/registry.yml" \
    >"$work/registry.log" 2>&1 &
  registry_pid=$!
  wait_for 10 registry_listens || die "the registry did not start: $(tail -n 3 "$work/registry.log")"
  LONGSHORE_TEST_REGISTRY=$(grep -o -m 1 '127\.0\.0\.1:[1-9][0-9]*' "$work/registry.log")
  export LONGSHORE_TEST_REGISTRY
}

registry_listens() { grep -q 'listening on 127' "$work/registry.log"; }

pack_image() { # VERSION PAGE
  local root=$work/root
  mkdir -p "$root"/{bin,etc,tmp,www}
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  "$root/bin/busybox" --install "$root/bin" # a hard link for each of its commands
  echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  echo "$2" >"$root/www/index.html"
  # Process 1 must handle SIGTERM itself: the kernel's default would be to ignore it.
  cat >"$root/bin/serve" <<'END'
#!/bin/sh
trap 'kill $!; exit 0' TERM INT
httpd -f -p 80 -h /www &
echo "listening on 80"
wait $!
END
  chmod 755 "$root/bin/serve"
  tar -C "$root" --owner=0 --group=0 --numeric-owner -cf "$work/$1.tar" .
  rm -r "$root"
}

import_image() { # NAME VERSION
  local query="fromSrc=-&repo=$1&tag=$2" change
  for change in 'CMD ["/bin/serve"]' 'EXPOSE 80' \
    'HEALTHCHECK --interval=1s --timeout=3s CMD wget -q -O /dev/null http://127.0.0.1/'; do
    query+="&changes=$(printf '%s' "$change" | od -An -v -tx1 | tr -d '\n' | tr ' ' %)"
  done
  succeeds api POST "/images/create?$query" -T "$work/$2.tar" -H 'Content-Type: application/x-tar'
}

publish() { # VERSION VARIABLE
  local name=$LONGSHORE_TEST_REGISTRY/longshore/web
  published+=("$name:$1")
  import_image "$name" "$1" || die "the engine does not import an image"
  succeeds api POST "/images/$name/push?tag=$1" -H 'X-Registry-Auth: e30=' ||
    die "the engine does not push to $LONGSHORE_TEST_REGISTRY: does it run on this machine's network?"
  api DELETE "/images/$name:$1" >/dev/null # COMMAND is to pull it
  export "$2=$name:$1"
}

succeeds() { # COMMAND...: also by the stream of messages it answers with
  local answer
  if ! answer=$("$@") || [[ $answer == *'"error'* ]]; then
    say "$answer"
    return 1
  fi
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
  if [ -n "$dockerd" ]; then stop_dockerd; fi
  if [ -n "$holder" ]; then stop_namespaces; fi
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

stop_namespaces() { # whatever is left in there, such as containerd, and then the namespaces
  local dir
  for dir in /proc/[0-9]*; do
    if [[ ${dir#/proc/} != "$holder" && $dir/ns/mnt -ef /proc/$holder/ns/mnt ]]; then
      kill -KILL "${dir#/proc/}"
    fi
  done
  stop "$slirp"
  stop "$holder"
  rmdir /run/containerd 2>/dev/null # in use, it is not empty
}

main "$@"
