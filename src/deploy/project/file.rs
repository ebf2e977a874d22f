//! [`File`]: a file that a service needs.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// A file that is copied into a service's containers before they start. The feature `tar` is needed to do it.
///
/// Its content is part of the service's configuration: a change of it replaces the containers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "it does nothing until it is given to a service"]
pub struct File {
    /// Where it is in the container: an absolute path.
    pub path: String,
    /// What is in it.
    pub content: Content,
    /// Its permissions. Defaults to `0o644`.
    #[serde(default = "default_mode")]
    pub mode: u32,
    /// The user that it belongs to, by number. Defaults to 0.
    #[serde(default)]
    pub user: u64,
    /// The group that it belongs to, by number. Defaults to 0.
    #[serde(default)]
    pub group: u64,
}

/// What is in a [`File`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Content {
    /// This text.
    Text(String),
    /// These bytes.
    Bytes(Vec<u8>),
    /// What is in this file of the deployer's machine.
    Local(PathBuf),
}

fn default_mode() -> u32 {
    0o644
}

impl File {
    /// A file with this text or these bytes.
    pub fn new(path: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { path: path.into(), content: content.into(), mode: default_mode(), user: 0, group: 0 }
    }

    /// A copy of a file of the deployer's machine.
    pub fn local(path: impl Into<String>, local: impl Into<PathBuf>) -> Self {
        Self::new(path, Content::Local(local.into()))
    }

    /// Sets its permissions. Defaults to `0o644`.
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// Sets the user and the group that it belongs to. Defaults to 0 and 0.
    pub fn owner(mut self, user: u64, group: u64) -> Self {
        (self.user, self.group) = (user, group);
        self
    }

    /// Reads what is in it.
    pub(in crate::deploy) fn read(&self) -> Result<Vec<u8>, String> {
        match &self.content {
            Content::Text(text) => Ok(text.clone().into_bytes()),
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::Local(path) => {
                std::fs::read(path).map_err(|error| format!("the file {}: {error}", path.display()))
            }
        }
    }
}

impl Default for File {
    /// An empty file without a path.
    fn default() -> Self {
        Self::new("", Content::default())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl Default for Content {
    /// Nothing.
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl fmt::Debug for Content {
    /// Without what is in it, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Local(path) => f.debug_tuple("Local").field(path).finish(),
        }
    }
}
