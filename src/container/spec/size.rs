//! Units of sizes, for limits in bytes: `512 * MIB`.

/// 1024 bytes.
pub const KIB: i64 = 1024;
/// 1024 KiB.
pub const MIB: i64 = 1024 * KIB;
/// 1024 MiB.
pub const GIB: i64 = 1024 * MIB;
