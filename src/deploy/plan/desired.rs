//! What is to be there: a project in an environment, as the engine would be told.

use super::digest;
use crate::container::{ContainerSpec, Env, MountType};
use crate::deploy::failure::Failure;
use crate::deploy::project::{BuildFrom, File, Project, Service, json as json_of, order};
use crate::network::{EndpointSettings, NetworkSpec};
use crate::volume::VolumeSpec;
use crate::{Map, Secret};
use serde_json::{Value, json};

/// The labels by which everything of a project is known.
pub(in crate::deploy) mod label {
    pub(in crate::deploy) const PROJECT: &str = "dev.longshore.project";
    pub(in crate::deploy) const ENVIRONMENT: &str = "dev.longshore.environment";
    pub(in crate::deploy) const SERVICE: &str = "dev.longshore.service";
    /// Which of its service's containers it is.
    pub(in crate::deploy) const REPLICA: &str = "dev.longshore.replica";
    /// The deployment that made it.
    pub(in crate::deploy) const RELEASE: &str = "dev.longshore.release";
    /// The digest of its configuration.
    pub(in crate::deploy) const DIGEST: &str = "dev.longshore.digest";
    /// Of an image: the digest of what it was built from.
    pub(in crate::deploy) const BUILT_FROM: &str = "dev.longshore.built-from";
    /// Its configuration, with digests in place of what may be secret.
    pub(in crate::deploy) const CONFIGURATION: &str = "dev.longshore.configuration";
}

/// What is to be there.
#[derive(Clone)]
pub(in crate::deploy) struct Desired {
    pub(in crate::deploy) project: String,
    pub(in crate::deploy) environment: String,
    pub(in crate::deploy) compose_labels: bool,
    pub(in crate::deploy) networks: Vec<NetworkSpec>,
    pub(in crate::deploy) volumes: Vec<VolumeSpec>,
    /// Each behind those that it comes after.
    pub(in crate::deploy) services: Vec<DesiredService>,
}

/// A service, as the engine would be told.
#[derive(Clone)]
pub(in crate::deploy) struct DesiredService {
    pub(in crate::deploy) name: String,
    pub(in crate::deploy) service: Service,
    /// With its names, networks, secrets and labels, but for those of one container.
    pub(in crate::deploy) spec: ContainerSpec,
    pub(in crate::deploy) before: Option<ContainerSpec>,
    /// What its image is built from, with the digest of that.
    pub(in crate::deploy) build: Option<(BuildFrom, String)>,
    pub(in crate::deploy) files: Vec<(File, Vec<u8>)>,
    /// What it is compared by: without secrets.
    pub(in crate::deploy) configuration: Value,
    pub(in crate::deploy) digest: String,
}

impl Desired {
    /// Reads what the project takes from the deployer's machine: secrets and files.
    #[inline] // what it calls is compiled where somebody deploys, and not before
    pub(in crate::deploy) fn new(project: &Project, environment: &str) -> Result<Self, Failure> {
        let names = Names { project, prefix: format!("{}-{environment}", project.name), environment };
        let networks = project.networks.iter().map(|(name, spec)| {
            let labels = names.labels("network", name).chain(own(&spec.labels));
            NetworkSpec { name: names.of(name), labels: labels.collect(), ..spec.clone() }
        });
        let shared = NetworkSpec::new(&names.prefix);
        let shared = NetworkSpec { labels: names.labels("network", "default").collect(), ..shared };
        let volumes = project.volumes.iter().map(|(name, spec)| {
            let labels = names.labels("volume", name).chain(own(&spec.labels));
            VolumeSpec { name: names.of(name), labels: labels.collect(), ..spec.clone() }
        });
        let services = order(project).map_err(Failure::refused)?.into_iter();
        let services = services.filter_map(|name| Some((name, project.services.get(name)?)));
        let services = services.map(|(name, service)| {
            names.service(name, service).map_err(|why| Failure::refused(format!("services.{name}: {why}")))
        });
        Ok(Self {
            project: project.name.clone(),
            environment: environment.to_owned(),
            compose_labels: project.compose_labels,
            networks: std::iter::once(shared).chain(networks).collect(),
            volumes: volumes.collect(),
            services: services.collect::<Result<_, _>>()?,
        })
    }

