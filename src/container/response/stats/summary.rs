//! [`StatsSummary`]: one line of `docker stats`.

use super::ContainerStats;
use serde::{Deserialize, Serialize};

/// The resource usage of a container as `docker stats` displays it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct StatsSummary {
    /// The container's name, without the leading `/`.
    pub name: String,
    /// The CPU usage, in percent of one CPU.
    pub cpu_percent: f64,
    /// The memory usage in bytes, without file caches that can be dropped.
    pub memory_usage: u64,
    /// The memory limit in bytes; 0 if the engine does not report one.
    pub memory_limit: u64,
    /// The memory usage in percent of the limit.
    pub memory_percent: f64,
    /// The bytes received over all networks.
    pub network_received: u64,
    /// The bytes sent over all networks.
    pub network_sent: u64,
    /// The bytes read from block devices or disks.
    pub block_read: u64,
    /// The bytes written to block devices or disks.
    pub block_written: u64,
    /// The number of processes and threads.
    pub pids: u64,
}

impl ContainerStats {
    /// Computes the values that `docker stats` displays.
    #[must_use]
    pub fn summary(&self) -> StatsSummary {
        let networks = self.networks.iter().map(|(_, network)| network);
        let (received, sent) = networks.fold((0_u64, 0_u64), |(received, sent), network| {
            (received.saturating_add(network.rx_bytes), sent.saturating_add(network.tx_bytes))
        });
        let entries = &self.blkio_stats.io_service_bytes_recursive;
        let block = |op: &str| {
            let values = entries.iter().filter(|entry| entry.op.eq_ignore_ascii_case(op)).map(|entry| entry.value);
            values.fold(0, u64::saturating_add)
        };
        let storage = &self.storage_stats;
        StatsSummary {
            name: self.name.as_deref().unwrap_or_default().trim_start_matches('/').to_owned(),
            cpu_percent: self.cpu_percent(),
            memory_usage: self.memory_usage(),
            memory_limit: self.memory_stats.limit.unwrap_or_default(),
            memory_percent: self.memory_percent(),
            network_received: received,
            network_sent: sent,
            block_read: block("read").max(storage.read_size_bytes.unwrap_or_default()),
            block_written: block("write").max(storage.write_size_bytes.unwrap_or_default()),
            pids: self.pids_stats.current.unwrap_or_default(),
        }
    }
}
