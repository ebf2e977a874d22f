//! The docker CLI's settings, made for a test; and tests that run again in a process of their own, where its variables are
//! what the test wants: those of this process are everybody's.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const AGAIN: &str = "LONGSHORE_TEST_AGAIN";

/// A folder of settings, with a folder of programs in it.
pub struct Setting(tempfile::TempDir);

impl Setting {
    pub fn new(config: &str) -> Self {
        let setting = Self(tempfile::tempdir().expect("a folder"));
        setting.write(config);
        setting
    }

    /// Rewrites `config.json`.
    pub fn write(&self, config: &str) {
        std::fs::write(self.path().join("config.json"), config).expect("a file");
    }

    pub fn read(&self) -> serde_json::Value {
        let text = std::fs::read(self.path().join("config.json")).expect("a file");
        serde_json::from_slice(&text).expect("JSON")
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Adds a program of the shell. A shell writes it: nobody has it open for writing any more once that has ended.
    pub fn program(self, name: &str, script: &str) -> Self {
        let line = format!("mkdir -p bin && cat > bin/{name} && chmod +x bin/{name}");
        let mut shell = Command::new("sh");
        let mut shell =
            shell.args(["-c", &line]).current_dir(self.path()).stdin(Stdio::piped()).spawn().expect("a shell");
        write!(shell.stdin.take().expect("its input"), "#!/bin/sh\n{script}\n").expect("written");
        assert!(shell.wait().expect("its end").success());
        self
    }

    /// The variables that name it.
    fn variables(&self) -> [(&'static str, OsString); 2] {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.path().join("bin")).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).expect("a path");
        [("DOCKER_CONFIG", self.path().into()), ("PATH", path)]
    }
}

/// Runs a test of this binary in a process of its own, with these settings.
pub fn again(test: &str, setting: &Setting, variables: &[(&str, &str)]) {
    let mut process = Command::new(std::env::current_exe().expect("this program"));
    process.args(["--exact", test, "--include-ignored", "--nocapture"]).env_remove("DOCKER_AUTH_CONFIG");
    let output = process.envs(setting.variables()).envs(variables.iter().copied()).env(AGAIN, setting.path()).output();
    let output = output.expect("an end");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 passed"), "{said}");
}

/// The folder of settings, if this is that process.
pub fn is_again() -> Option<PathBuf> {
    std::env::var_os(AGAIN).map(PathBuf::from)
}

/// Whether this process runs the test alone, as one must that measures its memory; if not, such a process has just run it.
pub fn is_alone(test: &str) -> bool {
    let is_alone = is_again().is_some();
    if !is_alone {
        again(test, &Setting::new("{}"), &[]);
    }
    is_alone
}
