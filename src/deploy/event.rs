//! The events that observers receive.

use super::failure::Failure;
use super::target::{Recovery, Target};
use crate::Error;
use crate::container::ExitStatus;
use crate::image::PullResult;
use crate::service::Convergence;
use crate::stream::{Chunk, Progress};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A step of a deployment, reported as it happens. A clone shares its error, if it has one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The image with this full name is being pulled.
    Pulling(String),
    /// Progress of the pull.
    PullProgress(Box<Progress>),
    /// The image was pulled.
    Pulled(PullResult),
    /// The engine already has the image with this name, so it is not pulled.
    ImagePresent(String),
    /// The image with this name is being built.
    Building(String),
    /// Progress of the build.
    BuildProgress(Box<Progress>),
    /// The image was built. Contains its ID.
    Built(String),
    /// The image with this name is being pushed to its registry.
    Pushing(String),
    /// A network exists now.
    Network {
        /// The name.
        name: String,
        /// Whether this run created it. `false` if it existed before.
        made: bool,
    },
    /// A volume exists now.
    Volume {
        /// The name.
        name: String,
        /// Whether this run created it. `false` if it existed before.
        made: bool,
    },
    /// The container was created.
    Created {
        /// The container ID.
        id: String,
        /// Warnings of the engine.
        warnings: Vec<String>,
    },
    /// The container was started.
    Started,
    /// The container is ready.
    Ready,
    /// The service's [`before`](super::Service::before) container is about to run. Its output and its exit follow.
    Before,
    /// A job wrote output.
    Output(Chunk),
    /// The output of a job cannot be read (any further). The job goes on.
    OutputLost(Arc<Error>),
    /// A path of a job that did not succeed could not be [collected](super::Run::collect).
    NotCollected(Arc<Error>),
    /// The container of a job exited.
    Exited(ExitStatus),
    /// A container was removed: that of a job, or of a replica that the project no longer has.
    Removed,
    /// The deployment failed. What it created is being removed.
    CleaningUp,
    /// The engine warned about a service of a swarm, for example that its image could not be resolved to a digest.
    Warned {
        /// The service's name in the project.
        service: String,
        /// The warnings.
        warnings: Vec<String>,
    },
    /// A service of a swarm is converging on its new specification.
    Converging {
        /// The service's name in the project.
        service: String,
        /// Progress of the service. `None` at the beginning.
        progress: Option<Box<Convergence>>,
    },
    /// A service of a swarm has converged.
    Converged {
        /// The service's name in the project.
        service: String,
    },
    /// A new container has replaced the previous one.
    Replaced,
    /// The previous container is being restored.
    RollingBack,
    /// The previous container has been restored.
    RolledBack,
    /// An interrupted deployment is being recovered.
    Recovering(Recovery),
    /// A container exited, became unhealthy, was renamed or removed, and is being healed.
    Healing {
        /// What happened to the container.
        reason: String,
        /// Number of this attempt in a row, from 1.
        attempt: u32,
        /// Pause before the next attempt, if one is necessary.
        pause: Duration,
    },
    /// Healing the container failed. The supervisor tries again after the pause. A failure to take the lock does not count as an
    /// attempt.
    HealingFailed(Arc<Failure>),
    /// A container was healed as often as allowed. The supervisor leaves it alone now.
    GivenUp {
        /// What happened to the container.
        reason: String,
    },
}

/// A step of the deployment of a [`Project`](super::Project), and the replica that it concerns.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ProjectEvent<'a> {
    /// The replica. `None` for steps that concern the whole project, such as networks and images.
    pub target: Option<&'a Target>,
    /// The step.
    pub event: &'a Event,
}

type Callback = Box<dyn FnMut(&Event) + Send>;

/// The callback, if any. The mutex is never locked: it makes the deployment's future `Send`.
#[derive(Default)]
pub(super) struct Observer(Option<Mutex<Callback>>);

impl Observer {
    pub(super) fn new(observer: impl FnMut(&Event) + Send + 'static) -> Self {
        Self(Some(Mutex::new(Box::new(observer))))
    }

    pub(super) fn tell(&mut self, event: &Event) {
        if let Some(observer) = &mut self.0 {
            observer.get_mut().unwrap_or_else(PoisonError::into_inner)(event);
        }
    }
}
