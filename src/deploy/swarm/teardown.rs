//! Removes all of an environment from a swarm.

use super::SwarmDeployment;
use super::apply::{PAUSE, REMOVAL_LIMIT};
use super::observed::Observed;
use crate::Result;
use crate::deploy::apply::{LEASE, check_lease};
use crate::deploy::attempt::gone;
use crate::deploy::failure::{AtStep, Concerning, Failure, Step};
use std::future::IntoFuture;
use std::pin::Pin;
use tokio::time::{Instant, sleep};

/// A call of [`SwarmDeployment::teardown`].
#[derive(Clone, Debug)]
#[must_use = "nothing is removed until it is awaited"]
pub struct SwarmTeardown {
    deployment: SwarmDeployment,
    volumes: bool,
}

impl SwarmTeardown {
    /// Includes the volumes on this engine's node, with all their data. Defaults to `false`.
    pub fn volumes(mut self, remove: bool) -> Self {
        self.volumes = remove;
        self
    }
}

impl IntoFuture for SwarmTeardown {
    type Output = Result<(), Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline] // generates code only in crates that deploy
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { deployment, volumes } = self;
            deployment.deployment.locked_on_swarm(async |lock| deployment.remove_all(volumes, lock.end).await).await
        })
    }
}

impl SwarmDeployment {
    /// Removes all services, networks, secrets and configs of the environment.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Remove`], or at [`Step::Lock`] if another deployer is at work. The networks remain if a container that
    /// is not of the environment is attached to one of them. The call waits a minute and the longest stop grace period of a service for
    /// tasks to end, which use networks and volumes until then.
    pub fn teardown(&self) -> SwarmTeardown {
        SwarmTeardown { deployment: self.clone(), volumes: false }
    }

    pub(super) async fn remove_all(&self, volumes: bool, lease_end: Option<Instant>) -> Result<(), Failure> {
        let docker = &self.deployment.docker;
        let desired = &self.deployment.desired;
        let read = async || Observed::read(docker, desired).await.at_step(Step::Remove);
        let observed = read().await?;
        for name in observed.services.keys() {
            removed(name, docker.service(name).remove().await)?;
        }
        // Tasks end after their service is removed, and use networks, secrets and volumes until then.
        let containers =
            observed.services.values().filter_map(|found| found.spec.task_template.container_spec.as_ref());
        let grace = containers.filter_map(|container| container.stop_grace_period).max().unwrap_or_default();
        let begun = Instant::now();
        let is_in_time = || begun.elapsed() < REMOVAL_LIMIT.saturating_add(grace);
        for name in &observed.networks {
            until_unused(name, lease_end, is_in_time, || docker.network(name).remove()).await?;
        }
        while is_in_time() && !read().await?.networks.is_empty() {
            sleep(PAUSE).await;
        }
        check_lease(lease_end)?;
        for name in observed.secrets.keys() {
            removed(name, docker.secret(name).remove().await)?;
        }
        for name in observed.configs.keys() {
            removed(name, docker.config(name).remove().await)?;
        }
        if volumes {
            let [project, environment] = desired.filters();
            let list = docker.volumes().list().label(&project).label(&environment).await;
            for volume in list.at_step(Step::Remove)?.iter().filter(|volume| !volume.labels.contains_key(LEASE)) {
                let name = &volume.name;
                until_unused(name, lease_end, is_in_time, || docker.volume(name).remove()).await?;
            }
        }
        Ok(())
    }
}

/// Returns the failure of a removal. What is gone already is removed.
fn removed(name: &str, outcome: Result<()>) -> Result<(), Failure> {
    gone(outcome).at_step(Step::Remove).at(name)
}

/// Removes an object, and retries in time while it is in use. Once the lease is over, another deployer may have created it anew.
async fn until_unused<C>(
    name: &str,
    lease_end: Option<Instant>,
    is_in_time: impl Fn() -> bool,
    remove: impl Fn() -> C,
) -> Result<(), Failure>
where
    C: IntoFuture<Output = Result<()>>,
{
    loop {
        check_lease(lease_end)?;
        match remove().await {
            Err(error) if error.is_in_use() && is_in_time() => sleep(PAUSE).await,
            outcome => return removed(name, outcome),
        }
    }
}
