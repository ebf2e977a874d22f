//! Deploys a container: pull → create → start → ready → logs → stop → remove, with nothing left behind if it fails.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use longshore::Docker;
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::{Ready, Run};
//! use std::time::Duration;
//!
//! let docker = Docker::from_env()?;
//!
//! // A service: started, and ready within a minute, or gone again.
//! let web = Run::new(ContainerSpec::new("nginx:1.27").publish(8080, 80))
//!     .name("web")
//!     .ready(Ready::log_line("start worker processes"))
//!     .deadline(Duration::from_secs(60))
//!     .start(&docker)
//!     .await?;
//! web.stop().await?;
//! web.remove().await?;
//!
//! // A job: its output, its exit code, and the container is gone.
//! let done = Run::new(ContainerSpec::new("busybox").cmd(["date"])).to_completion(&docker).await?;
//! println!("{}{}", done.output_text(), done.exit);
//! # Ok(()) }
//! ```
//!
//! It is made of the crate's public API alone: what it does not do, you can do in the same way.

mod attempt;
mod completion;
mod event;
mod failure;
mod label;
mod launch;
mod prepare;
mod ready;
mod run;
mod running;
mod start;

pub use completion::Completed;
pub use event::Event;
pub use failure::{Cause, Failure, Step};
pub use ready::Ready;
pub use run::{PullPolicy, Run};
pub use running::Running;
