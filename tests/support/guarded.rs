//! A real registry that wants a password.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The user whom it knows, and the password.
pub const USER: &str = "u";
pub const PASSWORD: &str = "p?a?s?s?";
/// Another user's.
pub const OTHER: (&str, &str) = ("v", "abc>~?");
/// What `htpasswd -B` makes of them.
const USERS: &str = "u:$2b$04$rVnTLHEEf0AbpHAoWOaJbeFXeNEPPTncWJVrRMqbbysNnnl8GrUM2\n\
                     v:$2b$04$T4iobAwkV4lBiumMzeQcgeq8S1OpBy5yl1gvkvotVpW.vuu3r3kJe\n";

/// A `docker-registry` of the test's own.
pub struct Guarded {
    process: Child,
    pub address: String,
    _folder: tempfile::TempDir,
}

impl Guarded {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("users"), USERS).expect("a file");
        let config = format!(
            "version: 0.1\nlog: {{level: info, accesslog: {{disabled: true}}}}\n\
             storage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \"127.0.0.1:0\"}}\n\
             auth: {{htpasswd: {{realm: test, path: {}}}}}\n",
            path("data").display(),
            path("users").display()
        );
        std::fs::write(path("config.yml"), config).expect("a file");
        let log = std::fs::File::create(path("log")).expect("a file");
        let mut process = Command::new("docker-registry");
        process.arg("serve").arg(path("config.yml")).env("OTEL_TRACES_EXPORTER", "none").stdin(Stdio::null());
        process.stdout(log.try_clone().expect("a second handle")).stderr(log);
        let mut process = process.spawn().expect("docker-registry, which tests/engine.sh installs");
        let Some(address) = address(&path("log")) else {
            let _ = process.kill();
            panic!("the registry does not listen: {}", std::fs::read_to_string(path("log")).unwrap_or_default());
        };
        Self { process, address, _folder: folder }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where it listens, as its log says.
fn address(log: &Path) -> Option<String> {
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let listens = text.lines().find_map(|line| line.split_once("listening on 127.0.0.1:"));
        let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
        if let Some((_, rest)) = listens {
            return Some(format!("127.0.0.1:{}", digits(rest)));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    None
}
