//! Containers: [`Docker::containers`] creates, lists and prunes them, [`Docker::container`] does everything else with
//! one.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /containers/create?name=web {"Image":"nginx:1.27","ExposedPorts":{"80/tcp":{}},"Env":["MODE=prod"],
//! #         "HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8080"}]},"Memory":536870912}}"#,
//! #      r#"201 {"Id":"e90e34656806","Warnings":[]}"#),
//! #     ("POST /containers/e90e34656806/start", "204"),
//! #     ("GET /containers/e90e34656806/json", r#"200 {"Id":"e90e34656806","State":{"Status":"running","Pid":4711}}"#),
//! #     ("GET /containers/e90e34656806/logs?stdout=true&stderr=true&tail=10", "200 >ready\n"),
//! #     ("POST /containers/e90e34656806/stop?t=5", "204"),
//! #     ("POST /containers/e90e34656806/wait", r#"200 {"StatusCode":0}"#),
//! #     ("DELETE /containers/e90e34656806?v=true", "204"),
//! # ]);
//! use longshore::container::{ContainerSpec, ContainerStatus, MIB};
//! use std::time::Duration;
//!
//! let spec = ContainerSpec::new("nginx:1.27").publish(8080, 80).env("MODE", "prod").memory(512 * MIB);
//! let web = docker.containers().create(spec).name("web").await?;
//! web.start().await?;
//! assert_eq!(web.inspect().await?.state.status, ContainerStatus::Running);
//!
//! let mut logs = web.logs().tail(10).await?;
//! while let Some(chunk) = logs.next().await {
//!     assert_eq!(chunk?.to_string(), "ready\n");
//! }
//!
//! web.stop().timeout(Duration::from_secs(5)).await?;
//! assert!(web.wait().await?.success());
//! web.remove().volumes(true).await?;
//! # Ok(()) }
//! ```

mod archive;
#[cfg(feature = "tar")]
mod archive_reader;
mod attach;
#[cfg(feature = "websocket")]
mod attach_websocket;
mod changes;
#[cfg(feature = "tar")]
mod copy_from;
#[cfg(feature = "tar")]
mod copy_to;
mod create;
mod export;
#[cfg(feature = "tar")]
mod files;
mod framing;
mod get_archive;
mod inspect;
mod kill;
mod list;
mod log_output;
mod logs;
mod logs_request;
mod mapped_port;
mod name;
mod pause;
mod prune;
mod put_archive;
#[cfg(feature = "tar")]
mod read_file;
mod remove;
mod rename;
mod resize;
mod response;
mod restart;
mod signal;
mod spec;
mod start;
mod stat_path;
mod stats;
mod stop;
mod timeout;
mod top;
#[cfg(feature = "tar")]
mod unpack;
mod unpause;
mod update;
mod wait;

pub use attach::Attach;
#[cfg(feature = "websocket")]
pub use attach_websocket::AttachWebsocket;
pub use changes::Changes;
#[cfg(feature = "tar")]
pub use copy_from::CopyFrom;
#[cfg(feature = "tar")]
pub use copy_to::CopyTo;
pub use create::Create;
pub use export::Export;
pub(crate) use framing::OutputRequest;
pub use get_archive::{Archive, GetArchive};
pub use inspect::Inspect;
pub use kill::Kill;
pub use list::List;
pub use log_output::LogOutput;
pub(crate) use log_output::collected;
pub use logs::Logs;
pub(crate) use logs_request::{LogsRequest, opened};
pub use mapped_port::MappedPort;
pub use pause::Pause;
pub use prune::{Prune, PruneReport};
pub use put_archive::PutArchive;
#[cfg(feature = "tar")]
pub use read_file::ReadFile;
pub use remove::Remove;
pub use rename::Rename;
pub use resize::Resize;
pub use response::{
    Address, BlkioEntry, BlkioStats, ChangeKind, ContainerInspect, ContainerState, ContainerStats, ContainerStatus,
    ContainerSummary, CpuStats, CpuUsage, DriverData, FilesystemChange, Health, HealthStatus, HealthSummary,
    HealthcheckResult, MemoryStats, MountPoint, NetworkSettings, NetworkStats, PathStat, PidsStats, PortSummary,
    Processes, RootFsStorage, Snapshot, StatsSummary, Storage, StorageStats, SummaryHostConfig, SummaryNetworkSettings,
    ThrottlingData,
};
pub use restart::Restart;
pub use signal::Signal;
#[cfg(feature = "deploy")]
pub(crate) use spec::check_name;
pub(crate) use spec::from_process;
pub use spec::{
    BindOptions, ByteSize, CgroupnsMode, ContainerConfig, ContainerSpec, Cpus, Device, DeviceMapping, DeviceRequest,
    Env, GIB, Gpus, Healthcheck, HostConfig, ImageOptions, Isolation, KIB, LogConfig, MIB, Mount, MountOrBind,
    MountType, NetworkingConfig, ParseByteSizeError, ParseCpusError, ParseMountError, ParseOptionError, ParsePortError,
    Port, PortBinding, PortMap, PortRange, Propagation, Protocol, RestartMode, RestartPolicy, ThrottleDevice,
    TmpfsOptions, Ulimit, UpdateSpec, VolumeDriver, VolumeOptions, WeightDevice,
};
pub use start::Start;
pub use stat_path::StatPath;
pub use stats::{Stats, StatsOnce, StatsStream};
pub use stop::Stop;
pub use top::Top;
pub use unpause::Unpause;
pub use update::{Update, UpdateResult};
pub use wait::{ExitStatus, PendingExit, Wait, WaitCondition};

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle that lists, creates and prunes containers. Sends no request.
    #[must_use]
    pub fn containers(&self) -> Containers {
        Containers { client: self.client().clone() }
    }

    /// Returns a handle to one container, by its name, its ID or the beginning of its ID. Sends no request: the first
    /// call fails if the container does not exist.
    #[must_use]
    pub fn container(&self, name_or_id: impl Into<String>) -> Container {
        Container { client: self.client().clone(), id: name::plain(name_or_id.into()), warnings: Vec::new() }
    }
}

/// The engine's containers: [`list`](Self::list), [`create`](Self::create) and [`prune`](Self::prune).
#[derive(Clone, Debug)]
pub struct Containers {
    client: Arc<Client>,
}

/// A handle to one container. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Container {
    client: Arc<Client>,
    id: String,
    warnings: Vec<String>,
}

impl Container {
    /// Returns the ID of a newly created container, or else the name or ID given to [`Docker::container`].
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the engine's warnings from creating the container. Empty if it was created elsewhere.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.client
    }

    fn get(&self, path: &'static str) -> Request {
        self.client.request(Method::GET, path, &[&self.id])
    }

    pub(crate) fn post(&self, path: &'static str) -> Request {
        self.client.request(Method::POST, path, &[&self.id])
    }

    fn delete(&self) -> Request {
        self.client.request(Method::DELETE, "/containers/{id}", &[&self.id])
    }
}
