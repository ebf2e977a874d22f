//! Clients that are not Rust, where they are installed: the docker CLI, a process per call, and docker-py.

use crate::core::children_time;
use crate::measure::Cost;
use crate::operation::{Kind, Operation};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const DOCKER_PY: &str = include_str!("docker_py.py");

pub struct Others {
    socket: PathBuf,
    folder: PathBuf,
    installed: Vec<&'static str>,
}

impl Others {
    pub fn find(socket: &Path, folder: &Path) -> Self {
        let mut installed = Vec::new();
        if quiet(Command::new("docker").arg("--version")) {
            installed.push("docker CLI");
        }
        if quiet(Command::new("python3").args(["-c", "import docker"])) {
            installed.push("docker-py");
        }
        Self { socket: socket.into(), folder: folder.into(), installed }
    }

    /// Who of them does it.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = String> {
        let does = move |name: &&'static str| match (*name, kind) {
            ("docker CLI", Kind::Inspect | Kind::List | Kind::LogsPacked | Kind::Pull | Kind::Load | Kind::Save) => {
                true
            }
            ("docker-py", Kind::Callers | Kind::Build | Kind::Load | Kind::Save) => false,
            (name, _) => name == "docker-py",
        };
        self.installed.iter().filter(move |name| does(name)).map(|name| (*name).to_owned())
    }

    /// None where it is none of these; less of what is repeated, since they take longer.
    pub fn run(&self, name: &str, operation: Operation, times: u64, file: &Path) -> Option<Cost> {
        match name {
            "docker CLI" => Some(self.docker(shorter(operation, 10), times.min(5), file)),
            "docker-py" => Some(self.docker_py(shorter(operation, 40), times.div_ceil(40))),
            _ => None,
        }
    }

    fn docker(&self, operation: Operation, times: u64, file: &Path) -> Cost {
        let size = operation.size;
        let arguments = match operation.kind {
            Kind::Inspect => "container inspect web".to_owned(),
            Kind::List => format!("container ls --last {size}"),
            Kind::LogsPacked => format!("logs --follow --tail {size} packed"),
            Kind::Pull => format!("pull longshore/web:{size}"),
            Kind::Load => format!("load --input {}", file.display()),
            Kind::Save => format!("save web:{size}"),
            kind => panic!("the docker CLI does not do {kind:?}"),
        };
        let (begin, cpu) = (Instant::now(), children_time());
        for _ in 0..times {
            let mut docker = Command::new("docker");
            docker.env("DOCKER_HOST", format!("unix://{}", self.socket.display())).env("DOCKER_CONFIG", &self.folder);
            assert!(quiet(docker.args(arguments.split(' '))), "docker {arguments}");
        }
        Cost {
            wall: begin.elapsed().as_secs_f64(),
            cpu: children_time().saturating_sub(cpu).as_secs_f64(),
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            units: (times * operation.units().1) as f64,
            ..Cost::default()
        }
    }

    fn docker_py(&self, operation: Operation, times: u64) -> Cost {
        let mut python = Command::new("python3");
        python.args(["-c", DOCKER_PY, operation.name(), &operation.size.to_string()]);
        python.arg(&self.socket).arg(times.to_string()).arg((times * operation.units().1).to_string());
        let output = python.stdin(Stdio::null()).output().expect("docker-py");
        assert!(output.status.success(), "docker-py: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("a cost")
    }
}

/// Less of what is long, of which costs are told per byte or record; archives stay as they are.
fn shorter(operation: Operation, factor: u64) -> Operation {
    match operation.kind {
        Kind::LogsPacked | Kind::LogsChunked | Kind::Pull => Operation { size: operation.size / factor, ..operation },
        _ => operation,
    }
}

/// Whether it succeeds; what it says is read and thrown away by the kernel.
fn quiet(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
