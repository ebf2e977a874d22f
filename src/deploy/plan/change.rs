//! [`Change`]: a step from what is there to what is to be.

use crate::deploy::Order;
use crate::deploy::target::{Recovery, Target};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// A step from what is there to what is to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "change")]
#[non_exhaustive]
pub enum Change {
    /// A network is created.
    CreateNetwork {
        /// Its name on the engine.
        name: String,
    },
    /// A volume is created.
    CreateVolume {
        /// Its name on the engine.
        name: String,
    },
    /// An image is pulled.
    Pull {
        /// Its name.
        image: String,
    },
    /// An image is built.
    Build {
        /// Its name.
        image: String,
    },
    /// A container is created and started.
    Create(Target),
    /// A container is put in the place of another one.
    Replace {
        /// Whose.
        #[serde(flatten)]
        target: Target,
        /// Whether the new one is started before the old one is stopped.
        order: Order,
        /// Why it is stopped first, if it is: what only one container can have.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<String>,
        /// What is different.
        fields: Vec<FieldChange>,
    },
    /// A container that is there is started.
    Start(Target),
    /// A container is stopped and removed, with those of earlier versions.
    Remove(Target),
    /// What a deployment that was killed has left is put right.
    Recover {
        /// Whose.
        #[serde(flatten)]
        target: Target,
        /// What is done.
        recovery: Recovery,
    },
}

/// A field of a configuration that is different.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Its path, such as `HostConfig.Memory`.
    pub field: String,
    /// What it was; `None` if it was not there. A digest, if it may be a secret.
    pub from: Option<Value>,
    /// What it is to be; `None` if it is not to be there.
    pub to: Option<Value>,
}

impl Change {
    /// The replica that it is about.
    pub(in crate::deploy) fn target(&self) -> Option<&Target> {
        match self {
            Self::Create(target)
            | Self::Start(target)
            | Self::Remove(target)
            | Self::Replace { target, .. }
            | Self::Recover { target, .. } => Some(target),
            Self::CreateNetwork { .. } | Self::CreateVolume { .. } | Self::Pull { .. } | Self::Build { .. } => None,
        }
    }
}

/// What is different between two configurations, field by field.
pub(super) fn differences(from: &Value, to: &Value) -> Vec<FieldChange> {
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
        _ => fields.push(FieldChange {
            field: at.strip_prefix("spec.").unwrap_or(at).to_owned(),
            from: from.cloned(),
            to: to.cloned(),
        }),
    }
}

impl fmt::Display for FieldChange {
    /// `Image: shop:1.3 → shop:1.4`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<Value>| match value {
            None => "none".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(items)) => {
                // What may be secret is a digest, of which nobody reads anything but that it is another one.
                let items = items.iter().map(|item| match item {
                    Value::String(text) => text.split("=hmac:").next().unwrap_or_default().to_owned(),
                    other => other.to_string(),
                });
                format!("[{}]", items.collect::<Vec<_>>().join(" "))
            }
            Some(other) => other.to_string(),
        };
        let (from, to) = (text(&self.from), text(&self.to));
        if from == to {
            return write!(f, "{}: {to}, with other values", self.field);
        }
        write!(f, "{}: {from} → {to}", self.field)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateNetwork { name } => write!(f, "+ network {name}"),
            Self::CreateVolume { name } => write!(f, "+ volume {name}"),
            Self::Pull { image } => write!(f, "↓ image {image}"),
            Self::Build { image } => write!(f, "+ image {image}  build"),
            Self::Create(target) => write!(f, "+ {target}"),
            Self::Start(target) => write!(f, "+ {target}  start again"),
            Self::Remove(target) => write!(f, "- {target}"),
            Self::Replace { target, order, because, fields } => {
                write!(f, "~ {target}  ")?;
                for (index, field) in fields.iter().enumerate() {
                    write!(f, "{}{field}", if index > 0 { ", " } else { "" })?;
                }
                let order = if *order == Order::StopFirst { "stop first" } else { "start first" };
                match because {
                    Some(because) => write!(f, " (replace, {order}: {because})"),
                    None => write!(f, " (replace, {order})"),
                }
            }
            Self::Recover { target, recovery } => {
                let what = match recovery {
                    Recovery::RemoveNext => "remove what an interrupted deployment was about to start",
                    Recovery::Restore => "restore the version before, which an interrupted deployment was replacing",
                    Recovery::StopSuperseded => "stop the version before, which an interrupted deployment has replaced",
                };
                write!(f, "! {target}  {what}")
            }
        }
    }
}
