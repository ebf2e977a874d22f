//! Block devices and disks.

use crate::wire;

/// What a container read of and wrote to block devices. With cgroup v2 there is only the first of these lists.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BlkioStats {
    /// Bytes.
    pub io_service_bytes_recursive: Vec<BlkioEntry>,
    /// Requests.
    pub io_serviced_recursive: Vec<BlkioEntry>,
    /// Requests that wait.
    pub io_queue_recursive: Vec<BlkioEntry>,
    /// How long requests took, in nanoseconds.
    pub io_service_time_recursive: Vec<BlkioEntry>,
    /// How long requests waited, in nanoseconds.
    pub io_wait_time_recursive: Vec<BlkioEntry>,
    /// Requests that were merged with others.
    pub io_merged_recursive: Vec<BlkioEntry>,
    /// How long the device was its own, in milliseconds.
    pub io_time_recursive: Vec<BlkioEntry>,
    /// Sectors.
    pub sectors_recursive: Vec<BlkioEntry>,
}

wire::object! {
    BlkioStats {
        "io_service_bytes_recursive" => io_service_bytes_recursive,
        "io_serviced_recursive" => io_serviced_recursive,
        "io_queue_recursive" => io_queue_recursive,
        "io_service_time_recursive" => io_service_time_recursive,
        "io_wait_time_recursive" => io_wait_time_recursive,
        "io_merged_recursive" => io_merged_recursive,
        "io_time_recursive" => io_time_recursive,
        "sectors_recursive" => sectors_recursive,
    }
}

/// A number for a block device and an operation on it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BlkioEntry {
    /// The device's major number.
    pub major: u64,
    /// The device's minor number.
    pub minor: u64,
    /// What was done: `read`, `write`; `Read`, `Write`, `Sync`, `Async`, `Total` with cgroup v1.
    pub op: String,
    /// How much of it.
    pub value: u64,
}

wire::object! {
    BlkioEntry {
        "major" => major,
        "minor" => minor,
        "op" => op,
        "value" => value,
    }
}

/// What a container read of and wrote to disks. Windows.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct StorageStats {
    /// How often it read.
    pub read_count_normalized: Option<u64>,
    /// Bytes read.
    pub read_size_bytes: Option<u64>,
    /// How often it wrote.
    pub write_count_normalized: Option<u64>,
    /// Bytes written.
    pub write_size_bytes: Option<u64>,
}

wire::object! {
    StorageStats {
        "read_count_normalized" => read_count_normalized,
        "read_size_bytes" => read_size_bytes,
        "write_count_normalized" => write_count_normalized,
        "write_size_bytes" => write_size_bytes,
    }
}
