//! `GET /networks`

use super::{NetworkScope, NetworkSummary, Networks};
use crate::request::{Method, Request, call, list};
use crate::wire::open_enum;

impl Networks {
    /// Lists networks.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /networks?filters={"driver":{"overlay":true}}"#,
    /// #      r#"200 [{"Name":"ingress","Id":"8jnc","Driver":"overlay","Scope":"swarm"}]"#),
    /// # ]);
    /// for network in docker.networks().list().driver("overlay").await? {
    ///     println!("{} ({})", network.name, network.scope);
    /// }
    /// # Ok(()) }
    /// ```
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
    /// The origin of a network.
    pub enum NetworkType {
        /// Predefined by the engine: `bridge`, `host`, `none`, and the swarm's `ingress`.
        Builtin = "builtin",
        /// Created by a user.
        Custom = "custom",
    }
}

/// A call of [`Networks::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Filters for networks without containers, except the predefined ones (`true`), or for all others (`false`).
    pub fn dangling(self, dangling: bool) -> Self {
        Self(self.0.filter_one("dangling", dangling))
    }

    /// Filters by driver. If called more than once, any of them may match.
    pub fn driver(self, driver: impl AsRef<str>) -> Self {
        Self(self.0.filter("driver", driver.as_ref()))
    }

    /// Filters by ID, given as a regular expression that may match anywhere in it, so that a part of the ID is enough.
    /// If called more than once, any of them may match.
    pub fn id(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("id", pattern.as_ref()))
    }

    /// Filters by label, given as `key` or `key=value`. If called more than once, every label must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Filters by name, given as a regular expression that may match anywhere in it. `^back$` matches exactly. If
    /// called more than once, any of them may match.
    pub fn name(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", pattern.as_ref()))
    }

    /// Filters by scope. If called more than once, any of them may match.
    pub fn scope(self, scope: impl Into<NetworkScope>) -> Self {
        Self(self.0.filter("scope", scope.into()))
    }

    /// Filters by origin: networks created by users, or predefined ones.
    pub fn kind(self, kind: impl Into<NetworkType>) -> Self {
        Self(self.0.filter("type", kind.into()))
    }
}

call!(List => Vec<NetworkSummary>, list);
