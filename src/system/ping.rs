//! `HEAD /_ping`

use crate::request::{Client, Method, Response, call, send};
use crate::wire::{empty_is_none, open_enum};
use crate::{Docker, Limits, Result};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

impl Docker {
    /// Asks whether the engine is there, outside of any API version.
    ///
    /// `HEAD /_ping`, and `GET /_ping` if that is not answered with 200.
    ///
    /// # Errors
    /// [`Error::is_connect`](crate::Error::is_connect): nothing is there. An engine that is there and not well answers
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

/// What makes the request, and the one that goes after it if it is not answered well: proxies refuse HEAD.
#[derive(Clone, Debug)]
struct Requests {
    client: Arc<Client>,
    limits: Limits,
}

impl Requests {
    fn limits(self, limits: Limits) -> Self {
        Self { limits: limits.or(self.limits), ..self }
    }

    async fn send(&self, method: Method) -> Result<Response> {
        send(self.client.request(method, "/_ping", &[]).versioned(false).limits(self.limits)).await
    }
}

async fn ping(requests: Requests) -> Result<PingResponse> {
    let answer = match requests.send(Method::HEAD).await {
        Ok(answer) if answer.status() == StatusCode::OK => answer,
        Err(error) if error.is_connect() || error.is_timeout() => return Err(error),
        _ => requests.send(Method::GET).await?,
    };
    let ping = PingResponse::of(&answer);
    answer.finish().await?;
    Ok(ping)
}

open_enum! {
    /// How an engine takes part in a swarm.
    pub enum SwarmStatus {
        /// It is in none.
        Inactive = "inactive",
        /// It is joining one.
        Pending = "pending",
        /// It is in one and something is wrong.
        Error = "error",
        /// It is in one whose keys must be unlocked first.
        Locked = "locked",
        /// It is a worker.
        Worker = "active/worker",
        /// It is a manager.
        Manager = "active/manager",
    }
}

/// What the headers of an engine's answer to a ping say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PingResponse {
    /// The newest API version that the engine speaks, such as `1.55`; not always the one that calls are made in, which
    /// is [`Docker::api_version`].
    pub api_version: String,
    /// What it builds with if nothing else is said: `2` is `BuildKit`, `1` the classic builder; `None` if it does not say.
    #[serde(with = "empty_is_none")]
    pub builder_version: Option<String>,
    /// Whether experimental features are on.
    pub experimental: bool,
    /// How it takes part in a swarm; `None` before Docker 23.0.
    #[serde(with = "empty_is_none")]
    pub swarm: Option<SwarmStatus>,
    /// The operating system of its containers: `linux` or `windows`.
    pub os_type: String,
    /// The engine's name and version, such as `Docker/29.6.0 (linux)`.
    pub server: String,
}

impl PingResponse {
    fn of(answer: &Response) -> Self {
        let header = |name| answer.header(name).unwrap_or_default();
        let text = |name| Some(header(name).to_owned()).filter(|text| !text.is_empty());
        Self {
            api_version: header("Api-Version").to_owned(),
            builder_version: text("Builder-Version"),
            experimental: header("Docker-Experimental") == "true",
            swarm: text("Swarm").map(SwarmStatus::from),
            os_type: header("Ostype").to_owned(),
            server: header("Server").to_owned(),
        }
    }
}
