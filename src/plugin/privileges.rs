//! `GET /plugins/privileges`

use super::Plugins;
use crate::Credentials;
use crate::image::ImageReference;
use crate::request::{Client, Method, Request, call, list};
use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

impl Plugins {
    /// Returns the privileges that a plugin in a registry requires. Show them to the user for a decision, then pass
    /// them to [`install`](Self::install).
    ///
    /// Engines also respond with an empty list if the registry cannot be reached.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /plugins/privileges?remote=vieux/sshfs",
    /// #      r#"200 [{"Name":"network","Description":"","Value":["host"]}]"#),
    /// # ]);
    /// for privilege in docker.plugins().privileges("vieux/sshfs").await? {
    ///     println!("{}: {:?}", privilege.name, privilege.value);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /plugins/privileges`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call).
    pub fn privileges(&self, remote: impl AsRef<str>) -> Privileges {
        let remote = remote.as_ref();
        Privileges(of_registry(&self.client, Method::GET, "/plugins/privileges", &[], remote).query("remote", remote))
    }
}

/// Begins a request about a plugin in a registry.
pub(super) fn of_registry(
    client: &Arc<Client>,
    method: Method,
    template: &'static str,
    names: &[&str],
    remote: &str,
) -> Request {
    let request = client.request(method, template, names);
    match remote.parse::<ImageReference>() {
        Ok(name) => request.for_registry(name.registry()),
        Err(why) => request.refuse(why.to_string()),
    }
}

/// A call of [`Plugins::privileges`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Privileges(Request);

impl Privileges {
    /// Sets the credentials for the registry. Defaults to those that the docker CLI would use.
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(self.0.credentials(&credentials.into()))
    }
}

call!(Privileges => Vec<PluginPrivilege>, list);

/// A privilege that a plugin requires.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PluginPrivilege {
    /// The kind of privilege, such as `network`, `mount`, `device` or `capabilities`.
    pub name: String,
    /// The description.
    pub description: String,
    /// The required values, such as `host` or `CAP_SYS_ADMIN`.
    #[serde(deserialize_with = "null_to_empty")]
    pub value: Vec<String>,
}
