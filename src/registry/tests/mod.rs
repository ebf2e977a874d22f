//! Tests of where credentials are looked up, and in which order.

mod helpers;

use super::store::CredentialStore;
use crate::endpoint::Environment;
use crate::{Credentials, ErrorKind, Map, Result};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const HUB: &str = "https://index.docker.io/v1/";

/// A configuration folder, with programs beside it, and variables.
struct Setting {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Setting {
    fn new(config: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("config.json"), config).expect("a file");
        let path = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
        let variables = vec![("DOCKER_CONFIG", path("")), ("PATH", format!("bin:{}", path("bin")))];
        Self { folder, variables }
    }

    fn variable(mut self, value: &str) -> Self {
        self.variables.push(("DOCKER_AUTH_CONFIG", value.to_owned()));
        self
    }

    /// Adds a shell script. Another process writes it, so that no fork of this process holds it open for writing.
    fn program(self, name: &str, script: &str) -> Self {
        let bin = self.folder.path().join("bin");
        let line = format!("mkdir -p {0}; cat > {0}/{name}; chmod +x {0}/{name}", bin.display());
        let mut shell = Command::new("sh").args(["-c", &line]).stdin(Stdio::piped()).spawn().expect("a shell");
        write!(shell.stdin.take().expect("its input"), "#!/bin/sh\n{script}\n").expect("written");
        assert!(shell.wait().expect("its end").success());
        self
    }

    /// Adds a helper with credentials for one registry.
    fn helper(self, name: &str, server: &str, answer: &str) -> Self {
        let script = format!(
            "read -r server; [ \"$1 $server\" = 'get {server}' ] && echo '{answer}' && exit\n\
             echo credentials not found in native keychain; exit 1"
        );
        self.program(&format!("docker-credential-{name}"), &script)
    }

    fn with<T>(&self, work: impl FnOnce(&CredentialStore) -> T) -> T {
        let variable = |name: &str| self.variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        work(&CredentialStore(&Environment::new(&variable)))
    }

    fn find(&self, registry: &str) -> Result<Option<Credentials>> {
        self.with(|store| store.find(registry))
    }

    fn found(&self, registry: &str) -> Option<Credentials> {
        self.find(registry).expect(registry)
    }

    #[allow(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
    fn find_all(&self) -> Result<Map<Credentials>> {
        self.with(|store| store.all())
    }

    fn all(&self) -> Map<Credentials> {
        self.find_all().expect("credentials")
    }

    /// Returns the lookup's error, after checking that it shows no secret.
    fn failure(&self, registry: &str) -> String {
        told(self.find(registry).map(drop))
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("config.json")
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.file()).expect("a file")).expect("JSON")
    }
}

fn told(result: Result<()>) -> String {
    let error = result.expect_err("an error");
    assert_eq!(error.kind(), ErrorKind::Config);
    let text = format!("{error} {error:?}");
    assert!(!text.contains("hunter2"), "{text}");
    error.to_string()
}

#[allow(clippy::unnecessary_wraps, reason = "what is looked for may not be there")]
fn password(username: &str, password: &str, server: &str) -> Option<Credentials> {
    Some(Credentials::password(username, password).server(server))
}

#[test]
fn a_file_is_looked_into_by_name_then_by_host() {
    let setting = Setting::new(
        r#"{"auths":{
            "https://index.docker.io/v1/":{"auth":"aHViOnA="},
            "r.example.com":{"auth":"dTpw"},
            "https://old.example.com:5000/v1/":{"auth":"dTpw"},
            "empty.example.com":{}, "null.example.com":null,
            "token.example.com":{"auth":"dTo=","identitytoken":"t"},
            "bearer.example.com":{"registrytoken":"t"}},"credHelpers":null}"#,
    );
    for hub in ["docker.io", "index.docker.io"] {
        assert_eq!(setting.found(hub), password("hub", "p", HUB));
    }
    assert_eq!(setting.found("r.example.com"), password("u", "p", "r.example.com"));
    assert_eq!(setting.found("old.example.com:5000"), password("u", "p", "https://old.example.com:5000/v1/"));
    for registry in ["old.example.com", "r.example.com:5000", "empty.example.com", "null.example.com"] {
        assert_eq!(setting.found(registry), None, "{registry}");
    }
    let token = setting.found("token.example.com").expect("credentials");
    assert_eq!((token.username.as_str(), token.identity_token.expose()), ("u", "t"));
    assert_eq!(setting.found("bearer.example.com").expect("credentials").registry_token.expose(), "t");
    assert_eq!(setting.all().len(), 5);
}

