//! How values look on the wire, and what they become in Rust.
//!
//! Engines send `null` for an empty list, `""` or year 1 for "no time", seconds here and nanoseconds there. The structs of
//! the API derive serde's traits; the helpers in here are named on the fields that need them.

mod any_case;
pub(crate) mod empty_is_none;
pub(crate) mod json;
mod map;
mod null;
mod oci;
mod open_enum;
mod secret;
pub(crate) mod set;
mod time;
mod version;

pub(crate) use any_case::AnyCase;
pub use jiff::Timestamp;
pub use map::{Map, MapEntry, MapIter};
pub(crate) use null::{null_elements, null_to_default, null_to_empty, null_to_empty_in_list, null_to_empty_in_map};
pub use oci::{OciDescriptor, ParsePlatformError, Platform};
pub(crate) use open_enum::{open_enum, word};
pub use secret::Secret;
pub(crate) use secret::SecretBytes;
pub(crate) use time::{go_time, nanoseconds, seconds, unix_seconds};
pub use version::Version;

/// Whether a value is its default, so that a request leaves it out.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Random bytes, for names and keys that nobody can foresee.
///
/// # Panics
/// If the operating system has no random numbers.
pub(crate) fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}
