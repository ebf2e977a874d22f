//! Untyped calls, for API operations that this crate has no method for: [`Docker::raw`](crate::Docker::raw).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("GET /nodes", r#"200 [{"ID":"24ifsmvkjbyhk","Spec":{"Role":"manager"}}]"#),
//! #     ("POST /plugins/vieux/sshfs:latest/enable?timeout=30", "200"),
//! # ]);
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct Node {
//!     #[serde(rename = "ID")]
//!     id: String,
//! }
//!
//! let nodes: Vec<Node> = docker.raw("GET", ["nodes"]).await?.json().await?;
//! assert_eq!(nodes[0].id, "24ifsmvkjbyhk");
//!
//! docker.raw("POST", ["plugins", "vieux/sshfs:latest", "enable"]).query("timeout", 30).await?.bytes().await?;
//! # Ok(()) }
//! ```

mod call;
mod connection;
mod response;

pub use call::Raw;
pub use connection::RawConnection;
pub use response::RawResponse;
