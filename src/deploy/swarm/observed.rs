//! The observed state on a swarm, read with one list per kind of object.

use crate::deploy::apply::LEASE;
use crate::deploy::plan::{Desired, label};
use crate::service::ServiceInspect;
use crate::{Docker, Result};
use std::collections::{BTreeMap, BTreeSet};

/// The observed state of a project in an environment on a swarm, by name.
#[derive(Clone, Default)]
pub(super) struct Observed {
    pub(super) services: BTreeMap<String, ServiceInspect>,
    pub(super) networks: BTreeSet<String>,
    /// The IDs, by name.
    pub(super) secrets: BTreeMap<String, String>,
    pub(super) configs: BTreeMap<String, String>,
}

impl Observed {
    pub(super) async fn read(docker: &Docker, desired: &Desired) -> Result<Self> {
        let project = format!("{}={}", label::PROJECT, desired.project);
        let environment = format!("{}={}", label::ENVIRONMENT, desired.environment);
        let services = docker.services().list().status(true).label(&project).label(&environment).await?;
        let networks = docker.networks().list().label(&project).label(&environment).await?;
        let secrets = docker.secrets().list().label(&project).label(&environment).await?;
        let configs = docker.configs().list().label(&project).label(&environment).await?;
        let configs = configs.into_iter().filter(|config| !config.spec.labels.contains_key(LEASE)); // without the lock
        Ok(Self {
            services: services.into_iter().map(|service| (service.spec.name.clone(), service)).collect(),
            networks: networks.into_iter().map(|network| network.name).collect(),
            secrets: secrets.into_iter().map(|secret| (secret.spec.name, secret.id)).collect(),
            configs: configs.map(|config| (config.spec.name, config.id)).collect(),
        })
    }
}

/// Returns the digest of a service's configuration.
pub(super) fn digest(service: &ServiceInspect) -> &str {
    service.spec.labels.get(label::DIGEST).map(String::as_str).unwrap_or_default()
}
