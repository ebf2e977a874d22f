//! Calls that this crate has no method for: [`Docker::raw`](crate::Docker::raw).
//!
//! ```no_run
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct Node {
//!     #[serde(rename = "ID")]
//!     id: String,
//! }
//!
//! let nodes: Vec<Node> = docker.raw("GET", ["nodes"]).await?.json().await?;
//! docker.raw("POST", ["plugins", "vieux/sshfs:latest", "enable"]).query("timeout", 30).await?.bytes().await?;
//! # Ok(()) }
//! ```

mod answer;
mod call;
mod connection;

pub use answer::RawAnswer;
pub use call::Raw;
pub use connection::RawConnection;
