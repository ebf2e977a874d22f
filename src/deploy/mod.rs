//! Deploys: a [`Project`] with its services and environments, planned and applied; or with [`Run`] a container:
//! pull → create → start → ready → logs → stop → remove, with nothing left behind if it fails.
//!
//! It is made of the crate's public API alone: what it does not do, you can do in the same way.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let docker = engine(&[
//! #     ("GET /images/nginx:1.27/json", r#"200 {"Id":"sha256:a9dc"}"#),
//! #     ("POST /containers/create?name=web", r#"201 {"Id":"e90e","Warnings":[]}"#),
//! #     ("POST /containers/e90e/wait?condition=next-exit", "200 …"),
//! #     ("POST /containers/e90e/start", "204"),
//! #     ("GET /containers/e90e/logs?stdout=true&stderr=true&follow=true", "200 >start worker processes\n"),
//! #     ("POST /containers/e90e/stop", "204"),
//! #     ("DELETE /containers/e90e?v=true", "204"),
//! #     ("GET /images/busybox/json", r#"200 {"Id":"sha256:73aa"}"#),
//! #     ("POST /containers/create", r#"201 {"Id":"50f1","Warnings":[]}"#),
//! #     ("POST /containers/50f1/wait?condition=next-exit", r#"200 {"StatusCode":0}"#),
//! #     ("POST /containers/50f1/start", "204"),
//! #     ("GET /containers/50f1/logs?stdout=true&stderr=true&follow=true&timestamps=true",
//! #      "200 >2026-11-24T08:30:00.000000000Z Tue Nov 24 08:30:00 UTC 2026\n"),
//! #     ("GET /containers/50f1/logs?stdout=true&stderr=true&since=1795509000.000000000&timestamps=true",
//! #      "200 >2026-11-24T08:30:00.000000000Z Tue Nov 24 08:30:00 UTC 2026\n"),
//! #     ("DELETE /containers/50f1?force=true&v=true", "204"),
//! # ]);
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::{Ready, Run};
//! use std::time::Duration;
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
//! let date = Run::new(ContainerSpec::new("busybox").cmd(["date"])).to_completion(&docker).await?;
//! assert_eq!(date.output_text(), "Tue Nov 24 08:30:00 UTC 2026\n");
//! assert!(date.exit.success());
//! # Ok(()) }
//! ```
//!
//! # Projects
//! [`Project::deployment`] checks a project in one of its environments. [`Deployment::plan`] reads what is there and shows what
//! would change; [`Plan::apply`] makes it so.
//!
//! All state is the engine's own. A container is called `PROJECT-ENVIRONMENT-SERVICE-REPLICA`, with `.next` behind that until it
//! is ready, and with the first digits of its release once another has taken its place. Networks and volumes are called
//! `PROJECT-ENVIRONMENT-NAME`; services find each other by their names, on a network that is called `PROJECT-ENVIRONMENT`. Labels
//! beginning with `dev.longshore.` say whose something is, and what it was made from, with digests in place of all values of
//! environment variables. What has not these labels is never changed or removed.
//!
//! | if | then |
//! |---|---|
//! | a new container is not ready in time, or ends | it is removed; the one before serves on, or is started again |
//! | the deployer is killed, or a response is lost | the next plan begins with putting right what is left |
//! | somebody else deploys the same environment | [`Cause::Locked`] names them; [`Deployment::wait_for_lock`] waits |
//! | nothing has changed | nothing is sent |
//!
//! Networks and volumes that are there are left as they are, whatever their specs say.

mod apply;
mod attempt;
mod completion;
mod deployment;
mod duration;
mod event;
mod failure;
mod label;
mod launch;
mod logs;
mod operations;
mod plan;
mod prepare;
mod project;
mod pull_policy;
mod ready;
mod run;
mod running;
mod start;
mod supervise;
mod sweep;
mod target;
mod teardown;

pub use attempt::Cleanup;
pub use completion::Completed;
pub use deployment::{Deployment, Plan, Teardown};
pub use event::{Event, ProjectEvent};
pub use failure::{Cause, Failure, Step};
pub use logs::{ProjectLogs, ServiceLine, ServiceLines};
pub use operations::ReplicaStatus;
pub use plan::{Change, FieldChange};
pub use project::{After, BuildFrom, Content, File, Order, Overlay, Project, SecretSource, Service};
pub use pull_policy::PullPolicy;
pub use ready::Ready;
pub use run::Run;
pub use running::Running;
pub use sweep::sweep;
pub use target::{Recovery, Target};
