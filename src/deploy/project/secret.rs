//! [`SecretSource`]: where a secret comes from.

use crate::Secret;
use crate::container::from_process;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The source of a secret. It is read on the local machine when [`Project::deployment`](super::Project::deployment) is called.
///
/// The container receives it as an environment variable. Plans, labels and events contain only a digest, keyed with the names
/// of the project, environment, service and variable.
///
/// ```
/// use longshore::deploy::{SecretSource, Service};
///
/// let db = Service::new("postgres:16").secret("POSTGRES_PASSWORD", SecretSource::file("/run/secrets/db"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum SecretSource {
    /// The value of an environment variable of this process.
    Variable(String),
    /// The content of a local file, without line breaks at its end.
    File(PathBuf),
    /// The secret itself.
    Value(Secret),
}

impl SecretSource {
    /// Uses this value as the secret.
    pub fn value(secret: impl Into<Secret>) -> Self {
        Self::Value(secret.into())
    }

    /// Reads the secret from an environment variable of this process.
    pub fn variable(name: impl Into<String>) -> Self {
        Self::Variable(name.into())
    }

    /// Reads the secret from a local file, without line breaks at its end.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File(path.into())
    }

    /// Reads the secret. Returns a message if it cannot be read, or not be the value of an environment variable.
    pub(in crate::deploy) fn read(&self) -> Result<Secret, String> {
        let secret = self.read_any()?;
        if secret.expose().contains('\0') {
            return Err("it contains a NUL character, which no environment variable can".to_owned());
        }
        Ok(secret)
    }

    fn read_any(&self) -> Result<Secret, String> {
        match self {
            Self::Variable(name) => {
                from_process(name)?.map(Secret::from).ok_or_else(|| format!("the variable {name} is not set"))
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
