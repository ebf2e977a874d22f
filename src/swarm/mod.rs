//! The swarm that the engine is part of, or is to join.
//!
//! [`Docker::swarm`] creates, joins, updates, unlocks and leaves a swarm. Its objects have modules of their own:
//! [`service`](crate::service), [`task`](crate::task), [`node`](crate::node), [`secret`](crate::secret) and
//! [`config`](crate::config).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /swarm/init {"ListenAddr":"0.0.0.0:2377","AdvertiseAddr":"10.0.0.1"}"#, "200 \"peii\""),
//! #     ("GET /swarm", r#"200 {"ID":"x1","JoinTokens":{"Worker":"SWMTKN-1-a","Manager":"SWMTKN-1-b"}}"#),
//! # ]);
//! # let other = engine(&[
//! #     (r#"POST /swarm/join {"ListenAddr":"0.0.0.0:2377","RemoteAddrs":["10.0.0.1:2377"],"JoinToken":"SWMTKN-1-a"}"#, "200"),
//! # ]);
//! let node = docker.swarm().init().advertise_addr("10.0.0.1").await?;
//! println!("node {node} is now a manager");
//!
//! let tokens = docker.swarm().inspect().await?.join_tokens;
//! other.swarm().join(["10.0.0.1:2377"], &tokens.worker).await?;
//! # Ok(()) }
//! ```

mod init;
mod inspect;
mod join;
mod leave;
mod unlock;
mod unlock_key;
mod update;

pub use init::Init;
pub use inspect::{Inspect, JoinTokens, SwarmInspect};
pub use join::Join;
pub use leave::Leave;
pub use unlock::Unlock;
pub use unlock_key::UnlockKey;
pub use update::Update;

use crate::Docker;
use crate::request::Client;
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the swarm that the engine is part of, or is to join. This performs no I/O.
    #[must_use]
    pub fn swarm(&self) -> Swarm {
        Swarm { client: self.client().clone() }
    }
}

/// A handle to the swarm that an engine is part of, or is to join; see [`Docker::swarm`].
#[derive(Clone, Debug)]
pub struct Swarm {
    client: Arc<Client>,
}

/// The default listen address of managers.
const LISTEN_ADDR: &str = "0.0.0.0:2377";
