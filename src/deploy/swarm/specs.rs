//! The desired state on a swarm: a project's services as swarm services.

use super::container::container_of;
use super::given::{GivenConfigs, GivenSecrets, given};
use super::limits::{note, refuse, refuse_name, refuse_volume};
use crate::Map;
use crate::container::{ContainerSpec, Env, Healthcheck, Port, RestartMode};
use crate::deploy::Order;
use crate::deploy::plan::{Desired, DesiredService, digest, driver_options, label};
use crate::deploy::project::{json as json_of, written_by_one};
use crate::network::NetworkSpec;
use crate::service::{FailureAction, ServiceSpec, UpdateConfig, UpdateOrder};
use crate::system::TaskLogDriver;
use crate::task::{NetworkAttachmentConfig, ReferenceFile, ResourceLimits, RestartCondition, TaskRestartPolicy};
use crate::volume::VolumeSpec;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// The label by which `docker stack` recognises its objects.
const NAMESPACE: &str = "com.docker.stack.namespace";

/// The desired state on a swarm.
pub(super) struct Stack {
    pub(super) networks: Vec<NetworkSpec>,
    /// In order: each service after those that it depends on.
    pub(super) services: Vec<StackService>,
    /// What a swarm handles differently than a single engine.
    pub(super) notes: Vec<String>,
}

/// A service, in the swarm's terms.
pub(super) struct StackService {
    /// The name in the project.
    pub(super) name: String,
    /// Without the references to secrets and configs, which need their IDs.
    pub(super) spec: ServiceSpec,
    pub(super) secrets: GivenSecrets,
    pub(super) configs: GivenConfigs,
    pub(super) before: Option<ServiceSpec>,
    pub(super) after: Vec<String>,
    pub(super) deadline: Duration,
    pub(super) credentials: Option<crate::Credentials>,
    /// The key of the digests of its possible secrets.
    pub(super) place: String,
    /// The value that is compared with the running one. Without secrets and without the number of tasks.
    pub(super) configuration: Value,
    pub(super) digest: String,
}

impl StackService {
    /// Returns the number of its tasks.
    pub(super) fn tasks(&self) -> u64 {
        replicas(&self.spec).unwrap_or(1)
    }
}

impl Stack {
    #[inline] // generates code only in crates that deploy
    pub(super) fn new(desired: &Desired) -> Result<Self, String> {
        let mut notes = Vec::new();
        desired.volumes.iter().try_for_each(refuse_volume)?;
        let networks = desired.networks.iter().map(|network| {
            let is_local = matches!(network.driver.as_str(), "" | "bridge");
            let driver = if is_local { "overlay".to_owned() } else { network.driver.clone() };
            let labels = stack_labels(desired, &network.labels);
            NetworkSpec { driver, attachable: true, labels, ..network.clone() }
        });
        let networks = networks.collect();
        let services = desired.services.iter().map(|service| {
            service_of(desired, service, &mut notes).map_err(|why| format!("services.{}: {why}", service.name))
        });
        let services = services.collect::<Result<Vec<_>, _>>()?;
        refuse_clash(&services)?;
        // Options of the local driver may name a file server.
        let is_local =
            |volume: &VolumeSpec| matches!(volume.driver.as_str(), "" | "local") && volume.driver_opts.is_empty();
        if desired.volumes.iter().any(is_local) {
            notes.push("volumes: each node has its own, so a task sees only what was written on its node".to_owned());
        }
        Ok(Self { networks, services, notes })
    }

    /// Returns a note for each service on the host's folders that nodes create, if their API knows that.
    pub(super) fn folders(&self) -> impl Iterator<Item = String> {
        self.services.iter().filter_map(|service| {
            let specs = [Some(&service.spec), service.before.as_ref()].into_iter().flatten();
            let containers = specs.filter_map(|spec| spec.task_template.container_spec.as_ref());
            let mounts = containers.flat_map(|container| &container.mounts);
            let created = mounts.filter(|mount| mount.bind_options.as_ref().is_some_and(|bind| bind.create_mountpoint));
            let folders: BTreeSet<_> = created.map(|mount| mount.source.as_str()).collect();
            let folders = folders.into_iter().collect::<Vec<_>>().join(", ");
            let note = "these folders must exist on each node, since API 1.41 creates none";
            (!folders.is_empty()).then(|| format!("{}: {note}: {folders}", service.name))
        })
    }

