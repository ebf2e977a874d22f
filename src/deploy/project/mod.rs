//! [`Project`]: the services, networks, volumes and environments of an application.

mod build;
mod check;
mod in_file;
mod known;
mod overlay;
mod secret;
mod service;

pub use build::BuildFrom;
pub(super) use check::{exclusive, invalid, is_network_mode, on_one_engine, order, written, written_by_one};
pub(super) use known::unknown;
pub use overlay::Overlay;
pub use secret::SecretSource;
pub use service::{After, Order, Service};

use super::failure::Failure;
use crate::Map;
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use serde::Serialize;
use serde_json::Value;

/// The services, networks and volumes of an application, and the changes that each of its environments makes.
///
/// A project is plain data. Build it in code, or read it from JSON, TOML or YAML with any serde format. Specs use the Engine
/// API's own field names. A field that does not exist is an error, which names the most similar one.
///
/// In YAML, put text that looks like a number or a boolean in quotes: `HostPort: "8080"`, and build arguments such as
/// `VERSION: "1.10"`.
///
/// ```
/// use longshore::container::ContainerSpec;
/// use longshore::deploy::{Project, Ready, Service};
///
/// let shop = Project::new("shop")
///     .volume("db")
///     .service("db", Service::new(ContainerSpec::new("postgres:16").volume("db", "/data")).ready(Ready::healthy()))
///     .service("web", Service::new(ContainerSpec::new("shop:1.4").publish(8080, 80)).after("db"))
///     .environment("prod", |shop| shop.service_mut("web").keep = 3);
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
///     "environments": {"prod": {"services": {"web": {"keep": 3}}}}
/// }"#)?;
/// assert_eq!(same, shop);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "nothing is deployed until a plan of it is applied"]
pub struct Project {
    /// The name. The names of all containers, networks and volumes begin with it.
    pub name: String,
    /// The networks, by their names in the project. All services are also on a common network of the environment, except those
    /// whose network mode is `host`, `none`, `bridge` or another container's. It is called `PROJECT-ENVIRONMENT`. A spec may name
    /// it too, to add an alias on it.
    pub networks: Map<NetworkSpec>,
    /// The volumes, by their names in the project. Services mount them by these names.
    pub volumes: Map<VolumeSpec>,
    /// The names of networks and volumes that services use and that the project does not own, such as a proxy's network. They
    /// must exist, have the same names in all environments, and are never changed or removed.
    pub external: Vec<String>,
    /// The services, by name.
    pub services: Map<Service>,
    /// The changes of each environment. Default: none, and any environment name is accepted.
    pub environments: Map<Overlay>,
    /// Whether containers, networks and volumes also get the labels of `docker compose`, so that `docker compose ls`, Portainer
    /// and other tools group them. Defaults to `false`.
    pub compose_labels: bool,
    /// Errors of environments whose specs have a setter with an argument that cannot be parsed, such as a size of `512q`. No environment
    /// can be deployed then.
    pub invalid: Vec<String>,
}

/// Converts a value to JSON through text, so that the encoders are not compiled a second time for `Value`.
pub(super) fn json(value: &impl Serialize) -> Value {
    serde_json::to_vec(value).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

impl Project {
    /// Creates an empty project with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds a service.
    pub fn service(mut self, name: impl Into<String>, service: Service) -> Self {
        self.services.insert(name, service);
        self
    }

    /// Adds a network, by its name or as a [`NetworkSpec`].
    pub fn network(mut self, network: impl Into<NetworkSpec>) -> Self {
        let mut spec = network.into();
        self.networks.insert(std::mem::take(&mut spec.name), spec);
        self
    }

    /// Adds a volume, by its name or as a [`VolumeSpec`].
    pub fn volume(mut self, volume: impl Into<VolumeSpec>) -> Self {
        let mut spec = volume.into();
        self.volumes.insert(std::mem::take(&mut spec.name), spec);
        self
    }

    /// Lets services use a network or volume of this name that the project does not own. It must exist, and is never changed or
    /// removed.
    ///
    /// ```
    /// use longshore::container::ContainerSpec;
    /// use longshore::deploy::{Project, Service};
    ///
    /// let web = ContainerSpec::new("shop:1.4").network("traefik");
    /// let shop = Project::new("shop").external("traefik").service("web", Service::new(web));
    /// ```
    pub fn external(mut self, name: impl Into<String>) -> Self {
        self.external.push(name.into());
        self
    }

    /// Adds an environment. `change` edits a copy of the project in its current state, and the differences are stored.
    pub fn environment(mut self, name: impl Into<String>, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = Self { environments: Map::new(), ..self.clone() };
        let before = changed.to_value().unwrap_or_default();
        change(&mut changed);
        changed.environments = Map::new();
        let name = name.into();
        let after = changed.to_value().unwrap_or_else(|error| {
            self.invalid.push(format!("environments.{name}: {error}"));
            before.clone()
        });
        let overlay = Overlay::between(&before, &after);
        let overlay = overlay.with_credentials(&self.services, &changed.services);
        let known = check::unparsed(&self);
        let unparsed = check::unparsed(&changed).into_iter().filter(|why| !known.contains(why));
        self.invalid.extend(unparsed.map(|why| format!("environments.{name}.{why}")));
        self.environments.insert(name, overlay);
        self
    }

    /// Adds the labels of `docker compose` to everything that is created. Defaults to `false`.
    pub fn compose_labels(mut self, set: bool) -> Self {
        self.compose_labels = set;
        self
    }

    /// Returns a service to modify it. Adds an empty one if the project has none of this name.
    pub fn service_mut(&mut self, name: impl Into<String>) -> &mut Service {
        self.services.entry(name).or_default()
    }

    /// Returns the project as it is in an environment: merges the environment's overlay and validates the result.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Check`](super::Step::Check) if the environment is unknown, or if a field, name, dependency or
    /// combination is invalid. The message names the path of the field, and suggests the most similar name.
    #[inline] // generates code only in crates that deploy
    pub fn in_environment(&self, environment: &str) -> Result<Self, Failure> {
        if let Some(why) = check::unparsed(self).into_iter().chain(self.invalid.iter().cloned()).next() {
            return Err(Failure::refused(why));
        }
        let base = Self { environments: Map::new(), ..self.clone() };
        let mut base = base.to_value().map_err(|error| Failure::refused(error.to_string()))?;
        let overlay = self.environments.get(environment);
        match overlay {
            Some(overlay) => {
                overlay.check(environment).map_err(Failure::refused)?;
                check::fields(&overlay.merged_with_nulls(&base)).map_err(Failure::refused)?;
                overlay.merge_into(&mut base);
            }
            None if self.environments.is_empty() => {}
            None => {
                let known = self.environments.keys();
                return Err(Failure::refused(unknown("environment", environment, known)));
            }
        }
        let mut project = Self::from_value(&base).map_err(Failure::refused)?;
        // The JSON has no credentials.
        for (name, service) in project.services.iter_mut() {
            service.credentials = self.services.get(name).and_then(|service| service.credentials.clone());
        }
        if let Some(overlay) = overlay {
            overlay.set_credentials(&mut project.services);
        }
        check::project(&project, environment).map_err(Failure::refused)?;
        Ok(project)
    }
}
