//! Sockets, kept connections and limits: everything between a request and its bytes.
//!
//! A connection is driven by the task that uses it; there is no task of its own beside it. So nothing runs while a kept
//! connection is idle, an answer does not cross tasks, and dropping a call or a stream closes its connection at once.

mod alarm;
mod body;
mod buffer;
mod connect;
mod connection;
mod exactly;
mod file;
mod io;
mod kept;
mod limits;
mod outgoing;
mod pool;
mod request_body;
mod socket;
#[cfg(unix)]
mod ssh;
#[cfg(feature = "tls-no-provider")]
mod tls;
mod upgraded;
mod upload;

pub(crate) use body::AnswerBody;
pub(crate) use connect::Target;
pub(crate) use limits::Deadlines;
pub use limits::Limits;
pub(crate) use pool::{Pool, Repeat};
pub(crate) use request_body::RequestBody;
pub use socket::{Connect, Connecting, Socket};
pub(crate) use upgraded::Upgraded;
pub use upload::Upload;
