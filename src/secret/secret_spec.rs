//! [`SecretSpec`]: the configuration of a secret.

use crate::Secret;
use crate::system::TaskLogDriver;
use crate::wire::Map;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// The configuration of a secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct SecretSpec {
    /// The name: up to 64 letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// The labels.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The content, in base64. Engines never return it.
    #[serde(skip_serializing_if = "Secret::is_empty")]
    pub data: Secret,
    /// The external driver that provides the secret in place of the swarm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<TaskLogDriver>,
    /// The template engine for the content, such as `golang`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templating: Option<TaskLogDriver>,
}

impl SecretSpec {
    /// Creates a specification from a name and content, which can be text or bytes.
    pub fn new(name: impl Into<String>, data: impl AsRef<[u8]>) -> Self {
        Self { name: name.into(), data: Secret::from(STANDARD.encode(data)), ..Self::default() }
    }

    /// Sets a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key, value.into());
        self
    }

    /// Sets labels.
    pub fn labels<K: Into<String>, V: Into<String>>(self, labels: impl IntoIterator<Item = (K, V)>) -> Self {
        labels.into_iter().fold(self, |spec, (key, value)| spec.label(key, value))
    }

    /// Expands templates in the content for each task: `{{.Service.Name}}`, `{{.Task.Slot}}`.
    pub fn template(mut self) -> Self {
        self.templating = Some(TaskLogDriver::new("golang"));
        self
    }
}

impl From<&SecretSpec> for SecretSpec {
    fn from(spec: &SecretSpec) -> Self {
        spec.clone()
    }
}
