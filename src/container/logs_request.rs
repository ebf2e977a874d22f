//! The parts of a call for logs: of a container, a service or a task.

use super::framing::OutputRequest;
use crate::stream::OutputStream;
use crate::{Limits, Result};
use hyper::header::SERVER;

/// The parts of a logs call.
#[allow(clippy::struct_excessive_bools, reason = "the API has them")]
#[derive(Clone, Debug)]
pub(crate) struct LogsRequest {
    pub(crate) output: OutputRequest,
    pub(crate) stdout: bool,
    pub(crate) stderr: bool,
    pub(crate) timestamps: bool,
    pub(crate) details: bool,
}

impl LogsRequest {
    /// Asks for stdout and stderr.
    pub(crate) fn new(output: OutputRequest) -> Self {
        Self { output, stdout: true, stderr: true, timestamps: false, details: false }
    }

    pub(crate) fn limits(self, limits: Limits) -> Self {
        Self { output: self.output.limits(limits), ..self }
    }
}

/// Begins to read the logs.
pub(crate) async fn opened(logs: LogsRequest) -> Result<OutputStream> {
    let LogsRequest { mut output, stdout, stderr, timestamps, details } = logs;
    if !stdout && !stderr {
        output.request = output.request.refuse("no output selected: enable stdout or stderr");
    }
    let (response, framing) = output.send().await?;
    let server = response.header(SERVER).unwrap_or_default().to_owned();
    Ok(OutputStream::new(response.into_stream(), framing, timestamps).with_details(details).with_server(server))
}
