//! Answers that arrive piece by piece: progress of pulls, output of containers.
//!
//! Each stream is an owned value with a `next()` of its own, and implements `futures_core::Stream` besides. Dropping one
//! closes its connection, which ends the engine's side of it as well. After an error a stream is over.

mod frames;
mod lines;
mod progress;
mod records;

pub(crate) use frames::Framing;
pub use frames::{Chunk, OutputStream, Source};
pub use lines::{Line, Lines};
pub use progress::{Progress, ProgressDetail, ProgressStream};
