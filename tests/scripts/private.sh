# shellcheck shell=bash disable=SC2154 # variables of tests/engine.sh
# A private engine: its namespaces, its start and its end. Sourced by tests/engine.sh.

become_root() { # starts the script again, with the caller's environment kept in a file
  command -v sudo >/dev/null || die "a private engine needs root: run this as root, or install sudo"
  sudo -n true 2>/dev/null || sudo -v || die "a private engine needs root, and sudo refuses"
  local options=(--private)
  if [ -n "$suite" ]; then options=(--suite "$suite" --cache "$cache"); fi
  caller_env=$(mktemp /tmp/longshore-env-XXXXXX)
  PATH=$CALLER_PATH
  export -p >"$caller_env"
  exec sudo -- bash "$0" "${options[@]}" --caller-env "$caller_env" "${command[@]}"
}

start_private_engine() {
  local socket=$work/docker.sock driver
  export DOCKER_HOST=unix://$socket
  unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_CONTEXT
  for driver in overlay2 fuse-overlayfs vfs; do # best first; the last works everywhere
    if start_engine "$driver" && starts_containers 2>>"$work/engine.log"; then
      # The caller's, where sudo is root's; the folder is then to be passed through, not read.
      if [ -n "$caller_env" ]; then
        chown "$SUDO_UID" "$socket"
        chmod 711 "$work"
      fi
      return 0
    fi
    stop_engine
  done
  tail -n 20 "$work/engine.log" >&2
  die "no private engine could be started: its log ends above"
}

# A network for the engine's bridge and firewall rules, with slirp4netns for the way out, and a mount table
# for the resolver that is reached there. A process that only sleeps keeps both alive.
make_network() {
  [ -e /dev/net/tun ] || die "a private engine needs /dev/net/tun, for slirp4netns"
  setsid unshare --net --mount sleep infinity &
  holder=$!
  wait_for 5 unshared || die "unshare --net --mount failed"
  inside=(nsenter --target "$holder" --net --mount "--wd=$PWD" --)
  # A resolver on the machine's loopback is out of reach in here, slirp4netns's own is not.
  sed 's/^nameserver.*//' /etc/resolv.conf >"$work/resolv.conf" 2>/dev/null || true
  echo 'nameserver 10.0.2.3' >>"$work/resolv.conf"
  chmod 644 "$work/resolv.conf"
  if [ -e /etc/resolv.conf ]; then "${inside[@]}" mount -n --bind "$work/resolv.conf" /etc/resolv.conf; fi
  setsid slirp4netns --configure --disable-host-loopback --netns-type=path \
    "/proc/$holder/ns/net" tap0 >"$work/slirp.log" 2>&1 &
  slirp=$!
  wait_for 10 grep -q tap0 "/proc/$holder/net/route" || die "slirp4netns: $(tail -n 3 "$work/slirp.log")"
}

unshared() { [[ $(cat "/proc/$holder/comm") == sleep ]]; } # unshare has done its part

# In that network, with a mount table and processes of its own: those end with the first, engine/init.sh.
start_engine() { # STORAGE-DRIVER
  local start unshare
  if [[ $suite == podman ]]; then podman_service "$1"; else docker_daemon "$1"; fi
  # setsid: Ctrl-C is for COMMAND; the engine is ended after it, in order.
  setsid "${inside[@]}" unshare --mount --pid --fork --kill-child \
    bash "$SCRIPTS/init.sh" "$root" "$work" "${start[@]}" >>"$work/engine.log" 2>&1 &
  unshare=$!
  wait_for 5 first_process_of "$unshare" || return 1
  wait_for 60 up_or_over
  engine_answers "$DOCKER_HOST"
}

docker_daemon() { # STORAGE-DRIVER: sets `start`
  local store="\"storage-driver\": \"$1\""
  if [[ $suite == sid-containerd ]]; then # its storage drivers are containerd's snapshotters
    store="\"features\": {\"containerd-snapshotter\": true}, \"storage-driver\": \"${1/overlay2/overlayfs}\""
  fi
  cat >"$work/daemon.json" <<END
{
  "hosts": ["$DOCKER_HOST"], "pidfile": "$work/dockerd.pid",
  "data-root": "$work/data-$1", "exec-root": "$work/exec", $store
}
END
  start=(dockerd --config-file "$work/daemon.json")
}

podman_service() { # STORAGE-DRIVER: sets `start`
  local storage=(--storage-driver "${1/overlay2/overlay}")
  if [[ $1 == fuse-overlayfs ]]; then
    storage=(--storage-driver overlay --storage-opt overlay.mount_program=/usr/bin/fuse-overlayfs)
  fi
  # Docker speaks plain HTTP to registries on loopback by itself.
  cat >"$work/registries.conf" <<END
[[registry]]
prefix = "127.0.0.1"
location = "127.0.0.1"
insecure = true
END
  # A limit by default fails where cgroup v1 has the controller; systemd, which would time health checks, is not there.
  # Builds take the default limits, which they could not raise above the machine's.
  printf '[containers]\npids_limit = 0\ndefault_ulimits = ["nofile=1024:4096"]\n' >"$work/containers.conf"
  start=(env "CONTAINERS_CONF=$work/containers.conf" "CONTAINERS_REGISTRIES_CONF=$work/registries.conf"
    "TMPDIR=$work" DISABLE_HC_SYSTEMD=true
    podman --cgroup-manager=cgroupfs --root "$work/data-$1" --runroot "$work/exec" "${storage[@]}"
    system service --time=0 "$DOCKER_HOST")
}

first_process_of() { # UNSHARE: sets `engine`
  read -r engine 2>/dev/null <"/proc/$1/task/$1/children" || [ -n "$engine" ] # without a newline: `false`
}

up_or_over() { engine_answers "$DOCKER_HOST" || ended "$engine"; }

starts_containers() { # some storage drivers start but then cannot mount
  local name=longshore-trial
  pull_test_image &&
    succeeds api POST "/containers/create?name=$name" -H 'Content-Type: application/json' \
      -d "{\"Image\": \"$LONGSHORE_TEST_IMAGE\"}" &&
    succeeds api POST "/containers/$name/start" &&
    succeeds api DELETE "/containers/$name?force=1" &&
    remove_test_image
}

stop_engine() {
  local id
  # Containers that COMMAND left would hold the engine up, and its end.
  for id in $(api GET '/containers/json?all=1' 2>/dev/null | grep -o '"Id":"[0-9a-f]*"' | cut -d'"' -f4); do
    api DELETE "/containers/$id?force=1&v=1" >/dev/null 2>&1 || true
  done
  stop "$engine"
  engine=''
}

stop_network() {
  stop "$slirp"
  stop "$holder"
}
