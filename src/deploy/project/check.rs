//! Validation of a project, before any request.

use super::in_file::InFile;
use super::known::{Known, nearest, unknown};
use super::{After, Order, Project, Service};
use crate::container::{ContainerConfig, ContainerSpec, HostConfig, Mount, MountType, RestartMode, check_name};
use crate::deploy::file;
use crate::network::EndpointSettings;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Checks for unknown fields and words: a misspelt one would silently change nothing.
#[inline] // generates code only in crates that deploy
pub(super) fn fields(project: &Value) -> Result<(), String> {
    let services = project.get("services").and_then(Value::as_object).into_iter().flatten();
    for (name, service) in services {
        in_spec(name, service)?;
        for part in ["spec", "before"] {
            if let Some(spec) = service.get(part).filter(|spec| !spec.is_null()) {
                // serde does not ask for the fields of a flattened struct.
                let spec = Known::new(spec, format!("services.{name}.{part}"));
                let spec = spec.except(&["HostConfig", "NetworkingConfig"]);
                ContainerConfig::deserialize(spec).map_err(|wrong| wrong.to_string())?;
            }
        }
    }
    InFile::deserialize(Known::new(project, "")).map(drop).map_err(|wrong| wrong.to_string())
}

/// Checks for fields of a service that belong to its spec.
#[inline] // generates code only in crates that deploy
fn in_spec(name: &str, service: &Value) -> Result<(), String> {
    for key in service.as_object().into_iter().flat_map(serde_json::Map::keys) {
        let mut first = key.chars();
        let field = first.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(first).collect::<String>();
        let (own, in_spec) = (json!({key: null}), json!({field.as_str(): null}));
        if Service::deserialize(Known::new(&own, "")).is_ok() {
            continue;
        }
        let place = if ContainerConfig::deserialize(Known::new(&in_spec, "")).is_ok() {
            "spec"
        } else if HostConfig::deserialize(Known::new(&in_spec, "")).is_ok() {
            "spec.HostConfig"
        } else {
            continue;
        };
        return Err(format!("unknown field \"services.{name}.{key}\": did you mean \"{place}.{field}\"?"));
    }
    Ok(())
}

/// Returns what setters of specs could not parse. The JSON of a project does not have it.
pub(super) fn unparsed(project: &Project) -> Vec<String> {
    let services = project.services.iter().flat_map(|(name, service)| {
        let parts = [
            ("spec", invalid(&service.spec)),
            ("before", service.before.as_ref().and_then(invalid)),
            ("ready", service.ready.invalid()),
        ];
        parts.into_iter().filter_map(move |(part, why)| Some(format!("services.{name}.{part}: {}", why?)))
    });
    services.collect()
}

/// Returns the first error of a spec's setters, and of those of what it holds.
pub(in crate::deploy) fn invalid(spec: &ContainerSpec) -> Option<&String> {
    let checks = spec.config.healthcheck.iter().flat_map(|check| &check.invalid);
    let endpoints = spec.networking_config.endpoints_config.values().flat_map(|endpoint| &endpoint.invalid);
    let mounts = spec.host_config.mounts.iter().flat_map(|mount| &mount.invalid);
    spec.invalid.iter().chain(checks).chain(endpoints).chain(mounts).next()
}

/// Checks names, dependencies and contradictions.
#[inline] // generates code only in crates that deploy
pub(super) fn project(project: &Project, environment: &str) -> Result<(), String> {
    name("project", &project.name)?;
    name("environment", environment)?;
    let common = format!("{}-{environment}", project.name);
    let networks = project.networks.iter().map(|(name, spec)| ("network", name, &spec.name));
    let volumes = project.volumes.iter().map(|(name, spec)| ("volume", name, &spec.name));
    for (what, key, own_name) in networks.chain(volumes) {
        name(what, key)?;
        if !own_name.is_empty() {
            return Err(format!(
                "{what}s.{key}.Name cannot be set: the name comes from the project, the environment and {key:?}"
            ));
        }
    }
    for (service_name, service) in &project.services {
        name("service", service_name)?;
        self::service(project, service, &common).map_err(|why| {
            let hint = if service.spec.config.image.is_empty() { misspelt(project, service_name) } else { None };
            format!("services.{service_name}: {why}{}", hint.unwrap_or_default())
        })?;
    }
    order(project).map(drop)
}

fn name(what: &str, name: &str) -> Result<(), String> {
    let is_valid = name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-'));
    if is_valid {
        return Ok(());
    }
    Err(format!("invalid {what} name {name:?}: use letters, digits, - and _, and begin with a letter or digit"))
}

