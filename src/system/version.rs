//! `GET /version`

use super::EngineVersion;
use crate::Docker;
use crate::request::{Method, Request, call, json};

impl Docker {
    /// Returns the versions of the engine and its components.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /version", r#"200 {"Version":"29.6.0","ApiVersion":"1.55","Os":"linux","Arch":"amd64"}"#),
    /// # ]);
    /// let version = docker.version().await?;
    /// println!("Docker {} on {}/{}", version.version, version.os, version.arch);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /version`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call).
    pub fn version(&self) -> ServerVersion {
        ServerVersion(self.client().request(Method::GET, "/version", &[]))
    }
}

/// A call of [`Docker::version`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct ServerVersion(Request);

call!(ServerVersion => EngineVersion, json);
