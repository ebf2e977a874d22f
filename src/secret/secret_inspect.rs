//! The response of `GET /secrets/{id}`.

use super::SecretSpec;
use crate::system::ObjectVersion;
use crate::wire::{Timestamp, go_time, null_to_default};
use serde::{Deserialize, Serialize};

/// A secret of a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretInspect {
    /// The secret's ID.
    #[serde(rename = "ID")]
    pub id: String,
    /// The version of this object.
    #[serde(deserialize_with = "null_to_default")]
    pub version: ObjectVersion,
    /// The time of creation.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// The time of the last update.
    #[serde(deserialize_with = "go_time")]
    pub updated_at: Option<Timestamp>,
    /// The specification. Engines leave out the content.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: SecretSpec,
}
