//! Network interfaces.

use crate::wire;

/// What went over a network interface of a container.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NetworkStats {
    /// Bytes received.
    pub rx_bytes: u64,
    /// Packets received.
    pub rx_packets: u64,
    /// Errors of receiving; 0 on Windows.
    pub rx_errors: u64,
    /// Incoming packets that were dropped.
    pub rx_dropped: u64,
    /// Bytes sent.
    pub tx_bytes: u64,
    /// Packets sent.
    pub tx_packets: u64,
    /// Errors of sending; 0 on Windows.
    pub tx_errors: u64,
    /// Outgoing packets that were dropped.
    pub tx_dropped: u64,
    /// The endpoint's id. Windows.
    pub endpoint_id: Option<String>,
    /// The instance's id. Windows.
    pub instance_id: Option<String>,
}

wire::object! {
    NetworkStats {
        "rx_bytes" => rx_bytes,
        "rx_packets" => rx_packets,
        "rx_errors" => rx_errors,
        "rx_dropped" => rx_dropped,
        "tx_bytes" => tx_bytes,
        "tx_packets" => tx_packets,
        "tx_errors" => tx_errors,
        "tx_dropped" => tx_dropped,
        "endpoint_id" => endpoint_id,
        "instance_id" => instance_id,
    }
}
