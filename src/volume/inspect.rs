//! `GET /volumes/{name}`

use super::{Volume, VolumeInspect};
use crate::request::{Method, Request, call, json};

impl Volume {
    /// Inspects the volume.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /volumes/cache",
    /// #      r#"200 {"Name":"cache","Driver":"local","Mountpoint":"/var/lib/docker/volumes/cache/_data"}"#),
    /// # ]);
    /// let cache = docker.volume("cache").inspect().await?;
    /// assert_eq!(cache.mountpoint, "/var/lib/docker/volumes/cache/_data");
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /volumes/{name}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the volume does not exist.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/volumes/{name}"))
    }
}

/// A call of [`Volume::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

call!(Inspect => VolumeInspect, json);
