//! [`Event`]: what happens in an engine.

use crate::wire::{null_to_default, open_enum, seconds, word};
use crate::{Map, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Something that happened in an engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Event {
    /// What kind of thing it happened to.
    #[serde(rename = "Type")]
    pub kind: EventType,
    /// What happened.
    #[serde(rename = "Action", deserialize_with = "null_to_default")]
    pub action: Action,
    /// The thing that it happened to.
    #[serde(rename = "Actor", deserialize_with = "null_to_default")]
    pub actor: Actor,
    /// Whether it concerns this engine (`local`) or its swarm.
    pub scope: EventScope,
    /// When, to the second.
    #[serde(rename = "time", with = "seconds")]
    pub seconds: Option<Timestamp>,
    /// When, in Unix nanoseconds; [`Event::time`] is easier to use.
    #[serde(rename = "timeNano")]
    pub nanos: i64,
    /// The action, as it was named until API 1.51.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The thing's id, as it was named until API 1.51.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The image that a container is of, as it was named until API 1.51.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// A thing that something happened to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Actor {
    /// Its id; of an image, how it was named; of a volume, its name.
    #[serde(rename = "ID")]
    pub id: String,
    /// What else is known: a container's name, image and labels, the `exitCode` of one that died, the `execID`.
    pub attributes: Map<String>,
}

impl Event {
    /// When it happened, to the nanosecond.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        Timestamp::from_nanosecond(self.nanos.into()).ok().filter(|_| self.nanos > 0).or(self.seconds)
    }
}

open_enum! {
    /// What kind of thing something happened to.
    pub enum EventType {
        /// The builder.
        Builder = "builder",
        /// A config of a swarm.
        Config = "config",
        /// A container.
        Container = "container",
        /// The engine itself.
        Daemon = "daemon",
        /// An image.
        Image = "image",
        /// A network.
        Network = "network",
        /// A node of a swarm.
        Node = "node",
        /// A plugin.
        Plugin = "plugin",
        /// A secret of a swarm.
        Secret = "secret",
        /// A service of a swarm.
        Service = "service",
        /// A volume.
        Volume = "volume",
    }
}

open_enum! {
    /// Whom something concerns.
    pub enum EventScope {
        /// This engine.
        Local = "local",
        /// Its swarm.
        Swarm = "swarm",
    }
}

/// What happened, and for some actions a detail of it: `exec_start: sh -c date`, `health_status: healthy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Action {
    /// What happened.
    pub kind: ActionKind,
    /// What follows the colon.
    pub detail: Option<String>,
}

open_enum! {
    /// What happened.
    pub enum ActionKind {
        /// Somebody attached to a container.
        Attach = "attach",
        /// An image was made of a container.
        Commit = "commit",
        /// A container was connected to a network.
        Connect = "connect",
        /// Files were copied out of a container.
        Copy = "copy",
        /// A thing was made.
        Create = "create",
        /// An image was deleted.
        Delete = "delete",
        /// A thing was removed from the engine: its end.
        Destroy = "destroy",
        /// Somebody detached from a container.
        Detach = "detach",
        /// A container's process ended.
        Die = "die",
        /// A plugin was disabled.
        Disable = "disable",
        /// A container was disconnected from a network.
        Disconnect = "disconnect",
        /// A plugin was enabled.
        Enable = "enable",
        /// A process in a container was made ready; the detail is its command.
        ExecCreate = "exec_create",
        /// Somebody detached from a process in a container.
        ExecDetach = "exec_detach",
        /// A process in a container ended.
        ExecDie = "exec_die",
        /// A process in a container was started; the detail is its command.
        ExecStart = "exec_start",
        /// A container's files were exported.
        Export = "export",
        /// A container's health has changed; the detail is what to.
        HealthStatus = "health_status",
        /// An image was imported.
        Import = "import",
        /// A container was sent a signal.
        Kill = "kill",
        /// Images were loaded.
        Load = "load",
        /// A volume was mounted.
        Mount = "mount",
        /// A container has met the limit of its memory.
        Oom = "oom",
        /// A container was paused.
        Pause = "pause",
        /// Things that nobody uses were removed.
        Prune = "prune",
        /// An image was pulled.
        Pull = "pull",
        /// An image was pushed.
        Push = "push",
        /// The engine's configuration was read anew.
        Reload = "reload",
        /// A thing was removed.
        Remove = "remove",
        /// A container was renamed.
        Rename = "rename",
        /// A container's terminal was resized.
        Resize = "resize",
        /// A container was restarted.
        Restart = "restart",
        /// Images were saved.
        Save = "save",
        /// A container was started.
        Start = "start",
        /// A container was stopped.
        Stop = "stop",
        /// An image was tagged.
        Tag = "tag",
        /// A container's processes were listed.
        Top = "top",
        /// A volume was unmounted.
        Unmount = "unmount",
        /// A container was taken out of its pause.
        Unpause = "unpause",
        /// A tag was taken off an image.
        Untag = "untag",
        /// A thing was changed.
        Update = "update",
    }
}

impl From<&str> for Action {
    fn from(text: &str) -> Self {
        match text.split_once(": ") {
            Some((kind, detail)) => Self { kind: kind.into(), detail: Some(detail.to_owned()) },
            None => Self { kind: text.into(), detail: None },
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        self.detail.as_ref().map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, ActionKind, Event, EventType};

    #[test]
    fn reads_old_and_new_events() {
        let json = r#"{"status":"die","id":"ab","from":"x","Type":"container","Action":"die","Actor":{"ID":"ab",
            "Attributes":{"exitCode":"3","name":"web"}},"scope":"local","time":1795490396,"timeNano":1795490396123456789}"#;
        let event: Event = serde_json::from_str(json).expect(json);
        assert_eq!((&event.kind, &event.action.kind), (&EventType::Container, &ActionKind::Die));
        assert_eq!(event.actor.attributes["exitCode"], "3");
        assert_eq!(event.time().expect("a time").to_string(), "2026-11-24T03:19:56.123456789Z");
        let again: Event = serde_json::from_str(&serde_json::to_string(&event).expect("JSON")).expect("an event");
        assert_eq!(again, event);
        let unknown: Event = serde_json::from_str(r#"{"Type":"brand-new","Action":"odd","new":1}"#).expect("an event");
        assert_eq!(unknown.action.kind, ActionKind::Unknown("odd".into()));
        assert_eq!(unknown.time(), None);
    }

    #[test]
    fn actions_have_details() {
        for (text, kind, detail) in [
            ("exec_start: sh -c 'a: b'", ActionKind::ExecStart, Some("sh -c 'a: b'")),
            ("health_status: healthy", ActionKind::HealthStatus, Some("healthy")),
            ("start", ActionKind::Start, None),
        ] {
            let action = Action::from(text);
            assert_eq!((action.kind.clone(), action.detail.as_deref()), (kind, detail));
            assert_eq!(action.to_string(), text);
        }
    }
}
