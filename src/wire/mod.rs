//! The API's wire formats and the Rust types for them.
//!
//! Engines send `null` for an empty list, `""` or year 1 for "no time", and seconds in one place but nanoseconds in
//! another. The API's structs derive serde's traits. Fields that need a helper from here name it in an attribute.

mod any_case;
pub(crate) mod base64;
mod builder_version;
mod changed;
pub(crate) mod csv;
pub(crate) mod empty_is_none;
pub(crate) mod file_mode;
mod from_text;
mod go_duration;
pub(crate) mod json;
mod map;
mod moment;
mod null;
mod oci;
mod open_enum;
mod secret;
pub(crate) mod set;
mod time;
mod version;

pub(crate) use any_case::AnyCase;
pub use builder_version::BuilderVersion;
pub(crate) use changed::with_changes;
pub(crate) use from_text::{from_text, serde_as_text};
pub(crate) use go_duration::seconds_rounded_up;
pub use go_duration::{GoDuration, ParseGoDurationError};
pub use jiff::Timestamp;
pub use map::{Map, MapEntry, MapIter};
pub use moment::{Moment, ParseMomentError};
pub(crate) use null::{null_elements, null_to_default, null_to_empty, null_to_empty_in_list, null_to_empty_in_map};
pub use oci::{OciDescriptor, ParsePlatformError, Platform};
pub(crate) use open_enum::{open_enum, word};
pub use secret::Secret;
pub(crate) use secret::SecretBytes;
pub(crate) use time::{go_time, nanoseconds, nanoseconds_or_zero, seconds, unix_seconds};
pub use version::Version;

use std::fmt::Write;

/// Returns whether a value is its default, so that requests omit it.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Returns an unpredictable ID.
pub(crate) fn random_id() -> String {
    hex(&random_bytes())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Returns random bytes, for unpredictable names and keys.
///
/// # Panics
/// Panics if the operating system provides no random numbers.
pub(crate) fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}

#[cfg(test)]
mod tests {
    use super::random_id;

    #[test]
    fn ids_differ() {
        let ids: std::collections::BTreeSet<_> = (0..1000).map(|_| random_id()).collect();
        assert!(ids.len() == 1000 && ids.iter().all(|id| id.len() == 32));
    }
}
