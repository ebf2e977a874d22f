//! `GET /secrets`

use super::{SecretInspect, Secrets};
use crate::request::{Method, Request, call, list};

impl Secrets {
    /// Lists the secrets of the swarm, without their content.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /secrets?filters={"label":{"app=web":true}}"#, r#"200 [{"ID":"ktnb","Spec":{"Name":"token-2"}}]"#),
    /// # ]);
    /// for secret in docker.secrets().list().label("app=web").await? {
    ///     println!("{} {}", secret.id, secret.spec.name);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /secrets`
    ///
    /// # Errors
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/secrets", &[]))
    }
}

/// A call of [`Secrets::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Filters by ID, given as a prefix. If called more than once, any of them may match.
    pub fn id(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter("id", id.as_ref()))
    }

    /// Filters by label, given as `key` or `key=value`. If called more than once, every label must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Filters by name, given as a prefix. If called more than once, any of them may match.
    pub fn name(self, beginning: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", beginning.as_ref()))
    }

    /// Filters by exact name. If called more than once, any of them may match.
    pub fn exact_name(self, name: impl AsRef<str>) -> Self {
        Self(self.0.filter("names", name.as_ref()))
    }
}

call!(List => Vec<SecretInspect>, list);
