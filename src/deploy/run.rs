//! [`Run`]: what is to be deployed, and how.

use super::attempt::{CLEANUP_LIMIT, Cleanup};
use super::event::{Event, Observer};
use super::failure::Cause;
use super::pull_policy::PullPolicy;
use super::ready::Ready;
use crate::container::ContainerSpec;
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use crate::{Credentials, Platform};
use std::fmt::{self, Display};
use std::time::Duration;

/// Deploys one container: [`start`](Run::start) for a service, [`to_completion`](Run::to_completion) for a job.
///
/// If a step fails, whatever this run made is removed again: the container, and the networks and volumes that were not there
/// before. A pulled image stays. [`keep_failed`](Run::keep_failed) leaves all of it in place, to be looked at.
///
/// If the future is dropped before it is done, the same is done in the background, on the tokio runtime that it was dropped
/// on. Where there is none, or it is shut down, or the engine is still at work on a request that was sent, something may be
/// left: it has the label `dev.longshore.run`, and nothing else has.
#[must_use = "nothing is deployed until it is started"]
pub struct Run {
    pub(super) spec: ContainerSpec,
    pub(super) name: Option<String>,
    pub(super) platform: Option<Result<Platform, String>>,
    pub(super) pull: PullPolicy,
    pub(super) credentials: Option<Credentials>,
    pub(super) networks: Vec<NetworkSpec>,
    pub(super) volumes: Vec<VolumeSpec>,
    pub(super) ready: Ready,
    pub(super) deadline: Duration,
    pub(super) keep_failed: bool,
    pub(super) cleanup_limit: Duration,
    pub(super) cleanup: Option<tokio::sync::mpsc::Sender<std::convert::Infallible>>,
    pub(super) observer: Observer,
}

impl Run {
    /// Deploys a container that is made so.
    pub fn new(spec: impl Into<ContainerSpec>) -> Self {
        Self {
            spec: spec.into(),
            name: None,
            platform: None,
            pull: PullPolicy::default(),
            credentials: None,
            networks: Vec::new(),
            volumes: Vec::new(),
            ready: Ready::started(),
            deadline: Duration::from_secs(60),
            keep_failed: false,
            cleanup_limit: CLEANUP_LIMIT,
            cleanup: None,
            observer: Observer::default(),
        }
    }

    /// The container's name; the engine makes one up if not set.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Which platform's image to take, as `os[/arch[/variant]]`; the engine's own if not set.
    ///
    /// What is no platform is an error when the run starts, before any I/O.
    pub fn platform(mut self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        self.platform = Some(platform.try_into().map_err(|why| why.to_string()));
        self
    }

    /// When to pull the image; if the engine does not have it, if not set.
    pub fn pull(mut self, policy: PullPolicy) -> Self {
        self.pull = policy;
        self
    }

    /// Who pulls the image; whom the docker CLI would take, if not set: see [`Credentials`].
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials = Some(credentials.into());
        self
    }

    /// Makes this network first, if there is none of its name. [`ContainerSpec::network`] attaches the container to it.
    pub fn network(mut self, network: impl Into<NetworkSpec>) -> Self {
        self.networks.push(network.into());
        self
    }

    /// Makes this volume first, if there is none of its name. [`ContainerSpec::volume`] mounts it.
    pub fn volume(mut self, volume: impl Into<VolumeSpec>) -> Self {
        self.volumes.push(volume.into());
        self
    }

    /// When a service counts as deployed; once it is started, if not set.
    pub fn ready(mut self, ready: Ready) -> Self {
        self.ready = ready;
        self
    }

    /// How long a service may take from its start until it is ready; 60 s if not set.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Leaves in place what was made if a step fails.
    pub fn keep_failed(mut self, keep: bool) -> Self {
        self.keep_failed = keep;
        self
    }

    /// Sets how long it may take to look at what failed, and then to remove what was made: an engine that hangs is waited for no
    /// longer. Defaults to 30 s.
    pub fn cleanup_limit(mut self, limit: Duration) -> Self {
        self.cleanup_limit = limit;
        self
    }

    /// Lets this wait for the clean-up, should the future be dropped.
    pub fn cleanup(mut self, cleanup: &Cleanup) -> Self {
        self.cleanup = Some(cleanup.sender());
        self
    }

    /// Is told of each step as it happens. It is called between two steps and must not block.
    pub fn observe(mut self, observer: impl FnMut(&Event) + Send + 'static) -> Self {
        self.observer = Observer::new(observer);
        self
    }
}

impl Run {
    pub(super) fn checked_platform(&self) -> Result<Option<&Platform>, Cause> {
        let platform = self.platform.as_ref().map(|platform| platform.as_ref());
        platform.transpose().map_err(|why| Cause::Refused(why.clone()))
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
