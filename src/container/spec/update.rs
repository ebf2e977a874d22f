//! The setters and checks of an [`UpdateSpec`].

use super::{ByteSize, Cpus, RestartPolicy, UpdateSpec, size};
use crate::Version;
use std::fmt::Display;

impl UpdateSpec {
    /// Creates a specification that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies a parsed value, or records why parsing failed.
    fn set<T, E: Display>(mut self, value: Result<T, E>, set: impl FnOnce(&mut Self, T)) -> Self {
        match value {
            Ok(value) => set(&mut self, value),
            Err(why) => self.invalid.push(why.to_string()),
        }
        self
    }

    /// Sets whether the engine restarts the container when it ends: a [`RestartPolicy`], or a text such as
    /// `unless-stopped` or `on-failure:3`.
    pub fn restart(self, policy: impl TryInto<RestartPolicy, Error: Display>) -> Self {
        self.set(policy.try_into(), |spec, policy| spec.restart_policy = policy)
    }

    /// Sets the memory limit, in bytes or as text: `512 * MIB` or `"512m"`. It must not exceed the limit of memory and
    /// swap together, which can be changed in the same call.
    pub fn memory(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.memory = size.bytes())
    }

    /// Sets the limit of memory and swap together, in bytes or as text. -1 means unlimited swap.
    pub fn memory_swap(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.memory_swap = size.bytes())
    }

    /// Sets the soft memory limit, in bytes or as text, which applies when memory is scarce.
    pub fn memory_reservation(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.memory_reservation = size.bytes())
    }

    /// Sets the CPU limit as a number of CPUs, such as `1.5` or `"1.5"`.
    pub fn cpus(self, cpus: impl TryInto<Cpus, Error: Display>) -> Self {
        self.set(cpus.try_into(), |spec, cpus| spec.nano_cpus = size::nano_cpus(cpus.0))
    }

    /// Sets the CPU weight relative to other containers, whose default is 1024. Matters only when CPUs are scarce.
    pub fn cpu_shares(mut self, shares: i64) -> Self {
        self.cpu_shares = shares;
        self
    }

    /// Sets the CPU period of the scheduler, in microseconds.
    pub fn cpu_period(mut self, microseconds: i64) -> Self {
        self.cpu_period = microseconds;
        self
    }

    /// Sets the CPU time that the container may use in each period, in microseconds.
    pub fn cpu_quota(mut self, microseconds: i64) -> Self {
        self.cpu_quota = microseconds;
        self
    }

    /// Sets the real-time period of the scheduler, in microseconds.
    pub fn cpu_realtime_period(mut self, microseconds: i64) -> Self {
        self.cpu_realtime_period = microseconds;
        self
    }

    /// Sets the real-time CPU time that the container may use in each period, in microseconds.
    pub fn cpu_realtime_runtime(mut self, microseconds: i64) -> Self {
        self.cpu_realtime_runtime = microseconds;
        self
    }

    /// Sets the CPUs that the container may use, as `0-3` or `0,1`.
    pub fn cpuset_cpus(mut self, cpus: impl Into<String>) -> Self {
        self.cpuset_cpus = cpus.into();
        self
    }

    /// Sets the memory nodes that the container may use, as `0-3` or `0,1`.
    pub fn cpuset_mems(mut self, nodes: impl Into<String>) -> Self {
        self.cpuset_mems = nodes.into();
        self
    }

    /// Sets the limit of processes and threads; -1 or 0 for none.
    pub fn pids_limit(mut self, limit: i64) -> Self {
        self.pids_limit = Some(limit);
        self
    }

    /// Sets the block I/O weight relative to other containers: 10 to 1000. Matters only when I/O is scarce.
    pub fn blkio_weight(mut self, weight: u16) -> Self {
        self.blkio_weight = weight.into();
        self
    }

    /// Returns what is wrong with the specification, and how to fix it.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(why) = self.invalid.first() {
            return Err(why.clone());
        }
        if self.nano_cpus < 0 {
            return Err("invalid NanoCpus: use a number of CPUs above 0, such as cpus(1.5)".to_owned());
        }
        let sizes = [("Memory", self.memory), ("MemoryReservation", self.memory_reservation)];
        match sizes.into_iter().find(|(_, size)| *size < 0) {
            Some((name, size)) => Err(format!("{name} is {size}: use a number of bytes, such as 512 * MIB")),
            None => Ok(()),
        }
    }

    /// Returns the set fields that older engines would silently ignore.
    pub(crate) fn gates(&self) -> impl Iterator<Item = (Version, &'static str)> {
        let devices = [
            (self.blkio_weight_device.is_some(), "changing BlkioWeightDevice"),
            (self.blkio_device_read_bps.is_some(), "changing BlkioDeviceReadBps"),
            (self.blkio_device_write_bps.is_some(), "changing BlkioDeviceWriteBps"),
            (self.blkio_device_read_iops.is_some(), "changing BlkioDeviceReadIOps"),
            (self.blkio_device_write_iops.is_some(), "changing BlkioDeviceWriteIOps"),
        ];
        devices.into_iter().filter(|(is_set, _)| *is_set).map(|(_, what)| (Version::V1_55, what))
    }
}

#[cfg(test)]
mod tests {
    use super::UpdateSpec;

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(UpdateSpec::new().cpus(0.5).memory(1).memory_swap(-1).pids_limit(0).check(), Ok(()));
        for cpus in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(UpdateSpec::new().cpus(cpus).check().expect_err("no number").contains("NanoCpus"), "{cpus}");
        }
        assert!(UpdateSpec::new().memory(-1).check().expect_err("no size").contains("Memory is -1"));
        assert!(UpdateSpec::new().memory_reservation(-1).check().expect_err("no size").contains("MemoryReservation"));
        assert!(UpdateSpec::new().memory("x").check().expect_err("no size").starts_with("invalid size \"x\""));
        assert!(
            UpdateSpec::new().restart("x").check().expect_err("no policy").starts_with("invalid restart policy \"x\"")
        );
        assert!(UpdateSpec::new().cpus("0").check().expect_err("none").starts_with("invalid number of CPUs \"0\""));
    }
}
