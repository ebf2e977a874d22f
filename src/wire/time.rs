//! Times and durations as the API writes them.

use super::Timestamp;
use jiff::fmt::temporal::Pieces;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::time::Duration;

/// 0001-01-01T00:00:00Z in Unix seconds. Go writes it for "no time".
const GO_ZERO_TIME: i64 = -62_135_596_800;

/// Formats a time for a query: Unix seconds with a fraction, which engines read to the nanosecond.
pub(crate) fn unix_seconds(time: Timestamp) -> String {
    let nanoseconds = time.as_nanosecond();
    format!("{}.{:09}", nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000))
}

/// Reads an RFC 3339 time. `null`, `""`, Go's zero time (year 1) and times that [`Timestamp`] cannot represent are `None`.
pub(crate) fn go_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    struct Time;

    impl<'de> Visitor<'de> for Time {
        type Value = Option<Timestamp>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an RFC 3339 time")
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_str(self)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            if text.is_empty() {
                return Ok(None);
            }
            match text.parse::<Timestamp>() {
                Ok(time) => Ok(Some(time).filter(|time| time.as_second() > GO_ZERO_TIME)),
                // An image's author can choose a year that only Go has.
                Err(error) if error.is_range() && is_time(text) => Ok(None),
                Err(_) => Err(E::invalid_value(Unexpected::Str(text), &self)),
            }
        }
    }

    deserializer.deserialize_option(Time)
}

fn is_time(text: &str) -> bool {
    Pieces::parse(text).is_ok_and(|pieces| pieces.time().is_some() && pieces.offset().is_some())
}

/// Times in Unix seconds. 0 and less are `None`: engines do not know when some images were created.
pub(crate) mod seconds {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Timestamp};

    #[allow(clippy::ref_option, reason = "serde's signature for `with`")]
    pub(crate) fn serialize<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        time.map(Timestamp::as_second).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
        let seconds = Option::<i64>::deserialize(deserializer)?.unwrap_or_default();
        Ok(Timestamp::from_second(seconds).ok().filter(|_| seconds > 0))
    }
}

/// Durations in nanoseconds. `null` and 0 are `None`: for fields where engines read 0 as "not set".
pub(crate) mod nanoseconds {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer};

    #[allow(clippy::ref_option, reason = "serde's signature for `with`")]
    pub(crate) fn serialize<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        duration.map(|duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let nanoseconds = Option::<i64>::deserialize(deserializer)?.unwrap_or_default();
        Ok(u64::try_from(nanoseconds).ok().filter(|nanoseconds| *nanoseconds > 0).map(Duration::from_nanos))
    }
}

/// Durations in nanoseconds. `null` is `None`, and 0 is a value: for fields that are pointers in the engine.
pub(crate) mod nanoseconds_or_zero {
    use super::{Deserialize, Deserializer, Duration};

    pub(crate) use super::nanoseconds::serialize;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let nanoseconds = Option::<i64>::deserialize(deserializer)?;
        Ok(nanoseconds.and_then(|nanoseconds| u64::try_from(nanoseconds).ok()).map(Duration::from_nanos))
    }
}
