//! Decodes the progress records in a build's stream.

use super::proto;
use crate::stream::{BuildStatus, Progress, Source, Vertex, VertexLog, VertexStatus, VertexWarning};
use crate::{Error, ErrorKind, Result, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prost::Message;

/// The `id` of such records.
const TRACE: &str = "moby.buildkit.trace";

/// Decodes BuildKit's record in a step of the stream, if there is one.
pub(super) fn read_trace(step: &mut Progress) -> Result<()> {
    if step.id.as_deref() != Some(TRACE) {
        return Ok(());
    }
    let text = step.aux.as_ref().and_then(|aux| aux.as_str()).unwrap_or_default();
    let bytes = STANDARD.decode(text).map_err(|error| unreadable(&error))?;
    let message = proto::StatusResponse::decode(bytes.as_slice()).map_err(|error| unreadable(&error))?;
    step.build_status = Some(Box::new(message.into()));
    Ok(())
}

fn unreadable(error: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::Decode, format!("a record of the build's progress cannot be read: {error}"))
}

impl From<proto::StatusResponse> for BuildStatus {
    fn from(message: proto::StatusResponse) -> Self {
        Self {
            vertices: message.vertexes.into_iter().map(Vertex::from).collect(),
            statuses: message.statuses.into_iter().map(VertexStatus::from).collect(),
            logs: message.logs.into_iter().map(VertexLog::from).collect(),
            warnings: message.warnings.into_iter().map(VertexWarning::from).collect(),
        }
    }
}

impl From<proto::Vertex> for Vertex {
    fn from(vertex: proto::Vertex) -> Self {
        Self {
            digest: vertex.digest,
            inputs: vertex.inputs,
            name: vertex.name,
            cached: vertex.cached,
            started: vertex.started.and_then(time),
            completed: vertex.completed.and_then(time),
            error: unless_empty(vertex.error),
            group: vertex.group.map(|group| if group.name.is_empty() { group.id } else { group.name }),
        }
    }
}

impl From<proto::VertexStatus> for VertexStatus {
    fn from(status: proto::VertexStatus) -> Self {
        Self {
            id: status.id,
            vertex: status.vertex,
            name: status.name,
            current: status.current,
            total: status.total,
            timestamp: status.timestamp.and_then(time),
            started: status.started.and_then(time),
            completed: status.completed.and_then(time),
        }
    }
}

impl From<proto::VertexLog> for VertexLog {
    fn from(log: proto::VertexLog) -> Self {
        Self {
            vertex: log.vertex,
            timestamp: log.timestamp.and_then(time),
            source: if log.stream == 2 { Source::Stderr } else { Source::Stdout },
            text: log.message,
        }
    }
}

impl From<proto::VertexWarning> for VertexWarning {
    fn from(warning: proto::VertexWarning) -> Self {
        let line = |position: Option<proto::Position>| {
            position.and_then(|position| u32::try_from(position.line).ok()).unwrap_or_default()
        };
        Self {
            vertex: warning.vertex,
            level: warning.level,
            short: text(&warning.short),
            detail: warning.detail.iter().map(|words| text(words)).collect(),
            url: unless_empty(warning.url),
            file: warning.info.and_then(|info| unless_empty(info.filename)),
            lines: warning.ranges.into_iter().map(|range| (line(range.start), line(range.end))).collect(),
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn unless_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// Go's zero time, in year 1, means no time.
fn time(time: proto::Time) -> Option<Timestamp> {
    Timestamp::new(time.seconds, time.nanos).ok().filter(|_| time.seconds > -62_135_596_800)
}
