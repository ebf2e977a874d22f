//! The desired state: a project in an environment, in the engine's terms.

use super::digest;
use super::images::full_name;
use crate::container::{ContainerSpec, Env, Mount, MountType};
use crate::deploy::failure::Failure;
use crate::deploy::file::{self, File};
use crate::deploy::project::{
    BuildFrom, Order, Project, Service, exclusive, is_network_mode, json as json_of, order, unknown,
};
use crate::deploy::target::Target;
use crate::network::{EndpointSettings, NetworkSpec};
use crate::volume::VolumeSpec;
use crate::{Map, Secret};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The labels of everything that belongs to a project.
pub(in crate::deploy) mod label {
    pub(in crate::deploy) const PROJECT: &str = "dev.longshore.project";
    pub(in crate::deploy) const ENVIRONMENT: &str = "dev.longshore.environment";
    pub(in crate::deploy) const SERVICE: &str = "dev.longshore.service";
    /// The labels that tell whose a container is.
    pub(in crate::deploy) const OF_SERVICE: [&str; 3] = [PROJECT, ENVIRONMENT, SERVICE];
    /// The number of the replica, from 1.
    pub(in crate::deploy) const REPLICA: &str = "dev.longshore.replica";
    /// The ID of the deployment that created it.
    pub(in crate::deploy) const RELEASE: &str = "dev.longshore.release";
    /// The ID of the container that it was created to replace.
    pub(in crate::deploy) const REPLACES: &str = "dev.longshore.replaces";
    /// The digest of its configuration.
    pub(in crate::deploy) const DIGEST: &str = "dev.longshore.digest";
    /// On an image: the digest of the folder and the settings that it was built from.
    pub(in crate::deploy) const BUILT_FROM: &str = "dev.longshore.built-from";
    /// Its configuration, with digests in place of possible secrets.
    pub(in crate::deploy) const CONFIGURATION: &str = "dev.longshore.configuration";
}

/// Returns whether two objects have the same values of these labels.
pub(in crate::deploy) fn have_same(keys: &[&str], one: &Map<String>, other: &Map<String>) -> bool {
    keys.iter().all(|key| one.get(key) == other.get(key))
}

/// The desired state.
#[derive(Clone, Default)]
pub(in crate::deploy) struct Desired {
    pub(in crate::deploy) project: String,
    pub(in crate::deploy) environment: String,
    pub(in crate::deploy) compose_labels: bool,
    pub(in crate::deploy) networks: Vec<NetworkSpec>,
    pub(in crate::deploy) volumes: Vec<VolumeSpec>,
    /// In order: each service after those that it depends on.
    pub(in crate::deploy) services: Vec<DesiredService>,
}

/// A service, in the engine's terms.
#[derive(Clone)]
pub(in crate::deploy) struct DesiredService {
    pub(in crate::deploy) name: String,
    pub(in crate::deploy) service: Service,
    /// With final names, networks, secrets and labels, except the labels of a single replica.
    pub(in crate::deploy) spec: ContainerSpec,
    pub(in crate::deploy) before: Option<ContainerSpec>,
    /// What the image is built from, with its digest.
    pub(in crate::deploy) build: Option<(BuildFrom, String)>,
    pub(in crate::deploy) files: Vec<(File, Vec<u8>)>,
    /// The value that is compared with the running one. Without secrets.
    pub(in crate::deploy) configuration: Value,
    pub(in crate::deploy) digest: String,
}

impl Desired {
    /// Returns the desired state of an environment that is to be removed.
    pub(in crate::deploy) fn nothing(project: &str, environment: &str) -> Self {
        Self { project: project.to_owned(), environment: environment.to_owned(), ..Self::default() }
    }

    /// Reads the secrets and files that the project takes from the local machine.
    #[inline] // generates code only in crates that deploy
    pub(in crate::deploy) fn new(project: &Project, environment: &str) -> Result<Self, Failure> {
        let names = Names { project, prefix: format!("{}-{environment}", project.name), environment };
        let networks = project.networks.iter().map(|(name, spec)| {
            let labels = own(&spec.labels).chain(names.labels("network", name));
            NetworkSpec { name: names.of(name), labels: labels.collect(), ..spec.clone() }
        });
        let shared = NetworkSpec::new(&names.prefix);
        let shared = NetworkSpec { labels: names.labels("network", "default").collect(), ..shared };
        let volumes = project.volumes.iter().map(|(name, spec)| {
            let labels = own(&spec.labels).chain(names.labels("volume", name));
            VolumeSpec { name: names.of(name), labels: labels.collect(), ..spec.clone() }
        });
        let services = order(project).map_err(Failure::refused)?.into_iter();
        let services = services.filter_map(|name| Some((name, project.services.get(name)?)));
        let services = services.map(|(name, service)| {
            names.service(name, service).map_err(|why| Failure::refused(format!("services.{name}: {why}")))
        });
        let services = services.collect::<Result<Vec<_>, _>>()?;
        built_once(&services).map_err(Failure::refused)?;
        Ok(Self {
            project: project.name.clone(),
            environment: environment.to_owned(),
            compose_labels: project.compose_labels,
            networks: std::iter::once(shared).chain(networks).collect(),
            volumes: volumes.collect(),
            services,
        })
    }

