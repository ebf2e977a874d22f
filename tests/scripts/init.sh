#!/usr/bin/env bash
# Process 1 of a private engine's namespaces: init.sh ROOT WORK COMMAND...
#
# Runs COMMAND with ROOT as the file system, of which it can change nothing; /tmp, and with it the folder WORK, is the
# machine's. COMMAND ends on SIGTERM, and when it has ended the kernel ends whatever it has left.
set -euo pipefail

root=$1
work=$2
shift 2

enter() {
  mount --bind "$root" "$root"
  mount -o remount,bind,ro "$root"
  mount -t proc proc "$root/proc"
  mount -t sysfs sysfs "$root/sys" # shows the network devices of who mounts it
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/run"
  mount --bind /tmp "$root/tmp"
  mount -t tmpfs tmpfs "$root/var/tmp"
  mount --bind "$work/resolv.conf" "$root/etc/resolv.conf"
  mount_cgroups
  mkdir -p "$work/etc-docker" # for an old engine's key
  if [ -d "$root/etc/docker" ]; then mount --bind "$work/etc-docker" "$root/etc/docker"; fi
  cd "$root"
  # pivot_root and no chroot: nsenter --mount, which engines use, leads to the root of the mount table.
  pivot_root . .
  umount -l .
  cd /
}

# Podman takes cgroup v2 alone, with whichever controllers v1 has left; Docker takes those of the machine.
mount_cgroups() {
  if [[ ${LONGSHORE_TEST_SUITE-} == podman ]]; then
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  else
    mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
  fi
}

if [ "$root" != / ]; then
  enter
else
  mount -t proc proc /proc
  mkdir -p /run/containerd # where no package's service has made it
  mount -t tmpfs tmpfs /run/containerd # hides a system's containerd, which dockerd would use
fi

"$@" &
engine=$!
trap 'kill -TERM $engine 2>/dev/null' TERM
while kill -0 "$engine" 2>/dev/null; do # bash also reaps what loses its parent
  wait "$engine" || status=$?
done
exit "${status-0}"