    pub(super) fn service(&self, name: &str) -> Option<&StackService> {
        self.services.iter().find(|service| service.name == name)
    }
}

/// Returns the number of tasks of a replicated service.
pub(super) fn replicas(spec: &ServiceSpec) -> Option<u64> {
    Some(spec.mode.as_ref()?.replicated.as_ref()?.replicas.unwrap_or(1))
}

pub(super) fn stack_labels(desired: &Desired, labels: &Map<String>) -> Map<String> {
    let mut labels = labels.clone();
    if desired.compose_labels {
        labels.insert(NAMESPACE, desired.prefix());
    }
    labels
}

#[inline] // generates code only in crates that deploy
fn service_of(desired: &Desired, service: &DesiredService, notes: &mut Vec<String>) -> Result<StackService, String> {
    refuse(service)?;
    let place = format!("{}/{}/{}", desired.project, desired.environment, service.name);
    let (secrets, configs) = given(desired, service, &place)?;
    let name = format!("{}-{}", desired.prefix(), service.name);
    let before_name = format!("{name}-before");
    refuse_name(&name)?;
    if service.before.is_some() {
        refuse_name(&before_name)?;
    }
    let mut spec = spec_of(desired, service, &service.spec, &name)?;
    note(service, notes);
    if service.service.ready.is_exited() {
        spec = once(spec);
    } else {
        let command = service.service.ready.as_command().map(Healthcheck::exec);
        let container = spec.container();
        container.health_check = container.health_check.take().or(command);
        spec = spec.replicas(service.service.replicas.into());
    }
    let before =
        service.before.as_ref().map(|before| Ok::<_, String>(once(spec_of(desired, service, before, &before_name)?)));
    let with_secrets = secrets.iter().map(|secret| given_as(&secret.spec.name, &secret.file)).collect();
    let with_configs = configs.iter().map(|config| given_as(&config.spec.name, &config.file)).collect();
    let configuration = configuration(&spec, with_secrets, with_configs, &place);
    let digest = digest::of(&configuration);
    spec.labels.insert(label::DIGEST, digest.clone());
    spec.labels.insert(label::CONFIGURATION, digest::sorted(&configuration));
    Ok(StackService {
        name: service.name.clone(),
        spec,
        secrets,
        configs,
        before: before.transpose()?,
        after: service.service.after.keys().map(str::to_owned).collect(),
        deadline: service.service.deadline,
        credentials: service.service.credentials.clone(),
        place,
        configuration,
        digest,
    })
}

/// Refuses a `before` job that would have the name of a service.
fn refuse_clash(services: &[StackService]) -> Result<(), String> {
    for service in services {
        let Some(before) = &service.before else { continue };
        if let Some(other) = services.iter().find(|other| other.spec.name == before.name) {
            return Err(format!(
                "the `before` job of services.{} and services.{} would both be named {}: rename one of the services",
                service.name, other.name, before.name
            ));
        }
    }
    Ok(())
}

/// Turns a service into a job with one task, which runs once.
///
/// The image's health check is for the program that the image usually runs. A swarm would stop the job when it fails.
fn once(mut spec: ServiceSpec) -> ServiceSpec {
    spec.container().health_check.get_or_insert_with(Healthcheck::none);
    spec.update_config = None;
    spec.rollback_config = None;
    spec.task_template.restart_policy =
        Some(TaskRestartPolicy { condition: RestartCondition::None, ..TaskRestartPolicy::default() });
    spec.job(1, 1)
}

