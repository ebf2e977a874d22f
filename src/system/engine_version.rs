//! What `GET /version` answers.

use crate::wire::{Map, empty_is_none, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The versions of an engine and of its parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EngineVersion {
    /// The product that the engine belongs to.
    #[serde(deserialize_with = "null_to_default")]
    pub platform: EnginePlatform,
    /// The parts: the engine itself (`Engine`), containerd, runc, docker-init.
    #[serde(deserialize_with = "null_to_empty")]
    pub components: Vec<Component>,
    /// The engine's version, such as `29.6.0`.
    pub version: String,
    /// The newest API version that the engine speaks, such as `1.55`.
    pub api_version: String,
    /// The oldest API version that the engine still speaks.
    #[serde(rename = "MinAPIVersion")]
    pub min_api_version: String,
    /// The Git commit that the engine was built from.
    pub git_commit: String,
    /// The version of Go that compiled it.
    pub go_version: String,
    /// The operating system that it runs on: `linux` or `windows`.
    pub os: String,
    /// The architecture that it was compiled for, in Go's words: `amd64`, `arm64`.
    pub arch: String,
    /// The host's kernel version, as `uname -r` says it; `None` if unknown.
    #[serde(with = "empty_is_none")]
    pub kernel_version: Option<String>,
    /// Whether experimental features are on.
    pub experimental: bool,
    /// When it was compiled, in the engine's own format.
    pub build_time: String,
}

/// The product that an engine belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EnginePlatform {
    /// Its name, such as `Docker Engine - Community`.
    pub name: String,
}

/// A part of the engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Component {
    /// Its name: `Engine`, `containerd`, `runc`, `docker-init`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// More about it, for people to read: the keys are not part of the API.
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
