//! Durations as arguments of setters, and in files: a number of seconds, with a fraction if needed, or a text such as `30s`.

use crate::GoDuration;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::Serializer;
use std::fmt::Display;
use std::time::Duration;

#[derive(serde::Deserialize)]
#[serde(untagged, expecting = "expected seconds or a text such as 30s")]
enum Written {
    Seconds(f64),
    Text(String),
}

/// Sets a duration to the argument of a setter. Returns why it cannot be parsed.
pub(super) fn set(duration: &mut Duration, to: impl TryInto<GoDuration, Error: Display>) -> Option<String> {
    to.try_into().map(|to| *duration = to.duration()).err().map(|why| why.to_string())
}

pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    match duration.subsec_nanos() {
        0 => serializer.serialize_u64(duration.as_secs()),
        _ => serializer.serialize_f64(duration.as_secs_f64()),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    match Written::deserialize(deserializer)? {
        Written::Seconds(seconds) => Duration::try_from_secs_f64(seconds).map_err(D::Error::custom),
        Written::Text(text) => text.parse().map(GoDuration::duration).map_err(D::Error::custom),
    }
}
