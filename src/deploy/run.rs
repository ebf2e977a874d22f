//! [`Run`]: a single container to deploy, and how.

use super::attempt::{CLEANUP_LIMIT, Cleanup};
use super::duration;
use super::event::{Event, Observer};
use super::file::File;
use super::pull_policy::PullPolicy;
use super::ready::Ready;
use crate::container::ContainerSpec;
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use crate::{Credentials, GoDuration, Platform};
use std::fmt::{self, Display};
use std::path::PathBuf;
use std::time::Duration;

/// Deploys a single container. [`start`](Run::start) deploys a service, [`to_completion`](Run::to_completion) runs a job.
///
/// If a step fails, the run removes everything that it created: the container, and networks and volumes that did not exist
/// before. A pulled image stays. [`keep_failed`](Run::keep_failed) keeps everything for debugging.
///
/// If the future is dropped before it completes, a separate thread does the same clean-up in the background. Something may be
/// left behind if the process ends meanwhile, or if the engine still processes a request then. Everything that is left carries
/// the label `dev.longshore.run`. [`sweep`](super::sweep()) removes it, except running services and volumes.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let docker = engine(&[
/// #     ("GET /images/busybox/json", r#"200 {"Id":"sha256:73aa"}"#),
/// #     ("POST /containers/create", r#"201 {"Id":"50f1","Warnings":[]}"#),
/// #     ("POST /containers/50f1/wait?condition=next-exit", r#"200 {"StatusCode":0}"#),
/// #     ("POST /containers/50f1/start", "204"),
/// #     ("GET /containers/50f1/logs?stdout=true&stderr=true&follow=true&timestamps=true",
/// #      "200 >2026-11-24T08:30:00.000000000Z Tue Nov 24 08:30:00 UTC 2026\n"),
/// #     ("GET /containers/50f1/logs?stdout=true&stderr=true&since=1795508999.999999000&timestamps=true",
/// #      "200 >2026-11-24T08:30:00.000000000Z Tue Nov 24 08:30:00 UTC 2026\n"),
/// #     ("GET /containers/50f1/json", r#"200 {"Id":"50f1","State":{"Status":"exited"}}"#),
/// #     ("DELETE /containers/50f1?force=true&v=true", "204"),
/// # ]);
/// use longshore::container::ContainerSpec;
/// use longshore::deploy::Run;
///
/// let date = Run::new(ContainerSpec::new("busybox").cmd(["date"])).to_completion(&docker).await?;
/// assert_eq!(date.output_text(), "Tue Nov 24 08:30:00 UTC 2026\n");
/// assert!(date.status.success());
/// # Ok(()) }
/// ```
#[must_use = "nothing is deployed until it is started"]
pub struct Run {
    pub(super) spec: ContainerSpec,
    pub(super) name: Option<String>,
    pub(super) platform: Option<Result<Platform, String>>,
    pub(super) pull: PullPolicy,
    pub(super) credentials: Option<Credentials>,
    pub(super) networks: Vec<NetworkSpec>,
    pub(super) volumes: Vec<VolumeSpec>,
    pub(super) files: Vec<File>,
    /// Paths in the container, and where their copies go.
    pub(super) collect: Vec<(String, PathBuf)>,
    pub(super) ready: Ready,
    pub(super) deadline: Option<Duration>,
    pub(super) keep_failed: bool,
    pub(super) remove_on_drop: bool,
    pub(super) cleanup_limit: Duration,
    pub(super) cleanup: Option<tokio::sync::mpsc::Sender<std::convert::Infallible>>,
    pub(super) observer: Observer,
}

impl Run {
    /// Deploys a container with this spec.
    pub fn new(spec: impl Into<ContainerSpec>) -> Self {
        Self {
            spec: spec.into(),
            name: None,
            platform: None,
            pull: PullPolicy::default(),
            credentials: None,
            networks: Vec::new(),
            volumes: Vec::new(),
            files: Vec::new(),
            collect: Vec::new(),
            ready: Ready::started(),
            deadline: None,
            keep_failed: false,
            remove_on_drop: false,
            cleanup_limit: CLEANUP_LIMIT,
            cleanup: None,
            observer: Observer::default(),
        }
    }

    /// Sets the container's name. Defaults to one that the engine generates.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the platform of the image, as `os[/arch[/variant]]`. Defaults to the engine's platform.
    ///
    /// [`PullPolicy::Missing`] pulls if the engine has no image for it. Until API 1.48, engines with the containerd image store
    /// tell only one platform of an image that they have for several. The run then pulls again for the others.
    ///
    /// An invalid platform makes the run fail when it starts, before any I/O.
    pub fn platform(mut self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        self.platform = Some(platform.try_into().map_err(|why| why.to_string()));
        self
    }

    /// Sets when the image is pulled. Defaults to [`PullPolicy::Missing`].
    pub fn pull(mut self, policy: PullPolicy) -> Self {
        self.pull = policy;
        self
    }