#[test]
fn without_a_file_or_anything_in_it_there_is_nobody() {
    let setting = Setting::new("");
    assert_eq!(setting.found("docker.io"), None);
    std::fs::remove_file(setting.file()).expect("removed");
    assert_eq!(setting.found("docker.io"), None);
    assert!(setting.all().is_empty());
    let nowhere = |_: &str| None;
    assert_eq!(CredentialStore(&Environment::new(&nowhere)).find("docker.io").expect("nobody"), None);
}

#[test]
fn the_variable_goes_before_the_file_registry_by_registry() {
    let setting = Setting::new(r#"{"auths":{"a":{"auth":"ZmlsZTpw"},"b":{"auth":"ZmlsZTpw"}}}"#)
        .variable(r#"{"auths":{"a":{"auth":"dTpw"},"https://index.docker.io/v1/":{"auth":"dTpw"}}}"#);
    assert_eq!(setting.found("a"), password("u", "p", "a"));
    assert_eq!(setting.found("b"), password("file", "p", "b"));
    assert_eq!(setting.found("docker.io"), password("u", "p", HUB));
    assert_eq!(setting.all().keys().collect::<Vec<_>>(), ["a", "b", HUB]);
    assert_eq!(setting.all()["a"], password("u", "p", "a").expect("some"));
}

#[test]
fn the_variable_is_strict() {
    for (variable, why) in [
        (r#"{"auths":{"a":{"auth":"dTpw","password":"hunter2"}}}"#, "unknown field `password`, expected `auth`"),
        (r#"{"auths":{},"credsStore":"hunter2"}"#, "unknown field `credsStore`"),
        (r#"{"auths":{"a":{}}}"#, "missing field `auth`"),
        (r#"{"auths":{"a":{"auth":""}}}"#, "$.auths.a.auth is not base64 of user:password"),
        (r#"{"auths":{"a":{"auth":"hunter2"}}}"#, "$.auths.a.auth is not base64 of user:password"),
        (r#"{"auths":{"a":{"auth":7}}}"#, "invalid type: integer, expected a string at $.auths.a.auth"),
        (r#"{"auths":{}} {}"#, "trailing characters"),
        ("hunter2", "in line 1"),
    ] {
        let failure = Setting::new("{}").variable(variable).failure("a");
        assert!(failure.starts_with("DOCKER_AUTH_CONFIG") && failure.contains(why), "{failure}");
    }
    assert_eq!(Setting::new("{}").variable("").found("a"), None);
}

#[test]
fn what_is_wrong_is_named_by_file_and_field() {
    for (config, why) in [
        ("{\n\"auths\": hunter2}", "in line 2"),
        (r#"{"auths":{"r":{"auth":"hunter2"}}}"#, "$.auths.r.auth is not base64 of user:password"),
        (r#"{"auths":{"r":{"auth":{"x":"hunter2"}}}}"#, "$.auths.r.auth"),
        (r#"{"auths":["hunter2"]}"#, "$.auths"),
        (r#"{"credsStore":7}"#, "invalid type: integer, expected a string at $.credsStore"),
        (r#"{"credsStore":"../x"}"#, "credsStore of "),
        (r#"{"credHelpers":{"r":"a/b"}}"#, "invalid credential helper name \"a/b\": use letters, digits and _.+-"),
        (r#"{"credHelpers":{"r":"absent"}}"#, "names docker-credential-absent, which is not on PATH"),
    ] {
        let setting = Setting::new(config);
        let failure = setting.failure("r");
        let file = setting.file();
        assert!(failure.contains(why) && failure.contains(file.to_str().expect("a path")), "{failure}");
    }
}

#[test]
fn credentials_are_stored_in_the_file_and_removed() {
    let setting = Setting::new(r#"{"HttpHeaders":{"a":"b"},"auths":{"https://r:5000":{"auth":"b2xkOnA="}},"new":1}"#);
    let store = |credentials: Credentials| setting.with(|store| store.store(&credentials)).expect("stored");
    store(Credentials::password("u", "p?a?s?s?").server("https://r:5000/v1/"));
    store(Credentials::password("u", "p").with_identity_token("t".into()));
    assert_eq!(
        setting.json(),
        serde_json::json!({"HttpHeaders":{"a":"b"},"new":1,"auths":{
            "r:5000":{"auth":"dTpwP2E/cz9zPw=="}, "https://r:5000":{"auth":"b2xkOnA="},
            "https://index.docker.io/v1/":{"auth":"dTo=","identitytoken":"t"}}})
    );
    assert_eq!(setting.found("r:5000"), password("u", "p?a?s?s?", "r:5000"));
    assert_eq!(setting.found("docker.io").expect("credentials").identity_token.expose(), "t");

    for server in ["r:5000", "docker.io", "absent"] {
        setting.with(|store| store.erase(server)).expect("erased");
    }
    assert_eq!(setting.json(), serde_json::json!({"HttpHeaders":{"a":"b"},"new":1,"auths":{}}));
    std::fs::remove_file(setting.file()).expect("removed");
    setting.with(|store| store.erase("r")).expect("nothing there");
    assert!(!setting.file().exists());
}

#[test]
fn names_of_settings_are_in_any_case_and_those_of_registries_are_not() {
    let setting = Setting::new(r#"{"Auths":{"Registry.Example.com":{"auth":"b2xkOnA="}}}"#);
    let credentials = Credentials::password("new", "p").server("registry.example.com");
    setting.with(|store| store.store(&credentials)).expect("stored");
    assert_eq!(setting.found("registry.example.com").map(|found| found.username), Some("new".into()));
    setting.with(|store| store.erase("registry.example.com")).expect("removed");
    assert_eq!(setting.json(), serde_json::json!({"Auths": {"Registry.Example.com": {"auth": "b2xkOnA="}}}));
}

#[test]
fn what_cannot_be_stored_is_found_out_before() {
    let check = |setting: &Setting| told(setting.with(|store| store.check("r")));
    assert!(check(&Setting::new("{")).contains("config.json"));
    assert!(check(&Setting::new(r#"{"credsStore":"absent"}"#)).contains("docker-credential-absent"));
    let nowhere = |_: &str| None;
    assert!(told(CredentialStore(&Environment::new(&nowhere)).check("r")).contains("neither DOCKER_CONFIG nor HOME"));
    Setting::new("{}").with(|store| store.check("r")).expect("fine");
}

/// Not a test by itself: each process of the test below runs it, with 10 clients that store a login each.
#[test]
fn stores_logins_if_told_to() {
    let Ok(folder) = std::env::var("LONGSHORE_TEST_LOGINS") else { return };
    let process = std::process::id();
    std::thread::scope(|scope| {
        for client in 0..10 {
            let lookup = super::CredentialLookup::new(Some(PathBuf::from(&folder)), false);
            scope.spawn(move || {
                let credentials = Credentials::password("u", "p").server(format!("registry-{process}-{client}"));
                lookup.store(&credentials).expect("stored");
            });
        }
    });
}

#[test]
fn clients_of_many_processes_lose_no_login() {
    let setting = Setting::new("{}");
    let test = || {
        Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "registry::tests::stores_logins_if_told_to"])
            .env("LONGSHORE_TEST_LOGINS", setting.folder.path())
            .env("PATH", "")
            .stdout(Stdio::null())
            .spawn()
            .expect("a process")
    };
    let processes: Vec<_> = (0..4).map(|_| test()).collect();
    for mut process in processes {
        assert!(process.wait().expect("its end").success());
    }
    assert_eq!(setting.json()["auths"].as_object().expect("an object").len(), 40);
}
