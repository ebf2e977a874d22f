//! What an observer is told.

use super::target::{Recovery, Target};
use crate::Error;
use crate::container::ExitStatus;
use crate::image::PullResult;
use crate::stream::{Chunk, Progress};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A step of a deployment, as it happens.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The image is pulled: this one, by its full name.
    Pulling(String),
    /// The pull goes on.
    PullProgress(Box<Progress>),
    /// The image was pulled.
    Pulled(PullResult),
    /// The engine has the image already, and it is not pulled.
    ImagePresent(String),
    /// The image of this name is built.
    Building(String),
    /// The build goes on.
    BuildProgress(Box<Progress>),
    /// The image was built: its id.
    Built(String),
    /// The image is pushed to its registry.
    Pushing(String),
    /// The network of this name is there; `made` by this run, or before.
    Network {
        /// Its name.
        name: String,
        /// Whether this run made it.
        made: bool,
    },
    /// The volume of this name is there; `made` by this run, or before.
    Volume {
        /// Its name.
        name: String,
        /// Whether this run made it.
        made: bool,
    },
    /// The container was made.
    Created {
        /// Its id.
        id: String,
        /// What the engine had to remark.
        warnings: Vec<String>,
    },
    /// The container was started.
    Started,
    /// The container is ready.
    Ready,
    /// A job wrote something.
    Output(Chunk),
    /// A job's output cannot be read (any more); it goes on without.
    OutputLost(Error),
    /// A job's container ended.
    Exited(ExitStatus),
    /// A job's container was removed.
    Removed,
    /// The deployment failed; what it made is removed now.
    CleaningUp,
    /// A new container has taken the place of the one before.
    Replaced,
    /// What was there before is put back.
    RollingBack,
    /// What was there before is there again.
    RolledBack,
    /// What a killed deployment has left is put right.
    Recovering(Recovery),
    /// A container ended, became unhealthy or was removed: it is put right.
    Healing {
        /// What has happened to it.
        reason: String,
        /// Which time in a row it is.
        attempt: u32,
        /// How long it would be before it is put right again.
        pause: Duration,
    },
    /// A container was put right as often as it may be, and is left as it is.
    GivenUp {
        /// What has happened to it.
        reason: String,
    },
}

/// A step of the deployment of a [`Project`](super::Project): what happens, and to which replica.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProjectEvent<'a> {
    /// The replica; `None` for what concerns all, such as networks and images.
    pub target: Option<&'a Target>,
    /// What happens.
    pub event: &'a Event,
}

type Callback = Box<dyn FnMut(&Event) + Send>;

/// Who is told, if anybody. The mutex is never locked: it makes the deployment's future `Send`.
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