    /// Sets the [`Credentials`] of the image's registry. Defaults to those that the docker CLI would use.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials = Some(credentials.into());
        self
    }

    /// Creates this network first, unless a network of this name exists. Attach the container with [`ContainerSpec::network`].
    pub fn network(mut self, network: impl Into<NetworkSpec>) -> Self {
        self.networks.push(network.into());
        self
    }

    /// Creates this volume first, unless a volume of this name exists. Mount it with [`ContainerSpec::volume`].
    pub fn volume(mut self, volume: impl Into<VolumeSpec>) -> Self {
        self.volumes.push(volume.into());
        self
    }

    /// Copies a file into the container before it starts. Requires the feature `tar`.
    ///
    /// The run fails before any request if the file cannot be read, or if its path in the container is not absolute.
    ///
    /// ```
    /// use longshore::deploy::{File, Ready, Run};
    ///
    /// let web = Run::new("nginx:1.27")
    ///     .file(File::new("/etc/nginx/conf.d/health.conf", "location /health { return 204; }"))
    ///     .ready(Ready::http(80, "/health"));
    /// ```
    pub fn file(mut self, file: File) -> Self {
        self.files.push(file);
        self
    }

    /// Copies a file or folder out of a job's container before the container is removed, such as the results of a test. Requires the
    /// feature `tar`. Can be called several times.
    ///
    /// [`to_completion`](Run::to_completion) makes the copies when the job has exited, or was stopped at its
    /// [deadline](Run::deadline). `local` is as for `Container::copy_from`. If a path cannot be copied, a successful job
    /// fails at [`Step::Collect`](super::Step::Collect). After any other job, an observer receives [`Event::NotCollected`].
    ///
    /// ```no_run
    /// use longshore::container::ContainerSpec;
    /// use longshore::deploy::Run;
    ///
    /// # async fn example(docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
    /// let tests = ContainerSpec::new("shop:test").cmd(["make", "report"]);
    /// let done = Run::new(tests).collect("/shop/report", "report").to_completion(&docker).await?;
    /// println!("{}: see the folder `report`", done.status);
    /// # Ok(()) }
    /// ```
    pub fn collect(mut self, path: impl Into<String>, local: impl Into<PathBuf>) -> Self {
        self.collect.push((path.into(), local.into()));
        self
    }

    /// Sets when a service counts as deployed. Defaults to [`Ready::started`].
    pub fn ready(mut self, ready: Ready) -> Self {
        self.ready = ready;
        self
    }

    /// Sets how long a service may take from its start until it is ready, or a job until it exits. Defaults to 60 seconds for a
    /// service. A job has no limit by default.
    ///
    /// A job that takes longer is stopped, as [`Container::stop`](crate::container::Container::stop) does, and removed. It fails
    /// with [`Cause::TimedOut`](super::Cause::TimedOut).
    pub fn deadline(mut self, deadline: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.spec.invalid.extend(duration::set(self.deadline.get_or_insert_default(), deadline));
        self
    }

    /// Keeps what the run created if a step fails. Defaults to `false`.
    pub fn keep_failed(mut self, keep: bool) -> Self {
        self.keep_failed = keep;
        self
    }

    /// Removes the service when its [`Running`](super::Running) is dropped, with the networks and volumes that this run created.
    ///
    /// A network that other runs use stays. The last of them removes it.
    ///
    /// Defaults to `false`: the service keeps running. It is meant for tests, which leave nothing behind even if they panic.
    ///
    /// ```no_run
    /// use longshore::deploy::{Ready, Run};
    ///
    /// # async fn example(docker: longshore::Docker) -> Result<(), Box<dyn std::error::Error>> {
    /// let db = Run::new("postgres:16").ready(Ready::tcp(5432)).remove_on_drop(true).start(&docker).await?;
    /// // … the test …
    /// db.remove_all().await?; // optional: waits for the removal
    /// # Ok(()) }
    /// ```
    ///
    /// The drop does not wait. A thread with a runtime of its own removes the service, so this works after a panic and when the
    /// caller's runtime ends. If the process ends at once, the removal may not be complete. To be sure, await
    /// [`Running::remove_all`](super::Running::remove_all) or [`Cleanup::finished`]. [`sweep`](super::sweep()) removes what a
    /// killed process has left behind.
    pub fn remove_on_drop(mut self, remove: bool) -> Self {
        self.remove_on_drop = remove;
        self
    }

    /// Sets how long the clean-up may take, such as `"10s"` or a [`Duration`]: the removal of what the run created. Defaults to 30
    /// seconds.
    ///
    /// It also limits each request that collects evidence of the failure, which never takes longer than 10 seconds.
    pub fn cleanup_limit(mut self, limit: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.spec.invalid.extend(duration::set(&mut self.cleanup_limit, limit));
        self
    }

    /// Lets [`Cleanup::finished`] wait for the clean-up if the future is dropped, or if a service is [removed on
    /// drop](Self::remove_on_drop).
    pub fn cleanup(mut self, cleanup: &Cleanup) -> Self {
        self.cleanup = Some(cleanup.sender());
        self
    }

    /// Calls the observer at each step, as it happens. The observer runs between two steps and must not block.
    pub fn observe(mut self, observer: impl FnMut(&Event) + Send + 'static) -> Self {
        self.observer = Observer::new(observer);
        self
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("spec", &self.spec)
            .field("name", &self.name)
            .field("pull", &self.pull)
            .field("ready", &self.ready)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
