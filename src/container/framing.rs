//! Finds out how a container's output is framed: from the response, or from the container's own settings.

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

    /// Sends the request, and returns its response with its framing.
    ///
    /// Before API 1.42, engines announce raw bytes for every output. Podman announces nothing.
    pub(super) async fn send(self) -> Result<(Response, Framing)> {
        let Self { request, inspect } = self;
        if version(&request).await? < Version::V1_42 {
            let framing = framing_of(inspect).await?;
            return Ok((send(request).await?, framing));
        }
        let response = send(request).await?;
        let framing = match Framing::announced(response.header("Content-Type")) {
            Some(framing) => framing,
            None => framing_of(inspect).await?,
        };
        Ok((response, framing))
    }
}

/// Returns the framing by the container's settings: the output of a terminal is not framed.
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
