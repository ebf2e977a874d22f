//! [`SecretSource`]: where a secret comes from.

use crate::Secret;
use serde::{Deserialize, Serialize};
use std::env::VarError;
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

    /// Reads the secret. Returns a message if it cannot be read.
    pub(in crate::deploy) fn read(&self) -> Result<Secret, String> {
        match self {
            Self::Variable(name) => of_variable(name, std::env::var(name)),
            Self::File(path) => {
                let text = std::fs::read_to_string(path);
                let text: Secret = text.map_err(|error| format!("the file {}: {error}", path.display()))?.into();
                Ok(text.expose().trim_end_matches(['\r', '\n']).into())
            }
            Self::Value(secret) => Ok(secret.clone()),
        }
    }
}

/// Returns the secret in a variable. The standard library's error would quote the value.
fn of_variable(name: &str, value: Result<String, VarError>) -> Result<Secret, String> {
    match value {
        Ok(value) => Ok(value.into()),
        Err(VarError::NotPresent) => Err(format!("the variable {name} is not set")),
        Err(VarError::NotUnicode(_)) => Err(format!("the variable {name} is not UTF-8")),
    }
}

impl Default for SecretSource {
    /// An empty value.
    fn default() -> Self {
        Self::Value(Secret::default())
    }
}

#[cfg(test)]
mod tests {
    use super::of_variable;
    use std::env::VarError;

    #[test]
    fn errors_of_variables_lack_the_value() {
        let error = of_variable("TOKEN", Err(VarError::NotUnicode("hunter2".into()))).expect_err("not UTF-8");
        assert_eq!(error, "the variable TOKEN is not UTF-8");
        assert_eq!(of_variable("TOKEN", Err(VarError::NotPresent)).expect_err("no"), "the variable TOKEN is not set");
    }
}
