//! The setters of an [`UpdateSpec`], and what is wrong with one.

use super::{RestartPolicy, UpdateSpec, size};
use crate::Version;

impl UpdateSpec {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether it is started again when it ends.
    pub fn restart(mut self, policy: RestartPolicy) -> Self {
        self.restart_policy = policy;
        self
    }

    /// The limit of memory, in bytes: `512 * MIB`. It must not be above that of memory and swap together, which can be
    /// changed with it.
    pub fn memory(mut self, bytes: i64) -> Self {
        self.memory = bytes;
        self
    }

    /// The limit of memory and swap together, in bytes; -1: swap without a limit.
    pub fn memory_swap(mut self, bytes: i64) -> Self {
        self.memory_swap = bytes;
        self
    }

    /// The limit of memory when that is scarce, in bytes.
    pub fn memory_reservation(mut self, bytes: i64) -> Self {
        self.memory_reservation = bytes;
        self
    }

    /// The limit of CPU: how many it may use, such as `1.5`.
    pub fn cpus(mut self, cpus: f64) -> Self {
        self.nano_cpus = size::nano_cpus(cpus);
        self
    }

    /// Its share of the CPUs when they are scarce, against 1024 of others.
    pub fn cpu_shares(mut self, shares: i64) -> Self {
        self.cpu_shares = shares;
        self
    }

    /// The CPUs that it may use, as `0-3` or `0,1`.
    pub fn cpuset_cpus(mut self, cpus: impl Into<String>) -> Self {
        self.cpuset_cpus = cpus.into();
        self
    }

    /// The limit of processes; 0: none.
    pub fn pids_limit(mut self, limit: u32) -> Self {
        self.pids_limit = Some(limit.into());
        self
    }

    /// What is wrong, and what is right.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.nano_cpus < 0 {
            return Err("NanoCpus is no number of CPUs: cpus takes one above 0, such as 1.5".to_owned());
        }
        let sizes = [("Memory", self.memory), ("MemoryReservation", self.memory_reservation)];
        match sizes.into_iter().find(|(_, size)| *size < 0) {
            Some((name, size)) => Err(format!("{name} is {size}: a number of bytes is needed, such as 512 * MIB")),
            None => Ok(()),
        }
    }

    /// The fields that are set and that older engines would ignore without a word.
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
    }
}
