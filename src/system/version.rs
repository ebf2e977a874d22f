//! `GET /version`

use super::EngineVersion;
use crate::Docker;
use crate::request::{Method, Request, call, json};

impl Docker {
    /// Tells the versions of the engine and its parts.
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
