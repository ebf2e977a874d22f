//! The docker CLI's configuration folder: `DOCKER_CONFIG`, or `~/.docker`.

use crate::wire::SecretBytes;
use crate::wire::{json, null_to_default};
use crate::{Error, Map, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// The configuration folder, whether it exists or not.
#[derive(Clone, Debug)]
pub(crate) struct ConfigDirectory(PathBuf);

/// The part of `config.json` that concerns engines.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ConfigFile {
    #[serde(rename = "currentcontext", deserialize_with = "null_to_default")]
    pub(crate) current_context: String,
    #[serde(rename = "httpheaders")]
    pub(crate) http_headers: Map<String>,
}

impl ConfigDirectory {
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// Returns the path of `config.json`.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.join("config.json")
    }
}

/// Reads a JSON file. `None` if it is absent or empty.
///
/// The error names the file and line but shows none of the content, which may be a credential.
pub(crate) fn read_json<T: DeserializeOwned>(file: &Path) -> Result<Option<T>> {
    let text = match std::fs::read(file) {
        Ok(text) if text.trim_ascii().is_empty() => return Ok(None),
        Ok(text) => SecretBytes(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(file, &error.to_string()).with_source(error)),
    };
    json::decode(&text.0).map(Some).map_err(|error| unreadable(file, &error.with_line()))
}

pub(crate) fn unreadable(file: &Path, why: &str) -> Error {
    Error::config(format!("cannot read {}: {why}", file.display()))
}
