//! [`Project`]: what an application consists of.

mod build;
mod check;
mod file;
mod overlay;
mod secret;
mod service;

pub use build::BuildFrom;
pub(super) use build::hex;
pub(super) use check::{exclusive, order, written_by_one};
pub use file::{Content, File};
pub use overlay::Overlay;
pub use secret::SecretSource;
pub use service::{After, Order, Service};

use super::failure::Failure;
use crate::Map;
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an application consists of: services, networks and volumes, and what each of its environments changes.
///
/// It is plain data. It is built in code, or read from JSON, TOML or YAML with any serde format; specs are written with the
/// API's own field names.
///
/// ```
/// use longshore::container::ContainerSpec;
/// use longshore::deploy::{Project, Ready, Service};
///
/// let shop = Project::new("shop")
///     .volume("db")
///     .service("db", Service::new(ContainerSpec::new("postgres:16").volume("db", "/data")).ready(Ready::healthy()))
///     .service("web", Service::new(ContainerSpec::new("shop:1.4").publish(8080, 80)).after("db"))
///     .environment("prod", |shop| shop.service_mut("web").replicas = 2);
///
/// let same: Project = serde_json::from_str(r#"{
///     "name": "shop",
///     "volumes": {"db": {}},
///     "services": {
///         "db": {
///             "spec": {"Image": "postgres:16", "HostConfig": {
///                 "Mounts": [{"Type": "volume", "Source": "db", "Target": "/data"}]}},
///             "ready": "healthy"
///         },
///         "web": {
///             "spec": {"Image": "shop:1.4", "ExposedPorts": {"80/tcp": {}},
///                 "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "8080"}]}}},
///             "after": {"db": "ready"}
///         }
///     },
///     "environments": {"prod": {"services": {"web": {"replicas": 2}}}}
/// }"#)?;
/// assert_eq!(same, shop);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[must_use = "nothing is deployed until a plan of it is applied"]
pub struct Project {
    /// Its name, which every container, network and volume of it begins with.
    pub name: String,
    /// Its networks, by their names within the project. All services are on one of the project's own besides.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub networks: Map<NetworkSpec>,
    /// Its volumes, by their names within the project. A service mounts one by that name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub volumes: Map<VolumeSpec>,
    /// Its services, by name.
    pub services: Map<Service>,
    /// What each environment changes. If there is none, any name of an environment will do.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub environments: Map<Overlay>,
    /// Whether containers, networks and volumes carry the labels of `docker compose` too, so that its `ls`, Portainer and
    /// others group them. Defaults to `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub compose_labels: bool,
}

/// The JSON of something, by way of text: another way would be all the encoders once more.
pub(super) fn json(value: &impl Serialize) -> Value {
    serde_json::to_vec(value).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

impl Project {
    /// A project of this name, with nothing in it yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds a service.
    pub fn service(mut self, name: impl Into<String>, service: Service) -> Self {
        self.services.insert(name, service);
        self
    }

    /// Adds a network: by its name, or by a [`NetworkSpec`].
    pub fn network(mut self, network: impl Into<NetworkSpec>) -> Self {
        let mut spec = network.into();
        self.networks.insert(std::mem::take(&mut spec.name), spec);
        self
    }

    /// Adds a volume: by its name, or by a [`VolumeSpec`].
    pub fn volume(mut self, volume: impl Into<VolumeSpec>) -> Self {
        let mut spec = volume.into();
        self.volumes.insert(std::mem::take(&mut spec.name), spec);
        self
    }

    /// Adds an environment: what this function changes of the project as it is now.
    pub fn environment(mut self, name: impl Into<String>, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = Self { environments: Map::new(), ..self.clone() };
        let before = changed.to_value();
        change(&mut changed);
        changed.environments = Map::new();
        self.environments.insert(name, Overlay::between(&before, &changed.to_value()));
        self
    }

    /// Sets whether the labels of `docker compose` are set too. Defaults to `false`.
    pub fn compose_labels(mut self, set: bool) -> Self {
        self.compose_labels = set;
        self
    }

    /// A service, to be changed; an empty one is added if there is none of that name.
    pub fn service_mut(&mut self, name: impl Into<String>) -> &mut Service {
        self.services.entry(name).or_default()
    }

    /// The project as it is in an environment: with its overlay merged in, and checked.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Check`](super::Step::Check): there is no such environment, or a field, a name, a dependency
    /// or a combination is wrong. It names the field by its path, and the nearest right name.
    #[inline] // what it calls is compiled where somebody deploys, and not before
    pub fn in_environment(&self, environment: &str) -> Result<Self, Failure> {
        let mut base = Self { environments: Map::new(), ..self.clone() }.to_value();
        match self.environments.get(environment) {
            Some(overlay) => overlay.merge_into(&mut base),
            None if self.environments.is_empty() => {}
            None => {
                let known = self.environments.keys();
                return Err(Failure::refused(check::unknown("environment", environment, known)));
            }
        }
        check::fields(&base).map_err(Failure::refused)?;
        // By way of text, as responses are read: another way would be all the decoders once more.
        let text = base.to_string();
        let project: Self = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(
            text.as_bytes(),
        ))
        .map_err(|error| {
            // A value may be a secret, which serde_json's words would quote.
            Failure::refused(format!("wrong type of value at {}", error.path()))
        })?;
        check::project(&project, environment).map_err(Failure::refused)?;
        Ok(project)
    }

    #[inline] // what it calls is compiled where somebody deploys, and not before
    fn to_value(&self) -> Value {
        json(self)
    }
}
