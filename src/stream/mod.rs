//! Streaming responses: output of containers, progress of pulls and builds, archives, events.
//!
//! Each stream is an owned value with an inherent `next()`, and also implements `futures_core::Stream`. Dropping a
//! stream closes its connection, which ends it on the engine's side too. An error is the last item of a stream.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("GET /containers/web/logs?stdout=true&stderr=true&timestamps=true",
//! #      "200 >2026-11-24T08:30:00.000000000Z started\n!2026-11-24T08:30:01.500000000Z out of disk\n"),
//! #     ("POST /images/create?fromImage=docker.io/library/nginx&tag=1.27", concat!("200 ",
//! #         r#"{"id":"6e90","status":"Downloading","progressDetail":{"current":4096,"total":8192}}"#, "\r\n",
//! #         r#"{"id":"6e90","status":"Pull complete","progressDetail":{}}"#, "\r\n")),
//! # ]);
//! use longshore::stream::Source;
//!
//! // Output, line by line.
//! let mut lines = docker.container("web").logs().timestamps(true).await?.lines();
//! while let Some(line) = lines.next().await {
//!     let line = line?;
//!     if line.source == Source::Stderr {
//!         println!("{:?} {line}", line.time);
//! #       assert_eq!(line.text, "out of disk");
//! #       assert_eq!(line.time, "2026-11-24T08:30:01.5Z".parse().ok());
//!     }
//! }
//!
//! // Progress, step by step.
//! let mut steps = docker.images().pull("nginx:1.27").stream().await?;
//! while let Some(step) = steps.next().await {
//!     let step = step?;
//!     if let (Some(layer), Some(done)) = (step.id, step.progress_detail.current) {
//!         println!("{layer}: {done} of {:?} bytes", step.progress_detail.total);
//! #       assert_eq!(done, 4096);
//!     }
//! }
//! # Ok(()) }
//! ```

/// Lets the `for` loops of code that is not async take a stream: `iterable!(OutputStream)`.
macro_rules! iterable {
    ($stream:ident $(<$item:ident: $bound:path>)?) => {
        #[cfg(feature = "blocking")]
        impl $(<$item: $bound>)? IntoIterator for $stream $(<$item>)? {
            type Item = <Self as futures_core::Stream>::Item;
            type IntoIter = $crate::blocking::Iter<Self>;

            fn into_iter(self) -> Self::IntoIter {
                $crate::blocking::Iter::new(self)
            }
        }
    };
}

mod attached;
#[cfg(feature = "buildkit")]
mod build_status;
mod bytes;
mod chunk;
mod collect;
mod console;
mod frames;
mod halves;
pub(crate) mod hidden;
mod json;
mod lines;
mod output;
mod pieces;
mod progress;
mod records;
mod stamp;
mod trailer;
#[cfg(feature = "websocket")]
mod websocket;

pub(crate) use iterable;

pub use attached::{Attached, Input};
#[cfg(feature = "buildkit")]
pub use build_status::{BuildStatus, Vertex, VertexLog, VertexStatus, VertexWarning};
pub use bytes::ByteStream;
pub use chunk::{Chunk, Source};
pub(crate) use collect::LARGEST_COLLECTED;
pub(crate) use hidden::Logins;
pub use json::JsonStream;
pub use lines::{Line, Lines};
pub(crate) use output::Framing;
pub use output::OutputStream;
pub use progress::{Progress, ProgressDetail, ProgressStream};
