//! The setters of a [`ContainerSpec`] that limit its resources: memory, CPUs, processes, block I/O.

use super::{ByteSize, ContainerSpec, Cpus, ThrottleDevice, Ulimit, WeightDevice, size};
use std::fmt::Display;

impl ContainerSpec {
    /// Sets the memory limit, in bytes or as text: `512 * MIB` or `"512m"`. Default: no limit.
    pub fn memory(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.host_config.memory = size.bytes())
    }

    /// Sets the soft memory limit, in bytes or as text, which applies when memory is scarce. Default: no limit.
    pub fn memory_reservation(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.host_config.memory_reservation = size.bytes())
    }

    /// Sets the limit of memory and swap together, in bytes or as text. -1 means unlimited swap. Defaults to twice the
    /// memory limit.
    pub fn memory_swap(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.host_config.memory_swap = size.bytes())
    }

    /// Sets how readily the kernel swaps the container's memory: 0 to 100. -1 means the host's setting, which is the
    /// default.
    pub fn memory_swappiness(mut self, percent: i64) -> Self {
        self.host_config.memory_swappiness = Some(percent);
        self
    }

    /// Sets the size of `/dev/shm`, in bytes or as text. Defaults to 64 MiB.
    pub fn shm_size(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.host_config.shm_size = size.bytes())
    }

    /// Keeps the kernel from killing the container when memory runs out. Defaults to `false`.
    pub fn oom_kill_disable(mut self, disable: bool) -> Self {
        self.host_config.oom_kill_disable = Some(disable);
        self
    }

    /// Sets how likely the kernel is to kill the container when memory runs out: -1000 to 1000. Defaults to 0.
    pub fn oom_score_adj(mut self, score: i64) -> Self {
        self.host_config.oom_score_adj = score;
        self
    }

    /// Sets the CPU limit as a number of CPUs, such as `1.5` or `"1.5"`. Default: no limit.
    pub fn cpus(self, cpus: impl TryInto<Cpus, Error: Display>) -> Self {
        self.set(cpus.try_into(), |spec, cpus| spec.host_config.nano_cpus = size::nano_cpus(cpus.0))
    }

    /// Sets the CPU weight relative to other containers. Matters only when CPUs are scarce. Defaults to 1024.
    pub fn cpu_shares(mut self, shares: i64) -> Self {
        self.host_config.cpu_shares = shares;
        self
    }

    /// Sets the CPU period of the scheduler, in microseconds. Defaults to 100000.
    pub fn cpu_period(mut self, microseconds: i64) -> Self {
        self.host_config.cpu_period = microseconds;
        self
    }

    /// Sets the CPU time that the container may use in each period, in microseconds. Default: no limit.
    pub fn cpu_quota(mut self, microseconds: i64) -> Self {
        self.host_config.cpu_quota = microseconds;
        self
    }

    /// Sets the CPUs that the container may use, as `0-3` or `0,1`. Defaults to all.
    pub fn cpuset_cpus(mut self, cpus: impl Into<String>) -> Self {
        self.host_config.cpuset_cpus = cpus.into();
        self
    }

    /// Sets the memory nodes that the container may use, as `0-3` or `0,1`. Defaults to all.
    pub fn cpuset_mems(mut self, nodes: impl Into<String>) -> Self {
        self.host_config.cpuset_mems = nodes.into();
        self
    }

    /// Sets the limit of processes and threads. -1 or 0 means no limit, which is the default.
    pub fn pids_limit(mut self, limit: i64) -> Self {
        self.host_config.pids_limit = Some(limit);
        self
    }

    /// Adds a limit of each process: a [`Ulimit`], or a text in the form of `docker run --ulimit`, such as
    /// `nofile=1024:2048`. The last one of a name wins. Defaults to the engine's choice.
    pub fn ulimit(self, ulimit: impl TryInto<Ulimit, Error: Display>) -> Self {
        self.set(ulimit.try_into(), |spec, ulimit| ulimit.add_to(&mut spec.host_config.ulimits))
    }

    /// Sets the block I/O weight relative to other containers: 10 to 1000. Matters only when I/O is scarce. Defaults to
    /// the host's setting.
    pub fn blkio_weight(mut self, weight: u16) -> Self {
        self.host_config.blkio_weight = weight.into();
        self
    }

    /// Sets the block I/O weight for one device of the host: 10 to 1000.
    pub fn blkio_weight_device(mut self, path: impl Into<String>, weight: u16) -> Self {
        let device = WeightDevice { path: path.into(), weight: weight.into() };
        self.host_config.blkio_weight_device.push(device);
        self
    }

    /// Limits reading from a device of the host, in bytes per second or as text: `"10m"`.
    pub fn device_read_bps(self, path: impl Into<String>, rate: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(throttle(path, rate), |spec, device| spec.host_config.blkio_device_read_bps.push(device))
    }

    /// Limits writing to a device of the host, in bytes per second or as text: `"10m"`.
    pub fn device_write_bps(self, path: impl Into<String>, rate: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(throttle(path, rate), |spec, device| spec.host_config.blkio_device_write_bps.push(device))
    }

    /// Limits reading from a device of the host, in operations per second.
    pub fn device_read_iops(mut self, path: impl Into<String>, rate: u32) -> Self {
        let device = ThrottleDevice { path: path.into(), rate: rate.into() };
        self.host_config.blkio_device_read_iops.push(device);
        self
    }

    /// Limits writing to a device of the host, in operations per second.
    pub fn device_write_iops(mut self, path: impl Into<String>, rate: u32) -> Self {
        let device = ThrottleDevice { path: path.into(), rate: rate.into() };
        self.host_config.blkio_device_write_iops.push(device);
        self
    }

    /// Sets the parent cgroup. Defaults to the engine's choice.
    pub fn cgroup_parent(mut self, cgroup: impl Into<String>) -> Self {
        self.host_config.cgroup_parent = cgroup.into();
        self
    }
}

fn throttle(path: impl Into<String>, rate: impl TryInto<ByteSize, Error: Display>) -> Result<ThrottleDevice, String> {
    let bytes = rate.try_into().map_err(|error| error.to_string())?.bytes();
    match u64::try_from(bytes) {
        Ok(rate) => Ok(ThrottleDevice { path: path.into(), rate }),
        Err(_) => Err(format!("invalid rate {bytes}: use a number of bytes per second, such as 10 * MIB")),
    }
}
