//! References of tasks to the swarm's secrets and configs.

use crate::Limits;
use crate::request::Request;
use crate::wire::is_default;
use serde::{Deserialize, Serialize};

/// A reference to a secret for a service's tasks. Requires both ID and name: see
/// [`SwarmSecret::reference`](crate::secret::SwarmSecret::reference).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SecretReference {
    /// The secret's ID.
    #[serde(rename = "SecretID")]
    pub secret_id: String,
    /// The secret's name.
    pub secret_name: String,
    /// The file in the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<ReferenceFile>,
}

/// A reference to a config for a service's tasks. Requires both ID and name: see
/// [`Config::reference`](crate::config::Config::reference).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ConfigReference {
    /// The config's ID.
    #[serde(rename = "ConfigID")]
    pub config_id: String,
    /// The config's name.
    pub config_name: String,
    /// The file in the container. Alternatively, set `runtime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<ReferenceFile>,
    /// Marks a config that is not a file: [`CredentialSpec::config`](super::CredentialSpec) refers to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<RuntimeTarget>,
}

/// The file of a secret or a config in a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ReferenceFile {
    /// The path. A relative path is below `/run/secrets` for a secret, and below `/` for a config.
    pub name: String,
    /// The owner's numeric user ID.
    #[serde(rename = "UID", skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The owner's numeric group ID.
    #[serde(rename = "GID", skip_serializing_if = "String::is_empty")]
    pub gid: String,
    /// The permissions, such as `0o444`.
    #[serde(skip_serializing_if = "is_default")]
    pub mode: u32,
}

/// Marks a config that is not a file. It has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuntimeTarget {}

impl ReferenceFile {
    /// Creates a file owned by root and readable by everyone.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), uid: "0".to_owned(), gid: "0".to_owned(), mode: 0o444 }
    }

    /// Sets the owner, given by numeric IDs.
    #[must_use]
    pub fn owner(mut self, user: u32, group: u32) -> Self {
        (self.uid, self.gid) = (user.to_string(), group.to_string());
        self
    }

    /// Sets the permissions, such as `0o400`.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }
}

impl From<&str> for ReferenceFile {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for ReferenceFile {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

/// The parts of a call for a reference to a secret or a config.
#[derive(Clone, Debug)]
pub(crate) struct ReferenceCall {
    /// The inspection that gives the ID and the name.
    pub(crate) inspect: Request,
    pub(crate) file: ReferenceFile,
}

impl ReferenceCall {
    pub(crate) fn limits(self, limits: Limits) -> Self {
        Self { inspect: self.inspect.limits(limits), ..self }
    }
}
