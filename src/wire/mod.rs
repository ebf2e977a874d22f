//! How values look on the wire, and what they become in Rust.
//!
//! Engines send `null` for an empty list, `""` or year 1 for "no time", seconds here and nanoseconds there. [`object!`] says
//! how each struct looks, by a table behind its definition; what a field may be, [`Value`] says.

pub(crate) mod base64;
mod decoder;
pub(crate) mod json_path;
mod map;
mod object;
mod oci;
mod open_enum;
mod reader;
mod timestamp;
mod value;
mod version;
mod ways;

pub(crate) use decoder::Seed;
pub use map::Map;
pub(crate) use object::{Fields, Write, bit, joined, object, write_object};
pub use oci::{OciDescriptor, OciPlatform, ParsePlatformError};
pub(crate) use open_enum::open_enum;
pub(crate) use reader::{Failed, List, Object, Read, Reader, Shape, Wanted};
pub use timestamp::{ParseTimestampError, Timestamp};
pub(crate) use value::{Value, Way, Written, or_default, or_error, read_into};
pub use version::Version;
pub(crate) use ways::{Keys, Nanos, Seconds};

/// Whether a value says nothing, so that a request leaves it out.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
