//! [`VolumeSpec`]: what a new volume is to be.

use super::ClusterVolumeSpec;
use crate::wire::Map;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a new volume is to be.
///
/// Options may be secrets (`o=username=…,password=…`), so `Debug` shows their names alone.
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
    /// Its name; the engine makes one up if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its driver; `local` if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// What the driver is told, such as `type`, `device` and `o`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub driver_opts: Map<String>,
    /// Its labels.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// What is asked of it as a volume of a swarm. Since API 1.42.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_volume_spec: Option<ClusterVolumeSpec>,
}

impl VolumeSpec {
    /// A volume with a name; [`VolumeSpec::default`] leaves it to the engine to make one up.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets the driver; `local` if not set.
    pub fn driver(mut self, driver: impl Into<String>) -> Self {
        self.driver = driver.into();
        self
    }

    /// Sets an option of the driver, such as `type`, `device` and `o`.
    pub fn option(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.driver_opts.insert(key, value.into());
        self
    }

    /// Sets a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key, value.into());
        self
    }

    /// Makes it a volume of a swarm. Since API 1.42.
    pub fn cluster(mut self, spec: ClusterVolumeSpec) -> Self {
        self.cluster_volume_spec = Some(spec);
        self
    }
}

impl From<&str> for VolumeSpec {
    /// A volume with a name.
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
    /// A volume with a name.
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
        let spec = VolumeSpec::new("nas").driver("local").option("o", "password=s3cret").label("a", "b");
        let json = serde_json::to_string(&spec).expect("JSON");
        assert_eq!(json, r#"{"Name":"nas","Driver":"local","DriverOpts":{"o":"password=s3cret"},"Labels":{"a":"b"}}"#);
        assert!(!format!("{spec:?}").contains("s3cret"));
    }
}
