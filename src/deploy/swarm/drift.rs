//! What others have changed of a service, such as `docker service update`. They leave the labels of the deployment as they are.

use super::specs::{StackService, configuration, given_as};
use crate::deploy::plan::FieldChange;
use crate::service::ServiceSpec;
use serde_json::Value;

/// The fields that are compared: those that engines return as they were sent.
const FIELDS: &[&str] = &[
    "TaskTemplate.ContainerSpec.Image",
    COMMAND,
    ARGUMENTS,
    "TaskTemplate.ContainerSpec.Env",
    "TaskTemplate.ContainerSpec.Dir",
    "TaskTemplate.ContainerSpec.User",
    "TaskTemplate.ContainerSpec.Groups",
    "TaskTemplate.ContainerSpec.Hostname",
    "TaskTemplate.ContainerSpec.Hosts",
    "TaskTemplate.ContainerSpec.ReadOnly",
    "TaskTemplate.ContainerSpec.StopSignal",
    "TaskTemplate.ContainerSpec.Healthcheck.Test",
    MOUNTS,
    "TaskTemplate.Resources.Limits.NanoCPUs",
    "TaskTemplate.Resources.Limits.MemoryBytes",
    "TaskTemplate.Resources.Limits.Pids",
    "TaskTemplate.Resources.Reservations.NanoCPUs",
    "TaskTemplate.Resources.Reservations.MemoryBytes",
    "TaskTemplate.RestartPolicy.Condition",
    "TaskTemplate.Placement.Constraints",
    PORTS,
    "Secrets",
    "Configs",
];
const COMMAND: &str = "TaskTemplate.ContainerSpec.Command";
const ARGUMENTS: &str = "TaskTemplate.ContainerSpec.Args";
const MOUNTS: &str = "TaskTemplate.ContainerSpec.Mounts";

const PORTS: &str = "EndpointSpec.Ports";

/// The fields of a mount that are compared: engines fill in options.
const OF_MOUNT: &[&str] = &["Type", "Source", "Target", "ReadOnly"];

/// Returns the fields that others have changed since the service was deployed.
pub(super) fn drift(service: &StackService, found: &ServiceSpec) -> Vec<FieldChange> {
    let found = as_configuration(service, found);
    let changes = FIELDS.iter().filter_map(|field| {
        let pointer = format!("/{}", field.replace('.', "/"));
        let value = |of: &Value| of.pointer(&pointer).map(|value| comparable(field, value));
        let (from, to) = (value(&found), value(&service.configuration));
        (from != to).then(|| FieldChange { field: (*field).to_owned(), from, to })
    });
    changes.collect()
}

/// Returns the value that the found service is compared by, with the same digests for possible secrets.
fn as_configuration(service: &StackService, found: &ServiceSpec) -> Value {
    let mut found = found.clone();
    let container = found.container();
    let wanted = service.spec.task_template.container_spec.as_ref().map(|container| container.image.as_str());
    if let Some(wanted) = wanted.filter(|wanted| is_resolved(&container.image, wanted)) {
        container.image = wanted.to_owned();
    }
    let secrets = std::mem::take(&mut container.secrets).into_iter();
    let secrets = secrets.map(|secret| given_as(&secret.secret_name, &secret.file.unwrap_or_default())).collect();
    let configs = std::mem::take(&mut container.configs).into_iter();
    let configs = configs.map(|config| given_as(&config.config_name, &config.file.unwrap_or_default())).collect();
    configuration(&found, secrets, configs, &service.place)
}

/// Returns whether an image is the wanted one with the registry's digest, and the default tag if it has none.
fn is_resolved(image: &str, wanted: &str) -> bool {
    let added = image.strip_prefix(wanted).map(|added| added.strip_prefix(":latest").unwrap_or(added));
    added.is_some_and(|added| added.starts_with('@'))
}

/// Returns a value without what makes no difference: the order of most lists, and what engines add to mounts and ports.
fn comparable(field: &str, value: &Value) -> Value {
    let Value::Array(items) = value else { return value.clone() };
    let mut items = items.clone();
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        if field == MOUNTS {
            item.retain(|key, _| OF_MOUNT.contains(&key.as_str()));
        }
        if field == PORTS {
            item.entry("Protocol").or_insert_with(|| "tcp".into());
            item.entry("PublishMode").or_insert_with(|| "ingress".into());
        }
    }
    if field != COMMAND && field != ARGUMENTS {
        items.sort_by_key(Value::to_string);
    }
    Value::Array(items)
}
