//! The guide: a page for each topic. These modules hold only documentation: they have no items.
//!
//! # If you come from another client
//! | page | contents |
//! |---|---|
//! | [`docker_cli`] | each flag of `docker run`, `docker build` and `docker service create`, with its setter; each command, with its call |
//! | [`bollard`] | each method of the Rust client bollard, with its call; what differs |
//! | [`docker_py`] | docker-py, the Python client: its objects, exceptions and low-level API |
//!
//! # How calls behave
//! | page | contents |
//! |---|---|
//! | [`errors`] | the errors of a call, what to do about each, and when a retry is safe |
//! | [`streams`] | logs, events, statistics, attached processes and progress: reading, following, reconnecting, dropping |
//! | [`timeouts`] | the four limits of a call, their defaults, and what the engine does when you stop waiting |
//! | [`credentials`] | where calls find registry credentials, and how to pass your own |
//! | [`versions`] | API versions, what an old engine lacks, and Podman |
//!
//! # Deploying, testing and extending
//! | page | contents |
//! |---|---|
//! | [`deploying`] | from one container to an application in its environments, and to a swarm |
//! | [`testing`] | tests of code that uses this crate |
//! | [`extending`](crate::extending) | custom sockets, observers, untyped calls, deployment hooks, plugins |
//!
//! # Where to begin
//! [The crate's page](crate) has the first program and the list of modules. `examples/` has complete programs. Each call's own
//! page names its operation of the Engine API, its defaults and its errors.

pub mod bollard;
pub mod credentials;
pub mod deploying;
pub mod docker_cli;
pub mod docker_py;
pub mod errors;
pub mod streams;
pub mod testing;
pub mod timeouts;
pub mod versions;
