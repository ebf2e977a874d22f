//! The response of `GET /version`.

use crate::wire::{Map, empty_is_none, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The versions of an engine and its components.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EngineVersion {
    /// The product that the engine is part of.
    #[serde(deserialize_with = "null_to_default")]
    pub platform: EnginePlatform,
    /// The components: the engine itself (`Engine`), containerd, runc, docker-init.
    #[serde(deserialize_with = "null_to_empty")]
    pub components: Vec<Component>,
    /// The engine's version, such as `29.6.0`.
    pub version: String,
    /// The highest API version that the engine supports, such as `1.55`.
    pub api_version: String,
    /// The lowest API version that the engine supports.
    #[serde(rename = "MinAPIVersion")]
    pub min_api_version: String,
    /// The Git commit that the engine was built from.
    pub git_commit: String,
    /// The version of Go that the engine was built with.
    pub go_version: String,
    /// The operating system that the engine runs on: `linux` or `windows`.
    pub os: String,
    /// The architecture that the engine was built for, as named by Go: `amd64`, `arm64`.
    pub arch: String,
    /// The host's kernel version, as reported by `uname -r`; `None` if unknown.
    #[serde(with = "empty_is_none")]
    pub kernel_version: Option<String>,
    /// Whether experimental features are enabled.
    pub experimental: bool,
    /// The build time, in the engine's own format.
    pub build_time: String,
}

/// The product that an engine is part of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EnginePlatform {
    /// The product's name, such as `Docker Engine - Community`.
    pub name: String,
}

/// A component of the engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Component {
    /// The component's name: `Engine`, `containerd`, `runc`, `docker-init`.
    pub name: String,
    /// The component's version.
    pub version: String,
    /// Further details in human-readable form. The keys are not part of the API.
    pub details: Map<String>,
}

#[cfg(test)]
mod tests {
    use super::EngineVersion;

    #[test]
    fn keeps_what_an_engine_says() {
        let answer = serde_json::json!({
            "Platform": {"Name": "Docker Engine - Community"},
            "Components": [
                {"Name": "Engine", "Version": "29.6.0", "Details": {"ApiVersion": "1.55", "MinAPIVersion": "1.40"}},
                {"Name": "runc", "Version": "1.3.0", "Details": {"GitCommit": "v1.3.0-0-g4ca628d1"}},
            ],
            "Version": "29.6.0", "ApiVersion": "1.55", "MinAPIVersion": "1.40", "GitCommit": "48a6621",
            "GoVersion": "go1.26.4", "Os": "linux", "Arch": "amd64", "KernelVersion": "6.8.0-31-generic",
            "Experimental": true, "BuildTime": "2026-06-18T15:49:27.000000000+00:00",
        });
        let version: EngineVersion = serde_json::from_value(answer.clone()).expect("a version");
        assert_eq!(version.min_api_version, "1.40");
        let engine = version.components.first().expect("a component");
        assert_eq!(engine.details.get("ApiVersion").map(String::as_str), Some("1.55"));
        assert_eq!(serde_json::to_value(&version).expect("JSON"), answer);
    }

    #[test]
    fn bears_a_component_without_details() {
        let version: EngineVersion =
            serde_json::from_str(r#"{"Platform":null,"Components":[{"Name":"x","Details":null},null]}"#).expect("null");
        assert_eq!(version.components.len(), 1);
    }
}
