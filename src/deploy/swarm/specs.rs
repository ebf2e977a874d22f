//! The desired state on a swarm: a project's services as swarm services.

use crate::Map;
use crate::config::ConfigSpec;
use crate::container::{ContainerSpec, Env, Healthcheck, Mount, MountType, Port, RestartMode, VolumeOptions};
use crate::deploy::Order;
use crate::deploy::plan::{Desired, DesiredService, digest, label};
use crate::deploy::project::{json as json_of, written_by_one};
use crate::network::NetworkSpec;
use crate::secret::SecretSpec;
use crate::service::{FailureAction, ServiceSpec, UpdateConfig, UpdateOrder};
use crate::system::TaskLogDriver;
use crate::task::{
    DnsConfig, NetworkAttachmentConfig, ReferenceFile, ResourceLimits, RestartCondition, TaskContainerSpec,
    TaskRestartPolicy,
};
use serde_json::Value;
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
    /// The value that is compared with the running one. Without secrets and without the number of tasks.
    pub(super) configuration: Value,
    pub(super) digest: String,
}

/// A secret or config, and its file in the container.
pub(super) struct Given<S> {
    pub(super) spec: S,
    pub(super) file: ReferenceFile,
}

type GivenSecrets = Vec<Given<SecretSpec>>;
type GivenConfigs = Vec<Given<ConfigSpec>>;

impl Stack {
    #[inline] // generates code only in crates that deploy
    pub(super) fn new(desired: &Desired) -> Result<Self, String> {
        let mut notes = Vec::new();
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
        let services = services.collect::<Result<_, _>>()?;
        if !desired.volumes.is_empty() {
            notes.push("volumes: each node has its own, so a task sees only what was written on its node".to_owned());
        }
        Ok(Self { networks, services, notes })
    }

    pub(super) fn service(&self, name: &str) -> Option<&StackService> {
        self.services.iter().find(|service| service.name == name)
    }
}

fn stack_labels(desired: &Desired, labels: &Map<String>) -> Map<String> {
    let mut labels = labels.clone();
    if desired.compose_labels {
        labels.insert(NAMESPACE, desired.prefix());
    }
    labels
}

fn service_of(desired: &Desired, service: &DesiredService, notes: &mut Vec<String>) -> Result<StackService, String> {
    refuse(&service.spec, service)?;
    let place = format!("{}/{}/{}", desired.project, desired.environment, service.name);
    let (secrets, configs) = given(desired, service, &place)?;
    let name = format!("{}-{}", desired.prefix(), service.name);
    let mut spec = spec_of(desired, service, &service.spec, &name)?;
    note(service, notes);
    if service.service.ready.is_exited() {
        spec = once(spec);
    } else {
        spec = spec.replicas(service.service.replicas.into());
    }
    let before = service
        .before
        .as_ref()
        .map(|before| Ok::<_, String>(once(spec_of(desired, service, before, &format!("{name}-before"))?)));
    let configuration = configuration(&spec, &secrets, &configs, &place);
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
        configuration,
        digest,
    })
}

/// Refuses what a swarm does not support.
fn refuse(spec: &ContainerSpec, service: &DesiredService) -> Result<(), String> {
    let host = &spec.host_config;
    let refused = [
        (service.build.is_some(), "a build: nodes pull images, so build and push them first"),
        (host.privileged, "privileged containers"),
        (!host.devices.is_empty() || !host.device_requests.is_empty(), "devices"),
        (!host.volumes_from.is_empty(), "volumes of other containers"),
        (!host.links.is_empty(), "links"),
        (host.network_mode.starts_with("container:"), "the network of another container"),
        (host.pid_mode == "host" || host.ipc_mode == "host", "the host's PID or IPC namespace"),
    ];
    match refused.iter().find(|(is_asked, _)| *is_asked) {
        Some((_, what)) => Err(format!("a swarm does not support {what}")),
        None => Ok(()),
    }
}

