//! `HEAD /_ping`

use crate::request::{Client, Method, Response, call, send};
use crate::wire::{BuilderVersion, empty_is_none, open_enum};
use crate::{Docker, Limits, Result};
use hyper::StatusCode;
use hyper::header::{HeaderName, SERVER};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::time::Instant;

static API_VERSION: HeaderName = HeaderName::from_static("api-version");
static BUILDER_VERSION: HeaderName = HeaderName::from_static("builder-version");
static EXPERIMENTAL: HeaderName = HeaderName::from_static("docker-experimental");
static OS_TYPE: HeaderName = HeaderName::from_static("ostype");
static SWARM: HeaderName = HeaderName::from_static("swarm");

impl Docker {
    /// Checks that the engine responds, without an API version.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("HEAD /_ping", "200")]);
    /// let ping = docker.ping().await?;
    /// println!("{} supports API {}", ping.server, ping.api_version);
    /// # Ok(()) }
    /// ```
    ///
    /// `HEAD /_ping`, and `GET /_ping` if the response is not 200.
    ///
    /// # Errors
    /// [`Error::is_connect`](crate::Error::is_connect) if no engine is listening. An engine that is unhealthy responds
    /// with a [`status`](crate::Error::status) of 500.
    pub fn ping(&self) -> Ping {
        Ping(Requests { client: self.client().clone(), limits: Limits::new() })
    }
}

/// A call of [`Docker::ping`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Ping(Requests);

call!(Ping => PingResponse, ping);

/// Builds the request, and the GET that follows if HEAD fails: some proxies reject HEAD.
#[derive(Clone, Debug)]
struct Requests {
    client: Arc<Client>,
    limits: Limits,
}

impl Requests {
    fn limits(self, limits: Limits) -> Self {
        Self { limits: limits.or(self.limits), ..self }
    }

    async fn send(&self, method: Method, begun: Instant) -> Result<Response> {
        let request = self.client.request(method, "/_ping", &[]).versioned(false).limits(self.limits);
        send(request.since_begun(begun)).await
    }
}

async fn ping(requests: Requests) -> Result<PingResponse> {
    let begun = Instant::now();
    let first = requests.send(Method::HEAD, begun).await;
    let answer = match first {
        Ok(answer) if answer.status() == StatusCode::OK => answer,
        Err(error) if error.is_connect() || error.is_timeout() => return Err(error),
        first => {
            drop(first); // its connection may be the only one that is allowed
            requests.send(Method::GET, begun).await?
        }
    };
    let ping = PingResponse::of(&answer);
    answer.finish().await?;
    Ok(ping)
}

open_enum! {
    /// The role of an engine in a swarm.
    pub enum SwarmStatus {
        /// The engine is not part of a swarm.
        Inactive = "inactive",
        /// The engine is joining a swarm.
        Pending = "pending",
        /// The engine is part of a swarm, but in an error state.
        Error = "error",
        /// The engine is part of a swarm, but must be unlocked first.
        Locked = "locked",
        /// The engine is a worker.
        Worker = "active/worker",
        /// The engine is a manager.
        Manager = "active/manager",
    }
}

/// The response headers of a ping.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PingResponse {
    /// The highest API version that the engine supports, such as `1.55`. Calls may use a lower one: see
    /// [`Docker::api_version`].
    pub api_version: String,
    /// The builder that the engine recommends; `None` if it recommends none. This is only advice: Docker has both.
    #[serde(with = "empty_is_none")]
    pub builder_version: Option<BuilderVersion>,
    /// Whether experimental features are enabled.
    pub experimental: bool,
    /// The engine's role in a swarm; `None` before Docker 23.0.
    #[serde(with = "empty_is_none")]
    pub swarm: Option<SwarmStatus>,
    /// The operating system of the engine's containers: `linux` or `windows`.
    pub os_type: String,
    /// The engine's name and version, such as `Docker/29.6.0 (linux)`.
    pub server: String,
}

impl PingResponse {
    fn of(answer: &Response) -> Self {
        let header = |name: &HeaderName| answer.header(name).unwrap_or_default();
        let text = |name| Some(header(name).to_owned()).filter(|text| !text.is_empty());
        Self {
            api_version: header(&API_VERSION).to_owned(),
            builder_version: text(&BUILDER_VERSION).map(BuilderVersion::from),
            experimental: header(&EXPERIMENTAL) == "true",
            swarm: text(&SWARM).map(SwarmStatus::from),
            os_type: header(&OS_TYPE).to_owned(),
            server: header(&SERVER).to_owned(),
        }
    }
}
