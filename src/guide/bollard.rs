//! For users of the Rust client bollard: the call for each of its methods, and what differs.
//!
//! The tables list the methods of bollard 0.21 and of its development version of August 2026.
//!
//! ```no_run
//! use longshore::Docker;
//! use longshore::container::ContainerSpec;
//!
//! # async fn example() -> longshore::Result<()> {
//! let docker = Docker::from_env()?; // connect_with_defaults
//! docker.images().pull("nginx:1.27").await?; // create_image, collected
//! let spec = ContainerSpec::new("nginx:1.27").publish(8080, 80); // ContainerCreateBody, HostConfig, PortMap
//! let web = docker.containers().create(spec).name("web").await?; // create_container
//! web.start().await?; // start_container("web", None::<StartContainerOptions>)
//! let mut logs = web.logs().follow(true).await?; // logs("web", Some(LogsOptions { … }))
//! while let Some(chunk) = logs.next().await {
//!     print!("{}", chunk?);
//! }
//! # Ok(()) }
//! ```
//!
//! # Connecting
//! | bollard | longshore |
//! |---|---|
//! | `connect_with_defaults`, `connect_with_current_context` | [`Docker::from_env`] |
//! | `connect_with_local_defaults`, `connect_with_socket_defaults`, `connect_with_unix_defaults` | [`Docker::connect`] with `unix:///var/run/docker.sock` |
//! | `connect_with_local`, `connect_with_socket`, `connect_with_unix`, `connect_with_host` | [`Docker::connect`] |
//! | `connect_with_http` | [`Docker::connect`] with `tcp://…`; `http://` is refused |
//! | `connect_with_ssl` | [`Builder::host`] and [`Builder::tls`], with the feature `tls` |
//! | `connect_with_ssl_defaults` | [`Docker::from_env`], which reads `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` |
//! | `connect_with_ssh` | [`Docker::connect`] with `ssh://user@host`; [`Builder::ssh_program`] |
//! | `connect_with_context` | [`Docker::context`] |
//! | `connect_with_podman_defaults` | [`Docker::from_env`], or [`Docker::connect`] with Podman's socket |
//! | `connect_with_named_pipe` | not built in: open the pipe in a [`Connect`] |
//! | `connect_with_custom_transport`, `connect_with_mock` | [`Builder::connector`]: any socket that tokio can read and write; see [`testing`](super::testing) |
//! | `with_timeout`, `set_timeout` | [`Builder::limits`]; a call's own `limits` |
//! | `negotiate_version`, `client_version` | automatic; [`Docker::api_version`] |
//! | `with_request_modifier` | for headers [`Builder::header`], `DOCKER_CUSTOM_HEADERS`; not offered for anything else: use [`Builder::connector`] |
//!
//! # Containers
//! Each method of bollard takes a name and options. Here, [`Docker::container`] names the container, and the options are setters.
//!
//! | bollard | longshore |
//! |---|---|
//! | `create_container`, `list_containers`, `prune_containers` | [`Containers::create`], [`Containers::list`], [`Containers::prune`] |
//! | `start_container`, `stop_container`, `restart_container` | [`Container::start`], [`Container::stop`], [`Container::restart`] |
//! | `kill_container`, `pause_container`, `unpause_container` | [`Container::kill`], [`Container::pause`], [`Container::unpause`] |
//! | `wait_container` | [`Container::wait`]: one value, not a stream |
//! | `inspect_container`, `top_processes`, `container_changes` | [`Container::inspect`], [`Container::top`], [`Container::changes`] |
//! | `logs`, `stats` | [`Container::logs`], [`Container::stats`]; a single sample: [`Stats::once`](container::Stats::once) |
//! | `attach_container`, `resize_container_tty` | [`Container::attach`], [`Container::resize`] |
#![cfg_attr(feature = "websocket", doc = "| `attach_container_websocket` | [`Container::attach_websocket`] |")]
#![cfg_attr(
    not(feature = "websocket"),
    doc = "| `attach_container_websocket` | `Container::attach_websocket`, with the feature `websocket` |"
)]
//! | `create_exec`, `start_exec` | [`Container::exec`], [`Exec::start`]; both in one call, with the exit code: [`exec::Create::output`] |
//! | `inspect_exec`, `resize_exec` | [`Exec::inspect`], [`Exec::resize`]; [`Exec::wait`] gives the exit code |
//! | `upload_to_container`, `upload_to_container_streaming` | [`Container::put_archive`] with an [`Upload`] |
//! | `download_from_container`, `get_container_archive_info` | [`Container::get_archive`], [`Container::stat_path`] |
//! | `export_container`, `commit_container` | [`Container::export`], [`Container::commit`] |
//! | `update_container`, `rename_container`, `remove_container` | [`Container::update`], [`Container::rename`], [`Container::remove`] |
//! | `create_checkpoint`, `list_checkpoints`, `delete_checkpoint` | not typed: [`Docker::raw`] |
//!
//! # Images
//! | bollard | longshore |
//! |---|---|
//! | `create_image` with `from_image` | [`Images::pull`]; with progress: [`Pull::stream`](image::Pull::stream) |
//! | `create_image` with `from_src` | [`Images::import`], [`Images::import_url`] |
//! | `push_image`, `tag_image`, `remove_image` | [`Image::push`], [`Image::tag`], [`Image::remove`] |
//! | `build_image`, `build_image_with_session_providers` | [`Images::build`]; BuildKit's sessions with the feature `buildkit` |
//! | `prune_build`, `prune_images` | [`Images::prune_build_cache`], [`Images::prune`] |
//! | `inspect_image`, `image_history`, `list_images`, `search_images` | [`Image::inspect`], [`Image::history`], [`Images::list`], [`Images::search`] |
//! | `inspect_registry_image` | [`Image::distribution`] |
//! | `export_image`, `export_images` | [`Image::save`], [`Images::save`] |
//! | `import_image`, `import_image_stream` | [`Images::load`] |
//!
//! # Networks, volumes, swarms and the engine
//! | bollard | longshore |
//! |---|---|
//! | `ping`, `ping_info`, `version`, `info`, `df` | [`Docker::ping`], [`Docker::version`], [`Docker::info`], [`Docker::disk_usage`] |
//! | `events` | [`Docker::events`], also [reconnecting](crate::system::Events::reconnecting) |
//! | `create_network`, `list_networks`, `prune_networks` | [`Networks::create`], [`Networks::list`], [`Networks::prune`] |
//! | `connect_network`, `disconnect_network`, `inspect_network`, `remove_network` | [`Network::connect`], [`Network::disconnect`], [`Network::inspect`], [`Network::remove`] |
//! | `create_volume`, `list_volumes`, `prune_volumes` | [`Volumes::create`], [`Volumes::list`], [`Volumes::prune`] |
//! | `inspect_volume`, `remove_volume` | [`Volume::inspect`], [`Volume::remove`] |
//! | `init_swarm`, `join_swarm`, `leave_swarm`, `inspect_swarm`, `update_swarm` | the methods of [`Swarm`], without `_swarm` |
//! | `create_service`, `list_services` | [`Services::create`], [`Services::list`] |
//! | `inspect_service`, `update_service`, `delete_service`, `service_logs` | [`Service::inspect`], [`Service::update`], [`Service::remove`], [`Service::logs`] |
//! | `list_tasks`, `inspect_task`, `task_logs` | [`Docker::tasks`], [`Docker::task`] |
//! | `list_nodes`, `inspect_node`, `update_node`, `delete_node` | [`Docker::nodes`], [`Docker::node`] |
//! | `…_secret`, `…_config`, `…_plugin` | [`Docker::secrets`], [`Docker::configs`], [`Docker::plugins`]; for one object [`Docker::secret`], [`Docker::config`], [`Docker::plugin`] |
//!
//! # What differs
//! - **Options.** There are no options structs and no `None::<T>`. A call has setters, and sends only the parameters that you
//!   set.
//! - **Specs.** Ports, environment and mounts have setters: `publish(8080, 80)`, `env("K", "V")`, `mount("data:/data")`. The
//!   specs themselves are plain structs with the API's fields.
//! - **Futures.** A call does nothing until it is awaited, and borrows nothing. To spawn it, pass `call.into_future()`.
//! - **Streams.** They have an inherent `next()`, and also implement [`Stream`](crate::Stream) for combinators. Awaiting a pull
//!   waits for its end. You need a stream only to show its progress.
//! - **`LogOutput`.** A [`Chunk`](crate::stream::Chunk) has its [`Source`](crate::stream::Source) and its bytes. No source is
//!   stdin. A terminal's output is recognized by the response's type, not by its first byte.
//! - **Exit codes.** [`Container::wait`] returns an [`ExitStatus`](container::ExitStatus) for any exit code. In bollard, a code
//!   other than 0 is the error `DockerContainerWaitError`.
//! - **Errors.** There is one [`Error`] type with predicates instead of an enum: see [`errors`](super::errors).
//!
//! | bollard's variant | longshore |
//! |---|---|
//! | `DockerResponseServerError { status_code: 404, .. }` | [`Error::is_not_found`] |
//! | `DockerResponseServerError { status_code, message }` | [`Error::status`], [`Error::message`] |
//! | `DockerStreamError` | [`ErrorKind::Stream`] |
//! | `RequestTimeoutError` | [`Error::is_timeout`] |
//! | `HyperLegacyError`, `SocketNotFoundError` | [`Error::is_connect`] |
//! | `JsonDataError`, `JsonSerdeError` | [`ErrorKind::Decode`] |
//!
//! - **Timeouts.** bollard has one, for the head of the response. longshore has four, which you set for a client or a call. Waits
//!   and followed logs have only the one for connecting: see [`timeouts`](super::timeouts).
//! - **Connections** are kept and reused on every transport, unix sockets included. A client works in several tokio runtimes, and
//!   has connections of its own in each.
//! - **Versions.** The API version is negotiated at the first call. A parameter that the engine lacks is an error: see
//!   [`versions`](super::versions).
//! - **Credentials** are looked up where the docker CLI stores them. You need no `DockerCredentials`: see
//!   [`credentials`](super::credentials).
//! - **A name without a tag** pulls `latest`. With bollard's `create_image`, as with the API itself, it pulls all tags.
//! - **Unknown values.** Enums have a variant `Unknown(String)`. A list still succeeds if a container has a state that is new.
//! - **Models.** Fields are not `Option` where empty and missing mean the same. Times are [`Timestamp`](crate::Timestamp), in
//!   every build.
//! - **A `buildkitd` without an engine.** bollard can build with it. longshore cannot.

#[allow(unused_imports, reason = "the links of this page")]
use crate::{
    Builder, Connect, Docker, Error, ErrorKind, Upload,
    container::{self, Container, Containers},
    exec::{self, Exec},
    image::{self, Image, Images},
    network::{Network, Networks},
    service::{Service, Services},
    swarm::Swarm,
    volume::{Volume, Volumes},
};
