//! How values look on the wire, and what they become in Rust.
//!
//! Engines send `null` for an empty list, `""` or year 1 for "no time", seconds here and nanoseconds there. The helpers
//! in here are named in `#[serde(deserialize_with = "…")]`, so that each type's definition says which of them it needs.

pub(crate) mod base64;
mod document;
pub(crate) mod json_path;
pub(crate) mod keys;
mod map;
mod oci;
mod open_enum;
pub(crate) mod seconds;
mod timestamp;
mod version;

pub(crate) use document::Document;
pub use map::Map;
pub use oci::{OciDescriptor, OciPlatform, ParsePlatformError};
pub(crate) use open_enum::open_enum;
pub use timestamp::{ParseTimestampError, Timestamp};
pub use version::Version;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

/// A list that may be `null`, with elements that may be: Go encodes an empty slice as `null`.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct List<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list or null")
        }

        fn visit_unit<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(element) = seq.next_element::<Option<T>>()? {
                if let Some(element) = element {
                    push(&mut list, element);
                }
            }
            Ok(list)
        }
    }

    deserializer.deserialize_any(List(PhantomData))
}

/// Adds an element. Most lists have one, for which a `Vec` by itself would make room for four.
pub(crate) fn push<T>(list: &mut Vec<T>, element: T) {
    if list.capacity() == 0 {
        list.reserve_exact(1);
    }
    list.push(element);
}

/// A [`list`] inside of something else.
#[derive(Deserialize)]
#[serde(transparent)]
struct List<T>(#[serde(deserialize_with = "list", bound(deserialize = "T: Deserialize<'de>"))] Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A [`list`] that means something else if it is empty than if it is absent or `null`.
pub(crate) fn optional_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<List<T>>::deserialize(deserializer)?.map(|List(list)| list))
}

/// A map of [`list`]s.
pub(crate) fn lists<'de, D, T>(deserializer: D) -> Result<Map<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let lists = Map::<List<T>>::deserialize(deserializer)?;
    Ok(lists.into_iter().map(|(key, List(list))| (key, list)).collect())
}

/// A value whose `null` means its default: a number or an object that an engine leaves out in its own way.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// An RFC 3339 time that may be absent, `null`, `""` or Go's zero time (year 1): all of them are `None`.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    struct Time;

    impl Visitor<'_> for Time {
        type Value = Option<Timestamp>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an RFC 3339 time, an empty string or null")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            if text.is_empty() {
                return Ok(None);
            }
            let time: Timestamp = text.parse().map_err(E::custom)?;
            Ok((!time.is_go_zero()).then_some(time))
        }
    }

    deserializer.deserialize_any(Time)
}

/// Durations that the API counts in nanoseconds; absent, `null` and 0 are `None`.
pub(crate) mod nanos {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer};

    #[allow(clippy::ref_option, reason = "serde's signature for `with`")]
    pub(crate) fn serialize<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        duration.map(|d| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX)).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let nanos = Option::<i64>::deserialize(deserializer)?.unwrap_or_default();
        Ok(u64::try_from(nanos).ok().filter(|nanos| *nanos > 0).map(Duration::from_nanos))
    }
}

/// Whether a value says nothing, so that a request leaves it out.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
