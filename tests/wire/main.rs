//! HTTP on real sockets: connections, limits, uploads, streams, errors, and what may be told to nobody.

#[path = "../support/mod.rs"]
mod support;

mod attach_input;
mod connections;
mod errors;
mod errors_disguised;
mod headers;
mod limits;
mod limits_held;
mod limits_whole;
mod negotiation;
mod observe;
mod raw;
mod reconnecting;
mod scripted;
mod secrets;
#[cfg(unix)]
mod ssh;
mod streaming;
mod streaming_images;
#[cfg(feature = "tls")]
mod tls;
mod traces;
mod uploads;
mod uploads_file;
