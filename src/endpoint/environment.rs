//! The engine that the environment selects, in the docker CLI's order.

use super::context::Context;
use super::directory::{ConfigDirectory, ConfigFile, read_json};
use super::host::{DEFAULT_SOCKET, Host};
use super::tls::Tls;
use super::{Endpoint, Origin};
use crate::wire::{AnyCase, csv};
use crate::{Error, Result, Version};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The relevant variables, read through a function so that tests need not change those of the process.
pub(crate) struct Environment<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    folder: Option<PathBuf>,
}

/// Returns a variable of the process. Without `HOME`, the home directory is that of the user's account, as for the docker CLI.
fn variable(name: &str) -> Option<String> {
    #[allow(deprecated, reason = "until Rust 1.87, for what it did on Windows")]
    let home = || std::env::home_dir().filter(|_| name == "HOME")?.into_os_string().into_string().ok();
    std::env::var(name).ok().or_else(home)
}

/// Checks that the docker CLI's variables can be read: one that counted as not set would select another engine.
fn check_variables(all: impl IntoIterator<Item = (OsString, OsString)>) -> Result<()> {
    let mut all = all.into_iter().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    match all.find(|(name, value)| name.starts_with("DOCKER_") && value.to_str().is_none()) {
        Some((name, _)) => Err(Error::config(format!("the value of {name} is not UTF-8"))),
        None => Ok(()),
    }
}

impl Environment<'static> {
    /// Returns the environment of this process.
    pub(crate) fn of_process() -> Result<Self> {
        check_variables(std::env::vars_os())?;
        Ok(Environment::new(&variable))
    }
}

impl<'a> Environment<'a> {
    pub(crate) fn new(variable: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { variable, folder: None }
    }

    /// Uses this configuration folder, whatever the variables say.
    pub(crate) fn in_folder(self, folder: Option<PathBuf>) -> Self {
        Self { folder: folder.or(self.folder), ..self }
    }

