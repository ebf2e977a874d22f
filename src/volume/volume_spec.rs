//! [`VolumeSpec`]: the configuration of a new volume.

use super::ClusterVolumeSpec;
use crate::wire::Map;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The configuration of a new volume.
///
/// Options may hold secrets (`o=username=…,password=…`), so `Debug` shows only their names.
///
/// ```
/// use longshore::volume::VolumeSpec;
///
/// let cache = VolumeSpec::new("cache").label("app", "web").option("type", "tmpfs").option("device", "tmpfs");
/// assert_eq!(cache.driver_opts["type"], "tmpfs");
/// ```
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct VolumeSpec {
    /// The name. The engine generates one if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The driver. Defaults to `local` if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// The driver options, such as `type`, `device` and `o`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub driver_opts: Map<String>,
    /// The labels.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The configuration as a cluster volume. Requires API 1.42 or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_volume_spec: Option<ClusterVolumeSpec>,
}

impl VolumeSpec {
    /// Creates a specification from the volume's name. With [`VolumeSpec::default`], the engine generates a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets the driver. Defaults to `local`.
    pub fn driver(mut self, driver: impl Into<String>) -> Self {
        self.driver = driver.into();
        self
    }

    /// Sets a driver option, such as `type`, `device` or `o`.
    pub fn option(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.driver_opts.insert(key, value.into());
        self
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

    /// Makes the volume a cluster volume: a volume of a swarm. Requires API 1.42 or later.
    pub fn cluster(mut self, spec: ClusterVolumeSpec) -> Self {
        self.cluster_volume_spec = Some(spec);
        self
    }
}

impl From<&str> for VolumeSpec {
    /// Creates a specification from the volume's name.
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<&VolumeSpec> for VolumeSpec {
    fn from(spec: &VolumeSpec) -> Self {
        spec.clone()
    }
}

impl From<String> for VolumeSpec {
    /// Creates a specification from the volume's name.
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl fmt::Debug for VolumeSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<_> = self.driver_opts.keys().collect();
        f.debug_struct("VolumeSpec")
            .field("name", &self.name)
            .field("driver", &self.driver)
            .field("driver_opts", &options)
            .field("labels", &self.labels)
            .field("cluster_volume_spec", &self.cluster_volume_spec)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::VolumeSpec;

    #[test]
    fn sends_what_was_set_and_shows_no_option() {
        assert_eq!(serde_json::to_string(&VolumeSpec::default()).expect("JSON"), "{}");
        let spec = VolumeSpec::new("nas").driver("local").option("o", "password=s3cret").labels([("a", "b")]);
        let json = serde_json::to_string(&spec).expect("JSON");
        assert_eq!(json, r#"{"Name":"nas","Driver":"local","DriverOpts":{"o":"password=s3cret"},"Labels":{"a":"b"}}"#);
        assert!(!format!("{spec:?}").contains("s3cret"));
    }
}
