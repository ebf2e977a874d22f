//! [`SecretSource`]: where a secret comes from.

use crate::Secret;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where a secret comes from: it is read by the deployer, when the deployment is made.
///
/// It reaches the container as an environment variable. In plans, labels and events there is only a digest of it, keyed with
/// the names of project, environment, service and variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum SecretSource {
    /// An environment variable of the deployer.
    Variable(String),
    /// A file of the deployer's machine; line breaks at its end are left off.
    File(PathBuf),
    /// The secret itself.
    Value(Secret),
}

impl SecretSource {
    /// The secret itself.
    pub fn value(secret: impl Into<Secret>) -> Self {
        Self::Value(secret.into())
    }

    /// An environment variable of the deployer.
    pub fn variable(name: impl Into<String>) -> Self {
        Self::Variable(name.into())
    }

    /// A file of the deployer's machine.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File(path.into())
    }

    /// Reads it, or says why it cannot be.
    pub(in crate::deploy) fn read(&self) -> Result<Secret, String> {
        match self {
            Self::Variable(name) => {
                let variable = std::env::var(name).map_err(|error| format!("the variable {name}: {error}"))?;
                Ok(variable.into())
            }
            Self::File(path) => {
                let text = std::fs::read_to_string(path);
                let text: Secret = text.map_err(|error| format!("the file {}: {error}", path.display()))?.into();
                Ok(text.expose().trim_end_matches(['\r', '\n']).into())
            }
            Self::Value(secret) => Ok(secret.clone()),
        }
    }
}

impl Default for SecretSource {
    /// An empty value.
    fn default() -> Self {
        Self::Value(Secret::default())
    }
}