#[inline] // generates code only in crates that deploy
fn service(project: &Project, service: &Service, common_network: &str) -> Result<(), String> {
    if service.spec.config.image.is_empty() {
        return Err("spec.Image is not set".to_owned());
    }
    for (other, condition) in &service.after {
        let Some(other_service) = project.services.get(other) else {
            return Err(format!("after: {}", unknown("service", other, project.services.keys())));
        };
        if *condition == After::Completed && !other_service.ready.is_exited() {
            return Err(format!("after: {other} does not run to its end: set its ready to Ready::exited()"));
        }
    }
    for (part, spec) in [("spec", Some(&service.spec)), ("before", service.before.as_ref())] {
        let Some(spec) = spec else { continue };
        let checked = spec.check().and_then(|()| references(project, spec, common_network));
        checked.map_err(|why| format!("{part}: {why}"))?;
    }
    service.secrets.keys().try_for_each(check_name).map_err(|why| format!("secrets: {why}"))?;
    file::check(&service.files)?;
    if service.build.is_some() && !cfg!(feature = "tar") {
        return Err("build needs the feature `tar`, which is not enabled".to_owned());
    }
    life(service)
}

/// Returns the hint for a service without an image, whose name may be misspelt.
fn misspelt(project: &Project, name: &str) -> Option<String> {
    let others = project.services.iter().filter(|(_, service)| !service.spec.config.image.is_empty());
    let other = nearest(name, others.map(|(name, _)| name))?;
    Some(format!(" (a service that only the environment names is a new service: did you mean {other:?}?)"))
}

/// Checks that the project has the networks and volumes that a spec names, or declares them as external. The engine would create
/// a missing volume, without labels and shared by all environments.
#[inline] // generates code only in crates that deploy
fn references(project: &Project, spec: &ContainerSpec, common_network: &str) -> Result<(), String> {
    let is_external = |name: &str| project.external.iter().any(|external| external == name);
    let networks = spec.networking_config.endpoints_config.keys().chain([spec.host_config.network_mode.as_str()]);
    let networks = networks.filter(|name| !matches!(*name, "" | "default") && !is_network_mode(name));
    let mut networks = networks.filter(|name| *name != common_network && !is_external(name));
    if let Some(name) = networks.find(|name| !project.networks.contains_key(name)) {
        return Err(missing(project, "network", name, project.networks.keys()));
    }
    let mut volumes = volumes(&spec.host_config);
    match volumes.find(|name| !project.volumes.contains_key(name) && !is_external(name)) {
        Some(name) => Err(missing(project, "volume", name, project.volumes.keys())),
        None => Ok(()),
    }
}

fn missing<'a>(project: &'a Project, what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let unknown = unknown(what, name, known.chain(project.external.iter().map(String::as_str)));
    format!("{unknown} (it must be in the project's {what}s, or in its `external` if the project does not own it)")
}

/// Returns whether this is a network mode, and not the name of a network that containers can share.
pub(in crate::deploy) fn is_network_mode(name: &str) -> bool {
    matches!(name, "host" | "none" | "bridge" | "private" | "pasta" | "slirp4netns") || name.contains(':')
}

/// Returns the named volumes that containers mount.
fn volumes(host: &HostConfig) -> impl Iterator<Item = &str> {
    let mounts = host.mounts.iter().filter(|mount| mount.kind == MountType::Volume).map(|mount| mount.source.as_str());
    let binds = host.binds.iter().filter_map(|bind| Some(bind.split_once(':')?.0));
    // Others are paths, such as `C` of `C:\\folder`.
    let is_name = |source: &&str| source.len() > 1 && source.starts_with(|first: char| first.is_ascii_alphanumeric());
    mounts.filter(|source| !source.is_empty()).chain(binds.filter(is_name))
}

/// Checks when containers count as ready, and what happens when they exit.
fn life(service: &Service) -> Result<(), String> {
    let host = &service.spec.host_config;
    if host.auto_remove {
        let why = "the engine would remove a container that a rollback needs, or the exit code of a job";
        return Err(format!("spec.HostConfig.AutoRemove cannot be set: {why}"));
    }
    let policy = &host.restart_policy.name;
    if matches!(policy, RestartMode::Unknown(policy) if !policy.is_empty()) {
        let known = ["no", "always", "unless-stopped", "on-failure"].into_iter();
        return Err(format!(
            "spec.HostConfig.RestartPolicy.Name: {}",
            unknown("restart policy", policy.as_str(), known)
        ));
    }
    if service.ready.is_exited() && matches!(policy, RestartMode::Always | RestartMode::UnlessStopped) {
        let why = "starts the container again and again: use on-failure or no";
        return Err(format!("ready: a service that runs once cannot have a restart policy that {why}"));
    }
    service.ready.check(&host.network_mode)?;
    service.ready.check_within(service.deadline)
}

