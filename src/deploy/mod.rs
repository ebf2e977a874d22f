//! Deploys containers and whole applications: plan and apply, health gates, rollbacks, supervision.
//!
//! A [`Project`] describes an application: its services, networks, volumes and environments. Its [`Deployment`] to an engine
//! compares the project with what exists, and changes only what differs:
//!
//! ```no_run
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::{Project, Ready, Service};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let docker = longshore::Docker::from_env()?;
//!     let web = Service::new(ContainerSpec::new("nginx:1.27").publish(8080, 80)).ready(Ready::http(80, "/"));
//!     let prod = Project::new("shop").service("web", web).deployment("prod", &docker)?;
//!     let plan = prod.plan().await?; // only reads
//!     println!("{plan}"); // + web-1
//!     plan.apply().await?;
//!     Ok(())
//! }
//! ```
//!
//! All calls to the engine are those of the crate's public API, so you can build other kinds of deployment in the same way.
//!
//! # Single containers
//! A [`Run`] deploys a single container, without a project. It pulls the image, creates and starts the container, and waits
//! until it is ready. If a step fails, it removes everything that it created.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let docker = engine(&[
//! #     ("GET /images/nginx:1.27/json", r#"200 {"Id":"sha256:a9dc"}"#),
//! #     ("POST /containers/create?name=web", r#"201 {"Id":"e90e","Warnings":[]}"#),
//! #     ("POST /containers/e90e/wait?condition=next-exit", "200 …"),
//! #     ("POST /containers/e90e/start", "204"),
//! #     ("GET /containers/e90e/json", r#"200 {"Id":"e90e","State":{"Status":"running"}}"#),
//! #     (r#"GET /events?filters={"container":{"e90e":true},"event":{"oom":true}}"#, "200 …"),
//! #     ("GET /containers/e90e/logs?stdout=true&stderr=true&follow=true", "200 >start worker processes\n"),
//! #     ("POST /containers/e90e/stop", "204"),
//! #     ("DELETE /containers/e90e?v=true", "204"),
//! # ]);
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::{Ready, Run};
//! use std::time::Duration;
//!
//! let web = Run::new(ContainerSpec::new("nginx:1.27").publish(8080, 80))
//!     .name("web")
//!     .ready(Ready::log_line("start worker processes"))
//!     .deadline(Duration::from_secs(60))
//!     .start(&docker)
//!     .await?;
//! web.stop().await?;
//! web.remove().await?;
//! # Ok(()) }
//! ```
//!
//! [`Run::to_completion`] runs a job instead: it returns the output and the exit code, and removes the container.
//!
//! # How a project is deployed
//! [`Project::deployment`] validates a project in one of its environments. [`Deployment::plan`] reads what exists and shows what
//! would change. [`Plan::apply`] makes the changes.
//!
//! The engine holds all state:
//! - A container is called `PROJECT-ENVIRONMENT-SERVICE-REPLICA`. The suffix `.next` is added until it is ready. Once another one
//!   has replaced it, the suffix is the end of its release ID.
//! - Networks and volumes are called `PROJECT-ENVIRONMENT-NAME`. Services find each other by their names, on a network called
//!   `PROJECT-ENVIRONMENT`. A name stands for all running containers of a service, also for a
//!   [new one that is not ready yet](Order::StartFirst). All services are on it, except those whose network mode is `host`, `none`,
//!   `bridge` or another container's. [External](Project::external) networks and volumes keep their names.
//! - Labels with the prefix `dev.longshore.` tell which project and environment an object belongs to, and from which
//!   configuration it was created. They contain digests in place of all values of environment variables.
//!
//! Objects without these labels are never changed or removed. Existing networks and volumes stay as they are, even if their specs
//! in the project change.
//!
//! | if | then |
//! |---|---|
//! | a new container exits, runs out of memory, or is not ready in time | it is removed; the previous one keeps running, or is started again |
//! | a rollback's container exits, runs out of memory, or is not ready in time | it is stopped; the one that it replaced is started again |
//! | a service with [what only one container can have](Order::Auto) has several replicas or starts first | [`Step::Check`] fails; a swarm can deploy it |
//! | a new container needs a port or volume of a replica that the project no longer has | that replica is stopped first, and started again if the new one fails and nothing else needs the same |
//! | a container is no longer on one of the project's networks, or a network was created anew | a new one of the same version replaces it |
//! | somebody has paused a container | [`Plan::apply`] resumes it; [`Deployment::supervise`] leaves it paused |
//! | a service that another one depends on is no longer ready | the other one is not changed |
//! | the deployer is killed, or a response is lost | the next plan begins with the recovery |
//! | another deployer works on the same environment | [`Cause::Locked`] names it; [`Deployment::wait_for_lock`] waits |
//! | nothing has changed | only reads are sent, unless a killed deployer has left its lock |
//!
//! # On a swarm
//! [`Deployment::on_swarm`] deploys the same project to the swarm that the engine manages, with the same steps. The swarm itself
//! starts, replaces, rolls back and restarts the tasks. [`SwarmPlan::apply`] waits for it, and tells why a service has failed.
//! [`SwarmPlan::notes`] lists what a swarm does differently.

mod apply;
mod attempt;
mod completion;
mod cursor;
mod deployment;
mod duration;
mod event;
mod failure;
mod file;
mod label;
mod logs;
mod networks;
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
mod swarm;
mod sweep;
mod target;
mod teardown;
mod wait_for;

pub use attempt::{Cleanup, Finished};
pub use completion::Completed;
pub use deployment::{Deployment, Plan};
pub use event::{Event, ProjectEvent};
pub use failure::{Cause, Failure, Step};
pub use file::{Content, File};
pub use logs::{ProjectLogs, ServiceLine, ServiceLines};
pub use operations::ReplicaStatus;
pub use plan::{Change, FieldChange};
pub use project::{After, BuildFrom, Order, Overlay, Project, SecretSource, Service};
pub use pull_policy::PullPolicy;
pub use ready::Ready;
pub use run::Run;
pub use running::Running;
pub use swarm::{SwarmChange, SwarmDeployment, SwarmLogs, SwarmPlan, SwarmServiceStatus, SwarmTeardown};
pub use sweep::sweep;
pub use target::{Recovery, Target};
pub use teardown::Teardown;
