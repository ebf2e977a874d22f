//! `DELETE /networks/{id}`

use super::Network;
use crate::Result;
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
    /// first), or if the network is predefined. [`Error::is_in_use`](crate::Error::is_in_use) also if services use it.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/networks/{id}"))
    }
}

/// A call of [`Network::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

call!(Remove => (), removed);

async fn removed(request: Request) -> Result<()> {
    let hint = "containers or services are still attached to it, perhaps on another node: disconnect or remove them";
    unit(request).await.map_err(|error| if error.is_in_use() { error.with_hint(hint) } else { error })
}
