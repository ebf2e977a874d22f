//! An engine of a test's own, to be killed, restarted and given a small disk.

use longshore::{Docker, Upload};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Starts the engine again whenever it ends badly, as systemd does.
const INIT: &str = r#"
mount -t proc proc /proc
mkdir -p /run/containerd
mount -t tmpfs tmpfs /run/containerd
ip link set lo up
mkdir -p "$DATA"
[ -z "$DISK" ] || mount -t tmpfs -o "size=$DISK" tmpfs "$DATA"
until dockerd "$@"; do rm -f "$PIDFILE"; done
"#;

/// A `dockerd` with networks, processes and mounts of its own, which needs root. Its containers are reached through the
/// engine alone.
pub struct Dockerd {
    pub docker: Docker,
    init: Child,
    folder: tempfile::TempDir,
}

impl Dockerd {
    /// One with an image of the engine of `tests/engine.sh`; `None`, and a word on stderr, where this process is not root. In
    /// suites too: it would be the machine's `dockerd` again, and not the suite's.
    ///
    /// Its disk is as large as the machine's, or a tmpfs of a size, such as `64m`.
    pub async fn start(test: &str, other: &Docker, image: &str, disk: Option<&str>) -> Option<Self> {
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        if !is_root || is_suite() {
            let why = if is_root { "is not the suite's" } else { "needs root" };
            let _ = writeln!(std::io::stderr(), "skipped {test}: it starts a dockerd of its own, which {why}");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("longshore-engine").tempdir_in("/tmp").expect("a folder");
        let file = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(file("none.json"), "{}").expect("no configuration");
        let log = std::fs::File::create(file("log")).expect("a log");
        let host = format!("unix://{}", file("docker.sock"));
        let mut init = Command::new("unshare");
        init.args(["--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", INIT, "init", "-H", &host]);
        init.args(["--data-root", &file("data"), "--exec-root", &file("exec"), "--pidfile", &file("pid")]);
        init.args(["--config-file", &file("none.json"), "--storage-driver", "vfs", "--iptables=false"]);
        init.env("DATA", file("data")).env("DISK", disk.unwrap_or_default()).env("PIDFILE", file("pid"));
        init.stdin(Stdio::null()).stdout(log.try_clone().expect("a second handle")).stderr(log);
        let init = init.spawn().expect("unshare");
        let docker = Docker::connect(&host).expect("a client");
        let own = Self { docker, init, folder };
        own.until_up().await;
        let archive = other.image(image).save().await.expect("an archive");
        own.docker.images().load(Upload::stream(archive)).await.expect("the image loaded");
        Some(own)
    }

    /// A client of its own kind, such as one with an observer.
    pub fn host(&self) -> String {
        self.docker.endpoint().host()
    }

    /// Where the engine keeps all that it has.
    pub fn disk(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root", self.first().expect("it runs")))
            .join(self.folder.path().join("data").strip_prefix("/").expect("an absolute path"))
    }

    /// Kills the engine as the kernel does, at once. It is started again.
    pub fn kill(&self) {
        let dockerd = self.dockerd().expect("it runs");
        let _ = Command::new("kill").args(["-9", &dockerd.to_string()]).status();
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.dockerd() == Some(dockerd) {
            assert!(Instant::now() < deadline, "it cannot be killed");
            std::thread::yield_now();
        }
    }

    /// Waits until the engine answers.
    pub async fn until_up(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.docker.ping().await.is_err() {
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "dockerd does not answer:\n{log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A process in its network.
    pub fn process(&self) -> u32 {
        self.first().expect("it runs")
    }

    /// The first process of its namespaces.
    fn first(&self) -> Option<u32> {
        children(self.init.id()).first().copied()
    }

    fn dockerd(&self) -> Option<u32> {
        let name = |process: u32| std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        children(self.first()?).into_iter().find(|process| name(*process).trim() == "dockerd")
    }
}

impl Drop for Dockerd {
    /// What it has started ends with it.
    fn drop(&mut self) {
        if let Some(first) = self.first() {
            let _ = Command::new("kill").args(["-9", &first.to_string()]).status();
        }
        let _ = self.init.wait();
    }
}

/// Whether the engine of `tests/engine.sh` is one of another release of Debian.
pub fn is_suite() -> bool {
    std::env::var("LONGSHORE_TEST_SUITE").is_ok_and(|suite| suite != "host")
}

fn children(process: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    children.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}
