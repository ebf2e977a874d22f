//! Sockets, connections and limits: everything between a request and its bytes. HTTP/1.1 is hyper's.
//!
//! The task that uses a connection drives it. So nothing runs while a connection is idle, a response does not cross
//! tasks, and dropping a call or a stream closes its connection at once.

mod connection;
mod connector;
mod file;
mod idle;
mod limits;
#[cfg(feature = "tar")]
mod pipe;
mod pool;
#[cfg(feature = "tar")]
mod regular_file;
mod request_body;
mod response_body;
mod socket;
#[cfg(unix)]
mod ssh;
mod stream;
mod tcp;
#[cfg(feature = "tls-no-provider")]
mod tls;
mod upgraded;
mod upload;

pub(crate) use connector::Target;
pub(crate) use limits::Deadlines;
pub use limits::Limits;
#[cfg(feature = "tar")]
pub(crate) use pipe::Pipe;
pub(crate) use pool::{Pool, Retry};
#[cfg(feature = "tar")]
pub(crate) use regular_file::open_regular;
pub(crate) use request_body::{RequestBody, in_memory};
pub(crate) use response_body::ResponseBody;
pub use socket::{Connect, Connecting, Socket};
pub(crate) use upgraded::Upgraded;
pub use upload::Upload;
