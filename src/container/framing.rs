//! Finds out how output is framed: from the response, or from the settings of what writes it.

use crate::request::{Request, Response, json, send, version};
use crate::stream::Framing;
use crate::{Limits, Result, Version};
use serde_json::Value;
use std::fmt::Display;
use tokio::time::Instant;

/// A request for the output of a container, a service or a task.
#[derive(Clone, Debug)]
pub(crate) struct OutputRequest {
    pub(crate) request: Request,
    /// Inspects the object, for engines that do not announce the framing.
    inspect: Request,
    /// The place in the inspected object that tells whether there is a terminal.
    tty: &'static str,
}

impl OutputRequest {
    /// Begins a request. The JSON pointer `tty` tells in the response to `inspect` whether there is a terminal.
    pub(crate) fn new(request: Request, inspect: Request, tty: &'static str) -> Self {
        Self { request, inspect, tty }
    }

    pub(super) fn query(self, name: &'static str, value: impl Display) -> Self {
        Self { request: self.request.query(name, value), ..self }
    }

    pub(crate) fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), inspect: self.inspect.limits(limits), ..self }
    }

    /// Sends the request, and returns its response with its framing.
    ///
    /// Before API 1.42, engines announce raw bytes for every output. Podman announces nothing.
    pub(crate) async fn send(self) -> Result<(Response, Framing)> {
        let begun = Instant::now();
        let (request, inspect) = (self.request.since_begun(begun), self.inspect.since_begun(begun));
        if version(&request).await? < Version::V1_42 {
            let framing = framing_of(inspect, self.tty).await?;
            return Ok((send(request).await?, framing));
        }
        let (again, client) = ((!request.is_upgrade()).then(|| request.clone()), request.client().clone());
        let response = send(request).await?;
        // The engine may have been replaced by an older one, with which sending has negotiated again.
        let is_announced = client.known_version().is_some_and(|version| version >= Version::V1_42);
        if let Some(framing) = Framing::announced(response.header("Content-Type")).filter(|_| is_announced) {
            return Ok((response, framing));
        }
        // Inspecting takes a connection, and the response may occupy the only one that is allowed. But dropping an attached
        // process would close its input.
        let Some(request) = again else { return Ok((response, framing_of(inspect, self.tty).await?)) };
        drop(response);
        let framing = framing_of(inspect, self.tty).await?;
        Ok((send(request).await?, framing))
    }
}

/// Returns the framing by the settings of what writes: the output of a terminal is not framed.
async fn framing_of(inspect: Request, tty: &str) -> Result<Framing> {
    let inspected: Value = json(inspect).await?;
    let is_terminal = inspected.pointer(tty).and_then(Value::as_bool).unwrap_or_default();
    Ok(if is_terminal { Framing::Raw } else { Framing::Multiplexed })
}
