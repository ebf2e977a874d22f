# shellcheck shell=bash disable=SC2154,SC2034 # variables of tests/engine.sh
# The engine of another Debian release: a root with its packages, kept for the next run. Sourced by tests/engine.sh.

readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

release() {
  case $suite in
    podman | sid-containerd) echo sid ;;
    *) echo "$suite" ;;
  esac
}

packages() {
  if [[ $suite == podman ]]; then
    printf '%s\n' podman catatonit crun netavark aardvark-dns nftables iproute2 fuse-overlayfs ca-certificates procps
  else
    printf '%s\n' docker.io containerd runc iptables fuse-overlayfs ca-certificates procps
  fi
}

need_suite() {
  need slirp4netns slirp4netns
  root=$cache/${suite%-containerd}-$(uname -m)-$(packages | cksum | cut -d' ' -f1) # other packages are another root
  if [ -d "$root" ]; then return 0; fi
  need debootstrap debootstrap
  if [ ! -e "$KEYRING" ]; then
    absent+=("$KEYRING")
    missing+=(debian-archive-keyring)
  fi
}

make_suite() {
  local lock half log
  if [ -d "$root" ]; then return 0; fi
  mkdir -p "$cache"
  exec {lock}>"$root.lock"
  flock "$lock" # another run may be making it
  if [ ! -d "$root" ]; then
    rm -rf "$root".half-* # of a run that was ended
    half=$(mktemp -d "$root.half-XXXXXX")
    chmod 755 "$half"
    say "making $root, once: this takes a minute or two"
    log=$(bootstrap "$half" 2>&1) || die "making $root failed:"$'\n'"$(tail -n 20 <<<"$log")"
    mv -T "$half" "$root" # it is whole
  fi
  exec {lock}>&-
}

bootstrap() { # FOLDER
  local mirror
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || die "apt has no mirror of Debian here: name one in LONGSHORE_DEBIAN_MIRROR"
  # In namespaces, so that no mount and no process is left behind, whatever ends it.
  packages | xargs unshare --mount --pid --fork --kill-child \
    bash -euc "$BOOTSTRAP" bash "$1" "$(release)" "$mirror" "$KEYRING"
}

debian_mirror() { # the one that this machine's apt uses, if it is of Debian
  if [ -n "${LONGSHORE_DEBIAN_MIRROR-}" ]; then
    echo "$LONGSHORE_DEBIAN_MIRROR"
  else
    # shellcheck disable=SC2016 # apt-get replaces it
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 -E '^https?://.*/debian/?$' || true
  fi
}

# shellcheck disable=SC2016 # expanded by the shell that it is for
readonly BOOTSTRAP='
  root=$1 release=$2 mirror=$3 keyring=$4
  shift 4
  export DEBIAN_FRONTEND=noninteractive
  debootstrap --variant=minbase "--keyring=$keyring" "$release" "$root" "$mirror"
  printf "#!/bin/sh\nexit 101\n" >"$root/usr/sbin/policy-rc.d" # no service starts
  chmod +x "$root/usr/sbin/policy-rc.d"
  mount -t proc proc "$root/proc"
  chroot "$root" apt-get install -y --no-install-recommends "$@"
  umount "$root/proc"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}
  # What engine/init.sh mounts on.
  mkdir -p "$root/etc/docker"
  : >>"$root/etc/resolv.conf"
'
