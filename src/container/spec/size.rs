//! Sizes in bytes: `512 * MIB` or `"512m"`.

use crate::wire::{from_text, serde_as_text};
use std::fmt;
use std::str::FromStr;

/// 1024 bytes.
pub const KIB: i64 = 1024;
/// 1024 KiB.
pub const MIB: i64 = 1024 * KIB;
/// 1024 MiB.
pub const GIB: i64 = 1024 * MIB;

/// A size in bytes: an `i64`, or a text in the docker CLI's form with powers of 1024.
///
/// ```
/// use longshore::container::{ByteSize, MIB};
///
/// assert_eq!("512m".parse(), Ok(ByteSize::from(512 * MIB)));
/// assert_eq!("1.5g".parse(), Ok(ByteSize::from(1536 * MIB)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ByteSize(i64);

impl ByteSize {
    /// Creates a size from the type that most other crates have for sizes. More than `i64::MAX` becomes `i64::MAX`.
    #[must_use]
    pub fn from_bytes(bytes: u64) -> Self {
        Self(bytes.try_into().unwrap_or(i64::MAX))
    }

    /// Returns the number of bytes.
    #[must_use]
    pub const fn bytes(self) -> i64 {
        self.0
    }
}

/// The error of parsing a [`ByteSize`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid size {text:?}: use bytes such as 1048576, or a number and b, k, m, g, t or p, such as 512m or 1.5g")]
pub struct ParseByteSizeError {
    text: String,
}

impl FromStr for ByteSize {
    type Err = ParseByteSizeError;

    fn from_str(text: &str) -> Result<Self, ParseByteSizeError> {
        parse(text).map(Self).ok_or_else(|| ParseByteSizeError { text: text.chars().take(64).collect() })
    }
}

fn parse(text: &str) -> Option<i64> {
    if text == "-1" {
        return Some(-1); // no limit, for the settings that allow it
    }
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let unit = unit.strip_prefix(' ').unwrap_or(unit).to_ascii_lowercase();
    let power = match unit.strip_suffix('b').unwrap_or(&unit) {
        "" if !unit.is_empty() || number == text => 0,
        unit => {
            let unit = unit.strip_suffix('i').unwrap_or(unit);
            1 + ["k", "m", "g", "t", "p"].iter().position(|known| *known == unit)?
        }
    };
    if !number.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let factor = 1_i64.checked_shl(u32::try_from(10 * power).ok()?)?;
    if let Ok(whole) = number.parse::<i64>() {
        return whole.checked_mul(factor);
    }
    #[allow(clippy::cast_precision_loss, reason = "a fraction is no exact number of bytes")]
    let bytes = number.parse::<f64>().ok()? * factor as f64;
    #[allow(clippy::cast_possible_truncation, reason = "it is in the range")]
    (bytes < 9e18).then_some(bytes as i64)
}

from_text!(ByteSize);
serde_as_text!(ByteSize);

impl fmt::Display for ByteSize {
    /// Writes the size in the largest unit that divides it: `512m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [("p", 50), ("t", 40), ("g", 30), ("m", 20), ("k", 10)];
        let unit = units.into_iter().find(|(_, shift)| self.0 > 0 && self.0 % (1 << shift) == 0);
        match unit {
            Some((unit, shift)) => f.pad(&format!("{}{unit}", self.0 >> shift)),
            None => f.pad(&self.0.to_string()),
        }
    }
}

// The only integer: with a second one, the literal in `memory(4 << 30)` would be an `i32`, and overflow to 0.
impl From<i64> for ByteSize {
    fn from(bytes: i64) -> Self {
        Self(bytes)
    }
}

/// A number of CPUs, as a number or a text: `1.5`, `2` or `"1.5"`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Cpus(pub f64);

/// The error of parsing [`Cpus`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid number of CPUs {text:?}: use a number above 0, such as 1.5")]
pub struct ParseCpusError {
    text: String,
}

impl From<f64> for Cpus {
    fn from(cpus: f64) -> Self {
        Self(cpus)
    }
}

impl From<i32> for Cpus {
    fn from(cpus: i32) -> Self {
        Self(cpus.into())
    }
}

impl fmt::Display for Cpus {
    /// Writes the number: `1.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Cpus {
    type Err = ParseCpusError;

    fn from_str(text: &str) -> Result<Self, ParseCpusError> {
        let cpus = text.parse().ok().filter(|cpus: &f64| cpus.is_finite() && *cpus > 0.0);
        cpus.map(Self).ok_or_else(|| ParseCpusError { text: text.chars().take(64).collect() })
    }
}

impl Cpus {
    /// Returns the number in billionths, for the API. An invalid number becomes -1, which the checks of specs refuse.
    pub(crate) fn nanos(self) -> i64 {
        nano_cpus(self.0)
    }
}

from_text!(Cpus);
serde_as_text!(Cpus);

/// Converts a number of CPUs to billionths. An invalid number becomes -1, which `check` refuses.
pub(super) fn nano_cpus(cpus: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "it saturates, and what is left of nonsense is refused")]
    let nanos = (cpus * 1e9).round() as i64;
    if cpus.is_finite() && nanos > 0 { nanos } else { -1 }
}

#[cfg(test)]
mod tests {
    use super::{ByteSize, Cpus, GIB, KIB, MIB};

    #[test]
    fn sizes_are_read_as_docker_reads_them() {
        for (text, bytes) in [
            ("0", 0),
            ("1024", KIB),
            ("32b", 32),
            ("1k", KIB),
            ("512m", 512 * MIB),
            ("512M", 512 * MIB),
            ("512MB", 512 * MIB),
            ("512MiB", 512 * MIB),
            ("2 g", 2 * GIB),
            ("1.5g", 1536 * MIB),
            ("-1", -1),
        ] {
            assert_eq!(text.parse::<ByteSize>().map(ByteSize::bytes), Ok(bytes), "{text}");
        }
        for text in ["", "m", "512x", "5 12m", "-5m", "+5", ".5g", "1e3", "99999999p", "5i", "1..5g", "ü"] {
            let error = text.parse::<ByteSize>().expect_err(text).to_string();
            assert!(error.contains("such as 512m or 1.5g"), "{error}");
        }
        assert_eq!("1.5".parse::<Cpus>().expect("CPUs").to_string(), "1.5");
        assert_eq!(ByteSize::from_bytes(4096).bytes(), 4096);
        assert_eq!(ByteSize::from_bytes(u64::MAX).bytes(), i64::MAX);
        for text in ["512m", "1k", "3p", "1000", "-1", "0"] {
            assert_eq!(text.parse::<ByteSize>().expect(text).to_string(), text);
        }
    }
}
