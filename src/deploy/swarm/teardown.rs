//! Removes all of an environment from a swarm.

use super::SwarmDeployment;
use super::apply::{LOOKS, PAUSE};
use super::observed::Observed;
use crate::Result;
use crate::deploy::apply::LEASE;
use crate::deploy::attempt::gone;
use crate::deploy::failure::{AtStep, Failure, Step};
use std::future::IntoFuture;
use std::pin::Pin;
use tokio::time::sleep;

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
            deployment
                .deployment
                .locked_on_swarm(async |_| deployment.remove_all(volumes).await.at_step(Step::Remove))
                .await
        })
    }
}

impl SwarmDeployment {
    /// Removes all services, networks, secrets and configs of the environment.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Remove`], or at [`Step::Lock`] if another deployer is at work.
    pub fn teardown(&self) -> SwarmTeardown {
        SwarmTeardown { deployment: self.clone(), volumes: false }
    }

    pub(super) async fn remove_all(&self, volumes: bool) -> Result<()> {
        let docker = &self.deployment.docker;
        let desired = &self.deployment.desired;
        let observed = Observed::read(docker, desired).await?;
        for name in observed.services.keys() {
            gone(docker.service(name).remove().await)?;
        }
        // Tasks end after their service is removed, and use networks, secrets and volumes until then.
        for name in &observed.networks {
            until_unused(|| docker.network(name).remove()).await?;
        }
        for _ in 0..LOOKS {
            if Observed::read(docker, desired).await?.networks.is_empty() {
                break;
            }
            sleep(PAUSE).await;
        }
        for name in observed.secrets.keys() {
            gone(docker.secret(name).remove().await)?;
        }
        for name in observed.configs.keys() {
            gone(docker.config(name).remove().await)?;
        }
        if volumes {
            let [project, environment] = desired.filters();
            for volume in docker.volumes().list().label(&project).label(&environment).await? {
                if !volume.labels.contains_key(LEASE) {
                    until_unused(|| docker.volume(&volume.name).remove()).await?;
                }
            }
        }
        Ok(())
    }
}

/// Removes an object, and retries while it is in use.
async fn until_unused<C>(remove: impl Fn() -> C) -> Result<()>
where
    C: IntoFuture<Output = Result<()>>,
{
    for _ in 0..LOOKS {
        match gone(remove().await) {
            Err(error) if error.is_in_use() => sleep(PAUSE).await,
            done => return done,
        }
    }
    gone(remove().await)
}
