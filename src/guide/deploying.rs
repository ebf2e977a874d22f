//! Deploying: from one container to an application in several environments, and to a swarm.
//!
//! The module [`deploy`](crate::deploy) builds on the crate's other calls. Use as much of it as you need:
//!
//! | to | use |
//! |---|---|
//! | run a command to its end, for its output and exit code | [`Run::to_completion`] |
//! | start a container and wait until it is ready; if it fails, remove it again | [`Run::start`] with [`Ready`] |
//! | deploy several containers that belong together | [`Project`] and [`Service`] |
//! | deploy them to dev, test and prod | [`Project::environment`] |
//! | see what would change, and then change it | [`Deployment::plan`], [`Plan::apply`](crate::deploy::Plan::apply) |
//! | go back to an earlier version | [`Deployment::rollback`] |
//! | restart containers that fail | restart policies, or [`Deployment::supervise`] |
//! | deploy to several machines | [`Deployment::on_swarm`] |
//!
//! # A job
//! ```no_run
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::Run;
//!
//! # async fn example(docker: longshore::Docker) -> Result<(), Box<dyn std::error::Error>> {
//! let spec = ContainerSpec::new("busybox").cmd(["sh", "-c", "echo $GREETING"]).env("GREETING", "hello");
//! let done = Run::new(spec).to_completion(&docker).await?;
//! println!("{} {}", done.stdout_text(), done.status);
//! # Ok(()) }
//! ```
//!
//! The run pulls the image if the engine does not have it, and removes the container at the end. An exit code other than 0 is not
//! an error. [`Run::deadline`] limits how long the job may take.
//!
//! # A service
//! A container counts as started before its program can serve requests. [`Ready`] is the condition to wait for: a log line, an
//! open port, an HTTP status, a health check, a command, or several of these.
//!
//! ```no_run
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::{PullPolicy, Ready, Run};
//! use std::time::Duration;
//!
//! # async fn example(docker: longshore::Docker) -> Result<(), Box<dyn std::error::Error>> {
//! let web = Run::new(ContainerSpec::new("nginx:1.27").publish(8080, 80))
//!     .name("web")
//!     .pull(PullPolicy::Always)
//!     .ready(Ready::all([Ready::http(80, "/"), Ready::running_for("2s")]))
//!     .deadline(Duration::from_secs(30)) // default: 60 seconds
//!     .start(&docker)
//!     .await?;
//! println!("{} is ready", web.id());
//! # Ok(()) }
//! ```
//!
//! If the container exits, runs out of memory or is not ready in time, the run removes everything that it created. The [`Failure`]
//! says what it waited for, and has the container's last log lines and failed health checks. With `keep_failed(true)`, everything
//! stays for debugging. A run that is dropped cleans up in the background, and [`Cleanup`](crate::deploy::Cleanup) waits for that.
//! [`sweep`](crate::deploy::sweep) removes what killed processes have left behind, except running services and volumes.
//!
//! # An application
//! A [`Project`] has services, networks and volumes. Services reach each other by their names in the project, unless their network
//! mode is `host`, `none`, `bridge` or another container's. With `after("db")`, a service starts once `db` is ready.
//!
//! ```no_run
//! use longshore::Docker;
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::{Failure, Project, Ready, SecretSource, Service};
//!
//! # async fn example(docker: Docker) -> Result<(), Failure> {
//! let db = Service::new(ContainerSpec::new("postgres:16").volume("db", "/var/lib/postgresql/data"))
//!     .secret("POSTGRES_PASSWORD", SecretSource::variable("SHOP_DB_PASSWORD"))
//!     .ready(Ready::exec(["pg_isready"]));
//! let web = Service::new(ContainerSpec::new("registry.example.com/shop:1.4").publish(8080, 80))
//!     .after("db")
//!     .before(ContainerSpec::new("registry.example.com/shop:1.4").cmd(["migrate"])) // once for each version
//!     .ready(Ready::http(80, "/health"));
//! let shop = Project::new("shop")
//!     .volume("db")
//!     .service("db", db)
//!     .service("web", web)
//!     .environment("dev", |shop| shop.service_mut("web").spec.config.env.set("MODE", "dev"))
//!     .environment("prod", |shop| shop.service_mut("web").keep = 3);
//!
//! let prod = shop.deployment("prod", &docker)?; // checks the project; nothing is sent
//! let plan = prod.plan().await?; // only reads
//! println!("{plan}");
//! plan.apply().await?; // the next plan will be empty
//! # Ok(()) }
//! ```
//!
//! A project is plain data: it can be read from JSON, or from any other serde format. A field that does not exist is an error. An
//! environment holds only its changes to the project.
//!
//! Environments share nothing: each has its own networks and volumes. A service can only use those that the project declares. Name
//! others, such as a proxy's network, with [`external`](Project::external). They must exist, and no deployment changes them.
//!
//! # Deploying a new version
//! Change the project and plan again. Only containers whose configuration differs are replaced. By default the new container
//! starts and becomes ready before the old one stops. If they would share a host port or a writable volume, the old one stops
//! first: see [`Order`](crate::deploy::Order). If the new container fails, the old one keeps running or is started again.
//!
//! The engine holds all state, in names and labels. There is no state file. If a deployer is killed, the next plan begins with
//! the recovery. Only one deployer can change an environment at a time. Another one fails with [`Cause::Locked`], or waits if
//! [`wait_for_lock`](Deployment::wait_for_lock) is set. A deployer that takes longer than its [`lease`](Deployment::lease) stops
//! with [`Cause::LeaseOver`].
//!
//! # Operating it
//! | to | call |
//! |---|---|
//! | see the state of each replica | [`Deployment::status`] |
//! | read all logs in one stream | [`Deployment::logs`] |
//! | run a command in a running container, or in a new one | [`Deployment::exec`], [`Deployment::run`] |
//! | change the number of containers until the next apply | [`Deployment::scale`] |
//! | restart a service, one container after the other | [`Deployment::restart`] |
//! | go back one version, or several | [`Deployment::rollback`], [`Deployment::rollback_to`] |
//! | observe each step; switch a proxy over | [`Deployment::observe`], [`Deployment::on_ready`] |
//! | remove all of it | [`Deployment::teardown`]; volumes stay, unless you set [`volumes`](crate::deploy::Teardown::volumes) |
//!
//! A rollback starts stopped containers of an earlier version. [`Service::keep`] sets how many versions are kept. Defaults to 1.
//! It concerns the services that the last deployment changed, and checks all of them before it changes anything. If an earlier
//! container does not become ready, the newer one is started again.
//!
//! Scaling replaces no container, even if the project has changed. New containers are created as the project says.
//!
//! # Restarting containers that fail
//! The engine's restart policies cover most cases: `spec.restart(RestartPolicy::unless_stopped())`. [`Deployment::supervise`]
//! covers the rest: it also restarts unhealthy containers. It creates a container again if it saw the container, and the container
//! was removed while no deployer was at work. It creates nothing that [runs once](Ready::exited). For each replica it makes up to
//! ten attempts in a row, with a pause that doubles. The observer receives the reason of each failed attempt. Run one supervisor per
//! environment. It runs until it is dropped, so spawn it:
//!
//! ```no_run
//! # async fn example(prod: longshore::deploy::Deployment) {
//! let supervisor = prod.observe(|event| println!("{event:?}"));
//! tokio::spawn(async move { supervisor.supervise().await });
//! # }
//! ```
//!
//! # On a swarm
//! [`Deployment::on_swarm`] deploys the same project to the swarm that the engine manages. The project's services, networks,
//! secrets and files become swarm services, overlay networks, secrets and configs. The swarm starts, replaces and restarts the
//! tasks, and rolls back a version that fails. A service that [runs once](Ready::exited) becomes a job. `apply` waits until each
//! service has converged. If one does not, the next plan contains it again, and runs a failed job again. [`Service::before`] runs
//! as a job too, with the secrets of its service, and may take until the lease is over. Values are literal, as on a single engine:
//! the swarm expands no template such as `{{.Node.Hostname}}` in them.
//!
//! ```no_run
//! # async fn example(shop: longshore::deploy::Project, docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
//! let prod = shop.deployment("prod", &docker)?.on_swarm()?; // fails if the project needs what a swarm lacks
//! let plan = prod.plan().await?;
//! println!("{plan}");
//! for note in plan.notes() {
//!     println!("note: {note}"); // what a swarm does differently
//! }
//! plan.apply().await?;
//! # Ok(()) }
//! ```
//!
//! [`rollback`](crate::deploy::SwarmDeployment::rollback) takes back the services that the last deployment has updated. A swarm
//! keeps one earlier specification of a service, which each change replaces. After a `scale`, `rollback` therefore fails: apply the
//! project of the earlier version instead.
//!
//! A swarm can run several replicas of a service with a fixed host port, and start a new one before the old one stops. A single
//! engine cannot: its [`plan`](Deployment::plan) refuses such a project.
//!
//! The nodes of a swarm pull images from a registry. A deployment sends the [credentials](super::credentials#swarms) of each
//! service that it creates or updates. A swarm cannot build images.
//!
//! # In CI
//! - [`Docker::from_env`](crate::Docker::from_env) selects the engine by `DOCKER_HOST` or a context, which may use SSH or TLS.
//! - To apply only what was reviewed, store the plan's changes in one job: a [`Plan`](crate::deploy::Plan) serializes to its
//!   [`changes`](crate::deploy::Plan::changes). In the next job, plan again, compare the changes, and apply. If the environment's
//!   containers, networks or volumes change between `plan` and `apply`, `apply` fails with [`Cause::Stale`]. Images that are pulled
//!   or removed meanwhile do not count.
//! - Read secrets from variables or files: [`SecretSource`](crate::deploy::SecretSource). No plan, label or event shows them.
//! - Let a second deployer wait for the first: [`wait_for_lock`](Deployment::wait_for_lock).
//! - To follow a tag that moves, set [`PullPolicy::Always`](crate::deploy::PullPolicy::Always). Better, deploy digests, which
//!   never move.
//! - Exit with an error if `apply` fails. The text of the [`Failure`] has the step, the cause and the last log lines.

#[allow(unused_imports, reason = "the links of this page")]
#[cfg(feature = "deploy")]
use crate::deploy::{Cause, Deployment, Failure, Project, Ready, Run, Service};