    pub(in crate::deploy) fn service(&self, name: &str) -> Option<&DesiredService> {
        self.services.iter().find(|service| service.name == name)
    }

    /// Creates the failure of a request for a service that the project does not have.
    pub(in crate::deploy) fn lacks(&self, service: &str) -> Failure {
        Failure::refused(unknown("service", service, self.services.iter().map(|known| known.name.as_str())))
    }

    /// Returns the service that builds the image of this name.
    pub(in crate::deploy) fn built(&self, image: &str) -> Option<&DesiredService> {
        let is_same = |service: &&DesiredService| full_name(&service.spec.config.image) == full_name(image);
        self.services.iter().filter(|service| service.build.is_some()).find(is_same)
    }

    /// `shop-prod`, the prefix of all names.
    pub(in crate::deploy) fn prefix(&self) -> String {
        format!("{}-{}", self.project, self.environment)
    }

    /// Returns the labels that all objects of the environment have, as filters.
    pub(in crate::deploy) fn filters(&self) -> [String; 2] {
        [format!("{}={}", label::PROJECT, self.project), format!("{}={}", label::ENVIRONMENT, self.environment)]
    }

    /// `shop-prod-web-1`
    pub(in crate::deploy) fn container_name(&self, target: &Target) -> String {
        format!("{}-{target}", self.prefix())
    }

    /// `shop-prod-web.before`
    pub(in crate::deploy) fn before_name(&self, service: &str) -> String {
        format!("{}-{service}.before", self.prefix())
    }

    pub(in crate::deploy) fn targets(&self) -> impl Iterator<Item = Target> {
        self.services.iter().flat_map(DesiredService::targets)
    }
}

impl DesiredService {
    /// Returns the names of the images that its containers are created from, that of its `before` container first.
    pub(in crate::deploy) fn images(&self) -> impl Iterator<Item = &str> {
        self.before.iter().chain([&self.spec]).map(|spec| spec.config.image.as_str())
    }

    /// Returns the number of containers of earlier versions that are kept for each replica.
    pub(in crate::deploy) fn keep(&self) -> usize {
        usize::try_from(self.service.keep).unwrap_or(usize::MAX)
    }

    /// Returns the order in which a container is replaced, and the reason to stop first, if any.
    pub(in crate::deploy) fn order(&self) -> (Order, Option<String>) {
        let single = exclusive(&self.service);
        let order = match self.service.order {
            Order::Auto if single.is_some() => Order::StopFirst,
            Order::Auto => Order::StartFirst,
            order => order,
        };
        (order, single.filter(|_| order == Order::StopFirst))
    }

    pub(in crate::deploy) fn targets(&self) -> impl Iterator<Item = Target> {
        (1..=self.service.replicas).map(|replica| Target { service: self.name.clone(), replica })
    }
}

/// Checks that services which build the same image build it in the same way. Each of them would replace the image of the other.
fn built_once(services: &[DesiredService]) -> Result<(), String> {
    let mut builds: BTreeMap<String, (&str, &str, bool)> = BTreeMap::new();
    for service in services {
        let Some((from, digest)) = &service.build else { continue };
        let image = &service.spec.config.image;
        let build = (service.name.as_str(), digest.as_str(), from.push);
        let (other, other_digest, push) = *builds.entry(full_name(image)).or_insert(build);
        if (other_digest, push) != (digest, from.push) {
            let services = format!("services.{other} and services.{}", service.name);
            return Err(format!(
                "{services} build {image} from different folders or settings: give one of them another image name"
            ));
        }
    }
    Ok(())
}

fn own(labels: &Map<String>) -> impl Iterator<Item = (String, String)> {
    labels.iter().map(|(key, value)| (key.to_owned(), value.clone()))
}

/// The names of a project in an environment.
struct Names<'a> {
    project: &'a Project,
    environment: &'a str,
    prefix: String,
}

