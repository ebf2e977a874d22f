//! `GET /info`

use super::SystemInfo;
use crate::request::{Method, Request, call, json};
use crate::{Docker, Error, ErrorKind, Result};

impl Docker {
    /// Tells about the engine, its host and what they can do.
    ///
    /// `GET /info`
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) also if the engine failed to find out: it answers `null` then.
    pub fn info(&self) -> Info {
        Info(self.client().request(Method::GET, "/info", &[]))
    }
}

/// A call of [`Docker::info`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Info(Request);

call!(Info => SystemInfo, info);

/// Engines drop the error and answer 200 with `null`.
async fn info(request: Request) -> Result<SystemInfo> {
    json::<Option<SystemInfo>>(request).await?.ok_or_else(|| {
        let message = "the engine answered null: it failed to find out about itself, and its own log says why";
        Error::new(ErrorKind::Decode, message).in_call(|| "GET /info".to_owned())
    })
}
