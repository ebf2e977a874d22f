//! What the environment says about the engine, in the docker CLI's order.

use super::host::{DEFAULT_SOCKET, Host};
use crate::{Error, Result, Version};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The variables that matter, read through a function so that tests need not touch the process's own.
pub(crate) struct Environment<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Environment<'a> {
    pub(crate) fn new(variable: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { variable }
    }

    /// A variable that is set to something.
    fn set(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }

    /// The version of `DOCKER_API_VERSION`.
    pub(crate) fn api_version(&self) -> Result<Option<Version>> {
        let Some(version) = self.set("DOCKER_API_VERSION") else { return Ok(None) };
        let parsed = version.trim().parse().and_then(Version::supported);
        parsed.map(Some).map_err(|error| Error::new(error.kind(), format!("DOCKER_API_VERSION: {}", error.message())))
    }

    /// The engine of `DOCKER_HOST`, else of the context, else the first default socket that is there.
    pub(crate) fn host(&self) -> Result<Host> {
        if let Some(host) = self.set("DOCKER_HOST") {
            let host =
                Host::parse(&host).map_err(|error| Error::config(format!("DOCKER_HOST: {}", error.message())))?;
            // The docker CLI leaves TLS out on a unix socket, whatever the environment says.
            return if matches!(host, Host::Unix(_)) { Ok(host) } else { self.refuse_tls().map(|()| host) };
        }
        self.refuse_context()?;
        self.refuse_tls()?;
        Ok(self.default_socket(Path::exists))
    }

    /// TLS that was asked for and cannot be had is an error: plain text instead would betray whoever asked.
    fn refuse_tls(&self) -> Result<()> {
        for name in ["DOCKER_TLS_VERIFY", "DOCKER_TLS"] {
            if self.set(name).is_some() {
                let message = format!("{name} asks for TLS, which longshore cannot speak yet");
                return Err(Error::config(message).with_hint("it will not speak plain text instead: unset it to do so"));
            }
        }
        Ok(())
    }

    fn refuse_context(&self) -> Result<()> {
        let (context, from) = match self.set("DOCKER_CONTEXT") {
            Some(context) => (context, "DOCKER_CONTEXT".to_owned()),
            None => match self.current_context()? {
                Some((context, file)) => (context, format!("currentContext of {}", file.display())),
                None => return Ok(()),
            },
        };
        if context.trim() == "default" {
            return Ok(());
        }
        let message = format!("{from} names the context {context:?}, and longshore cannot use contexts yet");
        Err(Error::config(message).with_hint("set DOCKER_HOST to the engine's host"))
    }

    /// The context that the docker CLI was told to use, and the file that says so.
    fn current_context(&self) -> Result<Option<(String, PathBuf)>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct ConfigFile {
            current_context: Option<String>,
        }

        let folder = self.set("DOCKER_CONFIG").map(PathBuf::from);
        let Some(folder) = folder.or_else(|| Some(PathBuf::from(self.set("HOME")?).join(".docker"))) else {
            return Ok(None);
        };
        let file = folder.join("config.json");
        let text = match std::fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(&file, &error.to_string()).with_source(error)),
        };
        // Without the value that it stumbled over: it may be a credential.
        let config: ConfigFile = serde_json::from_slice(&text)
            .map_err(|error| unreadable(&file, &format!("not its JSON at line {}", error.line())))?;
        Ok(config.current_context.filter(|context| !context.is_empty()).map(|context| (context, file)))
    }

    fn default_socket(&self, exists: impl Fn(&Path) -> bool) -> Host {
        let runtime = self.set("XDG_RUNTIME_DIR").map(PathBuf::from);
        let home = self.set("HOME").map(PathBuf::from);
        let candidates = [
            Some(PathBuf::from(DEFAULT_SOCKET)),
            runtime.as_deref().map(|folder| folder.join("docker.sock")), // rootless Docker
            home.as_deref().map(|folder| folder.join(".docker/run/docker.sock")), // Docker Desktop
            home.as_deref().map(|folder| folder.join(".docker/desktop/docker.sock")), // Docker Desktop on Linux
            runtime.as_deref().map(|folder| folder.join("podman/podman.sock")), // rootless Podman
            Some(PathBuf::from("/run/podman/podman.sock")),
        ];
        let socket = candidates.into_iter().flatten().find(|socket| exists(socket));
        Host::Unix(socket.unwrap_or_else(|| DEFAULT_SOCKET.into()))
    }
}

