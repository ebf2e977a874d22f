//! Validation of a project, before any request.

use super::{After, BuildFrom, Order, Project, Service};
use crate::container::{ContainerConfig, ContainerSpec, HostConfig, Mount, MountType, NetworkingConfig};
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use serde::Deserialize;
use serde::de::value::Error as NoValue;
use serde::de::{Deserializer, Error, Visitor};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Checks for unknown fields: a misspelt one in a merge patch would silently change nothing.
pub(super) fn fields(project: &Value) -> Result<(), String> {
    known::<Project>(project, "")?;
    for (name, service) in entries(project, "services") {
        let at = format!("services.{name}");
        known::<Service>(service, &at)?;
        known::<BuildFrom>(service.get("build").unwrap_or(&Value::Null), &format!("{at}.build"))?;
        for part in ["spec", "before"] {
            if let Some(value) = service.get(part) {
                spec(value, &format!("{at}.{part}"))?;
            }
        }
    }
    entries(project, "networks")
        .try_for_each(|(name, spec)| known::<NetworkSpec>(spec, &format!("networks.{name}")))?;
    entries(project, "volumes").try_for_each(|(name, spec)| known::<VolumeSpec>(spec, &format!("volumes.{name}")))
}

fn spec(value: &Value, at: &str) -> Result<(), String> {
    let (host, networking) = ("HostConfig", "NetworkingConfig");
    let fields: Vec<_> = fields_of::<ContainerConfig>().iter().copied().chain([host, networking]).collect();
    among(value, at, &fields)?;
    known::<HostConfig>(&value[host], &format!("{at}.{host}"))?;
    known::<NetworkingConfig>(&value[networking], &format!("{at}.{networking}"))
}

fn entries<'a>(project: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    project[key].as_object().into_iter().flatten()
}

fn known<T: for<'de> Deserialize<'de>>(value: &Value, at: &str) -> Result<(), String> {
    among(value, at, fields_of::<T>())
}

fn among(value: &Value, at: &str, fields: &[&str]) -> Result<(), String> {
    let mut keys = value.as_object().into_iter().flat_map(|object| object.keys());
    let Some(wrong) = keys.find(|key| !fields.contains(&key.as_str())) else { return Ok(()) };
    let at = if at.is_empty() { wrong.clone() } else { format!("{at}.{wrong}") };
    Err(unknown("field", &at, fields.iter().copied()))
}

/// Returns the message for an unknown name, with the most similar known name.
pub(super) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    let nearest = known.max_by(|a, b| {
        let like = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &last.to_lowercase());
        like(a).total_cmp(&like(b))
    });
    let mut message = format!("unknown {what} {name:?}");
    if let Some(nearest) = nearest {
        let _ = write!(message, ": did you mean {nearest:?}?");
    }
    message
}