/// Notes what a swarm handles differently.
fn note(service: &DesiredService, notes: &mut Vec<String>) {
    let name = &service.name;
    let ready = &service.service.ready;
    if !ready.is_known_to_a_swarm() {
        notes.push(format!("{name}: a swarm ignores its ready condition, but waits for its health check, if any"));
    }
    for variable in service.service.secrets.keys() {
        notes.push(format!(
            "{name}: the secret {variable} is the file /run/secrets/{variable}, which {variable}_FILE names"
        ));
    }
    let bindings = service.spec.host_config.port_bindings.values().flatten();
    if bindings.into_iter().any(|binding| !binding.host_ip.is_empty()) {
        notes.push(format!("{name}: its ports are published on all addresses of all nodes"));
    }
    if let Some(what) = written_by_one(&service.service).filter(|_| service.service.replicas > 1) {
        notes.push(format!("{name}: several tasks write to {what}, if they are on one node"));
    }
    if service.service.keep != 1 {
        notes.push(format!("{name}: a swarm keeps exactly one earlier version"));
    }
}

/// Turns a service into a job with one task, which runs once.
fn once(mut spec: ServiceSpec) -> ServiceSpec {
    spec.update_config = None;
    spec.rollback_config = None;
    spec.task_template.restart_policy =
        Some(TaskRestartPolicy { condition: RestartCondition::None, ..TaskRestartPolicy::default() });
    spec.job(1, 1)
}

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
    *spec.container() = container_of(desired, service, from, spec.labels.clone());
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
        Order::Auto if written_by_one(&service.service).is_some() => UpdateOrder::StopFirst,
        _ => UpdateOrder::StartFirst,
    };
    let update = UpdateConfig::new().order(order);
    Ok(spec.rollback_config(update.clone()).update_config(update.failure_action(FailureAction::Rollback)))
}

