//! `GET /info`

use super::SystemInfo;
use crate::request::{Method, Request, call, json};
use crate::{Docker, Error, ErrorKind, Result};

impl Docker {
    /// Returns information about the engine, its host and their capabilities.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /info", r#"200 {"NCPU":8,"MemTotal":33567113216,"ServerVersion":"29.6.0"}"#)]);
    /// let info = docker.info().await?;
    /// println!("{} CPUs, {} bytes of memory", info.n_cpu, info.mem_total);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /info`
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) also if the engine failed to collect the information: it
    /// responds with `null` then.
    pub fn info(&self) -> Info {
        Info(self.client().request(Method::GET, "/info", &[]))
    }
}

/// A call of [`Docker::info`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Info(Request);

call!(Info => SystemInfo, info);

/// Engines hide a failure: they respond with status 200 and `null`.
async fn info(request: Request) -> Result<SystemInfo> {
    json::<Option<SystemInfo>>(request).await?.ok_or_else(|| {
        let message = "the engine responded with null: it failed to collect the information, see the engine's log";
        Error::new(ErrorKind::Decode, message).in_call(|| "GET /info".to_owned())
    })
}
