# shellcheck shell=bash disable=SC2034 # variables of tests/engine.sh
# What must be installed on this machine, and its installation on Debian and Ubuntu. Sourced by tests/engine.sh.

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
  # Somebody else may be installing: another suite, or the updates of a new machine.
  apt=(apt-get -o DPkg::Lock::Timeout=300)
  install=("${apt[@]}" install -y --no-install-recommends "$@")
  "${install[@]}" </dev/null || { "${apt[@]}" update && "${install[@]}"; } </dev/null || exit 1
  if [[ " $* " == *" docker-registry "* ]]; then update-rc.d docker-registry disable || true; fi
'
