//! [`SwarmPlan`]: the way from the observed to the desired state on a swarm.

use super::SwarmDeployment;
use super::drift::drift;
use super::observed::{Observed, digest, is_unfinished_job};
use super::specs::{Stack, StackService, replicas};
use crate::deploy::plan::{FieldChange, differences, joined, label};
use crate::service::{ServiceInspect, ServiceMode, ServiceSpec, UpdateState};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;

/// A step of a [`SwarmPlan`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "change")]
#[non_exhaustive]
pub enum SwarmChange {
    /// Creates an overlay network.
    CreateNetwork {
        /// Its name on the swarm.
        name: String,
    },
    /// Creates a secret.
    CreateSecret {
        /// Its name on the swarm, which depends on its content.
        name: String,
    },
    /// Creates a config.
    CreateConfig {
        /// Its name on the swarm, which depends on its content.
        name: String,
    },
    /// Creates a service.
    Create {
        /// The service's name in the project.
        service: String,
    },
    /// Updates a service, which replaces its tasks. Creates it anew if it becomes a job, or no longer is one.
    Update {
        /// The service's name in the project.
        service: String,
        /// The fields that differ.
        fields: Vec<FieldChange>,
    },
    /// Changes the number of a service's tasks.
    Scale {
        /// The service's name in the project.
        service: String,
        /// The current number of tasks.
        from: u64,
        /// The new number of tasks.
        to: u64,
    },
    /// Waits until a service has converged, after a deployment that was interrupted or has failed. Changes nothing.
    Converge {
        /// The service's name in the project.
        service: String,
    },
    /// Removes a service.
    Remove {
        /// Its name on the swarm.
        name: String,
    },
    /// Removes a secret that no service uses, not even after a rollback.
    RemoveSecret {
        /// Its name on the swarm.
        name: String,
    },
    /// Removes a config that no service uses, not even after a rollback.
    RemoveConfig {
        /// Its name on the swarm.
        name: String,
    },
}

/// The changes that bring the swarm in line with the project, from [`SwarmDeployment::plan`].
///
/// Its `Display` lists the changes and the [`notes`](Self::notes), one per line. It serializes to its [`changes`](Self::changes).
#[derive(Clone, Debug)]
#[must_use = "nothing is done until it is applied"]
pub struct SwarmPlan {
    pub(super) deployment: SwarmDeployment,
    pub(super) changes: Vec<SwarmChange>,
    pub(super) notes: Vec<String>,
    /// Whether a killed deployer has left its lock.
    pub(super) has_left_lock: bool,
}

impl SwarmPlan {
    /// Returns the changes, in the order of the `Display` output.
    #[must_use]
    pub fn changes(&self) -> &[SwarmChange] {
        &self.changes
    }

