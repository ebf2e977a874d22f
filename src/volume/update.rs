//! `PUT /volumes/{name}`

use super::{ClusterVolumeSpec, Volume};
use crate::Map;
use crate::Version;
use crate::request::{Method, Request, call, unit};

impl Volume {
    /// Updates a cluster volume. Only the availability can change: the rest of the specification must stay the same.
    ///
    /// `version` is the version of the object that was read, so that no concurrent change is lost. Requires API 1.42 or
    /// later.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /volumes/shared", r#"200 {"Name":"shared","ClusterVolume":{"Version":{"Index":42},"Spec":{"Group":"fast"}}}"#),
    /// #     (r#"PUT /volumes/shared?version=42 {"Spec":{"Group":"fast","Availability":"drain"}}"#, "200"),
    /// # ]);
    /// # let volume = docker.volume("shared");
    /// use longshore::volume::Availability;
    ///
    /// if let Some(shared) = volume.inspect().await?.cluster_volume {
    ///     let mut spec = shared.spec;
    ///     spec.availability = Availability::Drain;
    ///     volume.update(shared.version.index, spec).await?;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `PUT /volumes/{name}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the volume does not exist in the swarm.
    /// [`Error::is_version`](crate::Error::is_version) if the engine's API is older than 1.42. A
    /// [`status`](crate::Error::status) of 500 (`update out of sequence`) if the volume was changed concurrently. A
    /// [`status`](crate::Error::status) of 503 if the engine is not a swarm manager.
    pub fn update(&self, version: u64, spec: impl Into<ClusterVolumeSpec>) -> Update {
        let request = self.request(Method::PUT, "/volumes/{name}").since(Version::V1_42, "updating a volume");
        Update(request.query("version", version).json(&Map::<ClusterVolumeSpec>::from([("Spec", spec.into())])))
    }
}

/// A call of [`Volume::update`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Update(Request);

call!(Update => (), unit);
