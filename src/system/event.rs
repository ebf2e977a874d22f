//! [`Event`]: an event of an engine.

use crate::wire::{null_to_default, open_enum, seconds, word};
use crate::{Map, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// An event of an engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Event {
    /// The kind of object that the event is about.
    #[serde(rename = "Type")]
    pub kind: EventType,
    /// The action that happened to the object.
    #[serde(rename = "Action", deserialize_with = "null_to_default")]
    pub action: Action,
    /// The object that the event is about.
    #[serde(rename = "Actor", deserialize_with = "null_to_default")]
    pub actor: Actor,
    /// The scope of the event: this engine or its swarm.
    pub scope: EventScope,
    /// The time of the event, in seconds.
    #[serde(rename = "time", with = "seconds")]
    pub seconds: Option<Timestamp>,
    /// The time of the event, in Unix nanoseconds. [`Event::time`] is easier to use.
    #[serde(rename = "timeNano")]
    pub nanos: i64,
    /// The action, under its name until API 1.51.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The object's ID, under its name until API 1.51.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The container's image, under its name until API 1.51.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// The object that an event is about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Actor {
    /// The object's ID. For an image, the reference used; for a volume, the name.
    #[serde(rename = "ID")]
    pub id: String,
    /// Further attributes, such as a container's name, image and labels, the `exitCode` of a container that exited, or
    /// the `execID`.
    pub attributes: Map<String>,
}

impl Event {
    /// Returns the time of the event, to the nanosecond.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        Timestamp::from_nanosecond(self.nanos.into()).ok().filter(|_| self.nanos > 0).or(self.seconds)
    }
}

open_enum! {
    /// The kind of object that an event is about.
    pub enum EventType {
        /// The builder or its cache.
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
    /// The scope of an event.
    pub enum EventScope {
        /// The event concerns this engine.
        Local = "local",
        /// The event concerns the swarm.
        Swarm = "swarm",
    }
}

/// An action, with a detail for some kinds: `exec_start: sh -c date`, `health_status: healthy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Action {
    /// The kind of action.
    pub kind: ActionKind,
    /// The detail, which follows the colon.
    pub detail: Option<String>,
}

open_enum! {
    /// The kind of an action.
    pub enum ActionKind {
        /// Files were copied out of a container, as an archive.
        ArchivePath = "archive-path",
        /// A client attached to a container.
        Attach = "attach",
        /// A checkpoint of a container was created.
        Checkpoint = "checkpoint",
        /// An image was created from a container.
        Commit = "commit",
        /// A container was connected to a network.
        Connect = "connect",
        /// Files were copied out of a container.
        Copy = "copy",
        /// An object was created.
        Create = "create",
        /// An image was deleted.
        Delete = "delete",
        /// An object was removed from the engine.
        Destroy = "destroy",
        /// A client detached from a container.
        Detach = "detach",
        /// A container's main process exited.
        Die = "die",
        /// A plugin was disabled.
        Disable = "disable",
        /// A container was disconnected from a network.
        Disconnect = "disconnect",
        /// A plugin was enabled.
        Enable = "enable",
        /// A process to run in a container was created. The detail is its command.
        ExecCreate = "exec_create",
        /// A client detached from a process in a container.
        ExecDetach = "exec_detach",
        /// A process in a container exited.
        ExecDie = "exec_die",
        /// A process in a container was started. The detail is its command.
        ExecStart = "exec_start",
        /// A container's filesystem was exported.
        Export = "export",
        /// An archive was unpacked in a container.
        ExtractToDir = "extract-to-dir",
        /// A container's health status changed. The detail is the new status.
        HealthStatus = "health_status",
        /// An image was imported.
        Import = "import",
        /// A signal was sent to a container.
        Kill = "kill",
        /// Images were loaded.
        Load = "load",
        /// A volume was mounted.
        Mount = "mount",
        /// A container ran out of memory.
        Oom = "oom",
        /// A container was paused.
        Pause = "pause",
        /// Unused objects were removed.
        Prune = "prune",
        /// An image was pulled.
        Pull = "pull",
        /// An image was pushed.
        Push = "push",
        /// The engine reloaded its configuration.
        Reload = "reload",
        /// An object was removed.
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
        /// A container was unpaused.
        Unpause = "unpause",
        /// A tag was removed from an image.
        Untag = "untag",
        /// An object was updated.
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
