//! [`BuildStatus`]: the progress that BuildKit reports for a build.

use super::Source;
use crate::Timestamp;
use bytes::Bytes;

/// A progress record of a BuildKit build: the changes since the previous record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildStatus {
    /// Steps that are new or have changed. A step appears again whenever it changes.
    pub vertices: Vec<Vertex>,
    /// Progress within steps, such as the download of a layer.
    pub statuses: Vec<VertexStatus>,
    /// Log output of steps.
    pub logs: Vec<VertexLog>,
    /// Warnings about the Dockerfile.
    pub warnings: Vec<VertexWarning>,
}

/// A step of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vertex {
    /// The ID of the step: `sha256:…`.
    pub digest: String,
    /// The digests of the steps whose results this step uses.
    pub inputs: Vec<String>,
    /// The name to display: `[2/3] RUN make`.
    pub name: String,
    /// Whether the result came from the build cache.
    pub cached: bool,
    /// When the step started. `None` if it has not started.
    pub started: Option<Timestamp>,
    /// When the step completed. `None` if it has not. A completed step can start again: its run time is the sum of all runs.
    pub completed: Option<Timestamp>,
    /// Why the step failed. The build can still succeed, for example if a cache was not found.
    pub error: Option<String>,
    /// The name of a group of steps that are displayed as one.
    pub group: Option<String>,
}

/// Progress of something within a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VertexStatus {
    /// The ID of the item, such as the `sha256:…` of a layer, or `transferring context:`.
    pub id: String,
    /// The digest of the step.
    pub vertex: String,
    /// The name to display, if it differs from the ID.
    pub name: String,
    /// The amount done so far, mostly in bytes.
    pub current: i64,
    /// The total amount. 0 if it is unknown.
    pub total: i64,
    /// The time of this record.
    pub timestamp: Option<Timestamp>,
    /// When the item started.
    pub started: Option<Timestamp>,
    /// When the item completed. `None` if it has not.
    pub completed: Option<Timestamp>,
}

/// A part of the log output of a step. It may end in the middle of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VertexLog {
    /// The digest of the step.
    pub vertex: String,
    /// When the step wrote it.
    pub timestamp: Option<Timestamp>,
    /// The stream that the step wrote to.
    pub source: Source,
    /// The output.
    pub text: Bytes,
}

/// A warning about a Dockerfile. Requires BuildKit of Docker 28 or later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VertexWarning {
    /// The digest of the step.
    pub vertex: String,
    /// The severity: 1 is a warning.
    pub level: i64,
    /// The text: `StageNameCasing: Stage name 'Web' should be lowercase (line 2)`.
    pub short: String,
    /// Further explanation.
    pub detail: Vec<String>,
    /// The page that explains the rule.
    pub url: Option<String>,
    /// The file, such as `Dockerfile`.
    pub file: Option<String>,
    /// The first and last line of each affected place in the file, counted from 1.
    pub lines: Vec<(u32, u32)>,
}
