//! `POST /networks/create`

use super::{Network, NetworkSpec, Networks};
use crate::request::{Method, Request, call, json};
use crate::wire::empty_is_none;
use crate::{Result, Version};
use serde::{Deserialize, Serialize};

impl Networks {
    /// Makes a network: of a [`NetworkSpec`], or of a name alone.
    ///
    /// `POST /networks/create`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict): there is one of that name.
    /// [`Error::is_forbidden`](crate::Error::is_forbidden): the name is that of a network that engines have of
    /// themselves, a subnet overlaps with that of another network, or it is an overlay and the engine is no manager of
    /// a swarm (a status of 500 from Docker 20.10). [`Error::is_not_found`](crate::Error::is_not_found): there is no
    /// such driver; engines look for one for 15 s.
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

/// Until API 1.43 a second network of the same name was made, unless it was asked not to; later engines never make one.
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
