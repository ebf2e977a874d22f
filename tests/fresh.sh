#!/usr/bin/env bash
# Runs the README's two commands as a newcomer does: on a Debian with nothing but Rust, once as root, once as a user with
# sudo.
#
#   tests/fresh.sh                    bookworm, all of it
#   tests/fresh.sh trixie             another release
#   tests/fresh.sh bookworm user      the one or the other: root, user
#   tests/fresh.sh trixie msrv        compiles the crate with the release's own Rust: trixie's is the oldest that is supported
#
# The Debian is a root that debootstrap makes once in the caller's cache folder (XDG_CACHE_HOME/longshore). What runs in
# it writes to a layer above it, which is removed in the end. It shares nothing with the machine but the toolchain,
# cargo's cache (a layer as well) and the network. That needs root or sudo.
set -euo pipefail

readonly RELEASE=${1:-bookworm}
readonly WHO=${2:-all}
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly SOURCE
readonly CARGO=${CARGO_HOME:-$HOME/.cargo} RUSTUP=${RUSTUP_HOME:-$HOME/.rustup}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/longshore
suite=fresh-$RELEASE # what scripts/suite.sh is asked for
work=''
missing=() absent=()

for part in install suite; do
  # shellcheck source=/dev/null
  . "$SOURCE/tests/scripts/$part.sh"
done

say() { printf 'fresh.sh: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

release() { echo "$RELEASE"; }

packages() { # beside Debian's minimum: what Rust links with, and the compiler of the release itself
  if [[ $WHO == msrv ]]; then echo cargo rustc gcc libc6-dev; else echo ca-certificates gcc libc6-dev sudo; fi
}

main() {
  [[ $RELEASE =~ ^(bookworm|trixie)$ && $WHO =~ ^(all|root|user|msrv)$ ]] || die "see the head of this script"
  if [ "$(id -u)" != 0 ]; then
    exec sudo --preserve-env=HOME,CARGO_HOME,RUSTUP_HOME,XDG_CACHE_HOME,PATH -- bash "$0" "$@"
  fi
  need_suite
  install_needed
  make_suite
  trap clean_up EXIT
  work=$(mktemp -d /var/tmp/longshore-fresh-XXXXXX)
  case $WHO in
    msrv) fresh root "$MSRV" ;;
    all)
      fresh root "$COMMANDS"
      fresh user "$COMMANDS"
      ;;
    *) fresh "$WHO" "$COMMANDS" ;;
  esac
}

clean_up() { rm -rf "$work"; }

readonly COMMANDS='
  tests/engine.sh cargo run --locked --example deploy
  tests/engine.sh cargo test --locked --all-features -- --include-ignored
'
# Without aws-lc, which is C, and without what links nothing but tests.
readonly MSRV='
  export RUSTC=/usr/bin/rustc # rustup has another one in the path
  /usr/bin/rustc --version
  /usr/bin/cargo check --locked --features tls,buildkit,tracing,websocket --all-targets
'

# In namespaces, so that no mount and no process is left behind, whatever ends it.
fresh() { # root|user COMMANDS
  say "$RELEASE, as $1"
  mkdir -p "$work/$1"
  git -C "$SOURCE" ls-files -z --cached --others --exclude-standard | (cd "$SOURCE" && tar --create --null --files-from - --ignore-failed-read) \
    >"$work/$1/source.tar" 2>/dev/null
  unshare --mount --pid --fork --kill-child bash -euc "$ENTER" bash "$root" "$work/$1" "$RUSTUP" "$CARGO" "$1" "$2"
  rm -rf "${work:?}/$1"
}

# shellcheck disable=SC2016 # expanded by the shell that it is for
readonly ENTER='
  base=$1 work=$2 rustup=$3 cargo=$4 who=$5 commands=$6
  root=$work/root
  layer() { # LOWER TARGET NAME
    mkdir -p "$2" "$work/$3/upper" "$work/$3/work"
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$work/$3/upper,workdir=$work/$3/work" "$2"
  }
  mount --make-rprivate /
  layer "$base" "$root" base
  mount -t proc proc "$root/proc"
  mount -t sysfs sysfs "$root/sys"
  mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/run"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" # proxies
  mkdir -p "$root/opt/rustup" "$root/home/user/longshore"
  mount --bind "$rustup" "$root/opt/rustup"
  mount -o remount,bind,ro "$root/opt/rustup"
  layer "$cargo" "$root/opt/cargo" cargo
  tar --extract --no-same-owner --file "$work/source.tar" --directory "$root/home/user/longshore"
  rm "$work/source.tar"
  if [[ $who == user ]]; then
    chroot "$root" useradd --home-dir /home/user --shell /bin/bash user
    echo "user ALL=(ALL) NOPASSWD: ALL" >"$root/etc/sudoers.d/user"
    chroot "$root" chown -R user: /home/user /opt/cargo
  fi
  export CARGO_HOME=/opt/cargo RUSTUP_HOME=/opt/rustup PATH=/opt/cargo/bin:/usr/local/bin:/usr/bin:/bin HOME=/home/user
  if [[ $who == root ]]; then PATH=/opt/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; fi
  unset DOCKER_HOST XDG_CACHE_HOME XDG_RUNTIME_DIR CARGO_TARGET_DIR RUSTFLAGS
  cd "$root"
  /usr/sbin/pivot_root . mnt
  umount -l /mnt
  exec setpriv --reuid "$who" --regid "$who" --init-groups bash -euxc "cd /home/user/longshore; $commands"
'

main "$@"