/// Checks what a single engine cannot do, and a swarm can.
pub(in crate::deploy) fn on_one_engine(service: &Service) -> Result<(), String> {
    file::check_mounts(&service.files, &service.spec.host_config)?;
    let Some((what, number)) = scarce(service) else { return Ok(()) };
    let only = |things: &str| if number == 1 { format!("one {things}") } else { format!("{number} {things}s") };
    if service.replicas > number {
        return Err(format!("{what} can be used by only {}, not by {}", only("replica"), service.replicas));
    }
    if service.order == Order::StartFirst && service.replicas == number {
        return Err(format!("start first is not possible: {what} can be used by only {} at a time", only("container")));
    }
    Ok(())
}

/// Returns what a service has that leaves nothing for one more container, or that two should not use at the same time. So the
/// old one stops first.
pub(in crate::deploy) fn exclusive(service: &Service) -> Option<String> {
    let scarce = scarce(service).filter(|(_, number)| *number <= service.replicas.max(1)).map(|(what, _)| what);
    // Both containers would listen on the same ports of that network.
    let is_attached = service.spec.host_config.network_mode.starts_with("container:");
    let network = || is_attached.then(|| "another container's network".to_owned());
    scarce.or_else(network).or_else(|| written_by_one(service))
}

/// Returns what only a limited number of containers can have at a time, and that number.
fn scarce(service: &Service) -> Option<(String, u32)> {
    let host = &service.spec.host_config;
    let bindings = host.port_bindings.values().flatten().map(|binding| binding.host_port.as_str());
    let ports = bindings.filter_map(|ports| Some((format!("port {ports}"), number_of_ports(ports)?)));
    let mut endpoints = service.spec.networking_config.endpoints_config.values();
    let is_fixed = |endpoint: &EndpointSettings| endpoint.ipam_config.is_some() || endpoint.mac_address.is_some();
    let host_network = (host.network_mode == "host").then_some("the host's network");
    let address = endpoints.any(is_fixed).then_some("a fixed address");
    let single = host_network.into_iter().chain(address).map(|what| (what.to_owned(), 1));
    ports.chain(single).min_by_key(|(_, number)| *number)
}

/// Returns how many host ports there are to choose from, of `8080` or `8000-8009`. `None` if the engine chooses any port.
fn number_of_ports(host_port: &str) -> Option<u32> {
    match host_port.split_once('-') {
        None if matches!(host_port, "" | "0") => None,
        None => Some(1),
        Some((first, last)) => {
            let (first, last) = (first.parse::<u32>().ok()?, last.parse::<u32>().ok()?);
            Some(last.saturating_sub(first).saturating_add(1))
        }
    }
}

/// Returns the volume or host folder that two containers should not write to at the same time.
pub(in crate::deploy) fn written_by_one(service: &Service) -> Option<String> {
    written(&service.spec.host_config).next().map(|source| format!("volume {source}"))
}

/// Returns the volumes and host folders that a container may write to.
pub(in crate::deploy) fn written(host: &HostConfig) -> impl Iterator<Item = &str> {
    let is_written = |mount: &&Mount| matches!(mount.kind, MountType::Volume | MountType::Bind) && !mount.read_only;
    let mounts = host.mounts.iter().filter(is_written).map(|mount| mount.source.as_str());
    let binds = host
        .binds
        .iter()
        .filter(|bind| !bind.split(':').skip(2).any(|options| options.split(',').any(|option| option == "ro")));
    let sources = mounts.chain(binds.filter_map(|bind| bind.split(':').next()));
    sources.filter(|source| !source.is_empty())
}

/// Returns the services, each after those that it depends on.
pub(in crate::deploy) fn order(project: &Project) -> Result<Vec<&str>, String> {
    let (mut sorted, mut done) = (Vec::new(), BTreeSet::new());
    for name in project.services.keys() {
        visit(project, name, &mut Vec::new(), &mut done, &mut sorted)?;
    }
    Ok(sorted)
}

fn visit<'a>(
    project: &'a Project,
    name: &'a str,
    path: &mut Vec<&'a str>,
    done: &mut BTreeSet<&'a str>,
    sorted: &mut Vec<&'a str>,
) -> Result<(), String> {
    if done.contains(name) {
        return Ok(());
    }
    if let Some(start) = path.iter().position(|other| *other == name) {
        let cycle = path.iter().skip(start).chain([&name]).copied().collect::<Vec<_>>().join(" → ");
        return Err(format!("services wait for each other: {cycle}"));
    }
    path.push(name);
    for other in project.services.get(name).into_iter().flat_map(|service| service.after.keys()) {
        visit(project, other, path, done, sorted)?;
    }
    path.pop();
    done.insert(name);
    sorted.push(name);
    Ok(())
}