fn unreadable(file: &Path, why: &str) -> Error {
    Error::config(format!("cannot read {}: {why}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::Environment;
    use crate::{ErrorKind, Result};
    use std::path::Path;

    fn host(variables: &[(&str, &str)]) -> Result<String> {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Environment::new(&variable).host().map(|host| host.to_string())
    }

    fn folder_with_config(text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("config.json"), text).expect("config.json");
        folder
    }

    #[test]
    fn docker_host_wins_over_contexts() {
        let variables = [("DOCKER_HOST", "tcp://engine:1"), ("DOCKER_CONTEXT", "remote")];
        assert_eq!(host(&variables).expect("host"), "tcp://engine:1");
    }

    #[test]
    fn tls_is_an_error_and_never_plain_text() {
        for name in ["DOCKER_TLS_VERIFY", "DOCKER_TLS"] {
            for rest in [("DOCKER_HOST", "tcp://engine:2376"), ("DOCKER_CONFIG", "/nowhere")] {
                let error = host(&[(name, "1"), rest]).expect_err("TLS");
                assert!(error.kind() == ErrorKind::Config && error.to_string().contains(name), "{error}");
            }
        }
        let unix = [("DOCKER_TLS_VERIFY", "1"), ("DOCKER_HOST", "unix:///x.sock")];
        assert_eq!(host(&unix).expect("the CLI leaves TLS out there"), "unix:///x.sock");
    }

    #[test]
    fn a_context_is_an_error_and_never_another_engine() {
        let error = host(&[("DOCKER_CONTEXT", "remote")]).expect_err("context").to_string();
        assert!(error.contains("\"remote\"") && error.contains("DOCKER_HOST"), "{error}");

        let folder = folder_with_config(r#"{"auths":{},"currentContext":"colima"}"#);
        let folder = folder.path().to_str().expect("a path");
        let error = host(&[("DOCKER_CONFIG", folder)]).expect_err("context").to_string();
        assert!(error.contains("colima") && error.contains("config.json"), "{error}");
        assert!(host(&[("DOCKER_CONFIG", folder), ("DOCKER_CONTEXT", "default")]).is_ok());
    }

    #[test]
    fn a_broken_config_file_is_named_without_its_content() {
        let folder = folder_with_config("{\n\"currentContext\": \"x\", \"auths\": hunter2 }");
        let error = host(&[("DOCKER_CONFIG", folder.path().to_str().expect("a path"))]).expect_err("broken");
        let error = format!("{error} {error:?}");
        assert!(error.contains("config.json") && error.contains("line 2") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn takes_the_first_default_socket_that_is_there() {
        let variable = |name: &str| match name {
            "XDG_RUNTIME_DIR" => Some("/run/user/7".to_owned()),
            "HOME" => Some("/home/me".to_owned()),
            _ => None,
        };
        let found = |there: &[&str]| {
            let exists = |path: &Path| there.iter().any(|socket| Path::new(socket) == path);
            Environment::new(&variable).default_socket(exists).to_string()
        };
        assert_eq!(found(&[]), "unix:///var/run/docker.sock");
        assert_eq!(found(&["/var/run/docker.sock", "/run/user/7/docker.sock"]), "unix:///var/run/docker.sock");
        assert_eq!(
            found(&["/home/me/.docker/run/docker.sock", "/run/user/7/docker.sock"]),
            "unix:///run/user/7/docker.sock"
        );
        assert_eq!(found(&["/home/me/.docker/desktop/docker.sock"]), "unix:///home/me/.docker/desktop/docker.sock");
        assert_eq!(found(&["/run/podman/podman.sock"]), "unix:///run/podman/podman.sock");
    }

    #[test]
    fn the_version_is_checked() {
        let version = |value: &str| {
            let variable = |name: &str| (name == "DOCKER_API_VERSION").then(|| value.to_owned());
            Environment::new(&variable).api_version()
        };
        assert_eq!(version("1.43").expect("version").expect("set").to_string(), "1.43");
        assert_eq!(version("").expect("unset"), None);
        let error = version("1.24").expect_err("too old").to_string();
        assert!(error.contains("DOCKER_API_VERSION") && error.contains("1.41 to 1.55"), "{error}");
        assert!(version("latest").expect_err("no version").to_string().contains("\"latest\""));
    }
}
