//! Answers that arrive piece by piece: progress of pulls, output of containers.
//!
//! Each stream is an owned value with a `next()` of its own, and implements `futures_core::Stream` besides. Dropping one
//! closes its connection, which ends the engine's side of it as well. After an error a stream is over.

mod attached;
mod bytes;
mod chunk;
mod console;
mod frames;
mod json;
mod lines;
mod output;
mod pieces;
mod progress;
mod records;
mod stamp;
mod trailer;
mod websocket;

pub use attached::{Attached, Input};
pub use bytes::ByteStream;
pub use chunk::{Chunk, Source};
pub use json::JsonStream;
pub use lines::{Line, Lines};
pub(crate) use output::Framing;
pub use output::OutputStream;
pub use progress::{Progress, ProgressDetail, ProgressStream};