    pub(in crate::deploy) fn service(&self, name: &str) -> Option<&DesiredService> {
        self.services.iter().find(|service| service.name == name)
    }

    /// The service whose image is built, by the image's name.
    pub(in crate::deploy) fn built(&self, image: &str) -> Option<&DesiredService> {
        self.services.iter().find(|service| service.build.is_some() && service.spec.config.image == image)
    }

    /// `shop-prod`: what all names begin with.
    pub(in crate::deploy) fn prefix(&self) -> String {
        format!("{}-{}", self.project, self.environment)
    }

    /// `shop-prod-web-1`.
    pub(in crate::deploy) fn container_name(&self, service: &str, replica: u32) -> String {
        format!("{}-{service}-{replica}", self.prefix())
    }
}

fn own(labels: &Map<String>) -> impl Iterator<Item = (String, String)> {
    labels.iter().map(|(key, value)| (key.to_owned(), value.clone()))
}

/// How things of the project are called in its environment.
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

    #[inline] // what it calls is compiled where somebody deploys, and not before
    fn service(&self, name: &str, service: &Service) -> Result<DesiredService, String> {
        let mut secrets = Vec::new();
        for (variable, source) in &service.secrets {
            let secret = source.read().map_err(|why| format!("secrets.{variable}: {why}"))?;
            secrets.push((variable, secret));
        }
        let files = service.files.iter().map(|file| Ok((file.clone(), file.read()?)));
        let files = files.collect::<Result<Vec<_>, String>>()?;
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

    /// A container's spec with the names of this environment, on the project's own network.
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

    /// Puts it on the networks that it names, and on the project's own, unless it has a mode of its own.
    fn attach(&self, service: &str, spec: &mut ContainerSpec) {
        let mode = &mut spec.host_config.network_mode;
        let is_ours = |name: &str| self.project.networks.contains_key(name);
        if !mode.is_empty() && mode != "default" && !is_ours(mode) {
            return;
        }
        let named = (!mode.is_empty() && mode != "default").then(|| mode.clone());
        let endpoints = std::mem::take(&mut spec.networking_config.endpoints_config);
        let mut endpoints: Map<EndpointSettings> = endpoints
            .into_iter()
            .map(|(name, endpoint)| (if is_ours(&name) { self.of(&name) } else { name }, endpoint))
            .collect();
        endpoints.extend(
            named
                .map(|name| (self.of(&name), EndpointSettings::new()))
                .filter(|(name, _)| !endpoints.contains_key(name)),
        );
        endpoints.entry(self.prefix.as_str()).or_default();
        for (name, endpoint) in endpoints.iter_mut() {
            if name.starts_with(&self.prefix) && !endpoint.aliases.iter().any(|alias| alias == service) {
                endpoint.aliases.push(service.to_owned());
            }
        }
        spec.host_config.network_mode.clone_from(&self.prefix);
        spec.networking_config.endpoints_config = endpoints;
    }
}

/// For a container beside the service's: the others do not find it by the service's name.
pub(in crate::deploy) fn one_off(mut spec: ContainerSpec, service: &str) -> ContainerSpec {
    for (_, endpoint) in spec.networking_config.endpoints_config.iter_mut() {
        endpoint.aliases.retain(|alias| alias != service);
    }
    spec
}

/// The spec's JSON, with digests in place of what may be secret.
#[inline] // what it calls is compiled where somebody deploys, and not before
fn without_secrets(spec: &ContainerSpec, place: &str) -> Value {
    let mut spec = spec.clone();
    let hide = |name: &str, value: &str| digest::keyed(&format!("{place}/{name}"), value.as_bytes());
    let env = spec.config.env.iter().map(|(name, value)| match value {
        Some(value) => format!("{name}={}", hide(name, value)),
        None => name.to_owned(),
    });
    spec.config.env = Env::from_iter(env.collect::<Vec<_>>());
    for (name, value) in spec.host_config.log_config.config.iter_mut() {
        *value = hide(name, value);
    }
    for mount in &mut spec.host_config.mounts {
        let driver = mount.volume_options.as_mut().and_then(|options| options.driver_config.as_mut());
        for (name, value) in driver.into_iter().flat_map(|driver| driver.options.iter_mut()) {
            *value = hide(name, value);
        }
    }
    json_of(&spec)
}
