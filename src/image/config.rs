//! [`ImageConfig`]: the defaults that an image sets for its containers.

use crate::container::{Env, Healthcheck};
use crate::wire::{Map, null_to_default, null_to_empty, set};
use serde::{Deserialize, Serialize};

/// The defaults that an image sets for its containers. A container's own configuration overrides them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageConfig {
    /// The hostname. Until API 1.49.
    pub hostname: Option<String>,
    /// The domain name. Until API 1.49.
    pub domainname: Option<String>,
    /// The user that runs the command: `user`, `user:group` or their numeric IDs. Empty means root.
    pub user: String,
    /// Whether to attach to standard input. Until API 1.49.
    pub attach_stdin: Option<bool>,
    /// Whether to attach to standard output. Until API 1.49.
    pub attach_stdout: Option<bool>,
    /// Whether to attach to standard error. Until API 1.49.
    pub attach_stderr: Option<bool>,
    /// The exposed ports, such as `80/tcp`, sorted.
    #[serde(with = "set")]
    pub exposed_ports: Vec<String>,
    /// Whether to allocate a terminal. Until API 1.49.
    pub tty: Option<bool>,
    /// Whether to keep standard input open. Until API 1.49.
    pub open_stdin: Option<bool>,
    /// Whether to close standard input after the first attached client disconnects. Until API 1.49.
    pub stdin_once: Option<bool>,
    /// The environment variables.
    #[serde(deserialize_with = "null_to_default")]
    pub env: Env,
    /// The command, or the arguments of the entrypoint.
    #[serde(deserialize_with = "null_to_empty")]
    pub cmd: Vec<String>,
    /// The health check.
    pub healthcheck: Option<Healthcheck>,
    /// Whether the command is already escaped. Windows only.
    pub args_escaped: Option<bool>,
    /// The image that this one was built from. Until API 1.49.
    pub image: Option<String>,
    /// The paths that are mounted as volumes, sorted.
    #[serde(with = "set")]
    pub volumes: Vec<String>,
    /// The working directory of commands.
    pub working_dir: String,
    /// The entrypoint.
    #[serde(deserialize_with = "null_to_empty")]
    pub entrypoint: Vec<String>,
    /// Whether networking is disabled. Until API 1.49.
    pub network_disabled: Option<bool>,
    /// The MAC address. Until API 1.49.
    pub mac_address: Option<String>,
    /// The `ONBUILD` instructions, which run first in a build from this image.
    #[serde(deserialize_with = "null_to_empty")]
    pub on_build: Vec<String>,
    /// The labels.
    pub labels: Map<String>,
    /// The signal that stops a container. `None` means SIGTERM.
    pub stop_signal: Option<String>,
    /// The stop timeout, in seconds. Until API 1.49.
    pub stop_timeout: Option<i64>,
    /// The shell for the shell form of `RUN`, `CMD` and `ENTRYPOINT`.
    #[serde(deserialize_with = "null_to_empty")]
    pub shell: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::ImageConfig;
    use serde_json::{from_value, json, to_value};

    #[test]
    fn keeps_what_an_engine_says_and_hides_the_environment() {
        let answer = json!({
            "Hostname": "h", "Domainname": "d", "User": "web:web", "AttachStdin": false, "AttachStdout": true,
            "AttachStderr": true, "ExposedPorts": {"443/tcp": {}, "80/tcp": {}}, "Tty": false, "OpenStdin": false,
            "StdinOnce": false, "Env": ["PATH=/bin", "TOKEN=s3cret=x", "UNSET"], "Cmd": ["/bin/sh"],
            "Healthcheck": null, "ArgsEscaped": false, "Image": "base", "Volumes": {"/app/data": {}},
            "WorkingDir": "/public/",
            "Entrypoint": ["/entry"], "NetworkDisabled": false, "MacAddress": "02:42:ac:11:00:04", "OnBuild": ["RUN x"],
            "Labels": {"a": "b"}, "StopSignal": "SIGTERM", "StopTimeout": 10, "Shell": ["/bin/sh", "-c"],
        });
        let config: ImageConfig = from_value(answer.clone()).expect("a configuration");
        assert_eq!(to_value(&config).expect("JSON"), answer);
        let shown = format!("{config:?}");
        assert!(shown.contains(r#"["PATH", "TOKEN", "UNSET"]"#) && !shown.contains("s3cret"), "{shown}");
    }
}
