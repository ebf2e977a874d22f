//! [`Version`]: version numbers of the Engine API.

use super::{from_text, serde_as_text};
use crate::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// A version of the Engine API, such as 1.41. Versions compare number by number: 1.9 is older than 1.40.
///
/// ```
/// use longshore::Version;
///
/// let version: Version = "v1.43".parse()?;
/// assert!(version > Version::OLDEST && version.to_string() == "1.43");
/// # Ok::<(), longshore::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    major: u16,
    minor: u16,
}

impl Version {
    /// The oldest version that this crate supports: that of Docker 20.10.
    pub const OLDEST: Self = Self::V1_41;
    /// The newest version that this crate knows. It uses this one with newer engines.
    pub const NEWEST: Self = Self::new(1, 56);

    pub(crate) const V1_41: Self = Self::new(1, 41);
    pub(crate) const V1_42: Self = Self::new(1, 42);
    pub(crate) const V1_43: Self = Self::new(1, 43);
    pub(crate) const V1_44: Self = Self::new(1, 44);
    pub(crate) const V1_45: Self = Self::new(1, 45);
    pub(crate) const V1_46: Self = Self::new(1, 46);
    pub(crate) const V1_47: Self = Self::new(1, 47);
    pub(crate) const V1_48: Self = Self::new(1, 48);
    pub(crate) const V1_49: Self = Self::new(1, 49);
    pub(crate) const V1_50: Self = Self::new(1, 50);
    pub(crate) const V1_52: Self = Self::new(1, 52);
    pub(crate) const V1_54: Self = Self::new(1, 54);
    pub(crate) const V1_55: Self = Self::new(1, 55);

    /// Creates a version from its two numbers.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Refuses a version that this crate does not support.
    pub(crate) fn supported(self) -> Result<Self> {
        if (Self::OLDEST..=Self::NEWEST).contains(&self) {
            return Ok(self);
        }
        let (oldest, newest) = (Self::OLDEST, Self::NEWEST);
        let message = format!("API version {self} is outside those that longshore speaks: {oldest} to {newest}");
        Err(Error::new(crate::ErrorKind::Version, message))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Version {
    type Err = Error;

    /// Parses `1.41` or `v1.41`.
    fn from_str(text: &str) -> Result<Self> {
        let number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok());
        let numbers = text.strip_prefix('v').unwrap_or(text).split_once('.');
        numbers.and_then(|(major, minor)| Some(Self::new(number(major)??, number(minor)??))).ok_or_else(|| {
            let text: String = text.chars().take(64).collect();
            Error::config(format!("invalid API version {text:?}: use two numbers such as 1.41"))
        })
    }
}

from_text!(Version);
serde_as_text!(Version);

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn compares_number_by_number() {
        assert!(Version::new(1, 9) < Version::V1_41);
        assert!("v1.56".parse::<Version>().expect("version") == Version::NEWEST);
    }

    #[test]
    fn refuses_what_is_no_version() {
        for text in ["", "1", "1.", ".41", "1.41.0", "1.x", "+1.41", "1.-4", "vv1.41", "1.70000", " 1.41"] {
            assert!(text.parse::<Version>().is_err(), "{text:?}");
        }
    }
}
