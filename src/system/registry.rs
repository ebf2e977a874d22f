//! The engine's registry settings.

use crate::wire::{Map, null_to_empty};
use serde::{Deserialize, Serialize};

/// The registry settings of an engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RegistryServiceConfig {
    /// Address ranges, in CIDR notation, of registries that may use plain HTTP or certificates from unknown CAs.
    #[serde(rename = "InsecureRegistryCIDRs", deserialize_with = "null_to_empty")]
    pub insecure_registry_cidrs: Vec<String>,
    /// The settings of individual registries, by host.
    pub index_configs: Map<IndexInfo>,
    /// The mirrors of docker.io, as URLs.
    #[serde(deserialize_with = "null_to_empty")]
    pub mirrors: Vec<String>,
    /// Address ranges of registries that nondistributable (foreign) layers may be pushed to. Until API 1.48.
    #[serde(rename = "AllowNondistributableArtifactsCIDRs", deserialize_with = "null_to_empty")]
    pub allow_nondistributable_artifacts_cidrs: Vec<String>,
    /// Host names of registries that nondistributable (foreign) layers may be pushed to. Until API 1.48.
    #[serde(deserialize_with = "null_to_empty")]
    pub allow_nondistributable_artifacts_hostnames: Vec<String>,
}

/// The settings of one registry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct IndexInfo {
    /// The registry's name, such as `docker.io`.
    pub name: String,
    /// The mirrors, as URLs.
    #[serde(deserialize_with = "null_to_empty")]
    pub mirrors: Vec<String>,
    /// Whether the registry must use TLS with a certificate that the engine trusts.
    pub secure: bool,
    /// Whether the registry is Docker Hub.
    pub official: bool,
}
