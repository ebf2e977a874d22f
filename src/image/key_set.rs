//! Sets that the API writes as an object of empty objects: `{"80/tcp": {}}`.

use crate::wire::Map;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize)]
struct Empty {}

pub(super) fn serialize<S: Serializer>(keys: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(keys.iter().map(|key| (key, Empty {})))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let set = Map::<IgnoredAny>::deserialize(deserializer)?;
    Ok(set.into_iter().map(|(key, _)| key).collect())
}
