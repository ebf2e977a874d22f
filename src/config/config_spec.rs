//! [`ConfigSpec`]: the configuration of a config.

use crate::system::TaskLogDriver;
use crate::wire::{Map, base64};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The configuration of a config.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct ConfigSpec {
    /// The name: up to 64 letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// The labels.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The content, sent in base64.
    #[serde(skip_serializing_if = "Bytes::is_empty", with = "base64")]
    pub data: Bytes,
    /// The template engine for the content, such as `golang`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templating: Option<TaskLogDriver>,
}

impl ConfigSpec {
    /// Creates a specification from a name and content, which can be text or bytes.
    pub fn new(name: impl Into<String>, data: impl AsRef<[u8]>) -> Self {
        Self { name: name.into(), data: Bytes::copy_from_slice(data.as_ref()), ..Self::default() }
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

impl From<&ConfigSpec> for ConfigSpec {
    fn from(spec: &ConfigSpec) -> Self {
        spec.clone()
    }
}
