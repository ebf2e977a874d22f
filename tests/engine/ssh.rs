//! A real engine behind a real `sshd` on loopback.

#![cfg(unix)]

use longshore::container::ContainerSpec;
use longshore::{Docker, ErrorKind};
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// An `sshd` of the test's own, and an `ssh` that knows its key.
struct Sshd {
    folder: tempfile::TempDir,
    port: u16,
    process: Child,
}

impl Sshd {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name).display().to_string();
        for key in ["host", "key", "stranger"] {
            let status = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &file(key)]).status();
            assert!(status.expect("ssh-keygen: install openssh-client").success());
        }
        fs::copy(file("key.pub"), file("authorized")).expect("an authorized key");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
        let config = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\nUsePAM no\n\
             PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n",
            file("host"),
            file("authorized")
        );
        fs::write(file("sshd_config"), config).expect("its configuration");
        fs::create_dir_all("/run/sshd").ok(); // its privilege separation wants it, if it runs as root
        let mut sshd = Command::new("/usr/sbin/sshd");
        sshd.args(["-D", "-e", "-f", &file("sshd_config")]).stderr(Stdio::null());
        let process = sshd.spawn().expect("sshd: install openssh-server");
        let sshd = Self { folder, port, process };
        sshd.wait_until_it_listens();
        sshd
    }

    fn wait_until_it_listens(&self) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(std::time::Instant::now() < deadline, "sshd does not listen");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// An `ssh` that shows this key, and counts how often it is started.
    fn client(&self, key: &str) -> PathBuf {
        let folder = self.folder.path().display();
        let program = self.folder.path().join(format!("ssh-{key}"));
        let script = format!(
            "#!/bin/sh\necho started >> {folder}/started\nexec ssh -F none -i {folder}/{key} -o IdentitiesOnly=yes \
             -o BatchMode=yes -o LogLevel=ERROR -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile={folder}/known \"$@\"\n"
        );
        let mut file = fs::File::create(&program).expect("a program");
        file.write_all(script.as_bytes()).expect("a program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("to be run");
        program
    }

    fn started(&self) -> usize {
        fs::read_to_string(self.folder.path().join("started")).unwrap_or_default().lines().count()
    }

    fn docker(&self, key: &str, socket: &Path) -> Docker {
        let user = Command::new("id").arg("-un").output().expect("this user's name").stdout;
        let host =
            format!("ssh://{}@127.0.0.1:{}{}", String::from_utf8_lossy(&user).trim(), self.port, socket.display());
        Docker::builder().host(host).ssh_program(self.client(key)).build().expect("a client")
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The socket of the engine that the tests run on.
fn socket() -> PathBuf {
    let host = Docker::from_env().expect("an engine").endpoint().host();
    PathBuf::from(host.strip_prefix("unix://").expect("an engine on a unix socket"))
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn calls_share_one_process_of_ssh() {
    let sshd = Sshd::start();
    let docker = sshd.docker("key", &socket());
    let direct = Docker::from_env().expect("an engine").version().await.expect("a version");
    for _ in 0..10 {
        assert_eq!(docker.version().await.expect("a version").version, direct.version);
    }
    assert_eq!(sshd.started(), 1);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn streams_and_attached_containers_go_through() {
    let sshd = Sshd::start();
    let docker = sshd.docker("key", &socket());
    let image = std::env::var("LONGSHORE_TEST_IMAGE").expect("run under tests/engine.sh");
    docker.images().pull(image.as_str()).await.expect("a pull");
    let spec = ContainerSpec::new(&image).cmd(["cat"]).open_stdin(true).stdin_once(true);
    let cat = docker.containers().create(spec).await.expect("a container");
    let mut attached = cat.attach().stdin(true).await.expect("attached");
    cat.start().await.expect("started");
    tokio::io::AsyncWriteExt::write_all(&mut attached, b"over there").await.expect("written");
    tokio::io::AsyncWriteExt::shutdown(&mut attached).await.expect("half-closed"); // half-closes, through ssh
    let mut text = String::new();
    while let Some(chunk) = attached.next().await {
        text.push_str(&chunk.expect("output").to_string());
    }
    assert_eq!(text, "over there");
    assert!(cat.wait().await.expect("an exit").success());
    cat.remove().await.expect("removed");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn failures_have_the_words_of_ssh() {
    let mut sshd = Sshd::start();
    let error = sshd.docker("stranger", &socket()).ping().await.expect_err("not let in");
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(
        error.to_string().contains("ssh ended with exit status: 255: ")
            && error.to_string().contains("Permission denied"),
        "{error}"
    );

    let error = sshd.docker("key", Path::new("/no/such.sock")).ping().await.expect_err("no engine");
    assert!(error.kind() == ErrorKind::Connect && error.to_string().contains("/no/such.sock"), "{error}");

    sshd.process.kill().expect("killed");
    sshd.process.wait().expect("gone");
    let error = sshd.docker("key", &socket()).ping().await.expect_err("no sshd");
    assert!(error.is_connect() && error.to_string().contains("Connection refused"), "{error}");
}