impl Names<'_> {
    fn of(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    fn labels(&self, compose_key: &str, name: &str) -> impl Iterator<Item = (String, String)> {
        let mut labels = vec![
            (label::PROJECT.to_owned(), self.project.name.clone()),
            (label::ENVIRONMENT.to_owned(), self.environment.to_owned()),
        ];
        if self.project.compose_labels {
            labels.push(("com.docker.compose.project".to_owned(), self.prefix.clone()));
            labels.push((format!("com.docker.compose.{compose_key}"), name.to_owned()));
        }
        labels.into_iter()
    }

    #[inline] // generates code only in crates that deploy
    fn service(&self, name: &str, service: &Service) -> Result<DesiredService, String> {
        let mut secrets = Vec::new();
        for (variable, source) in &service.secrets {
            let secret = source.read().map_err(|why| format!("secrets.{variable}: {why}"))?;
            secrets.push((variable, secret));
        }
        let files = file::read(&service.files)?;
        let build = service.build.as_ref().map(|build| Ok((build.clone(), build.digest()?)));
        let build = build.transpose().map_err(|why: String| why)?;
        let mut spec = self.spec(name, &service.spec, &secrets);
        let before = service.before.as_ref().map(|before| one_off(self.spec(name, before, &secrets), name));
        let place = format!("{}/{}/{name}", self.project.name, self.environment);
        let configuration = json!({
            "spec": without_secrets(&spec, &place),
            "files": files.iter().map(|(file, content)| json!({
                "path": file.path, "mode": file.mode, "user": file.user, "group": file.group,
                "digest": digest::keyed(&format!("{place}{}", file.path), content),
            })).collect::<Vec<_>>(),
        });
        let digest = digest::of(&configuration);
        spec.config.labels.insert(label::DIGEST, digest.as_str());
        spec.config.labels.insert(label::CONFIGURATION, digest::sorted(&configuration));
        Ok(DesiredService {
            name: name.to_owned(),
            service: service.clone(),
            spec,
            before,
            build,
            files,
            configuration,
            digest,
        })
    }

    /// Returns a container's spec with the names of this environment, attached to the common network.
    fn spec(&self, service: &str, spec: &ContainerSpec, secrets: &[(&str, Secret)]) -> ContainerSpec {
        let mut spec = spec.clone();
        for (variable, secret) in secrets {
            spec.config.env.set(*variable, secret.expose());
        }
        for mount in &mut spec.host_config.mounts {
            if mount.kind == MountType::Volume && self.project.volumes.contains_key(&mount.source) {
                mount.source = self.of(&mount.source);
            }
        }
        for bind in &mut spec.host_config.binds {
            if let Some((name, rest)) = bind.split_once(':').filter(|(name, _)| self.project.volumes.contains_key(name))
            {
                *bind = format!("{}:{rest}", self.of(name));
            }
        }
        self.attach(service, &mut spec);
        spec.config.labels.extend(self.labels("service", service));
        spec.config.labels.insert(label::SERVICE, service);
        spec
    }

    /// Attaches the container to the networks that its spec names and to the common one, unless its network mode is not a network
    /// that it could share with others.
    fn attach(&self, service: &str, spec: &mut ContainerSpec) {
        let name_of = |name: &str| {
            if self.project.networks.contains_key(name) { self.of(name) } else { name.to_owned() }
        };
        let endpoints = std::mem::take(&mut spec.networking_config.endpoints_config);
        let mut endpoints: Map<EndpointSettings> =
            endpoints.into_iter().map(|(name, endpoint)| (name_of(&name), endpoint)).collect();
        let mode = name_of(&spec.host_config.network_mode);
        if is_network_mode(&mode) {
            spec.networking_config.endpoints_config = endpoints;
            return;
        }
        if !mode.is_empty() && mode != "default" {
            endpoints.entry(mode).or_default();
        }
        let common = self.prefix.as_str();
        endpoints.entry(common).or_default();
        let own: Vec<_> = self.project.networks.keys().map(|name| self.of(name)).collect();
        for (name, endpoint) in endpoints.iter_mut() {
            let is_own = name == common || own.iter().any(|own| own == name);
            if is_own && !endpoint.aliases.iter().any(|alias| alias == service) {
                endpoint.aliases.push(service.to_owned());
            }
        }
        spec.host_config.network_mode.clone_from(&self.prefix);
        spec.networking_config.endpoints_config = endpoints;
    }
}

/// Returns the spec of an extra container, which the service's name must not resolve to.
pub(in crate::deploy) fn one_off(mut spec: ContainerSpec, service: &str) -> ContainerSpec {
    for (_, endpoint) in spec.networking_config.endpoints_config.iter_mut() {
        endpoint.aliases.retain(|alias| alias != service);
    }
    if spec.config.labels.contains_key("com.docker.compose.project") {
        spec.config.labels.insert("com.docker.compose.oneoff", "True");
    }
    spec
}

