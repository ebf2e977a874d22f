//! `PUT /volumes/{name}`

use super::{ClusterVolumeSpec, Volume};
use crate::Map;
use crate::Version;
use crate::request::{Method, Request, call, unit};

impl Volume {
    /// Changes a volume of a swarm. Of all that is asked of it, only the availability can change; all else must be as it
    /// is.
    ///
    /// The version is that of what was read, so that nobody else's change is lost. Since API 1.42.
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
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such volume in the swarm.
    /// A [`status`](crate::Error::status) of 500: somebody changed it meanwhile (`update out of sequence`); of 503:
    /// the engine manages no swarm.
    /// [`Error::is_version`](crate::Error::is_version): the engine's API is older than 1.42.
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
