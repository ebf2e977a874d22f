//! [`Privileges`]: the security options of a service's containers.

use crate::wire::{is_default, open_enum};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The security options of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Privileges {
    /// The credential spec of a managed service account. Windows only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_spec: Option<CredentialSpec>,
    /// The SELinux labels.
    #[serde(rename = "SELinuxContext", skip_serializing_if = "Option::is_none")]
    pub selinux_context: Option<SeLinuxContext>,
    /// The seccomp settings. Requires API 1.45 or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seccomp: Option<Seccomp>,
    /// The AppArmor settings. Requires API 1.45 or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_armor: Option<AppArmor>,
    /// Whether the container is prevented from gaining privileges. Requires API 1.45 or later.
    #[serde(skip_serializing_if = "is_default")]
    pub no_new_privileges: bool,
}

/// The source of a Windows credential spec. Exactly one of the three fields is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CredentialSpec {
    /// The ID of a config that holds it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub config: String,
    /// The name of a file on the node's engine.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The name of a value in the Windows registry.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub registry: String,
}

/// The error of parsing a [`CredentialSpec`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid credential spec {text:?}: use config://ID, file://NAME or registry://NAME")]
pub struct ParseCredentialSpecError {
    text: String,
}

impl FromStr for CredentialSpec {
    type Err = ParseCredentialSpecError;

    /// Parses the value of `docker service create --credential-spec`: `config://ID`, `file://NAME` or `registry://NAME`.
    fn from_str(text: &str) -> Result<Self, ParseCredentialSpecError> {
        let mut spec = Self::default();
        match text.split_once("://").filter(|(_, name)| !name.is_empty()) {
            Some(("config", id)) => id.clone_into(&mut spec.config),
            Some(("file", name)) => name.clone_into(&mut spec.file),
            Some(("registry", name)) => name.clone_into(&mut spec.registry),
            _ => return Err(ParseCredentialSpecError { text: text.chars().take(64).collect() }),
        }
        Ok(spec)
    }
}

impl TryFrom<&str> for CredentialSpec {
    type Error = ParseCredentialSpecError;

    fn try_from(text: &str) -> Result<Self, ParseCredentialSpecError> {
        text.parse()
    }
}

impl TryFrom<String> for CredentialSpec {
    type Error = ParseCredentialSpecError;

    fn try_from(text: String) -> Result<Self, ParseCredentialSpecError> {
        text.parse()
    }
}

/// The SELinux labels of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SeLinuxContext {
    /// Whether SELinux is disabled.
    #[serde(skip_serializing_if = "is_default")]
    pub disable: bool,
    /// The user label.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// The role label.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// The type label.
    #[serde(rename = "Type", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The level label.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level: String,
}

open_enum! {
    /// The seccomp mode of a container.
    pub enum SeccompMode {
        /// The engine's default profile.
        Default = "default",
        /// No restriction of system calls.
        Unconfined = "unconfined",
        /// A custom profile.
        Custom = "custom",
    }
}

/// The seccomp settings of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Seccomp {
    /// The mode.
    #[serde(skip_serializing_if = "is_default")]
    pub mode: SeccompMode,
    /// The custom profile: JSON, in base64.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub profile: String,
}

open_enum! {
    /// The AppArmor mode of a container.
    pub enum AppArmorMode {
        /// The engine's default profile.
        Default = "default",
        /// AppArmor is disabled.
        Disabled = "disabled",
    }
}

/// The AppArmor settings of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AppArmor {
    /// The mode.
    #[serde(skip_serializing_if = "is_default")]
    pub mode: AppArmorMode,
}
