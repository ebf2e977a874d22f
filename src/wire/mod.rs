//! How values look on the wire, and what they become in Rust.
//!
//! Engines send `null` for an empty list, `""` or year 1 for "no time", seconds here and nanoseconds there. The structs of
//! the API derive serde's traits; the helpers in here are named on the fields that need them.

pub(crate) mod base64;
pub(crate) mod json;
mod map;
mod null;
mod oci;
mod open_enum;
pub(crate) mod set;
mod time;
mod timestamp;
mod version;

pub use map::Map;
pub(crate) use null::{
    empty_to_none, null_elements, null_to_default, null_to_empty, null_to_empty_in_list, null_to_empty_in_map,
};
pub use oci::{OciDescriptor, OciPlatform, ParsePlatformError};
pub(crate) use open_enum::{open_enum, word};
pub(crate) use time::{go_time, nanoseconds, seconds};
pub use timestamp::{ParseTimestampError, Timestamp};
pub use version::Version;

/// Whether a value is its default, so that a request leaves it out.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
