//! `GET /networks/{id}`

use super::{Network, NetworkInspect, NetworkScope};
use crate::request::{Method, Request, call, json};

impl Network {
    /// Tells all about the network.
    ///
    /// `GET /networks/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such network.
    /// [`Error::is_invalid`](crate::Error::is_invalid): several ids begin so.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/networks/{id}"))
    }
}

/// A call of [`Network::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    /// Asks for [`NetworkInspect::services`] and what is on other nodes; swarms. By default not.
    pub fn verbose(self, verbose: bool) -> Self {
        Self(self.0.query("verbose", verbose))
    }

    /// Only if the network reaches so far; it is not found otherwise. However far, if not set.
    pub fn scope(self, scope: impl Into<NetworkScope>) -> Self {
        Self(self.0.query("scope", scope.into()))
    }
}

call!(Inspect => NetworkInspect, json);
