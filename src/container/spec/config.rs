//! [`ContainerConfig`]: the configuration of a container that does not depend on its host.

use super::{Env, Healthcheck};
use crate::Map;
use crate::container::Signal;
use crate::wire::{is_default, null_to_default, null_to_empty, set};
use serde::{Deserialize, Serialize};

/// The configuration of a container that does not depend on its host: command, environment, labels, health check.
///
/// To create a container, use the setters of [`ContainerSpec`](super::ContainerSpec), which cover most fields.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerConfig {
    /// The host name. Empty for the beginning of the container's ID.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hostname: String,
    /// The domain name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub domainname: String,
    /// The user that runs the command: `user`, `uid`, `user:group` or `uid:gid`. Empty for the image's user.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// Whether the client that creates the container intends to attach to stdin.
    #[serde(skip_serializing_if = "is_default")]
    pub attach_stdin: bool,
    /// Whether the client that creates the container intends to attach to stdout.
    #[serde(skip_serializing_if = "is_default")]
    pub attach_stdout: bool,
    /// Whether the client that creates the container intends to attach to stderr.
    #[serde(skip_serializing_if = "is_default")]
    pub attach_stderr: bool,
    /// The ports that the container listens on, such as `80/tcp`.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "set")]
    pub exposed_ports: Vec<String>,
    /// Whether the container has a terminal. All output is then [`Console`](crate::stream::Source::Console).
    #[serde(skip_serializing_if = "is_default")]
    pub tty: bool,
    /// Whether stdin stays open, so that clients can attach to it.
    #[serde(skip_serializing_if = "is_default")]
    pub open_stdin: bool,
    /// Whether stdin is closed when the first client that attached to it detaches.
    #[serde(skip_serializing_if = "is_default")]
    pub stdin_once: bool,
    /// Environment variables. Those of the image stay, unless they are set or unset here.
    #[serde(skip_serializing_if = "Env::is_empty", deserialize_with = "null_to_default")]
    pub env: Env,
    /// The command, or the arguments of the entrypoint. Empty for the image's.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub cmd: Vec<String>,
    /// The health check; `None` for the image's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    /// Whether the command is already escaped. Windows only.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub args_escaped: bool,
    /// The image, by name or ID.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// Paths in the container that each get an anonymous volume.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "set")]
    pub volumes: Vec<String>,
    /// The working directory of the command. Empty for the image's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    /// The entrypoint: the program in front of the command. Empty for the image's, `[""]` for none.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub entrypoint: Vec<String>,
    /// Whether the container has no network.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub network_disabled: bool,
    /// Instructions of the image that run first in a build upon it.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub on_build: Vec<String>,
    /// Labels, in addition to those of the image.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The signal that stops the container; `None` for the image's, or else SIGTERM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_signal: Option<Signal>,
    /// The time between the stop signal and SIGKILL in seconds. -1 waits forever; `None` is the engine's default of 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_timeout: Option<i64>,
    /// The shell for `RUN`, `CMD` and `ENTRYPOINT` in shell form.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub shell: Vec<String>,
    /// The MAC address. Removed in API 1.52: newer engines ignore it. Set it on the network endpoint instead.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_to_default")]
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
            "Healthcheck":{"Test":["CMD","true"],"Interval":30000000000},"ArgsEscaped":null,"NetworkDisabled":null,"Shell":null,
            "MacAddress":null}"#;
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