fn restart_policy(from: &ContainerSpec) -> TaskRestartPolicy {
    let policy = &from.host_config.restart_policy;
    let (condition, max_attempts) = match &policy.name {
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

fn container_of(
    desired: &Desired,
    service: &DesiredService,
    from: &ContainerSpec,
    labels: Map<String>,
) -> TaskContainerSpec {
    let (config, host) = (&from.config, &from.host_config);
    let mut env = config.env.clone();
    for variable in service.service.secrets.keys() {
        env.unset(variable);
        env.set(format!("{variable}_FILE"), format!("/run/secrets/{variable}"));
    }
    let env: Vec<String> = env.as_slice().iter().filter(|line| line.contains('=')).cloned().collect();
    let hosts = host.extra_hosts.iter().map(|line| match line.split_once(':') {
        Some((name, address)) => format!("{address} {name}"),
        None => line.clone(),
    });
    let dns =
        DnsConfig { nameservers: host.dns.clone(), search: host.dns_search.clone(), options: host.dns_options.clone() };
    TaskContainerSpec {
        image: config.image.clone(),
        labels,
        command: config.entrypoint.clone(),
        args: config.cmd.clone(),
        hostname: config.hostname.clone(),
        env: Env::from_iter(env),
        dir: config.working_dir.clone(),
        user: config.user.clone(),
        groups: host.group_add.clone(),
        tty: config.tty,
        open_stdin: config.open_stdin,
        read_only: host.readonly_rootfs,
        mounts: mounts(desired, from),
        stop_signal: config.stop_signal.as_ref().map(ToString::to_string).unwrap_or_default(),
        stop_grace_period: config.stop_timeout.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs),
        health_check: config.healthcheck.clone().or_else(|| service.service.ready.as_command().map(Healthcheck::exec)),
        hosts: hosts.collect(),
        dns_config: Some(dns).filter(|dns| *dns != DnsConfig::default()),
        oom_score_adj: host.oom_score_adj,
        isolation: host.isolation.clone(),
        init: host.init,
        sysctls: host.sysctls.clone(),
        capability_add: host.cap_add.clone(),
        capability_drop: host.cap_drop.clone(),
        ulimits: host.ulimits.clone(),
        ..TaskContainerSpec::default()
    }
}

/// Returns the mounts, including binds and tmpfs. Volumes that a node creates for the project carry the project's labels.
fn mounts(desired: &Desired, from: &ContainerSpec) -> Vec<Mount> {
    let binds = from.host_config.binds.iter().filter_map(|bind| {
        if let Ok(mount) = bind.parse() {
            return Some(mount);
        }
        // Services lack the SELinux options.
        let mut parts = bind.splitn(3, ':');
        let (source, target) = (parts.next()?, parts.next()?);
        let mount = if source.starts_with('/') { Mount::bind(source, target) } else { Mount::volume(source, target) };
        Some(mount.read_only(parts.next().is_some_and(|options| options.split(',').any(|option| option == "ro"))))
    });
    let tmpfs = from.host_config.tmpfs.keys().map(Mount::tmpfs);
    let mounts = from.host_config.mounts.iter().cloned().chain(binds).chain(tmpfs);
    let with_labels = mounts.map(|mut mount| {
        let known = desired.volumes.iter().find(|volume| volume.name == mount.source);
        if let (MountType::Volume, Some(volume)) = (&mount.kind, known) {
            let options = mount.volume_options.get_or_insert_default();
            options.labels = volume.labels.clone();
        }
        mount
    });
    with_labels.collect()
}

/// Returns the secrets and configs of a service. Their names depend on their content, since the content cannot be changed.
fn given(desired: &Desired, service: &DesiredService, place: &str) -> Result<(GivenSecrets, GivenConfigs), String> {
    let named = |key: &str, content: &[u8]| {
        let digest = digest::keyed(&format!("{place}/{key}"), content);
        let name = format!("{}.{}", desired.prefix(), digest.trim_start_matches("hmac:").get(..16).unwrap_or_default());
        if name.len() > 64 {
            Err(format!("the name {name} is longer than the 64 characters that a swarm allows"))
        } else {
            Ok(name)
        }
    };
    let labels = stack_labels(desired, &Map::new());
    let labels = labels.into_iter().chain([
        (label::PROJECT.to_owned(), desired.project.clone()),
        (label::ENVIRONMENT.to_owned(), desired.environment.clone()),
        (label::SERVICE.to_owned(), service.name.clone()),
    ]);
    let labels: Map<String> = labels.collect();
    let mut secrets = Vec::new();
    for variable in service.service.secrets.keys() {
        let value = service.spec.config.env.get(variable).unwrap_or_default();
        let spec = SecretSpec::new(named(variable, value.as_bytes())?, value);
        let spec = SecretSpec { labels: labels.clone(), ..spec };
        secrets.push(Given { spec, file: ReferenceFile::new(variable).mode(0o444) });
    }
    let mut configs = Vec::new();
    for (file, content) in &service.files {
        let spec = ConfigSpec::new(named(&file.path, content)?, content.clone());
        let spec = ConfigSpec { labels: labels.clone(), ..spec };
        let number = |id: u64| u32::try_from(id).unwrap_or_default();
        let target = ReferenceFile::new(&file.path).mode(file.mode).owner(number(file.user), number(file.group));
        configs.push(Given { spec, file: target });
    }
    Ok((secrets, configs))
}

/// Returns the value that services are compared by: with digests for possible secrets, without the number of tasks.
fn configuration(
    spec: &ServiceSpec,
    secrets: &[Given<SecretSpec>],
    configs: &[Given<ConfigSpec>],
    place: &str,
) -> Value {
    let mut spec = spec.clone();
    if let Some(replicated) = spec.mode.as_mut().and_then(|mode| mode.replicated.as_mut()) {
        replicated.replicas = None;
    }
    let hide = |name: &str, value: &str| digest::keyed(&format!("{place}/{name}"), value.as_bytes());
    let container = spec.container();
    let env = container.env.iter().map(|(name, value)| format!("{name}={}", hide(name, value.unwrap_or_default())));
    container.env = Env::from_iter(env.collect::<Vec<_>>());
    for mount in &mut container.mounts {
        let driver =
            mount.volume_options.as_mut().and_then(|options: &mut VolumeOptions| options.driver_config.as_mut());
        for (name, value) in driver.into_iter().flat_map(|driver| driver.options.iter_mut()) {
            *value = hide(name, value);
        }
    }
    for (name, value) in spec.task_template.log_driver.iter_mut().flat_map(|driver| driver.options.iter_mut()) {
        *value = hide(name, value);
    }
    let given = |name: &str, file: &ReferenceFile| Value::from(format!("{} {name} {:o}", file.name, file.mode));
    let mut value = json_of(&spec);
    if let Value::Object(fields) = &mut value {
        fields.insert(
            "Secrets".to_owned(),
            secrets.iter().map(|secret| given(&secret.spec.name, &secret.file)).collect(),
        );
        fields.insert(
            "Configs".to_owned(),
            configs.iter().map(|config| given(&config.spec.name, &config.file)).collect(),
        );
    }
    value
}
