//! `DELETE /networks/{id}`

use super::Network;
use crate::request::{Method, Request, call, unit};

impl Network {
    /// Removes the network.
    ///
    /// `DELETE /networks/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such network.
    /// [`Error::is_forbidden`](crate::Error::is_forbidden): running containers are on it; disconnect or stop them
    /// first. Also for the networks that engines have of themselves.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/networks/{id}"))
    }
}

/// A call of [`Network::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

call!(Remove => (), unit);
