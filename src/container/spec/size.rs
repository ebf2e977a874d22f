//! Units of sizes, for limits in bytes: `512 * MIB`.

/// 1024 bytes.
pub const KIB: i64 = 1024;
/// 1024 KiB.
pub const MIB: i64 = 1024 * KIB;
/// 1024 MiB.
pub const GIB: i64 = 1024 * MIB;

/// A number of CPUs in billionths of one; -1, which is refused later, for nonsense.
pub(super) fn nano_cpus(cpus: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "it saturates, and what is left of nonsense is refused")]
    let nanos = (cpus * 1e9).round() as i64;
    if cpus.is_finite() && nanos > 0 { nanos } else { -1 }
}