    /// Returns a variable that is set and not empty.
    pub(crate) fn set(&self, name: &str) -> Option<String> {
        (self.variable)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Returns the version in `DOCKER_API_VERSION`.
    pub(crate) fn api_version(&self) -> Result<Option<Version>> {
        let Some(version) = self.set("DOCKER_API_VERSION") else { return Ok(None) };
        let parsed = version.parse().and_then(Version::supported);
        parsed.map(Some).map_err(|error| Error::new(error.kind(), format!("DOCKER_API_VERSION: {}", error.message())))
    }

    /// Returns the docker CLI's configuration folder. `None` without a home directory.
    pub(crate) fn folder(&self) -> Option<ConfigDirectory> {
        let folder = self.folder.clone().or_else(|| self.set("DOCKER_CONFIG").map(PathBuf::from));
        folder.or_else(|| Some(PathBuf::from(self.set("HOME")?).join(".docker"))).map(ConfigDirectory::new)
    }

    /// Returns the engine of `DOCKER_HOST`, else of the current context, else at the default address.
    pub(crate) fn endpoint(&self) -> Result<Endpoint> {
        if let Some(host) = self.set("DOCKER_HOST") {
            let host =
                Host::parse(&host).map_err(|error| Error::config(format!("DOCKER_HOST: {}", error.message())))?;
            return Ok(Endpoint { tls: self.tls_for(&host), host, origin: Origin::DockerHost });
        }
        match self.context_in_use()? {
            Some((name, origin)) => self.context(&name, origin),
            None => Ok(self.default_endpoint()),
        }
    }

    /// Returns the engine of a context.
    pub(crate) fn context(&self, name: &str, origin: Origin) -> Result<Endpoint> {
        if name == "default" {
            return Ok(self.default_endpoint());
        }
        let missing =
            || Error::config(format!("cannot find the context {name:?}: neither DOCKER_CONFIG nor HOME is set"));
        let Context { host, tls } = Context::read(&self.folder().ok_or_else(missing)?, name)?;
        Ok(Endpoint { host, tls, origin })
    }

    /// Returns the headers of each request: those of `DOCKER_CUSTOM_HEADERS`, else those of `config.json`.
    pub(crate) fn headers(&self) -> Result<Vec<(String, String)>> {
        let Some(headers) = self.set("DOCKER_CUSTOM_HEADERS") else {
            return Ok(self.config_file()?.http_headers.into_iter().collect());
        };
        let fields = csv::fields(&headers).unwrap_or_default();
        let pairs = fields.iter().map(|header| match header.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => Some((name.trim().to_owned(), value.to_owned())),
            _ => None,
        });
        let pairs = pairs.collect::<Option<Vec<_>>>().filter(|pairs| !pairs.is_empty());
        pairs.ok_or_else(|| {
            Error::config(r#"DOCKER_CUSTOM_HEADERS is not a list such as name=value,"other=with,comma""#)
        })
    }

    fn context_in_use(&self) -> Result<Option<(String, Origin)>> {
        if let Some(name) = self.set("DOCKER_CONTEXT") {
            return Ok(Some((name.clone(), Origin::DockerContext(name))));
        }
        let Some(folder) = self.folder() else { return Ok(None) };
        let context = self.config_file()?.current_context;
        let origin = Origin::CurrentContext { context: context.clone(), file: folder.config_file() };
        Ok((!context.is_empty() && context != "default").then_some((context, origin)))
    }

    fn config_file(&self) -> Result<ConfigFile> {
        let Some(folder) = self.folder() else { return Ok(ConfigFile::default()) };
        let file = read_json::<AnyCase<ConfigFile>>(&folder.config_file())?;
        Ok(file.unwrap_or_default().0)
    }

    /// Returns the default address: a local socket, or `localhost:2376` if TLS is requested.
    fn default_endpoint(&self) -> Endpoint {
        let local = Host::Tcp { host: "localhost".to_owned(), port: 2376, base: String::new() };
        match self.tls_for(&local) {
            None => Endpoint { host: self.default_socket(Path::exists), tls: None, origin: Origin::Default },
            tls => Endpoint { host: local, tls, origin: Origin::Default },
        }
    }

    /// Returns the TLS settings from `DOCKER_TLS_VERIFY` and `DOCKER_TLS`. Any value enables TLS, even `0` and `false`.
    /// As in the docker CLI, they affect only TCP hosts.
    fn tls_for(&self, host: &Host) -> Option<Tls> {
        // Even a space counts: whoever meant TLS never gets plain text.
        let is_set = |name: &str| (self.variable)(name).is_some_and(|value| !value.is_empty());
        let verify = is_set("DOCKER_TLS_VERIFY");
        if !matches!(host, Host::Tcp { .. }) || !(verify || is_set("DOCKER_TLS")) {
            return None;
        }
        let folder = self.set("DOCKER_CERT_PATH").map(ConfigDirectory::new).or_else(|| self.folder());
        let file = |name: &str| folder.as_ref().map(|folder| folder.join(name));
        let present = |name: &str| file(name).filter(|file| file.exists());
        let ca = file("ca.pem").filter(|_| verify);
        Some(Tls { ca, cert: present("cert.pem"), key: present("key.pem"), skip_verify: !verify })
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

#[cfg(test)]
mod tests {
    use super::Environment;
    use crate::endpoint::{Endpoint, Host, Tls};
    use crate::{ErrorKind, Result};
    use std::path::Path;

    /// Returns the endpoint with only these variables set.
    fn chosen(variables: &[(&str, &str)]) -> Result<Endpoint> {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Environment::new(&variable).endpoint()
    }

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (file, text) in files {
            let file = folder.path().join(file);
            std::fs::create_dir_all(file.parent().expect("its folder")).expect("its folder");
            std::fs::write(file, text).expect("a file");
        }
        folder
    }

    fn path(folder: &tempfile::TempDir) -> &str {
        folder.path().to_str().expect("a path")
    }

    #[test]
    fn docker_host_wins_over_contexts() {
        let endpoint = chosen(&[("DOCKER_HOST", "tcp://engine:1"), ("DOCKER_CONTEXT", "remote")]).expect("an engine");
        assert_eq!(endpoint.to_string(), "tcp://engine:1 (DOCKER_HOST)");
    }

    #[test]
    fn tls_is_asked_for_by_anything_that_is_set() {
        let certs = folder_with(&[("cert.pem", ""), ("key.pem", "")]);
        let variables =
            |name, value| [("DOCKER_HOST", "tcp://engine:2376"), ("DOCKER_CERT_PATH", path(&certs)), (name, value)];
        let file = |name: &str| Some(certs.path().join(name));
        for value in ["1", "0", "false", " "] {
            let endpoint = chosen(&variables("DOCKER_TLS_VERIFY", value)).expect("an engine");
            assert_eq!(endpoint.to_string(), "tcp://engine:2376 over TLS (DOCKER_HOST)");
            let expected = Tls { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem"), skip_verify: false };
            assert_eq!(endpoint.tls, Some(expected));
        }
        let endpoint = chosen(&variables("DOCKER_TLS", "1")).expect("an engine");
        let expected = Tls { ca: None, cert: file("cert.pem"), key: file("key.pem"), skip_verify: true };
        assert_eq!(endpoint.tls, Some(expected));

        let unix = [("DOCKER_TLS_VERIFY", "1"), ("DOCKER_HOST", "unix:///x.sock")];
        assert!(!chosen(&unix).expect("the CLI leaves TLS out there").is_tls());
        let nowhere = [("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CONFIG", "/nowhere")];
        assert_eq!(
            chosen(&nowhere).expect("an engine").to_string(),
            "tcp://localhost:2376 over TLS (the default address)"
        );
    }

    #[test]
    fn headers_are_fields_of_a_csv_line() {
        let headers = |text: &str| {
            let variable = |name: &str| (name == "DOCKER_CUSTOM_HEADERS").then(|| text.to_owned());
            Environment::new(&variable).headers()
        };
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        // The docker CLI's own example.
        let example = headers(r#"one=one-value,"two=two,value","three= a value with whitespace ",four=,five=five=one"#);
        let expected = [("one", "one-value"), ("two", "two,value"), ("three", " a value with whitespace ")];
        assert_eq!(
            example.expect("headers"),
            owned(&[expected.as_slice(), &[("four", ""), ("five", "five=one")]].concat())
        );
        for text in ["x", "=x", r#"a=b,"c=d"#] {
            assert_eq!(headers(text).expect_err(text).kind(), ErrorKind::Config, "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_is_not_taken_for_unset() {
        use std::os::unix::ffi::OsStringExt;
        let odd = || std::ffi::OsString::from_vec(b"unix:///run/\xff.sock".to_vec());
        super::check_variables([("OTHER".into(), odd()), ("DOCKER_HOST".into(), "unix:///x".into())])
            .expect("readable");
        let error = super::check_variables([("DOCKER_HOST".into(), odd())]).expect_err("not UTF-8");
        assert_eq!((error.kind(), error.to_string().contains("DOCKER_HOST is not UTF-8")), (ErrorKind::Config, true));
    }

    #[cfg(unix)]
    #[test]
    fn a_context_never_loses_its_tls() {
        let meta = r#"{"Name":"far","Endpoints":{"docker":{"Host":"tcp://far:2376"}}}"#;
        let hash = "f".repeat(64);
        let (file, copy) = (format!("contexts/meta/{hash}/meta.json"), "contexts/meta/0.bak/meta.json");
        let ca = format!("contexts/tls/{hash}/docker/ca.pem");
        let folder = folder_with(&[(&file, meta), (copy, &meta.replace("far:2376", "old:2376")), (&ca, "")]);
        let far = || chosen(&[("DOCKER_CONFIG", path(&folder)), ("DOCKER_CONTEXT", "far")]);
        let endpoint = far().expect("the one that the docker CLI has made");
        assert!(endpoint.to_string().starts_with("tcp://far:2376 over TLS"), "{endpoint}");

        let tls = folder.path().join(format!("contexts/tls/{hash}"));
        std::fs::remove_dir_all(&tls).expect("removed");
        std::os::unix::fs::symlink(&tls, &tls).expect("a link to itself, which nobody can follow");
        let error = far().expect_err("whether there is a certificate is unknown");
        assert!(error.kind() == ErrorKind::Config && error.to_string().contains("ca.pem"), "{error}");

        let second = folder_with(&[(copy, meta), ("contexts/meta/1.bak/meta.json", meta)]);
        let error = chosen(&[("DOCKER_CONFIG", path(&second)), ("DOCKER_CONTEXT", "far")]).expect_err("which one?");
        assert!(error.kind() == ErrorKind::Config && error.to_string().contains("several folders"), "{error}");
    }

    #[test]
    fn contexts_are_found_by_their_names() {
        let folder = folder_with(&[
            ("config.json", r#"{"auths":{},"currentContext":"remote.1"}"#),
            ("contexts/meta/aaa/meta.json", r#"{"Name":"other","Endpoints":{"kubernetes":{}}}"#),
            (
                "contexts/meta/bbb/meta.json",
                r#"{"Name":"remote.1","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://far:2376","SkipTLSVerify":false}}}"#,
            ),
            ("contexts/tls/bbb/docker/ca.pem", ""),
            (
                "contexts/meta/ccc/meta.json",
                r#"{"name":"lax","endpoints":{"Docker":{"host":"tcp://far:1","skipTLSVerify":true}}}"#,
            ),
            ("contexts/meta/ddd/meta.json", r#"{"Name":"here","Endpoints":{"docker":{"Host":"unix:///x.sock"}}}"#),
            ("contexts/meta/eee/meta.json", r#"{"Name":"wrong","Endpoints":{"docker":{"Host":"gopher://x"}}}"#),
        ]);
        let config = ("DOCKER_CONFIG", path(&folder));
        let current = chosen(&[config]).expect("an engine");
        assert!(current.to_string().starts_with("tcp://far:2376 over TLS (the context \"remote.1\" of "), "{current}");
        let ca = folder.path().join("contexts/tls/bbb/docker/ca.pem");
        assert_eq!(current.tls, Some(Tls::new().ca(ca)));

        let by_name = |name| chosen(&[config, ("DOCKER_CONTEXT", name)]);
        assert_eq!(by_name("lax").expect("an engine").tls, Some(Tls::new().dangerously_skip_verification()));
        let here = by_name("here").expect("an engine");
        assert_eq!(here.to_string(), "unix:///x.sock (the context \"here\" of DOCKER_CONTEXT)");
        assert_ne!(by_name("default").expect("an engine").host, Host::parse("tcp://far:2376").expect("a host"));
        for (name, why) in [
            ("absent", "there is no context \"absent\""),
            ("other", "it has no Endpoints.docker"),
            ("wrong", "Endpoints.docker.Host: invalid engine host \"gopher://x\""),
            ("../x", "invalid context name"),
        ] {
            let error = by_name(name).expect_err(name);
            assert!(error.kind() == ErrorKind::Config && error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn broken_files_are_named_without_their_content() {
        let folder = folder_with(&[("config.json", "{\n\"currentContext\": \"x\", \"auths\": hunter2 }")]);
        let error = chosen(&[("DOCKER_CONFIG", path(&folder))]).expect_err("broken");
        let error = format!("{error} {error:?}");
        assert!(error.contains("config.json") && error.contains("line 2") && !error.contains("hunter2"), "{error}");

        let folder = folder_with(&[
            ("config.json", r#"{"currentContext":"x"}"#),
            ("contexts/meta/aaa/meta.json", r#"{"Name":"x","Endpoints":{"docker":{"Host":7}}}"#),
        ]);
        let error = chosen(&[("DOCKER_CONFIG", path(&folder))]).expect_err("broken").to_string();
        assert!(error.contains("meta.json") && error.contains("$.Endpoints.docker.Host"), "{error}");
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
        let (rootless, desktop) = ("/run/user/7/docker.sock", "/home/me/.docker/run/docker.sock");
        assert_eq!(found(&[]), "unix:///var/run/docker.sock");
        assert_eq!(found(&["/var/run/docker.sock", rootless]), "unix:///var/run/docker.sock");
        assert_eq!(found(&[desktop, rootless]), format!("unix://{rootless}"));
        assert_eq!(found(&[desktop, "/run/podman/podman.sock"]), format!("unix://{desktop}"));
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
        assert!(error.contains("DOCKER_API_VERSION") && error.contains("1.41 to 1.56"), "{error}");
        assert!(version("latest").expect_err("no version").to_string().contains("\"latest\""));
    }

    #[test]
    fn headers_are_those_of_the_variable_or_of_the_file() {
        let folder = folder_with(&[("config.json", r#"{"HttpHeaders":{"X-Team":"a","Y":"b"}}"#)]);
        let headers = |variables: &[(&str, &str)]| {
            let variable =
                |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            Environment::new(&variable).headers()
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let config = ("DOCKER_CONFIG", path(&folder));
        assert_eq!(headers(&[config]).expect("headers"), [pair("X-Team", "a"), pair("Y", "b")]);
        let variable = ("DOCKER_CUSTOM_HEADERS", "A=1, B=x=y");
        assert_eq!(headers(&[config, variable]).expect("headers"), [pair("A", "1"), pair("B", "x=y")]);
        let error = headers(&[("DOCKER_CUSTOM_HEADERS", "hunter2")]).expect_err("no list").to_string();
        assert!(error.contains("DOCKER_CUSTOM_HEADERS") && !error.contains("hunter2"), "{error}");
    }
}