/// Returns the field names of a struct that derives `Deserialize`.
pub(in crate::deploy) fn fields_of<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    struct Fields<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Fields<'_> {
        type Error = NoValue;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, NoValue> {
            *self.0 = fields;
            Err(NoValue::custom("only its fields are asked for"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoValue> {
            Err(NoValue::custom("it is no struct"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut fields: &'static [&'static str] = &[];
    let _ = T::deserialize(Fields(&mut fields));
    fields
}

/// Returns what setters of specs could not parse. The JSON of a project does not have it.
pub(super) fn unparsed(project: &Project) -> Vec<String> {
    let services = project.services.iter().flat_map(|(name, service)| {
        let specs = [("spec", Some(&service.spec)), ("before", service.before.as_ref())];
        specs
            .into_iter()
            .filter_map(move |(part, spec)| invalid(spec?).map(|why| format!("services.{name}.{part}: {why}")))
    });
    services.collect()
}

/// Returns the first error of a spec's setters, and of those of what it holds.
pub(in crate::deploy) fn invalid(spec: &ContainerSpec) -> Option<&String> {
    let checks = spec.config.healthcheck.iter().flat_map(|check| &check.invalid);
    let endpoints = spec.networking_config.endpoints_config.values().flat_map(|endpoint| &endpoint.invalid);
    spec.invalid.iter().chain(checks).chain(endpoints).next()
}

/// Checks names, dependencies and contradictions.
pub(super) fn project(project: &Project, environment: &str) -> Result<(), String> {
    name("project", &project.name)?;
    name("environment", environment)?;
    project.networks.keys().try_for_each(|network| name("network", network))?;
    project.volumes.keys().try_for_each(|volume| name("volume", volume))?;
    for (service_name, service) in &project.services {
        name("service", service_name)?;
        self::service(project, service).map_err(|why| format!("services.{service_name}: {why}"))?;
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

fn service(project: &Project, service: &Service) -> Result<(), String> {
    if service.spec.config.image.is_empty() {
        let services = project.services.iter().filter(|(_, other)| !other.spec.config.image.is_empty());
        let mut message = "spec.Image is not set".to_owned();
        if services.count() < project.services.len() {
            message.push_str(" (a service that only the environment names is a new service: check its name)");
        }
        return Err(message);
    }
    for (other, condition) in &service.after {
        let Some(other_service) = project.services.get(other) else {
            return Err(format!("after: {}", unknown("service", other, project.services.keys())));
        };
        if *condition == After::Completed && !other_service.ready.is_exited() {
            return Err(format!("after: {other} does not run to its end: set its ready to Ready::exited()"));
        }
    }
    if let Some(path) = service.files.iter().map(|file| &file.path).find(|path| !is_path_of_file(path)) {
        return Err(format!("files: the path {path:?} must be absolute, without `..`, and name a file"));
    }
    if !service.files.is_empty() && !cfg!(feature = "tar") {
        return Err("files need the feature `tar`, which is not enabled".to_owned());
    }
    if service.build.is_some() && !cfg!(feature = "tar") {
        return Err("build needs the feature `tar`, which is not enabled".to_owned());
    }
    service.ready.check()
}

/// Checks what a single engine cannot do, and a swarm can.
pub(in crate::deploy) fn on_one_engine(service: &Service) -> Result<(), String> {
    match exclusive(service) {
        Some(what) if service.replicas > 1 => {
            Err(format!("{what} can be used by only one replica, not by {}", service.replicas))
        }
        Some(what) if service.order == Order::StartFirst => {
            Err(format!("start first is not possible: {what} can be used by only one container at a time"))
        }
        _ => Ok(()),
    }
}

fn is_path_of_file(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("") && parts.all(|part| part != "..") && !path.ends_with('/') && !path.ends_with("/.")
}

/// Returns the resource of a service that only one container can have at a time.
pub(in crate::deploy) fn exclusive(service: &Service) -> Option<String> {
    let host = &service.spec.host_config;
    let bindings = host.port_bindings.values().flatten();
    if let Some(binding) = bindings.into_iter().find(|binding| !matches!(binding.host_port.as_str(), "" | "0")) {
        return Some(format!("port {}", binding.host_port));
    }
    if host.network_mode == "host" {
        return Some("the host's network".to_owned());
    }
    let endpoints = service.spec.networking_config.endpoints_config.values();
    if endpoints.into_iter().any(|endpoint| endpoint.ipam_config.is_some() || endpoint.mac_address.is_some()) {
        return Some("a fixed address".to_owned());
    }
    None
}

/// Returns the volume or host folder that two containers should not write to at the same time.
pub(in crate::deploy) fn written_by_one(service: &Service) -> Option<String> {
    let host = &service.spec.host_config;
    let is_written = |mount: &&Mount| matches!(mount.kind, MountType::Volume | MountType::Bind) && !mount.read_only;
    let mounts = host.mounts.iter().filter(is_written).map(|mount| mount.source.as_str());
    let binds = host
        .binds
        .iter()
        .filter(|bind| !bind.split(':').skip(2).any(|options| options.split(',').any(|option| option == "ro")));
    let mut sources = mounts.chain(binds.filter_map(|bind| bind.split(':').next()));
    sources.find(|source| !source.is_empty()).map(|source| format!("volume {source}"))
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
