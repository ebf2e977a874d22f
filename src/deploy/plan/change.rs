//! [`Change`]: a step of a plan.

use crate::deploy::Order;
use crate::deploy::target::{Recovery, Target};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// A step of a [`Plan`](crate::deploy::Plan).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "change")]
#[non_exhaustive]
pub enum Change {
    /// Creates a network.
    CreateNetwork {
        /// Its name on the engine.
        name: String,
    },
    /// Creates a volume.
    CreateVolume {
        /// Its name on the engine.
        name: String,
    },
    /// Pulls an image.
    Pull {
        /// The image's name.
        image: String,
    },
    /// Builds an image.
    Build {
        /// The image's name.
        image: String,
    },
    /// Pushes a built image to its registry.
    Push {
        /// The image's name.
        image: String,
    },
    /// Creates and starts the container of a replica.
    Create(Target),
    /// Replaces the container of a replica with a new one. One that has lost a network is not kept: it is no earlier version.
    Replace {
        /// The replica.
        #[serde(flatten)]
        target: Target,
        /// Whether the new container starts before the old one stops.
        order: Order,
        /// The reason to stop first, if any: what only one container can have or should write to.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<String>,
        /// The fields that differ.
        fields: Vec<FieldChange>,
    },
    /// Starts the existing container of a replica, or resumes it if it is paused. Replaces it if it cannot start because an external
    /// network was created anew.
    Start(Target),
    /// Stops and removes the container of a replica, with those of earlier versions.
    Remove {
        /// The replica.
        #[serde(flatten)]
        target: Target,
        /// What a new container needs that only one can have or should write to. The replica is stopped before that container
        /// starts. If that container fails, the replica is started again, unless another new container needs the same.
        ///
        /// `None` if no new container needs anything of the replica.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<String>,
    },
    /// Removes the containers of other versions of a replica beyond the number to [keep](crate::deploy::Service::keep).
    Prune(Target),
    /// Recovers a replica from an interrupted deployment.
    Recover {
        /// The replica.
        #[serde(flatten)]
        target: Target,
        /// What is done to recover it.
        recovery: Recovery,
    },
}

/// A field that differs between two configurations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The path of the field, such as `HostConfig.Memory`.
    pub field: String,
    /// The old value. `None` if the field was missing. A digest if the value may be a secret.
    pub from: Option<Value>,
    /// The new value. `None` if the field is removed. A digest if the value may be a secret.
    pub to: Option<Value>,
}

impl Change {
    /// Returns whether the change concerns a replica of this service.
    pub(in crate::deploy) fn is_of(&self, service: &str) -> bool {
        self.target().is_some_and(|target| target.service == service)
    }

    /// Returns the replica that the change concerns.
    pub(in crate::deploy) fn target(&self) -> Option<&Target> {
        match self {
            Self::Create(target)
            | Self::Start(target)
            | Self::Prune(target)
            | Self::Remove { target, .. }
            | Self::Replace { target, .. }
            | Self::Recover { target, .. } => Some(target),
            Self::CreateNetwork { .. }
            | Self::CreateVolume { .. }
            | Self::Pull { .. }
            | Self::Build { .. }
            | Self::Push { .. } => None,
        }
    }

    /// Returns whether the change only removes containers.
    pub(in crate::deploy) fn is_removal(&self) -> bool {
        matches!(self, Self::Remove { .. } | Self::Prune(_))
    }

    /// Returns whether the change starts a container, which may need what a replica to be removed still has.
    pub(in crate::deploy) fn needs_room(&self) -> bool {
        match self {
            Self::Create(_) | Self::Replace { .. } | Self::Start(_) => true,
            Self::Recover { recovery, .. } => matches!(recovery, Recovery::Restore | Recovery::RemoveNext),
            _ => false,
        }
    }

    /// Returns the name of the image that the change pulls, builds or pushes.
    pub(in crate::deploy) fn image(&self) -> Option<&str> {
        match self {
            Self::Pull { image } | Self::Build { image } | Self::Push { image } => Some(image),
            _ => None,
        }
    }

    /// Returns the name of the image that the change pulls or builds: the engine has another one of this name afterwards.
    pub(in crate::deploy) fn renewed(&self) -> Option<&str> {
        self.image().filter(|_| !matches!(self, Self::Push { .. }))
    }
}

/// The beginning of the field that differs if a tag has moved to another image.
const IMAGE_BEHIND: &str = "the image behind ";

pub(super) fn image_behind(name: &str) -> String {
    format!("{IMAGE_BEHIND}{name}")
}

/// The beginning of the field that differs if a container has lost a network.
const NETWORK: &str = "the network ";

pub(super) fn lost_network(name: &str, from: &str, to: &str) -> FieldChange {
    FieldChange { field: format!("{NETWORK}{name}"), from: Some(from.into()), to: Some(to.into()) }
}

/// Returns the planned and the present changes of a project, to compare them: without what depends on the engine's images, which
/// are not the project's own. Another project may pull, tag or remove them at any time.
///
/// Which image is the newer one does not matter then, and a container need not be replaced if its tag has gone meanwhile.
pub(in crate::deploy) fn up_to_images(planned: &[Change], now: &[Change]) -> (Vec<Change>, Vec<Change>) {
    let of_project = |changes: &[Change]| -> Vec<_> {
        changes.iter().filter(|change| change.image().is_none()).cloned().map(Change::up_to_image).collect()
    };
    let (mut planned, now) = (of_project(planned), of_project(now));
    planned.retain(|change| now.contains(change) || !change.is_of_newer_image());
    (planned, now)
}

