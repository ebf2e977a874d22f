//! `POST /containers/prune`

use super::Containers;
use crate::Timestamp;
use crate::request::{Method, Request, call, json};
use crate::wire;

impl Containers {
    /// Removes all containers that do not run. Their volumes stay, the anonymous ones too.
    ///
    /// It may take long: 8 minutes are added to the head limit.
    ///
    /// `POST /containers/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict): the engine is pruning something already.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/containers/prune", &[]).long_running())
    }
}

/// A call of [`Containers::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Only containers that were made before this time, by the engine's clock.
    pub fn until(self, time: impl Into<Timestamp>) -> Self {
        Self(self.0.filter_one("until", time.into()))
    }

    /// Only containers with a label: `key` or `key=value`. Of several labels all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only containers without a label: `key` or `key=value`. Of several labels none may be there.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => ContainersPruned, json);

/// What [`Containers::prune`] removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainersPruned {
    /// The ids of the containers.
    pub containers_deleted: Vec<String>,
    /// How many bytes they took.
    pub space_reclaimed: u64,
}

wire::object! {
    ContainersPruned {
        "ContainersDeleted" => containers_deleted,
        "SpaceReclaimed" => space_reclaimed,
    }
}
