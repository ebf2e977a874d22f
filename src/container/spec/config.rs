//! [`ContainerConfig`]: what a container runs and how.

use super::{Env, Healthcheck};
use crate::Map;
use crate::container::Signal;
use crate::wire::{is_default, null_to_default, null_to_empty, set};
use serde::{Deserialize, Serialize};

/// What a container runs and how: all that does not depend on its host.
///
/// To make a container, [`ContainerSpec`](super::ContainerSpec) has setters for most of it.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerConfig {
    /// The host name; the beginning of the container's id if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hostname: String,
    /// The domain name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub domainname: String,
    /// Who runs the command: `user`, `uid`, `user:group` or `uid:gid`; the image's if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// Whether the maker means to attach to stdin.
    #[serde(skip_serializing_if = "is_default")]
    pub attach_stdin: bool,
    /// Whether the maker means to attach to stdout.
    #[serde(skip_serializing_if = "is_default")]
    pub attach_stdout: bool,
    /// Whether the maker means to attach to stderr.
    #[serde(skip_serializing_if = "is_default")]
    pub attach_stderr: bool,
    /// Ports that the container listens on, as `80/tcp`.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "set")]
    pub exposed_ports: Vec<String>,
    /// Whether it has a terminal; then all its output is [`Console`](crate::stream::Source::Console).
    #[serde(skip_serializing_if = "is_default")]
    pub tty: bool,
    /// Whether stdin stays open, so that somebody can attach to it.
    #[serde(skip_serializing_if = "is_default")]
    pub open_stdin: bool,
    /// Whether stdin is closed when the first who attached to it leaves.
    #[serde(skip_serializing_if = "is_default")]
    pub stdin_once: bool,
    /// Environment variables; those of the image stay, unless they are set anew or taken out.
    #[serde(skip_serializing_if = "Env::is_empty", deserialize_with = "null_to_default")]
    pub env: Env,
    /// The command, or the entrypoint's arguments; the image's if empty.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub cmd: Vec<String>,
    /// How its health is checked; the image's way if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    /// Whether the command is escaped already. Windows alone.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub args_escaped: bool,
    /// The image, by name or id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// Paths in the container that get an anonymous volume each.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "set")]
    pub volumes: Vec<String>,
    /// Where the command runs; the image's choice if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    /// The program in front of the command; the image's if empty, none if it is `[""]`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub entrypoint: Vec<String>,
    /// Whether it has no network at all.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub network_disabled: bool,
    /// What builds upon the image run first.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub on_build: Vec<String>,
    /// Labels; those of the image are added.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The signal that stops it; the image's choice or SIGTERM if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_signal: Option<Signal>,
    /// Seconds from the stop signal to SIGKILL, -1 for ever; the engine's choice, 10, if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_timeout: Option<i64>,
    /// The shell of `RUN`, `CMD` and `ENTRYPOINT` in shell form.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub shell: Vec<String>,
    /// The MAC address. Until API 1.51: newer engines ignore it, set it on the endpoint.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mac_address: String,
}

#[cfg(test)]
mod tests {
    use super::ContainerConfig;

    #[test]
    fn reads_what_an_engine_says_and_sends_the_same() {
        let json = r#"{"Hostname":"439f4e91bd1d","Domainname":"","User":"","AttachStdin":false,"AttachStdout":true,
            "AttachStderr":true,"ExposedPorts":{"80/tcp":{},"53/udp":{}},"Tty":false,"OpenStdin":false,"StdinOnce":false,
            "Env":["PATH=/bin","TOKEN=t0ps3cret"],"Cmd":["nginx","-g","daemon off;"],"Image":"nginx:1.27","Volumes":{"/data":{}},
            "WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":{"app":"web"},"StopSignal":"SIGQUIT","StopTimeout":-1,
            "Healthcheck":{"Test":["CMD","true"],"Interval":30000000000},"ArgsEscaped":null,"NetworkDisabled":null,"Shell":null}"#;
        let config: ContainerConfig = serde_json::from_str(json).expect("config");
        assert_eq!(config.exposed_ports, ["53/udp", "80/tcp"]);
        assert_eq!(config.volumes, ["/data"]);
        assert_eq!((config.stop_timeout, config.env.get("PATH")), (Some(-1), Some("/bin")));
        assert!(!format!("{config:?}").contains("t0ps3cret"));
        let sent = serde_json::to_value(&config).expect("json");
        assert_eq!(sent.pointer("/ExposedPorts/80~1tcp"), Some(&serde_json::json!({})));
        assert_eq!((sent.get("Tty"), sent.get("Entrypoint"), sent.get("Domainname")), (None, None, None));
        assert_eq!(serde_json::from_value::<ContainerConfig>(sent).expect("again"), config);
    }

    #[test]
    fn nothing_set_is_nothing_sent() {
        assert_eq!(serde_json::to_string(&ContainerConfig::default()).expect("json"), "{}");
    }
}