impl Change {
    fn up_to_image(mut self) -> Self {
        match &mut self {
            Self::Replace { fields, .. } => {
                for field in fields.iter_mut().filter(|field| field.field.starts_with(IMAGE_BEHIND)) {
                    field.to = None;
                }
            }
            // A container that is replaced for its image may be the reason.
            Self::Remove { because, .. } => *because = None,
            _ => {}
        }
        self
    }

    /// Returns whether a container is replaced only because it has lost a network.
    pub(in crate::deploy) fn is_for_network(&self) -> bool {
        match self {
            Self::Replace { fields, .. } => {
                !fields.is_empty() && fields.iter().all(|field| field.field.starts_with(NETWORK))
            }
            _ => false,
        }
    }

    /// Returns whether a container is replaced only because its tag has moved.
    fn is_of_newer_image(&self) -> bool {
        match self {
            Self::Replace { fields, .. } => fields.iter().all(|field| field.field.starts_with(IMAGE_BEHIND)),
            _ => false,
        }
    }
}

/// Returns the differences between two configurations, field by field.
pub(in crate::deploy) fn differences(from: &Value, to: &Value) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    compare("", Some(from), Some(to), &mut fields);
    fields
}

fn compare(at: &str, from: Option<&Value>, to: Option<&Value>, fields: &mut Vec<FieldChange>) {
    if from == to {
        return;
    }
    let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match (from, to) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let added = new.keys().filter(|key| !old.contains_key(*key));
            for key in old.keys().chain(added) {
                compare(&below(key), old.get(key), new.get(key), fields);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if at == "files" => {
            compare(at, Some(&by_path(old)), Some(&by_path(new)), fields);
        }
        _ => fields.push(FieldChange {
            field: at.strip_prefix("spec.").unwrap_or(at).to_owned(),
            from: from.cloned(),
            to: to.cloned(),
        }),
    }
}

/// Returns the files of a configuration by their paths, with their permissions in octal.
fn by_path(files: &[Value]) -> Value {
    let files = files.iter().filter_map(Value::as_object).map(|file| {
        let mut file = file.clone();
        let path = file.remove("path");
        if let Some(mode) = file.get_mut("mode") {
            *mode = format!("{:04o}", mode.as_u64().unwrap_or_default()).into();
        }
        (path.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(), Value::Object(file))
    });
    Value::Object(files.collect())
}

/// Returns a text without line breaks and other control characters: a value must not look like another change.
fn on_one_line(text: &str) -> String {
    let escaped = |char: char| if char.is_control() { char.escape_default().to_string() } else { char.to_string() };
    text.chars().map(escaped).collect()
}

/// Returns the texts of changes or fields in one.
pub(in crate::deploy) fn joined(items: &[impl fmt::Display], separator: &str) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

impl fmt::Display for FieldChange {
    /// `Image: shop:1.3 → shop:1.4`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<Value>| match value {
            None => "none".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(items)) => {
                // Leaves out the digests of possible secrets: they tell the reader nothing but that the value differs.
                let items = items.iter().map(|item| match item {
                    Value::String(text) => text.split("=hmac:").next().unwrap_or_default().to_owned(),
                    other => other.to_string(),
                });
                format!("[{}]", items.collect::<Vec<_>>().join(" "))
            }
            Some(other) => other.to_string(),
        };
        let (from, to) = (text(&self.from), text(&self.to));
        let change = if from == to { format!("{to}, with other values") } else { format!("{from} → {to}") };
        f.write_str(&on_one_line(&format!("{}: {change}", self.field)))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = match self {
            Self::CreateNetwork { name } => format!("+ network {name}"),
            Self::CreateVolume { name } => format!("+ volume {name}"),
            Self::Pull { image } => format!("↓ image {image}"),
            Self::Build { image } => format!("+ image {image}  build"),
            Self::Push { image } => format!("↑ image {image}"),
            Self::Create(target) => format!("+ {target}"),
            Self::Start(target) => format!("+ {target}  start again"),
            Self::Prune(target) => format!("- {target}  versions that are no longer kept"),
            Self::Remove { target, because: None } => format!("- {target}"),
            Self::Remove { target, because: Some(because) } => format!("- {target}  (stop first: {because})"),
            Self::Replace { target, order, because, fields } => {
                let order = if *order == Order::StopFirst { "stop first" } else { "start first" };
                let because = because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
                format!("~ {target}  {} (replace, {order}{because})", joined(fields, ", "))
            }
            Self::Recover { target, recovery } => {
                let what = match recovery {
                    Recovery::RemoveBefore => "remove what an interrupted deployment ran before the new version",
                    Recovery::RemoveNext => "remove what an interrupted deployment was about to start",
                    Recovery::Restore => "restore the previous version, which an interrupted deployment was replacing",
                    Recovery::StopSuperseded => "stop the previous version, which an interrupted deployment replaced",
                };
                format!("! {target}  {what}")
            }
        };
        f.write_str(&on_one_line(&line))
    }
}