#[inline] // generates code only in crates that deploy
fn spec_of(
    desired: &Desired,
    service: &DesiredService,
    from: &ContainerSpec,
    name: &str,
) -> Result<ServiceSpec, String> {
    let mut spec = ServiceSpec::new(name, &from.config.image);
    spec.labels = stack_labels(desired, &from.config.labels);
    for label in [label::DIGEST, label::CONFIGURATION] {
        spec.labels.remove(label);
    }
    *spec.container() = container_of(desired, service, from, spec.labels.clone())?;
    if desired.compose_labels {
        spec.labels.insert("com.docker.stack.image", from.config.image.clone());
    }
    let host = &from.host_config;
    let limits = ResourceLimits {
        nano_cpus: host.nano_cpus,
        memory_bytes: host.memory,
        pids: host.pids_limit.unwrap_or_default().max(0),
    };
    if limits != ResourceLimits::default() {
        spec.task_template.resources.get_or_insert_default().limits = Some(limits);
    }
    if host.memory_reservation > 0 {
        spec = spec.reserve_memory(host.memory_reservation);
    }
    if !host.log_config.driver.is_empty() {
        let (name, options) = (host.log_config.driver.clone(), host.log_config.config.clone());
        spec.task_template.log_driver = Some(TaskLogDriver { name, options });
    }
    spec.task_template.restart_policy = Some(restart_policy(from));
    spec.task_template.networks = networks(from);
    spec = service.service.constraints.iter().fold(spec, ServiceSpec::constraint);
    for (port, bindings) in &host.port_bindings {
        let port: Port = port.parse().map_err(|error| format!("{error}"))?;
        for binding in bindings {
            let published = match binding.host_port.as_str() {
                "" => 0,
                text => text.parse().map_err(|_| format!("a swarm publishes single ports, not {text}"))?,
            };
            spec = spec.publish(published, port.clone());
        }
    }
    let order = match service.service.order {
        Order::StopFirst => UpdateOrder::StopFirst,
        Order::Auto if written_by_one(&service.service).is_some() || host.network_mode == "host" => {
            UpdateOrder::StopFirst
        }
        _ => UpdateOrder::StartFirst,
    };
    let update = UpdateConfig { monitor: service.service.ready.as_time(), ..UpdateConfig::new().order(order) };
    Ok(spec.rollback_config(update.clone()).update_config(update.failure_action(FailureAction::Rollback)))
}

fn restart_policy(from: &ContainerSpec) -> TaskRestartPolicy {
    let policy = &from.host_config.restart_policy;
    let (condition, max_attempts) = match &policy.name {
        RestartMode::No => (RestartCondition::None, 0),
        RestartMode::OnFailure => (RestartCondition::OnFailure, u64::try_from(policy.maximum_retry_count).unwrap_or(0)),
        _ => (RestartCondition::Any, 0),
    };
    TaskRestartPolicy { condition, max_attempts, ..TaskRestartPolicy::default() }
}

fn networks(from: &ContainerSpec) -> Vec<NetworkAttachmentConfig> {
    let endpoints = from.networking_config.endpoints_config.iter();
    let mut networks: Vec<_> = endpoints
        .map(|(name, endpoint)| NetworkAttachmentConfig {
            target: name.to_owned(),
            aliases: endpoint.aliases.clone(),
            driver_opts: endpoint.driver_opts.clone(),
        })
        .collect();
    if from.host_config.network_mode == "host" {
        networks = vec!["host".into()];
    }
    networks
}

/// Returns the value that services are compared by: with digests for possible secrets, without the number of tasks.
#[inline] // generates code only in crates that deploy
pub(super) fn configuration(spec: &ServiceSpec, secrets: Vec<Value>, configs: Vec<Value>, place: &str) -> Value {
    let mut spec = spec.clone();
    if let Some(replicated) = spec.mode.as_mut().and_then(|mode| mode.replicated.as_mut()) {
        replicated.replicas = None;
    }
    let hide = |name: &str, value: &str| digest::keyed(&format!("{place}/{name}"), value.as_bytes());
    let container = spec.container();
    let env = container.env.iter().map(|(name, value)| match value {
        Some(value) => format!("{name}={}", hide(name, value)),
        None => name.to_owned(),
    });
    container.env = Env::from_iter(env.collect::<Vec<_>>());
    for (name, value) in driver_options(&mut container.mounts) {
        *value = hide(name, value);
    }
    for (name, value) in spec.task_template.log_driver.iter_mut().flat_map(|driver| driver.options.iter_mut()) {
        *value = hide(name, value);
    }
    let mut value = json_of(&spec);
    if let Value::Object(fields) = &mut value {
        fields.insert("Secrets".to_owned(), secrets.into());
        fields.insert("Configs".to_owned(), configs.into());
    }
    value
}

/// Returns the value that a secret or config is compared by.
pub(super) fn given_as(name: &str, file: &ReferenceFile) -> Value {
    Value::from(format!("{} {name} {:o} {}:{}", file.name, file.mode, file.uid, file.gid))
}
