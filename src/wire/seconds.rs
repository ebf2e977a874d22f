//! Times that the API counts in Unix seconds: `Created` of the lists.

use super::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[allow(clippy::ref_option, reason = "serde's signature for `with`")]
pub(crate) fn serialize<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(Timestamp::unix_seconds).serialize(serializer)
}

/// 0 and below are "never": the engine has no time of creation for some images.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let seconds = Option::<i64>::deserialize(deserializer)?.unwrap_or_default();
    Ok((seconds > 0).then(|| Timestamp::from_unix(seconds, 0)))
}
