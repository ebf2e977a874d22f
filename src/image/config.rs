//! [`ImageConfig`]: what the containers of an image start with.

use crate::container::{Env, Healthcheck};
use crate::wire::{Map, null_to_default, null_to_empty, set};
use serde::{Deserialize, Serialize};

/// What the containers of an image start with, unless they say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageConfig {
    /// The host name. Until API 1.49.
    pub hostname: Option<String>,
    /// The domain name. Until API 1.49.
    pub domainname: Option<String>,
    /// Who runs the command: `user`, `user:group`, or their numbers; root if empty.
    pub user: String,
    /// Whether standard input is attached to. Until API 1.49.
    pub attach_stdin: Option<bool>,
    /// Whether standard output is attached to. Until API 1.49.
    pub attach_stdout: Option<bool>,
    /// Whether standard error is attached to. Until API 1.49.
    pub attach_stderr: Option<bool>,
    /// The ports that it listens on, such as `80/tcp`, sorted.
    #[serde(with = "set")]
    pub exposed_ports: Vec<String>,
    /// Whether there is a terminal. Until API 1.49.
    pub tty: Option<bool>,
    /// Whether standard input is open. Until API 1.49.
    pub open_stdin: Option<bool>,
    /// Whether standard input closes with the first client that detaches. Until API 1.49.
    pub stdin_once: Option<bool>,
    /// The environment's variables.
    #[serde(deserialize_with = "null_to_default")]
    pub env: Env,
    /// The command, or the arguments of the entry point.
    #[serde(deserialize_with = "null_to_empty")]
    pub cmd: Vec<String>,
    /// How it is found out whether it works.
    pub healthcheck: Option<Healthcheck>,
    /// Whether the command is escaped already; Windows.
    pub args_escaped: Option<bool>,
    /// The image that it was built upon. Until API 1.49.
    pub image: Option<String>,
    /// The paths in it that get a volume, sorted.
    #[serde(with = "set")]
    pub volumes: Vec<String>,
    /// The directory that commands run in.
    pub working_dir: String,
    /// The entry point.
    #[serde(deserialize_with = "null_to_empty")]
    pub entrypoint: Vec<String>,
    /// Whether it has no network. Until API 1.49.
    pub network_disabled: Option<bool>,
    /// The MAC address. Until API 1.49.
    pub mac_address: Option<String>,
    /// The instructions that a build upon it begins with.
    #[serde(deserialize_with = "null_to_empty")]
    pub on_build: Vec<String>,
    /// Its labels.
    pub labels: Map<String>,
    /// The signal that it is stopped with; SIGTERM if not set.
    pub stop_signal: Option<String>,
    /// The seconds that it has to stop. Until API 1.49.
    pub stop_timeout: Option<i64>,
    /// The shell that `RUN`, `CMD` and `ENTRYPOINT` use in their shell form.
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
