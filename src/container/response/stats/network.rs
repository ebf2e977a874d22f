//! Network interfaces.

use crate::wire::null_to_default;
use serde::{Deserialize, Serialize};

/// The traffic of a network interface of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NetworkStats {
    /// Bytes received.
    #[serde(deserialize_with = "null_to_default")]
    pub rx_bytes: u64,
    /// Packets received.
    #[serde(deserialize_with = "null_to_default")]
    pub rx_packets: u64,
    /// Receive errors; 0 on Windows.
    #[serde(deserialize_with = "null_to_default")]
    pub rx_errors: u64,
    /// Dropped incoming packets.
    #[serde(deserialize_with = "null_to_default")]
    pub rx_dropped: u64,
    /// Bytes sent.
    #[serde(deserialize_with = "null_to_default")]
    pub tx_bytes: u64,
    /// Packets sent.
    #[serde(deserialize_with = "null_to_default")]
    pub tx_packets: u64,
    /// Send errors; 0 on Windows.
    #[serde(deserialize_with = "null_to_default")]
    pub tx_errors: u64,
    /// Dropped outgoing packets.
    #[serde(deserialize_with = "null_to_default")]
    pub tx_dropped: u64,
    /// The endpoint ID. Windows only.
    pub endpoint_id: Option<String>,
    /// The instance ID. Windows only.
    pub instance_id: Option<String>,
}
