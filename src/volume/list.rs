//! `GET /volumes`

use super::{VolumeInspect, Volumes};
use crate::request::{Method, Request, call, json};
use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};
use std::ops::Deref;

impl Volumes {
    /// Lists volumes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /volumes?filters={"driver":{"local":true}}"#,
    /// #      r#"200 {"Volumes":[{"Name":"cache"}],"Warnings":null}"#),
    /// # ]);
    /// let volumes = docker.volumes().list().driver("local").await?;
    /// for volume in &volumes {
    ///     println!("{}", volume.name);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /volumes`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call). A volume driver that does not respond is not an error,
    /// but results in [a warning](VolumeList::warnings).
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/volumes", &[]))
    }
}

/// A call of [`Volumes::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Filters for volumes that no container uses (`true`), or for volumes in use (`false`).
    pub fn dangling(self, dangling: bool) -> Self {
        Self(self.0.filter_one("dangling", dangling))
    }

    /// Filters by driver. If called more than once, any of them may match.
    pub fn driver(self, driver: impl AsRef<str>) -> Self {
        Self(self.0.filter("driver", driver.as_ref()))
    }

    /// Filters by label, given as `key` or `key=value`. If called more than once, every label must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Filters by name, given as a regular expression that may match anywhere in it. `^data$` matches exactly. If
    /// called more than once, any of them may match.
    pub fn name(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", pattern.as_ref()))
    }
}

call!(List => VolumeList, json);

/// The result of [`Volumes::list`]: the volumes, with the engine's warnings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeList {
    #[serde(deserialize_with = "null_to_empty")]
    volumes: Vec<VolumeInspect>,
    #[serde(deserialize_with = "null_to_empty")]
    warnings: Vec<String>,
}

impl VolumeList {
    /// Returns the engine's warnings, such as of a driver that did not respond. The list lacks the volumes of such a
    /// driver.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl Deref for VolumeList {
    type Target = [VolumeInspect];

    fn deref(&self) -> &[VolumeInspect] {
        &self.volumes
    }
}

impl IntoIterator for VolumeList {
    type Item = VolumeInspect;
    type IntoIter = std::vec::IntoIter<VolumeInspect>;

    fn into_iter(self) -> Self::IntoIter {
        self.volumes.into_iter()
    }
}

impl<'a> IntoIterator for &'a VolumeList {
    type Item = &'a VolumeInspect;
    type IntoIter = std::slice::Iter<'a, VolumeInspect>;

    fn into_iter(self) -> Self::IntoIter {
        self.volumes.iter()
    }
}
