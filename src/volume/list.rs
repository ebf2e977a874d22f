//! `GET /volumes`

use super::{VolumeInspect, Volumes};
use crate::request::{Method, Request, call, json};
use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};
use std::ops::Deref;

impl Volumes {
    /// Lists the volumes.
    ///
    /// `GET /volumes`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call). A volume driver that does not answer is not one, but
    /// [a warning](VolumeList::warnings).
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/volumes", &[]))
    }
}

/// A call of [`Volumes::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Only volumes that no container uses, or only those that one does.
    pub fn dangling(self, dangling: bool) -> Self {
        Self(self.0.filter("dangling", dangling))
    }

    /// Only volumes of a driver. Of several drivers one must be it.
    pub fn driver(self, driver: impl AsRef<str>) -> Self {
        Self(self.0.filter("driver", driver.as_ref()))
    }

    /// Only volumes with a label: `key` or `key=value`. Of several labels all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only volumes whose name matches a regular expression, anywhere in it: `^data$` is exact. Of several one must
    /// match.
    pub fn name(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", pattern.as_ref()))
    }
}

call!(List => VolumeList, json);

/// The volumes that [`Volumes::list`] found: a list, with the engine's warnings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeList {
    #[serde(deserialize_with = "null_to_empty")]
    volumes: Vec<VolumeInspect>,
    #[serde(deserialize_with = "null_to_empty")]
    warnings: Vec<String>,
}

impl VolumeList {
    /// The engine's warnings, such as of a driver that did not respond: its volumes are missing from the list.
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
