//! How fields look on the wire whose type says it not: `"Created" => created: Seconds`.

use super::reader::{Failed, Read, Reader, Wanted};
use super::value::{Value, Way};
use super::{Map, Timestamp};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::time::Duration;

/// A time in Unix seconds.
pub(crate) struct Seconds;

impl Way<Option<Timestamp>> for Seconds {
    /// 0 and below are "never": the engine has no time of creation for some images.
    fn read(reader: &mut dyn Reader) -> Result<Option<Timestamp>, Failed> {
        let mut seconds = 0_i64;
        seconds.read(reader)?;
        Ok((seconds > 0).then(|| Timestamp::from_unix(seconds, 0)))
    }

    fn write<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        time.map(Timestamp::unix_seconds).serialize(serializer)
    }
}

/// A duration in nanoseconds; absent, `null` and 0 are `None`.
pub(crate) struct Nanos;

impl Way<Option<Duration>> for Nanos {
    fn read(reader: &mut dyn Reader) -> Result<Option<Duration>, Failed> {
        let mut nanos = 0_i64;
        nanos.read(reader)?;
        Ok(u64::try_from(nanos).ok().filter(|nanos| *nanos > 0).map(Duration::from_nanos))
    }

    fn write<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        duration.map(|d| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX)).serialize(serializer)
    }
}

/// A set as an object with empty values, `{"80/tcp": {}}`.
pub(crate) struct Keys;

impl Way<Vec<String>> for Keys {
    fn read(reader: &mut dyn Reader) -> Result<Vec<String>, Failed> {
        let mut entries = Map::<Anything>::default();
        entries.read(reader)?;
        Ok(entries.into_iter().map(|(key, _)| key).collect())
    }

    fn write<S: Serializer>(keys: &Vec<String>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(keys.iter().map(|key| (key, Empty)))
    }
}

#[derive(Default)]
struct Anything;

impl Value for Anything {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        reader.read(Wanted::Nothing)
    }
}

struct Empty;

impl Serialize for Empty {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }
}
