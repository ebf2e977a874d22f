//! For users of docker-py, the Docker SDK for Python: the counterparts of its objects, methods and exceptions.
//!
//! # A first program
//! In Python:
//!
//! ```text
//! client = docker.from_env()
//! web = client.containers.run("nginx:1.27", detach=True, name="web", ports={"80/tcp": 8080})
//! print(web.exec_run(["nginx", "-v"]).output)
//! for line in web.logs(stream=True): print(line)
//! web.stop(timeout=5)
//! web.remove(v=True)
//! ```
//!
//! In Rust:
//!
//! ```no_run
//! use longshore::Docker;
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::Run;
//! use std::time::Duration;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let docker = Docker::from_env()?;
//! let web = Run::new(ContainerSpec::new("nginx:1.27").publish(8080, 80)).name("web").start(&docker).await?;
//! println!("{}", web.container().exec(["nginx", "-v"]).output().await?.stderr_text());
//! let mut lines = web.logs().follow(true).await?.lines();
//! while let Some(line) = lines.next().await {
//!     let line = line?;
//!     println!("{line}");
//!     if line.text.contains("start worker") {
//!         break; // nginx serves
//!     }
//! }
//! web.stop().timeout(Duration::from_secs(5)).await?;
//! web.remove().volumes(true).await?;
//! # Ok(()) }
//! ```
//!
//! # The client
//! | docker-py | longshore |
//! |---|---|
//! | `docker.from_env()` | [`Docker::from_env`]; it follows the CLI's contexts as well |
//! | `DockerClient(base_url="tcp://…")` | [`Docker::connect`] |
//! | `DockerClient(tls=TLSConfig(…))` | [`Builder::tls`](crate::Builder::tls) with a [`Tls`](crate::Tls), with the feature `tls` |
//! | `version="1.43"`, `version="auto"` | [`Builder::api_version`](crate::Builder::api_version); automatic if not set |
//! | `timeout=60` | [`Builder::limits`](crate::Builder::limits): see [`timeouts`](super::timeouts) |
//! | `use_ssh_client=True` | the default: longshore always uses the `ssh` program, which does not prompt on the terminal |
//! | `client.ping()`, `.version()`, `.info()`, `.df()` | [`Docker::ping`], [`Docker::version`], [`Docker::info`], [`Docker::disk_usage`] |
//! | `client.events()`, `client.login()` | [`Docker::events`], [`Docker::login`] |
//! | `client.close()` | drop the last clone |
//! | `client.api` (`APIClient`) | the typed calls, one for each API operation; for anything else [`Docker::raw`] |
//!
//! # Containers
//! | docker-py | longshore |
//! |---|---|
//! | `containers.run(image, command)` | [`Run::to_completion`](crate::deploy::Run::to_completion): output and exit code |
//! | `containers.run(…, detach=True)` | [`Run::start`](crate::deploy::Run::start) |
//! | `containers.create(…)`, `.list(all=True)`, `.prune()` | [`Containers::create`], [`Containers::list`], [`Containers::prune`] |
//! | `containers.get("web")` | [`Docker::container`] makes no request; [`Container::inspect`] does |
//! | `.name` | [`ContainerSummary::name`](crate::container::ContainerSummary::name), [`ContainerInspect::plain_name`](crate::container::ContainerInspect::plain_name) |
//! | `.attrs`, `.reload()`, `.status` | [`Container::inspect`]: a handle keeps no state |
//! | `.start()`, `.stop()`, `.restart()`, `.kill()`, `.pause()`, `.unpause()` | the methods of [`Container`] with these names |
//! | `.wait()` | [`Container::wait`]: an [`ExitStatus`](crate::container::ExitStatus) |
//! | `.logs()` | [`Container::logs`] with [`output`](crate::container::Logs::output), or its [stream](super::streams) |
//! | `.logs(stream=True)` | [`Container::logs`] with [`follow(true)`](crate::container::Logs::follow), which docker-py's `stream` implies |
//! | `.logs(since=…, until=…)` | [`since`](crate::container::Logs::since), [`until`](crate::container::Logs::until): a [`Timestamp`](crate::Timestamp), Unix seconds as text, or `"10m"` |
//! | `.exec_run(cmd)` | [`exec`](Container::exec) with [`output`](crate::exec::Create::output) |
//! | `.exec_run(cmd, stream=True)`, `socket=True` | [`Exec::start`](crate::exec::Exec::start) |
//! | `.exec_run(cmd, detach=True)` | [`Start::detached`](crate::exec::Start::detached) |
//! | `.exec_run(cmd, demux=True)` | the default: stdout and stderr are always separate |
//! | `.attach()`, `.attach_socket()`, `.resize()` | [`Container::attach`], [`Container::resize`] |
//! | `.put_archive(path, data)`, `.get_archive(path)` | [`Container::put_archive`], [`Container::get_archive`] |
//! | `.stats(stream=False)`, `.stats()` | [`Stats::once`](crate::container::Stats::once), [`Container::stats`] |
//! | `.top()`, `.diff()`, `.export()`, `.commit()` | [`Container::top`], [`Container::changes`], [`Container::export`], [`Container::commit`] |
//! | `.update()`, `.rename()`, `.remove(force=True)` | [`Container::update`], [`Container::rename`], [`Container::remove`] |
//! | `.ports` | [`Container::mapped_port`] |
//!
//! # Arguments of `run` and `create`
//! They are setters of [`ContainerSpec`](crate::container::ContainerSpec), mostly with the names of the CLI's flags.
//! [`docker_cli`](super::docker_cli) lists all of them.
//!
//! | docker-py | longshore |
//! |---|---|
//! | `ports={"80/tcp": 8080}` | `publish(8080, 80)` |
//! | `volumes={"data": {"bind": "/data", "mode": "ro"}}` | `mount("data:/data:ro")` |
//! | `environment={"K": "V"}` | `env("K", "V")`, `envs(map)` |
//! | `mem_limit="512m"`, `nano_cpus=…` | `memory("512m")`, `cpus(1.5)` |
//! | `restart_policy={"Name": "on-failure", "MaximumRetryCount": 5}` | `restart(RestartPolicy::on_failure(5))` |
//! | `command="echo hi"` | `cmd(["echo", "hi"])`: a string is never split into words |
//! | `remove=True`, `auto_remove=True` | [`Run::to_completion`](crate::deploy::Run::to_completion); `auto_remove(true)` |
//!
//! # Images, networks, volumes and swarms
//! | docker-py | longshore |
//! |---|---|
//! | `images.pull("nginx", tag="1.27")` | [`Images::pull`] of `"nginx:1.27"`; `latest` without a tag in both |
//! | `images.pull(…, all_tags=True)` | [`Pull::all_tags`](crate::image::Pull::all_tags) |
//! | `images.build(path="web", tag="web:1")` | `images().build("web").tag("web:1")`, with the feature `tar`: see [`Images::build`] |
//! | `images.build(fileobj=…, custom_context=True)` | [`BuildContext::tar`](crate::image::BuildContext::tar) |
//! | `images.get("web:1")`, `.list()`, `.prune()` | [`Image::inspect`] or [`Images::exists`], [`Images::list`], [`Images::prune`] |
//! | `images.push(…)`, `.load(…)`, `.search(…)` | [`Image::push`], [`Images::load`], [`Images::search`] |
//! | `images.get_registry_data(…)` | [`Image::distribution`] |
//! | `image.tag(…)`, `.save()`, `.history()` | [`Image::tag`], [`Image::save`], [`Image::history`] |
//! | `networks`, `volumes` | [`Docker::networks`] and [`Docker::network`], [`Docker::volumes`] and [`Docker::volume`] |
//! | `swarm`, `services`, `nodes` | [`Docker::swarm`], [`Docker::services`], [`Docker::nodes`] |
//! | `secrets`, `configs`, `plugins` | [`Docker::secrets`], [`Docker::configs`], [`Docker::plugins`] |
//!
//! # Exceptions
//! Calls return a `Result`. There is one error type, with predicates such as [`Error::is_not_found`]: see
//! [`errors`](super::errors).
//!
//! | docker-py | longshore |
//! |---|---|
//! | `NotFound`, `ImageNotFound` | [`Error::is_not_found`] |
//! | `APIError`, `.status_code`, `.explanation` | [`Error::status`], [`Error::message`] |
//! | `APIError.is_server_error()` | `error.status().is_some_and(\|status\| status >= 500)` |
//! | `ContainerError` (exit code not 0) | no error: [`ExitStatus::success`](crate::container::ExitStatus::success) |
//! | `BuildError`, `.build_log` | [`ErrorKind::Stream`]; the log is in [`Build::stream`](crate::image::Build::stream) |
//! | `InvalidVersion` | [`Error::is_version`] |
//! | `StreamParseError` | [`ErrorKind::Decode`] |
//! | `requests.ConnectionError`, `ReadTimeout` | [`Error::is_connect`], [`Error::is_timeout`] |
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("GET /containers/web/json", r#"404 {"message":"No such container: web"}"#),
//! #     ("GET /containers/web/checkpoints", r#"200 [{"Name":"first"}]"#),
//! # ]);
//! // try: web = client.containers.get("web")
//! // except docker.errors.NotFound: web = None
//! let web = match docker.container("web").inspect().await {
//!     Ok(web) => Some(web),
//!     Err(error) if error.is_not_found() => None,
//!     Err(error) => return Err(error),
//! };
//! assert!(web.is_none());
//!
//! // client.api._result(client.api._get(client.api._url("/containers/web/checkpoints")), json=True)
//! let checkpoints: serde_json::Value = docker.raw("GET", ["containers", "web", "checkpoints"]).await?.json().await?;
//! assert_eq!(checkpoints[0]["Name"], "first");
//! # Ok(()) }
//! ```
//!
//! # What differs
//! - Calls are async, and do nothing until they are awaited. They need a tokio runtime. In a program that is not
//!   async, enable the feature `blocking` and call `.wait()` in place of `.await`.
//! - Handles keep no state. docker-py caches an object's state in `attrs`. [`Container::inspect`] always asks the engine.
//! - The classic builder is the default for [`Images::build`], as in docker-py. [`Build::builder`](crate::image::Build::builder)
//!   selects BuildKit.
//! - Credentials of `config.json` and of helpers are used as in docker-py, but each call looks them up again.
//! - An error within a pull, push or build is an `Err`. In docker-py's low-level API it is a line of the stream.

#[allow(unused_imports, reason = "the links of this page")]
use crate::{
    Docker, Error, ErrorKind,
    container::{Container, Containers},
    image::{Image, Images},
};
