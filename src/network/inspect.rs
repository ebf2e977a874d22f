//! `GET /networks/{id}`

use super::{Network, NetworkInspect, NetworkScope};
use crate::request::{Method, Request, call, json};

impl Network {
    /// Inspects the network.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /networks/bridge",
    /// #      r#"200 {"Name":"bridge","Id":"f2de","Driver":"bridge","IPAM":{"Config":[{"Subnet":"172.17.0.0/16"}]}}"#),
    /// # ]);
    /// let bridge = docker.network("bridge").inspect().await?;
    /// assert_eq!(bridge.ipam.config[0].subnet, "172.17.0.0/16");
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /networks/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the network does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if several IDs begin with the given one.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/networks/{id}"))
    }
}

/// A call of [`Network::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    /// Includes [`NetworkInspect::services`] and the containers on other nodes, for networks of a swarm. Defaults to
    /// `false`.
    pub fn verbose(self, verbose: bool) -> Self {
        Self(self.0.query("verbose", verbose))
    }

    /// Matches the network only if it has this scope: the call fails as not found otherwise. Default: any scope.
    pub fn scope(self, scope: impl Into<NetworkScope>) -> Self {
        Self(self.0.query("scope", scope.into()))
    }
}

call!(Inspect => NetworkInspect, json);
