//! The docker CLI: a process for each call.

use super::work::on_threads;
use super::{Client, Failure, NAME};
use std::path::Path;
use std::process::Command;

pub struct Cli {
    host: String,
}

impl Cli {
    /// If it is installed.
    pub fn find(socket: &Path) -> Option<Self> {
        let cli = Self { host: format!("unix://{}", socket.display()) };
        cli.call(&["--version"]).is_ok().then_some(cli)
    }

    fn call(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = Command::new("docker").env("DOCKER_HOST", &self.host).args(arguments).output()?;
        if !output.status.success() {
            return Err(format!("docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    fn one(&self, name: &str) -> Result<(), Failure> {
        self.call(&["create", "--name", name, "--label", NAME, "--network", "none", NAME])?;
        self.call(&["start", name])?;
        match self.call(&["wait", name])?.trim() {
            "0" => self.call(&["rm", name]).map(drop),
            code => Err(format!("exit code {code}").into()),
        }
    }
}

impl Client for Cli {
    fn name(&self) -> &'static str {
        "docker CLI"
    }

    fn run(&self, names: Vec<String>, at_once: usize) -> Result<(), Failure> {
        on_threads(names, &mut vec![(); at_once], |(), name| self.one(name))
    }
}
