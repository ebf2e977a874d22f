//! `POST /networks/create`

use super::{Network, NetworkSpec, Networks};
use crate::request::{Method, Request, call, json};
use crate::wire::empty_is_none;
use crate::{Result, Version};
use serde::{Deserialize, Serialize};

impl Networks {
    /// Creates a network from a [`NetworkSpec`], or from a name alone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /networks/create {"CheckDuplicate":true,"Name":"back","Internal":true}"#,
    /// #      r#"201 {"Id":"7d86d31b1478","Warning":""}"#),
    /// # ]);
    /// use longshore::network::NetworkSpec;
    ///
    /// let back = docker.networks().create(NetworkSpec::new("back").internal(true)).await?;
    /// assert_eq!(back.id(), "7d86d31b1478");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /networks/create`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if a network of that name exists.
    /// [`Error::is_forbidden`](crate::Error::is_forbidden) if the name is that of a predefined network, or if a subnet
    /// overlaps with that of another network. [`Error::is_forbidden`](crate::Error::is_forbidden) also for an overlay
    /// network if the engine is not a swarm manager; Docker 20.10 responds with a status of 500 instead.
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the driver does not exist. Engines look for a driver for
    /// 15 seconds.
    pub fn create(&self, spec: impl Into<NetworkSpec>) -> Create {
        let spec = spec.into();
        let body = Body { check_duplicate: true, spec: &spec };
        let mut request = self.client.request(Method::POST, "/networks/create", &[]).json(&body);
        if let Err(why) = spec.check() {
            request = request.refuse(why);
        }
        if spec.enable_ipv4.is_some() {
            request = request.since(Version::V1_48, "EnableIPv4");
        }
        Create(request)
    }
}

/// Before API 1.44, engines created a second network of the same name unless `CheckDuplicate` was set. Later engines
/// never do.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    check_duplicate: bool,
    #[serde(flatten)]
    spec: &'a NetworkSpec,
}

/// A call of [`Networks::create`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Create(Request);

call!(Create => Network, created);

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    id: String,
    #[serde(default, with = "empty_is_none")]
    warning: Option<String>,
}

async fn created(request: Request) -> Result<Network> {
    let client = request.client().clone();
    let Created { id, warning } = json(request).await?;
    Ok(Network { client, id, warnings: warning.into_iter().collect() })
}
