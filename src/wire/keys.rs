//! For `#[serde(with = "wire::keys")]`: sets that the API writes as objects with empty values, `{"80/tcp": {}}`.

use super::Map;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize)]
struct Empty {}

pub(crate) fn serialize<S: Serializer>(keys: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(keys.iter().map(|key| (key, Empty {})))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Map::<IgnoredAny>::deserialize(deserializer)?.into_iter().map(|(key, _)| key).collect())
}
