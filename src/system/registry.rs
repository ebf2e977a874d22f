//! How the engine reaches registries.

use crate::wire::{self, Map};

/// The registry settings of an engine.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RegistryServiceConfig {
    /// Ranges in CIDR notation whose registries may speak plain HTTP or have certificates from unknown CAs.
    pub insecure_registry_cidrs: Vec<String>,
    /// What is set for single registries, by host.
    pub index_configs: Map<IndexInfo>,
    /// The mirrors of docker.io, as URLs.
    pub mirrors: Vec<String>,
    /// Ranges whose registries foreign layers may be pushed to. Until API 1.48.
    pub allow_nondistributable_artifacts_cidrs: Vec<String>,
    /// Hosts whose registries foreign layers may be pushed to. Until API 1.48.
    pub allow_nondistributable_artifacts_hostnames: Vec<String>,
}

wire::object! {
    RegistryServiceConfig {
        "InsecureRegistryCIDRs" => insecure_registry_cidrs,
        "IndexConfigs" => index_configs,
        "Mirrors" => mirrors,
        "AllowNondistributableArtifactsCIDRs" => allow_nondistributable_artifacts_cidrs,
        "AllowNondistributableArtifactsHostnames" => allow_nondistributable_artifacts_hostnames,
    }
}

/// What is set for one registry.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct IndexInfo {
    /// Its name, such as `docker.io`.
    pub name: String,
    /// Its mirrors, as URLs.
    pub mirrors: Vec<String>,
    /// Whether it must speak TLS with a certificate that the engine trusts.
    pub secure: bool,
    /// Whether it is Docker Hub.
    pub official: bool,
}

wire::object! {
    IndexInfo {
        "Name" => name,
        "Mirrors" => mirrors,
        "Secure" => secure,
        "Official" => official,
    }
}
