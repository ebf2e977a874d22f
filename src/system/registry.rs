//! How the engine reaches registries.

use crate::wire::{Map, null_to_empty};
use serde::{Deserialize, Serialize};

/// The registry settings of an engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RegistryServiceConfig {
    /// Ranges in CIDR notation whose registries may speak plain HTTP or have certificates from unknown CAs.
    #[serde(rename = "InsecureRegistryCIDRs", deserialize_with = "null_to_empty")]
    pub insecure_registry_cidrs: Vec<String>,
    /// What is set for single registries, by host.
    pub index_configs: Map<IndexInfo>,
    /// The mirrors of docker.io, as URLs.
    #[serde(deserialize_with = "null_to_empty")]
    pub mirrors: Vec<String>,
    /// Ranges whose registries foreign layers may be pushed to. Until API 1.48.
    #[serde(rename = "AllowNondistributableArtifactsCIDRs", deserialize_with = "null_to_empty")]
    pub allow_nondistributable_artifacts_cidrs: Vec<String>,
    /// Hosts whose registries foreign layers may be pushed to. Until API 1.48.
    #[serde(deserialize_with = "null_to_empty")]
    pub allow_nondistributable_artifacts_hostnames: Vec<String>,
}

/// What is set for one registry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct IndexInfo {
    /// Its name, such as `docker.io`.
    pub name: String,
    /// Its mirrors, as URLs.
    #[serde(deserialize_with = "null_to_empty")]
    pub mirrors: Vec<String>,
    /// Whether it must speak TLS with a certificate that the engine trusts.
    pub secure: bool,
    /// Whether it is Docker Hub.
    pub official: bool,
}
