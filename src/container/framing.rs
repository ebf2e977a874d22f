//! How the output of a container is framed: engines announce it, or the container's own settings tell.

use super::Container;
use crate::request::{Request, Response, json, send, version};
use crate::stream::Framing;
use crate::{Limits, Result, Version};
use serde::Deserialize;
use std::fmt::Display;

/// A request for the output of a container.
#[derive(Clone, Debug)]
pub(super) struct OutputRequest {
    pub(super) request: Request,
    /// Inspects the container, for engines that do not announce the framing.
    inspect: Request,
}

impl OutputRequest {
    pub(super) fn new(container: &Container, request: Request) -> Self {
        Self { request, inspect: container.get("/containers/{id}/json") }
    }

    pub(super) fn query(self, name: &'static str, value: impl Display) -> Self {
        Self { request: self.request.query(name, value), ..self }
    }

    pub(super) fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), inspect: self.inspect.limits(limits) }
    }

    /// Sends the request, and tells how its response is framed.
    ///
    /// Before API 1.42 engines announce raw bytes, whatever they send. Podman's service announces nothing.
    pub(super) async fn send(self) -> Result<(Response, Framing)> {
        let Self { request, inspect } = self;
        if version(&request).await? < Version::V1_42 {
            let framing = framing_of(inspect).await?;
            return Ok((send(request).await?, framing));
        }
        let response = send(request).await?;
        let framing = match response.header("Content-Type") {
            Some("application/vnd.docker.multiplexed-stream") => Framing::Multiplexed,
            Some("application/vnd.docker.raw-stream") => Framing::Raw,
            _ => framing_of(inspect).await?,
        };
        Ok((response, framing))
    }
}

/// A terminal's output is not framed.
async fn framing_of(inspect: Request) -> Result<Framing> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Inspected {
        config: Config,
    }

    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Config {
        tty: bool,
    }

    let Inspected { config } = json(inspect).await?;
    Ok(if config.tty { Framing::Raw } else { Framing::Multiplexed })
}