    /// Returns notes on the parts of the project that a swarm handles differently than a single engine.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns whether nothing has to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Computes the changes from the desired and the observed state, without I/O.
#[inline] // generates code only in crates that deploy
pub(super) fn changes(stack: &Stack, observed: &Observed) -> Vec<SwarmChange> {
    let mut changes = Vec::new();
    let networks = stack.networks.iter().map(|network| &network.name);
    let networks = networks.filter(|name| !observed.networks.contains(*name)).cloned();
    changes.extend(networks.map(|name| SwarmChange::CreateNetwork { name }));
    let secrets = stack.services.iter().flat_map(|service| &service.secrets).map(|secret| &secret.spec.name);
    let secrets: BTreeSet<_> = secrets.collect();
    let missing = secrets.iter().filter(|name| !observed.secrets.contains_key(**name));
    changes.extend(missing.map(|name| SwarmChange::CreateSecret { name: (*name).clone() }));
    let configs = stack.services.iter().flat_map(|service| &service.configs).map(|config| &config.spec.name);
    let configs: BTreeSet<_> = configs.collect();
    let missing = configs.iter().filter(|name| !observed.configs.contains_key(**name));
    changes.extend(missing.map(|name| SwarmChange::CreateConfig { name: (*name).clone() }));
    changes.extend(stack.services.iter().filter_map(|service| of_service(service, observed)));
    let is_wanted = |name: &String| stack.services.iter().any(|service| service.spec.name == *name);
    let unwanted = observed.services.keys().filter(|name| !is_wanted(name)).cloned();
    changes.extend(unwanted.map(|name| SwarmChange::Remove { name }));
    // Keeps what a rollback needs. For a service that is being updated, that is what it uses now.
    let kept = kept(stack, observed);
    let unused = |name: &&String, wanted: &BTreeSet<&String>| !wanted.contains(name) && !kept.contains(name.as_str());
    let unused_secrets = observed.secrets.keys().filter(|name| unused(name, &secrets)).cloned();
    changes.extend(unused_secrets.map(|name| SwarmChange::RemoveSecret { name }));
    let unused_configs = observed.configs.keys().filter(|name| unused(name, &configs)).cloned();
    changes.extend(unused_configs.map(|name| SwarmChange::RemoveConfig { name }));
    changes
}

fn of_service(service: &StackService, observed: &Observed) -> Option<SwarmChange> {
    let name = service.name.clone();
    let Some(found) = observed.services.get(&service.spec.name) else {
        return Some(SwarmChange::Create { service: name });
    };
    let fields = differs(service, found);
    if !fields.is_empty() {
        return Some(SwarmChange::Update { service: name, fields });
    }
    match (replicas(&found.spec), replicas(&service.spec)) {
        (Some(from), Some(to)) if from != to => Some(SwarmChange::Scale { service: name, from, to }),
        _ => unfinished(name, found, observed),
    }
}

/// Returns what is left to do for a service that has the desired specification, which engines store before it runs.
fn unfinished(service: String, found: &ServiceInspect, observed: &Observed) -> Option<SwarmChange> {
    let again = |service: String, field: &str, from: Value, to: Value| {
        let field = FieldChange { field: field.to_owned(), from: Some(from), to: Some(to) };
        Some(SwarmChange::Update { service, fields: vec![field] })
    };
    let counts = found.service_status.clone().unwrap_or_default();
    if is_unfinished_job(found) && !observed.at_work.contains(&found.spec.name) {
        return again(service, "CompletedTasks", counts.completed_tasks.into(), 1.into()); // an update runs it again
    }
    let state = found.update_status.as_ref().map(|status| &status.state);
    match state {
        // Only another update continues it.
        Some(state @ (UpdateState::Paused | UpdateState::RollbackPaused)) => {
            again(service, "UpdateStatus", state.as_str().into(), UpdateState::Completed.as_str().into())
        }
        Some(UpdateState::Updating | UpdateState::RollbackStarted) if !is_job(found) => {
            Some(SwarmChange::Converge { service })
        }
        _ if is_unfinished_job(found) || is_short_of_tasks(found) => Some(SwarmChange::Converge { service }),
        _ => None,
    }
}

/// Returns whether the swarm has rolled a service back, or is about to.
pub(super) fn is_back(service: &ServiceInspect) -> bool {
    let state = service.update_status.as_ref().map(|status| &status.state);
    matches!(state, Some(UpdateState::RollbackStarted | UpdateState::RollbackCompleted))
}

pub(super) fn is_job(service: &ServiceInspect) -> bool {
    service.spec.mode.as_ref().is_some_and(ServiceMode::is_job)
}

fn is_short_of_tasks(service: &ServiceInspect) -> bool {
    !is_job(service)
        && service.service_status.as_ref().is_some_and(|counts| counts.running_tasks < counts.desired_tasks)
}

/// Returns whether a service has to be created anew: no engine makes a service a job, or a job a service.
pub(super) fn is_recreated(found: &ServiceSpec, desired: &ServiceSpec) -> bool {
    let kind = |spec: &ServiceSpec| spec.mode.as_ref().map_or((false, false), |mode| (mode.is_job(), mode.is_global()));
    kind(found) != kind(desired)
}

/// Returns how a service differs from its desired state, apart from its number of tasks.
pub(super) fn differs(service: &StackService, found: &ServiceInspect) -> Vec<FieldChange> {
    if digest(&found.spec) == service.digest {
        return drift(service, &found.spec);
    }
    let known = found.spec.labels.get(label::CONFIGURATION).map(String::as_str).unwrap_or_default();
    differences(&serde_json::from_str(known).unwrap_or(Value::Null), &service.configuration)
}

/// Returns the names of the secrets and configs that a rollback needs.
fn kept(stack: &Stack, observed: &Observed) -> BTreeSet<String> {
    let mut kept = BTreeSet::new();
    for service in &stack.services {
        let Some(found) = observed.services.get(&service.spec.name) else { continue };
        if is_recreated(&found.spec, &service.spec) {
            continue; // without a version to roll back to
        }
        let is_updated =
            matches!(of_service(service, observed), Some(SwarmChange::Update { .. } | SwarmChange::Scale { .. }));
        let previous = found.previous_spec.as_deref().filter(|_| !is_updated);
        for spec in previous.into_iter().chain([&found.spec]) {
            if let Some(container) = &spec.task_template.container_spec {
                kept.extend(container.secrets.iter().map(|secret| secret.secret_name.clone()));
                kept.extend(container.configs.iter().map(|config| config.config_name.clone()));
            }
        }
    }
    kept
}

impl fmt::Display for SwarmChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateNetwork { name } => write!(f, "+ network {name}"),
            Self::CreateSecret { name } => write!(f, "+ secret {name}"),
            Self::CreateConfig { name } => write!(f, "+ config {name}"),
            Self::Create { service } => write!(f, "+ {service}"),
            Self::Update { service, fields } => write!(f, "~ {service}  {}", joined(fields, ", ")),
            Self::Scale { service, from, to } => write!(f, "~ {service}  {from} → {to} tasks"),
            Self::Converge { service } => write!(f, "~ {service}  wait until it has converged"),
            Self::Remove { name } => write!(f, "- {name}"),
            Self::RemoveSecret { name } => write!(f, "- secret {name}"),
            Self::RemoveConfig { name } => write!(f, "- config {name}"),
        }
    }
}

impl fmt::Display for SwarmPlan {
    /// Writes one change per line: `+` creates, `~` updates and `-` removes. Then come the notes, after `!`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing to change");
        }
        f.write_str(&joined(&self.changes, "\n"))?;
        self.notes.iter().try_for_each(|note| write!(f, "\n! {note}"))
    }
}

impl Serialize for SwarmPlan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.changes.serialize(serializer)
    }
}
