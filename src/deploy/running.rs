//! [`Running`]: a service that was deployed.

use super::attempt::Attempt;
use super::failure::{Failure, Step};
use super::ready::Exit;
use crate::container::{Container, ExitStatus, Logs, MappedPort, Port, Remove, Stop};
use std::fmt;

/// A service that was deployed and is ready, from [`Run::start`](super::Run::start).
///
/// It keeps running if this is dropped, unless [`Run::remove_on_drop`](super::Run::remove_on_drop) is set.
pub struct Running {
    pub(super) container: Container,
    pub(super) exit: Exit,
    pub(super) attempt: Attempt,
    pub(super) host: String,
}

impl Running {
    /// Returns the container, for all other operations.
    #[must_use]
    pub fn container(&self) -> &Container {
        &self.container
    }

    /// Returns the container ID.
    #[must_use]
    pub fn id(&self) -> &str {
        self.container.id()
    }

    /// Returns the host at which the ports that the container publishes can be reached. See
    /// [`Endpoint::published_host`](crate::Endpoint::published_host).
    ///
    /// ```no_run
    /// use longshore::container::ContainerSpec;
    /// use longshore::deploy::{Ready, Run};
    ///
    /// # async fn example(docker: longshore::Docker) -> Result<(), Box<dyn std::error::Error>> {
    /// let web = Run::new(ContainerSpec::new("nginx:1.27").publish(0, 80)).ready(Ready::http(80, "/")).start(&docker).await?;
    /// let url = format!("http://{}:{}/", web.host(), web.mapped_port(80).await?);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the host port that a container port is published on. See [`Container::mapped_port`].
    ///
    /// # Errors
    /// The errors of [`Container::mapped_port`].
    pub fn mapped_port(&self, port: impl TryInto<Port, Error: fmt::Display>) -> MappedPort {
        self.container.mapped_port(port)
    }

    /// Reads or follows the logs. See [`Container::logs`].
    pub fn logs(&self) -> Logs {
        self.container.logs()
    }

    /// Stops the container. See [`Container::stop`].
    pub fn stop(&self) -> Stop {
        self.container.stop()
    }

    /// Removes the container with its anonymous volumes. See [`Container::remove`].
    pub fn remove(&self) -> Remove {
        self.container.remove().volumes(true)
    }

    /// Removes the container, and the networks and volumes that its run created. A network that another run uses stays.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Remove`]. [`Failure::left`] has what else could not be removed.
    pub async fn remove_all(self) -> Result<(), Failure> {
        let mut left = self.attempt.remove().await.into_iter();
        match left.next() {
            None => Ok(()),
            Some(first) => Err(Failure::new(Step::Remove, first.into()).with_left(left.collect())),
        }
    }

    /// Waits until the container exits, and returns its exit code. Returns at once if it has already exited.
    ///
    /// This is the first exit since the start, even if a restart policy has started the container again.
    ///
    /// If the run is [removed on drop](super::Run::remove_on_drop), the container is removed in the background as soon as this returns
    /// or fails. To read its files or logs after the exit, await [`Container::wait`] of the [`container`](Self::container) instead: it
    /// leaves this value alive.
    ///
    /// # Errors
    /// The connection that waits for the exit was closed.
    pub async fn exited(self) -> crate::Result<ExitStatus> {
        self.exit.await
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("container", &self.container).finish_non_exhaustive()
    }
}