/// Returns the spec's JSON with digests in place of possible secrets.
#[inline] // generates code only in crates that deploy
fn without_secrets(spec: &ContainerSpec, place: &str) -> Value {
    let mut spec = spec.clone();
    let hide = |name: &str, value: &str| digest::keyed(&format!("{place}/{name}"), value.as_bytes());
    let env = spec.config.env.iter().map(|(name, value)| match value {
        Some(value) => format!("{name}={}", hide(name, value)),
        None => name.to_owned(),
    });
    spec.config.env = Env::from_iter(env.collect::<Vec<_>>());
    let host = &mut spec.host_config;
    for (name, value) in host.log_config.config.iter_mut().chain(driver_options(&mut host.mounts)) {
        *value = hide(name, value);
    }
    json_of(&spec)
}

/// Returns the options of the drivers of mounted volumes, which may have secrets.
pub(in crate::deploy) fn driver_options(mounts: &mut [Mount]) -> impl Iterator<Item = (&str, &mut String)> {
    let options = mounts.iter_mut().filter_map(|mount| mount.volume_options.as_mut());
    options.filter_map(|options| options.driver_config.as_mut()).flat_map(|driver| driver.options.iter_mut())
}

#[cfg(test)]
mod tests {
    use super::Desired;
    use crate::container::ContainerSpec;
    use crate::deploy::project::{Project, Service};
    use crate::network::{EndpointSettings, NetworkSpec};
    use crate::volume::VolumeSpec;
    use serde_json::{Value, json};

    /// Returns the networks in the body that creates a service's container.
    fn networks(spec: ContainerSpec) -> (Value, Value) {
        let project = Project::new("shop").network("front").service("web", Service::new(spec));
        let desired = Desired::new(&project, "prod").expect("a project");
        let body = serde_json::to_value(&desired.service("web").expect("web").spec).expect("JSON");
        (body["HostConfig"]["NetworkMode"].clone(), body["NetworkingConfig"]["EndpointsConfig"].clone())
    }

    #[test]
    fn a_service_on_an_external_network_is_on_the_common_one_too() {
        let web = || ContainerSpec::new("nginx");
        let common = json!({"Aliases": ["web"]});
        assert_eq!(networks(web()), (json!("shop-prod"), json!({"shop-prod": common})));
        assert_eq!(
            networks(web().network("traefik")),
            (json!("shop-prod"), json!({"traefik": {}, "shop-prod": common}))
        );
        let address = EndpointSettings::new().alias("www");
        assert_eq!(
            networks(web().network_with("traefik", address).network("front")),
            (
                json!("shop-prod"),
                json!({"traefik": {"Aliases": ["www"]}, "shop-prod-front": common, "shop-prod": common})
            )
        );
        let alias = json!({"Aliases": ["www", "web"]});
        assert_eq!(networks(web().network_alias("shop-prod", "www")).1, json!({"shop-prod": alias}));
        // A stranger's network whose name begins like those of the project.
        assert_eq!(networks(web().network("shop-production")).1, json!({"shop-production": {}, "shop-prod": common}));
    }

    #[test]
    fn other_network_modes_stay_as_they_are() {
        for mode in ["host", "none", "bridge", "container:db"] {
            assert_eq!(networks(ContainerSpec::new("nginx").network(mode)), (json!(mode), Value::Null));
        }
        let both = networks(ContainerSpec::new("nginx").network("bridge").network("front"));
        assert_eq!(both, (json!("bridge"), json!({"bridge": {}, "shop-prod-front": {}})));
    }

    #[test]
    fn the_labels_that_mark_what_a_project_owns_cannot_be_overridden() {
        let (key, compose) = ("dev.longshore.project", "com.docker.compose.project");
        let network = NetworkSpec::new("front").label(key, "other").label(compose, "other").label("app", "web");
        let volume = VolumeSpec::new("db").label(key, "other");
        let web = Service::new(ContainerSpec::new("nginx").label(key, "other").label(compose, "other"));
        let web = web.before(ContainerSpec::new("migrate"));
        let project = Project::new("shop").network(network).volume(volume).service("web", web).compose_labels(true);
        let desired = Desired::new(&project, "prod").expect("a project");
        let [_, network] = &*desired.networks else { panic!("two networks") };
        let service = desired.service("web").expect("web");
        assert_eq!(
            (&*network.labels[key], &*network.labels[compose], &*network.labels["app"]),
            ("shop", "shop-prod", "web")
        );
        assert_eq!(desired.volumes[0].labels[key], "shop");
        assert_eq!((&*service.spec.config.labels[key], &*service.spec.config.labels[compose]), ("shop", "shop-prod"));
        let before = &service.before.as_ref().expect("one").config.labels;
        assert_eq!((&*before[key], &*before["com.docker.compose.oneoff"]), ("shop", "True"));
        assert!(!service.spec.config.labels.contains_key("com.docker.compose.oneoff"), "its replicas tell it");
    }
}
