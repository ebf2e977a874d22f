//! `DELETE /networks/{id}`

use super::Network;
use crate::request::{Method, Request, call, unit};

impl Network {
    /// Removes the network.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("DELETE /networks/back", "204")]);
    /// docker.network("back").remove().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /networks/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the network does not exist.
    /// [`Error::is_forbidden`](crate::Error::is_forbidden) if running containers are connected (disconnect or stop them
    /// first), or if the network is predefined.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/networks/{id}"))
    }
}

/// A call of [`Network::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

call!(Remove => (), unit);
