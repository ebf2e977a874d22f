//! `GET /networks`

use super::{NetworkScope, NetworkSummary, Networks};
use crate::request::{Method, Request, call, list};
use crate::wire::open_enum;

impl Networks {
    /// Lists the networks.
    ///
    /// `GET /networks`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call).
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/networks", &[]))
    }
}

open_enum! {
    /// Who made a network.
    pub enum NetworkType {
        /// The engine did: `bridge`, `host`, `none`, and the swarm's `ingress`.
        Builtin = "builtin",
        /// A user did.
        Custom = "custom",
    }
}

/// A call of [`Networks::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Only networks that no container is on, except for the engine's own; or only the others.
    pub fn dangling(self, dangling: bool) -> Self {
        Self(self.0.filter("dangling", dangling))
    }

    /// Only networks of a driver. Of several drivers one must be it.
    pub fn driver(self, driver: impl AsRef<str>) -> Self {
        Self(self.0.filter("driver", driver.as_ref()))
    }

    /// Only networks whose id matches a regular expression, anywhere in it: a part of an id will do. Of several one
    /// must match.
    pub fn id(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("id", pattern.as_ref()))
    }

    /// Only networks with a label: `key` or `key=value`. Of several labels all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only networks whose name matches a regular expression, anywhere in it: `^back$` is exact. Of several one must
    /// match.
    pub fn name(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", pattern.as_ref()))
    }

    /// Only networks that reach so far. Of several one must be it.
    pub fn scope(self, scope: impl Into<NetworkScope>) -> Self {
        Self(self.0.filter("scope", scope.into()))
    }

    /// Only networks that users made, or only the engine's own.
    pub fn kind(self, kind: impl Into<NetworkType>) -> Self {
        Self(self.0.filter("type", kind.into()))
    }
}

call!(List => Vec<NetworkSummary>, list);
