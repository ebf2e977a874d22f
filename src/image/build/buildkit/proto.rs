//! BuildKit's protobuf messages, with the field numbers of its `.proto` files. Only what a build needs is here.

use prost::{Enumeration, Message};
use std::collections::HashMap;

/// A progress record of a build.
#[derive(Clone, PartialEq, Message)]
pub(super) struct StatusResponse {
    #[prost(message, repeated, tag = "1")]
    pub(super) vertexes: Vec<Vertex>,
    #[prost(message, repeated, tag = "2")]
    pub(super) statuses: Vec<VertexStatus>,
    #[prost(message, repeated, tag = "3")]
    pub(super) logs: Vec<VertexLog>,
    #[prost(message, repeated, tag = "4")]
    pub(super) warnings: Vec<VertexWarning>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Vertex {
    #[prost(string, tag = "1")]
    pub(super) digest: String,
    #[prost(string, repeated, tag = "2")]
    pub(super) inputs: Vec<String>,
    #[prost(string, tag = "3")]
    pub(super) name: String,
    #[prost(bool, tag = "4")]
    pub(super) cached: bool,
    #[prost(message, optional, tag = "5")]
    pub(super) started: Option<Time>,
    #[prost(message, optional, tag = "6")]
    pub(super) completed: Option<Time>,
    #[prost(string, tag = "7")]
    pub(super) error: String,
    #[prost(message, optional, tag = "8")]
    pub(super) group: Option<ProgressGroup>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ProgressGroup {
    #[prost(string, tag = "1")]
    pub(super) id: String,
    #[prost(string, tag = "2")]
    pub(super) name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct VertexStatus {
    #[prost(string, tag = "1")]
    pub(super) id: String,
    #[prost(string, tag = "2")]
    pub(super) vertex: String,
    #[prost(string, tag = "3")]
    pub(super) name: String,
    #[prost(int64, tag = "4")]
    pub(super) current: i64,
    #[prost(int64, tag = "5")]
    pub(super) total: i64,
    #[prost(message, optional, tag = "6")]
    pub(super) timestamp: Option<Time>,
    #[prost(message, optional, tag = "7")]
    pub(super) started: Option<Time>,
    #[prost(message, optional, tag = "8")]
    pub(super) completed: Option<Time>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct VertexLog {
    #[prost(string, tag = "1")]
    pub(super) vertex: String,
    #[prost(message, optional, tag = "2")]
    pub(super) timestamp: Option<Time>,
    #[prost(int64, tag = "3")]
    pub(super) stream: i64,
    #[prost(bytes = "bytes", tag = "4")]
    pub(super) message: bytes::Bytes,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct VertexWarning {
    #[prost(string, tag = "1")]
    pub(super) vertex: String,
    #[prost(int64, tag = "2")]
    pub(super) level: i64,
    #[prost(bytes = "vec", tag = "3")]
    pub(super) short: Vec<u8>,
    #[prost(bytes = "vec", repeated, tag = "4")]
    pub(super) detail: Vec<Vec<u8>>,
    #[prost(string, tag = "5")]
    pub(super) url: String,
    #[prost(message, optional, tag = "6")]
    pub(super) info: Option<SourceInfo>,
    #[prost(message, repeated, tag = "7")]
    pub(super) ranges: Vec<SourceRange>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SourceInfo {
    #[prost(string, tag = "1")]
    pub(super) filename: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SourceRange {
    #[prost(message, optional, tag = "1")]
    pub(super) start: Option<Position>,
    #[prost(message, optional, tag = "2")]
    pub(super) end: Option<Position>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Position {
    #[prost(int32, tag = "1")]
    pub(super) line: i32,
}

/// `google.protobuf.Timestamp`
#[derive(Clone, Copy, PartialEq, Message)]
pub(super) struct Time {
    #[prost(int64, tag = "1")]
    pub(super) seconds: i64,
    #[prost(int32, tag = "2")]
    pub(super) nanos: i32,
}

/// An empty message, also used where the content is not needed.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Empty {}

/// `grpc.health.v1.HealthCheckResponse`
#[derive(Clone, PartialEq, Message)]
pub(super) struct HealthCheckResponse {
    /// 1 means serving.
    #[prost(int32, tag = "1")]
    pub(super) status: i32,
}

/// `moby.filesync.v1.CredentialsRequest`
#[derive(Clone, PartialEq, Message)]
pub(super) struct CredentialsRequest {
    #[prost(string, tag = "1")]
    pub(super) host: String,
}

/// `moby.filesync.v1.CredentialsResponse`
#[derive(PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct CredentialsResponse {
    #[prost(string, tag = "1")]
    pub(super) username: String,
    #[prost(string, tag = "2")]
    pub(super) secret: String,
}

/// `moby.buildkit.secrets.v1.GetSecretRequest`
#[derive(Clone, PartialEq, Message)]
pub(super) struct GetSecretRequest {
    #[prost(string, tag = "1")]
    pub(super) id: String,
}

/// `moby.buildkit.secrets.v1.GetSecretResponse`
#[derive(PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct GetSecretResponse {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) data: Vec<u8>,
}

/// `moby.sshforward.v1.CheckAgentRequest`
#[derive(Clone, PartialEq, Message)]
pub(super) struct CheckAgentRequest {
    #[prost(string, tag = "1")]
    pub(super) id: String,
}

/// A chunk of a byte stream: `moby.sshforward.v1.BytesMessage`, `moby.filesync.v1.BytesMessage`
#[derive(Clone, PartialEq, Message)]
pub(super) struct BytesMessage {
    #[prost(bytes = "bytes", tag = "1")]
    pub(super) data: bytes::Bytes,
}

/// A message of the file transfer between client and engine: `fsutil.types.Packet`
#[derive(Clone, PartialEq, Message)]
pub(super) struct Packet {
    #[prost(enumeration = "PacketType", tag = "1")]
    pub(super) kind: i32,
    #[prost(message, optional, tag = "2")]
    pub(super) stat: Option<Stat>,
    #[prost(uint32, tag = "3")]
    pub(super) id: u32,
    #[prost(bytes = "bytes", tag = "4")]
    pub(super) data: bytes::Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum PacketType {
    Stat = 0,
    Req = 1,
    Data = 2,
    Fin = 3,
    Err = 4,
}

/// `fsutil.types.Stat`
#[derive(Clone, PartialEq, Message)]
pub(super) struct Stat {
    #[prost(string, tag = "1")]
    pub(super) path: String,
    /// The mode, in the bits of Go's `FileMode`.
    #[prost(uint32, tag = "2")]
    pub(super) mode: u32,
    #[prost(uint32, tag = "3")]
    pub(super) uid: u32,
    #[prost(uint32, tag = "4")]
    pub(super) gid: u32,
    #[prost(int64, tag = "5")]
    pub(super) size: i64,
    /// Nanoseconds since the Unix epoch.
    #[prost(int64, tag = "6")]
    pub(super) mod_time: i64,
    #[prost(string, tag = "7")]
    pub(super) link_name: String,
}

/// `moby.buildkit.v1.SolveRequest`
#[derive(Clone, PartialEq, Message)]
pub(super) struct SolveRequest {
    #[prost(string, tag = "1")]
    pub(super) reference: String,
    /// The first exporter. BuildKit before 0.13 knows only this one.
    #[prost(string, tag = "3")]
    pub(super) exporter: String,
    #[prost(map = "string, string", tag = "4")]
    pub(super) exporter_attrs: HashMap<String, String>,
    #[prost(string, tag = "5")]
    pub(super) session: String,
    #[prost(string, tag = "6")]
    pub(super) frontend: String,
    #[prost(map = "string, string", tag = "7")]
    pub(super) frontend_attrs: HashMap<String, String>,
    #[prost(message, optional, tag = "8")]
    pub(super) cache: Option<CacheOptions>,
    #[prost(string, repeated, tag = "9")]
    pub(super) entitlements: Vec<String>,
    #[prost(message, repeated, tag = "13")]
    pub(super) exporters: Vec<Exporter>,
    #[prost(bool, tag = "14")]
    pub(super) enable_session_exporter: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct CacheOptions {
    #[prost(message, repeated, tag = "4")]
    pub(super) exports: Vec<Exporter>,
    #[prost(message, repeated, tag = "5")]
    pub(super) imports: Vec<Exporter>,
}

/// `moby.buildkit.v1.Exporter`, and `CacheOptionsEntry`, which has the same fields.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Exporter {
    #[prost(string, tag = "1")]
    pub(super) kind: String,
    #[prost(map = "string, string", tag = "2")]
    pub(super) attrs: HashMap<String, String>,
}

/// `moby.buildkit.v1.SolveResponse`
#[derive(Clone, PartialEq, Message)]
pub(super) struct SolveResponse {
    #[prost(map = "string, string", tag = "1")]
    pub(super) exporter_response: HashMap<String, String>,
}

/// `moby.buildkit.v1.StatusRequest`
#[derive(Clone, PartialEq, Message)]
pub(super) struct StatusRequest {
    #[prost(string, tag = "1")]
    pub(super) reference: String,
}

/// `containerd.services.content.v1.InfoRequest` and `ReadContentRequest`, which has more fields.
#[derive(Clone, PartialEq, Message)]
pub(super) struct ContentRequest {
    #[prost(string, tag = "1")]
    pub(super) digest: String,
    #[prost(int64, tag = "2")]
    pub(super) offset: i64,
    #[prost(int64, tag = "3")]
    pub(super) size: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ContentInfoResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) info: Option<ContentInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ContentInfo {
    #[prost(string, tag = "1")]
    pub(super) digest: String,
    #[prost(int64, tag = "2")]
    pub(super) size: i64,
}

/// `containerd.services.content.v1.ReadContentResponse`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ReadResponse {
    #[prost(int64, tag = "1")]
    pub(super) offset: i64,
    #[prost(bytes = "bytes", tag = "2")]
    pub(super) data: bytes::Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum WriteAction {
    Stat = 0,
    Write = 1,
    Commit = 2,
}

/// `containerd.services.content.v1.WriteContentRequest`
#[derive(Clone, PartialEq, Message)]
pub(super) struct WriteRequest {
    #[prost(enumeration = "WriteAction", tag = "1")]
    pub(super) action: i32,
    #[prost(int64, tag = "3")]
    pub(super) total: i64,
    #[prost(string, tag = "4")]
    pub(super) expected: String,
    #[prost(int64, tag = "5")]
    pub(super) offset: i64,
    #[prost(bytes = "bytes", tag = "6")]
    pub(super) data: bytes::Bytes,
}

/// `containerd.services.content.v1.WriteContentResponse`
#[derive(Clone, PartialEq, Message)]
pub(super) struct WriteResponse {
    #[prost(enumeration = "WriteAction", tag = "1")]
    pub(super) action: i32,
    #[prost(int64, tag = "4")]
    pub(super) offset: i64,
    #[prost(int64, tag = "5")]
    pub(super) total: i64,
    #[prost(string, tag = "6")]
    pub(super) digest: String,
}
